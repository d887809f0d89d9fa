import type { TransactionClientContract } from '@adonisjs/lucid/types/database'

/**
 * Derives the status of claims from the rows that decide it, in this order: a closure, full
 * payment, an open dispute, an open pause or arrangement, a launch. Every verb writes its own row and calls
 * this, so that lifting a pause on a disputed file leaves it disputed. `where` restricts `claims`.
 */
export async function refreshStatus(
  trx: TransactionClientContract,
  where: string,
  bindings: (number | string)[]
) {
  await trx.rawQuery(
    `update claims set status = case
       when exists (select 1 from closures x where x.claim_id = claims.id) then 'closed'
       when paid_on is not null then 'paid'
       when exists (select 1 from disputes x where x.claim_id = claims.id and x.resolved_at is null) then 'disputed'
       when exists (select 1 from pauses x where x.claim_id = claims.id and x.lifted_at is null) then 'paused'
       when exists (select 1 from arrangements x where x.claim_id = claims.id and x.ended_at is null) then 'paused'
       when launched_on is not null then 'active'
       else 'new' end
     where ${where}`,
    bindings
  )
}
