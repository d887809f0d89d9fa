import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { parseEmailAddress } from '#shared/email_address'
import { recordEvent } from '#claims/events'
import Claim from '#claims/models/claim'
import ContactPoint from '#debtors/models/contact_point'
import { enqueue, type Enqueue } from '#deliveries/outbox'
import type Payment from '#payments/models/payment'
import type PaymentReturn from '#payments/models/payment_return'
import User from '#users/models/user'

/**
 * Puts in the outbox the receipt for the debtor (R124-6) and the notice for the
 * creditor's team (R124-5: every payment, even partial, save what a plan it
 * knows foresaw: rule 34). Whoever cannot be reached by email is written on the
 * file, for a person to see.
 */
export async function announcePayment(
  trx: TransactionClientContract,
  payment: Payment,
  { tellCreditor = true }: { tellCreditor?: boolean } = {}
) {
  await announce(trx, payment, {
    tellCreditor,
    parameters: { paymentId: payment.id },
    receipt: { recipe: 'payments.receipt', key: `receipt:${payment.id}` },
    notice: { recipe: 'payments.creditor_notice', key: `creditor_notice:${payment.id}` },
  })
}

/** The same when money went back (rule 32): the receipt that replaces the former, and the notice. */
export async function announceReturn(trx: TransactionClientContract, payment: Payment, taken: PaymentReturn) {
  await announce(trx, payment, {
    parameters: { returnId: taken.id },
    receipt: { recipe: 'payments.receipt_replaced', key: `receipt:${payment.id}:${taken.receiptId}` },
    notice: { recipe: 'payments.return_notice', key: `return_notice:${taken.id}` },
  })
}

type Announcement = Pick<Enqueue, 'parameters'> &
  Record<'receipt' | 'notice', Pick<Enqueue, 'recipe' | 'key'>> & { tellCreditor?: boolean }

async function announce(
  trx: TransactionClientContract,
  payment: Payment,
  { parameters, receipt, notice, tellCreditor = true }: Announcement
) {
  const claim = await Claim.query({ client: trx })
    .where('id', payment.claimId)
    .preload('creditor')
    .firstOrFail()
  const common = { parameters, claimId: claim.id, creditorId: claim.creditorId }
  const unreachable = (type: string) =>
    recordEvent(trx, { claimId: claim.id, type, actor: 'system', detail: { payment: payment.ref } })

  const debtorEmail = await collectionEmail(trx, claim.debtorId)
  if (debtorEmail) await enqueue(trx, { ...common, ...receipt, recipient: debtorEmail })
  else await unreachable('receipt.no_email')

  if (!tellCreditor) return
  const team = await creditorTeam(trx, claim.creditorId, claim.creditor.email)
  for (const recipient of team) {
    await enqueue(trx, { ...common, ...notice, key: `${notice.key}:${recipient}`, recipient })
  }
  if (team.length === 0) await unreachable('creditor_notice.no_email')
}

export async function collectionEmail(trx: TransactionClientContract, debtorId: number) {
  const points = await ContactPoint.query({ client: trx })
    .where('debtorId', debtorId)
    .where('kind', 'email')
    .whereNull('bouncedAt')
    .orderBy('collectionContact', 'desc')
    .orderBy('id')
  return points.map(({ value }) => parseEmailAddress(value)).find((address) => address !== null) ?? null
}

/** The creditor's address and its users', each once. */
export async function creditorTeam(trx: TransactionClientContract, creditorId: number, email: string | null) {
  const users = await User.query({ client: trx }).where('creditorId', creditorId).whereNull('disabledAt')
  const addresses = [email, ...users.map((user) => user.email)].map((text) => text && parseEmailAddress(text))
  return [
    ...new Set(addresses.filter((address) => typeof address === 'string' && address !== '')),
  ] as string[]
}
