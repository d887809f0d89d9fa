import type { I18n } from '@adonisjs/i18n'
import { phoneText } from '#shared/french'
import type Delivery from '#deliveries/models/delivery'

/** What a message is, in a word: `Première lettre`; the recipe's own name when nobody worded it. */
export function subjectMatterText(
  i18n: Pick<I18n, 't' | 'hasMessage'>,
  { subjectMatter, recipe }: Delivery
): string {
  const key = `deliveries.matters.${subjectMatter}`
  return i18n.hasMessage(key) ? i18n.t(key) : recipe
}

/** To whom, as people write it. */
export const recipientText = ({ channel, recipient }: Pick<Delivery, 'channel' | 'recipient'>) =>
  channel === 'sms' ? phoneText(recipient) : recipient

/** Why a row stands where it stands: our reasons in words, a server's as it gave them. */
export function reasonText(i18n: I18n, { reason }: Delivery): string | null {
  if (!reason) return null
  const [code, ...detail] = reason.split(': ')
  for (const key of [`deliveries.reasons.${code}`, `campaigns.reasons.${code}`]) {
    if (i18n.hasMessage(key)) return [i18n.t(key), ...detail].join(' : ')
  }
  return reason
}
