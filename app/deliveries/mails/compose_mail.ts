import edge from 'edge.js'
import type { EmailContent } from '#deliveries/recipes'
import type { MailData, MailLocale, MailTemplate } from '#deliveries/mails/data'
import { outlines } from '#deliveries/mails/outlines'
import { plain, rich } from '#deliveries/mails/outline'
import { textPart } from '#deliveries/mails/text_part'
import { wordsIn } from '#deliveries/mails/words'

/**
 * Writes one email in both parts. A recipe adds the attachments:
 *
 *     return { ...(await composeMail('reminder', data, 'fr')), attachments }
 */
export async function composeMail<T extends MailTemplate>(
  template: T,
  data: MailData[T],
  locale: MailLocale = 'fr'
): Promise<Required<Pick<EmailContent, 'subject' | 'text' | 'html'>>> {
  const words = wordsIn(locale)
  const outline = outlines[template](data, words)
  const { escape, safe } = edge.globals.html
  const html = await edge.render('mails/mail', {
    ...outline,
    locale,
    activity: words.t('footer.activity'),
    rich: (text: string) => safe(rich(text, escape)),
  })
  return { subject: plain(outline.subject), text: textPart(outline), html }
}
