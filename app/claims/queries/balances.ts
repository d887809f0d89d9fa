import db from '@adonisjs/lucid/services/db'
import type { QueryClientContract } from '@adonisjs/lucid/types/database'
import { rowsOf } from '#shared/sql'
import { DIRECT, HELD, type Account } from '#claims/posting'

/** What accounts of a claim hold: what was debited less what was credited. */
const held = (...accounts: Account[]) => {
  const any = `(${accounts.map((account) => `'${account}'`).join(', ')})`
  return `sum(case when debit_account in ${any} then amount_cents when credit_account in ${any} then -amount_cents else 0 end)`
}

/** The balance of every claim, from its postings alone, in one pass. */
export const DERIVED_BALANCES = `
  select claim_id, ${held('claim_principal')} as due_cents, ${held(HELD.money, DIRECT.money)} as paid_cents
  from postings where claim_id is not null group by claim_id`

/** The files whose balance as shown is not what their postings say; there is never one. */
export async function wrongBalances(
  limit: number,
  client: QueryClientContract = db.connection()
): Promise<string[]> {
  const rows = await rowsOf<{ ref: string }>(
    client,
    `select c.ref from claims c left join (${DERIVED_BALANCES}) b on b.claim_id = c.id
     where c.due_cents <> coalesce(b.due_cents, 0) or c.paid_cents <> coalesce(b.paid_cents, 0)
     order by c.id limit :limit`,
    { limit }
  )
  return rows.map(({ ref }) => ref)
}
