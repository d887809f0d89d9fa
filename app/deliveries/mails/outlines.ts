import type { MailTemplate } from '#deliveries/mails/data'
import { creditor } from '#deliveries/mails/outlines/creditor'
import { debtor } from '#deliveries/mails/outlines/debtor'
import { ere } from '#deliveries/mails/outlines/ere'
import { frame, identity, personalButton } from '#deliveries/mails/outlines/frame'
import type { Outliners } from '#deliveries/mails/outlines/outliners'

/** What each email says. Words are in `mails.json`; here is only their order. */
export const outlines: Outliners<MailTemplate> = {
  ...debtor,
  ...creditor,
  ...ere,

  invitation: (data, words) => {
    const { t } = words
    const values = { agency: data.agency.name, by: data.invitedBy ?? '', until: words.day(data.expiresAt) }
    return {
      ...frame(data.agency, words),
      subject: t('invitation.subject', values),
      preview: t('invitation.preview'),
      heading: t('invitation.heading'),
      greeting: t('greeting', { name: data.fullName }),
      before: [t(data.invitedBy ? 'invitation.lead_by' : 'invitation.lead', values)],
      body: [t('invitation.body')],
      button: personalButton(t('invitation.button'), data.url, words),
      after: [t('invitation.until', values)],
      footer: [identity(data.agency, words)],
    }
  },
}
