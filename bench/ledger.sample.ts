import { transaction } from '#shared/transaction'
import { refreshBalances } from '#claims/ledger'
import Creditor from '#creditors/models/creditor'
import User from '#users/models/user'

const AT = '2026-09-01T08:00:00.000Z'
export const POSTINGS_PER_CLAIM = 10

/**
 * As many files as asked, each of one late invoice between professionals, two part payments that
 * settled some interest, and a credit note: ten postings a file.
 */
export async function populate(files: number) {
  const at = { createdAt: AT, updatedAt: AT }
  const creditor = await Creditor.create({
    ref: 'C-1',
    name: 'STUDIO RIVAGE',
    addressLines: ['PARIS'],
    ...at,
  })
  const user = await User.create({ email: 'a@b.example', fullName: 'Bench', role: 'admin', ...at })
  const rows = `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${files})`
  await transaction(async (trx) => {
    await trx.rawQuery(`${rows}
      insert into debtors (id, ref, creditor_id, kind, company_name, person_key, created_at, updated_at)
      select i, 'B-' || i, ${creditor.id}, 'b2b', 'SOCIETE ' || i, 'siren:' || i, '${AT}', '${AT}' from n`)
    await trx.rawQuery(`
      insert into claims (id, ref, creditor_id, debtor_id, kind, status, oldest_due_on, limitation_on,
        limitation_basis, last_activity_at, created_at)
      select id, 'D-2026-' || id, ${creditor.id}, id, 'b2b', 'active', '2025-03-31', '2031-04-01', 'commercial',
        '${AT}', '${AT}' from debtors`)
    await trx.rawQuery(`
      insert into invoices (id, claim_id, number, issued_on, due_on, amount_cents, created_at)
      select id, id, 'FA-' || id, '2025-03-01', '2025-03-31', 120000 + id % 1000, '${AT}' from claims`)
    await trx.rawQuery(`
      insert into credit_notes (id, claim_id, number, issued_on, amount_cents, user_id, created_at)
      select id, id, 'AV-' || id, '2025-08-15', 7000, ${user.id}, '${AT}' from claims`)
    for (const [nth, day] of ['2025-06-10', '2026-01-20'].entries()) {
      await trx.rawQuery(`
        insert into payments (id, ref, source, claim_id, method, amount_cents, interest_cents, principal_cents,
          indemnity_cents, suspense_cents, received_on, created_at)
        select ${nth * files} + id, 'E-${nth}-' || id, 'bench:${nth}:' || id, id, 'transfer', 10000, 2500, 7500, 0, 0,
          '${day}', '${AT}' from claims`)
    }
  })
  await populatePostings(files, creditor.id)
  await transaction((trx) => refreshBalances(trx, 'claims.id > ?', [0]))
}

type Entry = { kind: string; debit: string; credit: string; cents: string; on: string; of: string }

/** In the order in which they are written: by day, so that those of one file are far apart. */
async function populatePostings(files: number, creditorId: number) {
  const opening: Entry = {
    kind: 'opening',
    debit: 'claim_principal',
    credit: 'creditor_claims',
    cents: '120000 + id % 1000',
    on: '2025-04-15',
    of: 'null, null, null',
  }
  const paid = (on: string, payment: string) =>
    [
      { kind: 'accrual', debit: 'claim_interest', credit: 'creditor_claims', cents: '2500' },
      { kind: 'payment', debit: 'creditor_claims', credit: 'claim_interest', cents: '2500' },
      { kind: 'payment', debit: 'creditor_claims', credit: 'claim_principal', cents: '7500' },
      { kind: 'receipt', debit: 'client_funds', credit: 'creditor_payable', cents: '10000' },
    ].map((one): Entry => ({ ...one, on, of: `${payment}, null, null` }))
  const credit: Entry = {
    kind: 'reversal',
    debit: 'creditor_claims',
    credit: 'claim_principal',
    cents: '7000',
    on: '2025-08-15',
    of: 'null, id, id',
  }
  const entries = [opening, ...paid('2025-06-10', 'id'), credit, ...paid('2026-01-20', `${files} + id`)]
  for (const [index, { kind, debit, credit: to, cents, on, of }] of entries.entries()) {
    await transaction((trx) =>
      trx.rawQuery(`
        insert into postings (key, kind, creditor_id, claim_id, invoice_id, debit_account, credit_account,
          amount_cents, effective_on, payment_id, credit_note_id, reverses_id, reason, created_at)
        select 'bench:${index}:' || id, '${kind}', ${creditorId}, id, id, '${debit}', '${to}', ${cents}, '${on}',
          ${of}, '${kind === 'reversal' ? 'credit_note' : kind}', '${AT}' from claims order by id`)
    )
  }
}
