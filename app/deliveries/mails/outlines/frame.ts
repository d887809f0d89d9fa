import type { AgencyCard, CreditorMail, DebtorMail } from '#deliveries/mails/data'
import { strong, type Outline } from '#deliveries/mails/outline'
import { phoneLink, spacedSiren, type Words } from '#deliveries/mails/words'

/** What is an email's own. */
export type Said = Pick<Outline, 'subject' | 'preview' | 'heading' | 'before' | 'facts' | 'body' | 'after'>

/** Every email to a debtor recalls the letter, has one button and says who pays the agency. */
export function toDebtor(data: DebtorMail, words: Words, said: Said): Outline {
  const { t } = words
  const name = [data.debtor.civility && t(`civility.${data.debtor.civility}`), data.debtor.fullName]
  const creditor = [strong(data.creditor.name), ...data.creditor.addressLines].join(', ')
  return {
    ...frame(data.agency, words),
    ...said,
    greeting: data.debtor.fullName
      ? t('greeting', { name: name.filter(Boolean).join(' ') })
      : t('greeting_company'),
    recall: [
      t('recall.letter', { ref: strong(data.letter.ref), on: strong(words.date(data.letter.on)) }),
      t('recall.creditor', { creditor }),
    ],
    button: personalButton(t('debtor.button'), data.link, words),
    footer: [`${identity(data.agency, words)} ${t('footer.paid_by', { creditor: data.creditor.name })}`],
    links: [{ label: t('footer.rights'), url: `${data.link}#rights` }],
  }
}

/** Every email to a creditor has at most one button, to its own space. */
export function toCreditor(
  data: CreditorMail,
  words: Words,
  { label, ...said }: Said & { label: string }
): Outline {
  return {
    ...frame(data.agency, words),
    ...said,
    greeting: words.t('greeting_company'),
    button: data.url ? { label, url: data.url } : undefined,
    footer: [identity(data.agency, words)],
  }
}

/** A link that opens somebody's own page without a password. */
export const personalButton = (label: string, url: string, { t }: Words) => ({
  label,
  url,
  copy: t('footer.copy'),
  personal: t('footer.personal'),
})

export function frame(
  agency: AgencyCard,
  { t }: Words
): Pick<Outline, 'agency' | 'signature' | 'links' | 'colon'> {
  return {
    agency,
    signature: { name: agency.signatoryName, phone: phoneLink(agency.phone) },
    colon: t('colon'),
    links: [],
  }
}

/** R124-4: name, seat and the statement that it carries on "une activité de recouvrement amiable". */
export function identity(agency: AgencyCard, { t }: Words): string {
  const who = [
    agency.name,
    agency.legalForm,
    agency.siren && `SIREN\u00a0${spacedSiren(agency.siren)}`,
    ...agency.addressLines,
  ]
  return t('footer.identity', { agency: who.filter(Boolean).join(', ') })
}
