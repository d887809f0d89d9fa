import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock } from '#shared/clock'
import type { EmailAddress } from '#shared/email_address'
import { readPhone } from '#shared/phone'
import ContactPoint from '#debtors/models/contact_point'
import type Debtor from '#debtors/models/debtor'
import type { CallSlot } from '#claims/models/debtor_request'

/** The address the debtor is written to, or null. */
export const emailOf = (debtor: Debtor): EmailAddress | null =>
  debtor.contactPoints.find((one) => one.kind === 'email' && one.collectionContact && !one.bouncedAt)
    ?.value ?? null

/** `06 12 34 56 78`, or with its prefix from elsewhere. */
export function readablePhone(e164: string): string {
  const phone = readPhone(e164)
  if (!phone) return e164
  const groups = phone.country === 'FR' ? phone.formatNational() : phone.formatInternational()
  return groups.replaceAll(' ', '\u00A0')
}

/** The language key of a slot's hours. */
export const slotHoursKey = (slot: CallSlot | null) => `claims.requests.slots.${slot ?? 'morning'}`

/**
 * Keeps an address the debtor gave on the page, beside those we have. It is not
 * made the contact for collection: a mistyped one would tell a stranger (rule
 * 14), so only a person does that.
 *
 * @returns where to write now, or null
 */
export async function rememberEmail(
  trx: TransactionClientContract,
  debtor: Debtor,
  given: EmailAddress | null
): Promise<EmailAddress | null> {
  if (!given) return emailOf(debtor)
  if (!debtor.contactPoints.some((one) => one.kind === 'email' && one.value === given)) {
    await ContactPoint.create(
      {
        debtorId: debtor.id,
        kind: 'email',
        value: given,
        label: 'portal',
        collectionContact: false,
        createdAt: clock.now(),
      },
      { client: trx }
    )
  }
  return given
}
