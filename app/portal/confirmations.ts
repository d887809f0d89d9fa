import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import type { EmailAddress } from '#shared/email_address'
import Delivery from '#deliveries/models/delivery'
import { enqueue } from '#deliveries/outbox'
import type Claim from '#claims/models/claim'
import { maskedEmail } from '#shared/email_address'
import { emailOf, rememberEmail } from '#portal/contact'

/** What a debtor did, and the row that keeps it. */
export type Act = { name: 'dispute' | 'time' | 'callback'; id: number }

const keyOf = ({ name, id }: Act) => `portal:${name}:${id}:debtor`

/** Where the copy of an act was sent, masked; null when there was nowhere to send it. */
export async function copySentTo(act: Act): Promise<string | null> {
  const copy = await Delivery.findBy('key', keyOf(act))
  return copy && maskedEmail(copy.recipient)
}

/**
 * Queues what follows an act, in its transaction: a copy to the debtor, and a
 * word to the creditor when it is theirs to know (a proposal to pay later: CPCE
 * R124-5, rule 35; a dispute).
 *
 * @param given an address the debtor has just written on the page
 */
export async function queueConfirmation(
  trx: TransactionClientContract,
  claim: Claim,
  act: Act,
  { given, locale }: { given: EmailAddress | null; locale: string }
) {
  const { name, id } = act
  const recipient = await rememberEmail(trx, claim.debtor, given)
  const common = { claimId: claim.id, creditorId: claim.creditorId }
  if (recipient) {
    await enqueue(trx, {
      ...common,
      key: keyOf(act),
      recipe: 'portal.confirmation',
      parameters: { act: name, id, locale, known: recipient === emailOf(claim.debtor) },
      recipient,
    })
  }
  if (name === 'callback' || !claim.creditor.email) return
  await enqueue(trx, {
    ...common,
    key: `portal:${name}:${id}:creditor`,
    recipe: 'portal.creditor_notice',
    parameters: { act: name, id },
    recipient: claim.creditor.email,
  })
}
