import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import PaymentAttempt, { LIVE_STATES, type AttemptState } from '#payments/models/payment_attempt'

/** Moves an attempt that is still live; a webhook may have been faster. */
export async function moveAttempt(
  attempt: PaymentAttempt,
  state: AttemptState,
  values: Partial<Pick<PaymentAttempt, 'stripeSessionId' | 'checkoutUrl' | 'failure'>> = {}
) {
  await transaction((trx) =>
    PaymentAttempt.query({ client: trx })
      .where('id', attempt.id)
      .whereIn('state', [...LIVE_STATES])
      .update({ state, ...values, updatedAt: clock.now() })
  )
}
