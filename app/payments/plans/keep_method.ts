import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock } from '#shared/clock'
import type { SavedMethod } from '#payments/facts'

/** The card or the mandate that the next instalments of a plan are charged to: the last one given. */
export async function keepMethod(trx: TransactionClientContract, planId: number, saved: SavedMethod) {
  await trx.from('plans').where('id', planId).update({
    stripe_customer_id: saved.customerId,
    stripe_method_id: saved.methodId,
    method_kind: saved.kind,
    method_ending: saved.last4,
    method_expires_in: saved.expiresIn,
    updated_at: clock.now(),
  })
}
