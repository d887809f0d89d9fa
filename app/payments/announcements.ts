import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { parseEmailAddress } from '#shared/email_address'
import { recordEvent } from '#claims/events'
import Claim from '#claims/models/claim'
import ContactPoint from '#debtors/models/contact_point'
import { enqueue } from '#deliveries/outbox'
import type Payment from '#payments/models/payment'
import User from '#users/models/user'

/**
 * Puts in the outbox the receipt for the debtor (R124-6) and the notice for the
 * creditor's team (R124-5: every payment, even partial). Whoever cannot be
 * reached by email is written on the file, for a person to see.
 */
export async function announcePayment(trx: TransactionClientContract, payment: Payment) {
  const claim = await Claim.query({ client: trx })
    .where('id', payment.claimId)
    .preload('creditor')
    .firstOrFail()
  const common = { parameters: { paymentId: payment.id }, claimId: claim.id, creditorId: claim.creditorId }

  const debtorEmail = await collectionEmail(trx, claim.debtorId)
  if (debtorEmail) {
    await enqueue(trx, {
      ...common,
      key: `receipt:${payment.id}`,
      recipe: 'payments.receipt',
      recipient: debtorEmail,
    })
  } else {
    await recordEvent(trx, {
      claimId: claim.id,
      type: 'receipt.no_email',
      actor: 'system',
      detail: { payment: payment.ref },
    })
  }

  const team = await creditorTeam(trx, claim.creditorId, claim.creditor.email)
  for (const recipient of team) {
    await enqueue(trx, {
      ...common,
      key: `creditor_notice:${payment.id}:${recipient}`,
      recipe: 'payments.creditor_notice',
      recipient,
    })
  }
  if (team.length === 0) {
    await recordEvent(trx, {
      claimId: claim.id,
      type: 'creditor_notice.no_email',
      actor: 'system',
      detail: { payment: payment.ref },
    })
  }
}

async function collectionEmail(trx: TransactionClientContract, debtorId: number) {
  const points = await ContactPoint.query({ client: trx })
    .where('debtorId', debtorId)
    .where('kind', 'email')
    .whereNull('bouncedAt')
    .orderBy('collectionContact', 'desc')
    .orderBy('id')
  return points.map(({ value }) => parseEmailAddress(value)).find((address) => address !== null) ?? null
}

/** The creditor's address and its users', each once. */
async function creditorTeam(trx: TransactionClientContract, creditorId: number, email: string | null) {
  const users = await User.query({ client: trx }).where('creditorId', creditorId).whereNull('disabledAt')
  const addresses = [email, ...users.map((user) => user.email)].map((text) => text && parseEmailAddress(text))
  return [
    ...new Set(addresses.filter((address) => typeof address === 'string' && address !== '')),
  ] as string[]
}
