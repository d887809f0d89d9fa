import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import type { EmailAddress } from '#shared/email_address'
import { enqueue } from '#deliveries/outbox'
import type Claim from '#claims/models/claim'
import { emailOf, rememberEmail } from '#portal/contact'

/** What a debtor did, and the row that keeps it. */
export type Act = { name: 'dispute' | 'time' | 'callback'; id: number }

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
  { name, id }: Act,
  { given, locale }: { given: EmailAddress | null; locale: string }
) {
  const recipient = await rememberEmail(trx, claim.debtor, given)
  const common = { claimId: claim.id, creditorId: claim.creditorId }
  if (recipient) {
    await enqueue(trx, {
      ...common,
      key: `portal:${name}:${id}:debtor`,
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
