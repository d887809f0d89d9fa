import type { CivilDate } from '#shared/clock'
import type { Cents } from '#shared/money'
import { loadOwed } from '#claims/owed'
import { SettleAttempts } from '#payments/actions/settle_attempts'
import Payment from '#payments/models/payment'
import type PaymentAttempt from '#payments/models/payment_attempt'
import { maskedEmail } from '#shared/email_address'
import { emailOf } from '#portal/contact'
import type PortalSession from '#portal/session'

export type PaymentPage =
  | { state: 'waiting'; attempt: PaymentAttempt; isDebit: boolean }
  | { state: 'not_done'; attempt: PaymentAttempt }
  | {
      state: 'received'
      payment: Payment
      remainingCents: Cents
      isInterestKnown: boolean
      email: string | null
    }

/**
 * How the debtor's last online payment stands. Only the ledger says "received":
 * coming back from the till proves nothing, so the gateway is asked, in case its
 * own message is late.
 *
 * @returns null when there was none, or when its money went back: the file says what is owed
 */
export async function readPayment(portal: PortalSession, on: CivilDate): Promise<PaymentPage | null> {
  const last = await portal.paymentAttempts().first()
  if (!last) return null
  await new SettleAttempts().lookedAt(last)
  const attempt = await portal.paymentAttempts().where('id', last.id).firstOrFail()
  const payment = await Payment.query()
    .where('attemptId', attempt.id)
    .preload('receipt')
    .preload('returns')
    .first()
  if (payment) {
    if (payment.returns.length > 0) return null
    const { totalCents: remainingCents, missingRates } = await loadOwed(portal.claim.id, on)
    const address = emailOf(portal.claim.debtor)
    const isInterestKnown = missingRates.length === 0
    return {
      state: 'received',
      payment,
      remainingCents,
      isInterestKnown,
      email: address && maskedEmail(address),
    }
  }
  if (attempt.state === 'failed' || attempt.state === 'expired') return { state: 'not_done', attempt }
  return { state: 'waiting', attempt, isDebit: attempt.state === 'processing' }
}
