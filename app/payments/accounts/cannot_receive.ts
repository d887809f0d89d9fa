/** Of a claim `c`: its creditor receives on an account of its own, which may not receive now (decision 0030). */
export const CANNOT_RECEIVE = `exists (select 1 from connected_accounts ca
  join creditors cr on cr.id = ca.creditor_id and cr.stripe_account = ca.stripe_account
  where cr.id = c.creditor_id and ca.ended_at is null and not ca.may_receive)`
