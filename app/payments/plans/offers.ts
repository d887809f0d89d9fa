import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { civilDateAt, clock, type CivilDate } from '#shared/clock'
import { sum } from '#shared/money'
import { recordEvent } from '#claims/events'
import { loadDebts } from '#claims/debts'
import { owedBefore } from '#claims/owed'
import { reducePrincipal, restorePrincipal } from '#claims/ledger'
import { allocateReduction } from '#claims/principal_reductions'
import type Payment from '#payments/models/payment'
import PaymentAttempt from '#payments/models/payment_attempt'
import { tellCreditorOfOffer } from '#payments/plans/announcements'
import SettlementOffer from '#payments/plans/models/settlement_offer'
import type { Money } from '#payments/plans/schedule'

/** Of what it gives up, in the ledger. */
const keyOf = ({ id }: SettlementOffer) => `settlement:${id}`

/**
 * Money that pays an open offer in time: what it leaves is given up in principal first, so that the
 * payment then settles all the rest (interest and indemnity are paid, never waived). Asked before
 * that payment is posted.
 *
 * @returns null when it accepts no offer
 */
export async function honourOffer(
  trx: TransactionClientContract,
  claimId: number,
  { on, cents, attemptId }: Money & { attemptId?: number | null }
) {
  const offer = await SettlementOffer.query({ client: trx })
    .where('claimId', claimId)
    .where('state', 'open')
    .first()
  if (!offer || cents < offer.amountCents) return null
  // A debit that the bank confirms days later was ordered in time.
  const attempt = attemptId ? await PaymentAttempt.findOrFail(attemptId, { client: trx }) : null
  if ((attempt ? civilDateAt(attempt.createdAt) : on) > offer.expiresOn) return null
  const debts = await loadDebts([claimId], trx)
  const { totalCents } = owedBefore(debts.get(claimId)!, on)
  const excessCents = totalCents - cents
  if (excessCents <= 0) return null
  const waiver = { claimId, cents: excessCents, on }
  const { lines } = await allocateReduction(trx, waiver)
  await reducePrincipal(trx, { ...waiver, key: keyOf(offer), reason: 'settlement' }, lines)
  const waivedCents = sum(lines.map((line) => line.cents))
  return {
    async paidBy(payment: Payment) {
      const facts = { state: 'accepted' as const, waivedCents, paymentId: payment.id, endedAt: clock.now() }
      await offer.merge(facts).save()
      await recordEvent(trx, {
        claimId,
        type: 'offer.accepted',
        actor: 'debtor',
        detail: { amountCents: cents, waivedCents },
      })
      await tellCreditorOfOffer(trx, offer)
    },
  }
}

/** A settlement whose payment went back whole was not paid: what was given up for it is owed again. */
export async function undoOffer(trx: TransactionClientContract, paymentId: number, on: CivilDate) {
  const offer = await SettlementOffer.query({ client: trx }).where({ paymentId, state: 'accepted' }).first()
  if (!offer) return
  await offer.merge({ state: 'cancelled', endedAt: clock.now() }).save()
  const { claimId } = offer
  await restorePrincipal(trx, { claimId, key: keyOf(offer), on, reason: 'settlement_undone' })
  await recordEvent(trx, { claimId, type: 'offer.cancelled', actor: 'system' })
}
