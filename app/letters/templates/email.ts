import { phoneText, sirenText } from '#shared/french'
import type { LetterContent } from '#letters/letter_content'
import { markup, type Markup } from '#letters/rendering/markup'
import { parseLine, parseTemplate } from '#letters/templates/parse'
import { oneLine } from '#letters/templates/parts'
import { renderEmail, renderLine, renderText } from '#letters/templates/render'
import type { TagContext } from '#letters/templates/context'
import { contextOf, readOnce, TemplateRefused, type WrittenTemplate } from '#letters/templates/written'

/** Both parts of an email say the same. */
export interface WrittenEmail {
  subject: string
  html: string
  text: string
}

/**
 * An email in the agency's own words, with who writes at its head and foot.
 *
 * @throws TemplateRefused (rules 7, 11, 15), TagWithoutValue
 */
export function composeWrittenEmail(content: LetterContent, written: WrittenTemplate): WrittenEmail {
  const read = readOnce(written.text)
  if (read.refusals.length > 0) throw new TemplateRefused(read.refusals)
  return emailOf(read, contextOf(content, written))
}

/** The same without asking the linter: for a draft being written. */
export const draftEmail = (content: LetterContent, written: WrittenTemplate): WrittenEmail =>
  emailOf(
    { subject: parseLine(written.text.subject), body: parseTemplate(written.text.body) },
    { ...contextOf(content, written), lenient: true }
  )

type Parts = Pick<ReturnType<typeof readOnce>, 'subject' | 'body'>

function emailOf(read: Parts, context: TagContext): WrittenEmail {
  const subject = renderLine(read.subject, context)
  return {
    subject,
    html: sheet(subject, renderEmail(read.body, context), context).text,
    text: `${renderText(read.body, context)}\n\n-- \n${footLines(context).join('\n')}\n`,
  }
}

const FONT = "font-family:Inter,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"

function sheet(subject: string, body: Markup, context: TagContext): Markup {
  const { content, speech } = context
  return markup`<!doctype html>
<html lang="${speech.language}" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>${subject}</title>
</head>
<body style="margin:0;padding:0;background-color:#faf9f5">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td align="center" style="padding:24px 12px 40px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:576px;background-color:#ffffff;border:1px solid #e2dfd6;border-radius:14px">
<tr><td role="banner" style="padding:20px 32px;border-bottom:1px solid #e2dfd6;${FONT};color:#1c2a30">
<p style="margin:0;font-size:16px;line-height:22px;font-weight:600">${content.agency.name}</p>
<p style="margin:0;font-size:13px;line-height:18px;color:#51626a">${speech.words.trade}</p>
</td></tr>
<tr><td role="main" style="padding:28px 32px 16px;${FONT};font-size:16px;line-height:25px;color:#1c2a30">
${body}
</td></tr>
<tr><td role="contentinfo" style="padding:16px 32px 24px;border-top:1px solid #e2dfd6;${FONT};font-size:13px;line-height:20px;color:#51626a">
${footLines(context).map((line) => markup`<p style="margin:0">${line}</p>`)}
</td></tr>
</table>
</td></tr></table>
</body>
</html>`
}

function footLines({ content: { agency, claimRef }, speech: { words } }: TagContext): string[] {
  const identity = [agency.name, agency.legalForm, agency.siren && `SIREN ${sirenText(agency.siren)}`]
  return [
    identity.filter(Boolean).join(', '),
    oneLine(agency.addressLines),
    [phoneText(agency.phone), agency.email].filter(Boolean).join(' · '),
    `${words.file} ${claimRef}`,
  ].filter(Boolean)
}
