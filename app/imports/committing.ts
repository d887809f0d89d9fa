import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock, type CivilDate } from '#shared/clock'
import { takeNumbers } from '#shared/numbering'
import { numberedSql, rowsOf, write, type Bindings } from '#shared/sql'
import { limitationBasis, limitationOnSql } from '#claims/limitation'
import type Creditor from '#creditors/models/creditor'

/** Rows of the table worked by one statement: a few tens of milliseconds, so others are served in between. */
const ROWS_PER_STATEMENT = 5_000

/**
 * Turns the ready rows of an import into debtors, addresses, contacts, claims and invoices, in
 * the caller's transaction, by set-based statements over ranges of rows.
 *
 * @returns how many claims were created
 */
export async function createClaims(
  trx: TransactionClientContract,
  source: { id: number; creditor: Creditor },
  on: CivilDate
): Promise<number> {
  const { files, last } = await extent(trx, source.id)
  if (files === 0) return 0
  const year = Number(on.slice(0, 4))
  const numbering = {
    debtor: await takeNumbers(trx, 'debtor', year, files),
    claim: await takeNumbers(trx, 'claim', year, files),
  }
  const terms = await termsTaken(trx, source.creditor, on)
  const common = { importId: source.id, creditorId: source.creditor.id, at: clock.now() }
  const first = { debtors: numbering.debtor, claims: numbering.claim }
  for (let from = 0; from <= last; from += ROWS_PER_STATEMENT) {
    const range = { ...common, from, to: from + ROWS_PER_STATEMENT - 1 }
    first.debtors += await insertDebtors(trx, range, year, first.debtors)
    await insertAddresses(trx, range)
  }
  for (let from = 0; from <= last; from += ROWS_PER_STATEMENT) {
    const range = { ...common, from, to: from + ROWS_PER_STATEMENT - 1 }
    await insertContacts(trx, range)
    first.claims += await insertClaims(trx, range, year, first.claims, { creditor: source.creditor, terms })
  }
  for (let from = 0; from <= last; from += ROWS_PER_STATEMENT) {
    await insertInvoices(trx, { ...common, from, to: from + ROWS_PER_STATEMENT - 1 })
  }
  return files
}

type Range = Bindings & { importId: number; creditorId: number; at: string; from: number; to: number }

async function extent(trx: TransactionClientContract, importId: number) {
  const [found] = await rowsOf<{ files: number; last: number }>(
    trx,
    `select count(case when file_row = row then 1 end) as files, max(row) as last
     from import_rows where import_id = :importId and outcome = 'ready'`,
    { importId }
  )
  return { files: Number(found?.files ?? 0), last: Number(found?.last ?? 0) }
}

/** The rows that open a file, in a range of the sheet. */
const OPENERS = `r.import_id = :importId and r.outcome = 'ready' and r.file_row = r.row and r.row between :from and :to`

const position = (first: number) => `${first} - 1 + row_number() over (order by r.row)`

function insertDebtors(trx: TransactionClientContract, range: Range, year: number, first: number) {
  return write(
    trx,
    `insert into debtors (ref, creditor_id, kind, civility, full_name, company_name, siren, person_key,
       import_row_id, created_at, updated_at)
     select ${numberedSql('B', year, position(first))}, :creditorId, r.kind, r.civility, r.full_name,
       r.company_name, r.siren, r.person_key, r.id, :at, :at
     from import_rows r where ${OPENERS} order by r.row`,
    range
  )
}

function insertAddresses(trx: TransactionClientContract, range: Range) {
  return write(
    trx,
    `insert into addresses (debtor_id, street, complement, postcode, city, created_at)
     select d.id, r.street, r.complement, r.postcode, r.city, :at
     from import_rows r join debtors d on d.import_row_id = r.id
     where ${OPENERS} order by r.row`,
    range
  )
}

/**
 * The emails and mobiles of all the rows of a file; the first of each kind is the contact for
 * the recovery (P1).
 */
async function insertContacts(trx: TransactionClientContract, range: Range) {
  for (const kind of ['email', 'mobile'] as const) {
    await write(
      trx,
      `insert into contact_points (debtor_id, kind, value, collection_contact, created_at)
       select d.id, '${kind}', r.${kind}, row_number() over (partition by d.id order by min(r.row)) = 1, :at
       from import_rows r
       join import_rows f on f.import_id = r.import_id and f.row = r.file_row
       join debtors d on d.import_row_id = f.id
       where r.import_id = :importId and r.outcome = 'ready' and r.${kind} is not null
         and r.file_row between :from and :to
       group by d.id, r.${kind} order by min(r.row)`,
      range
    )
  }
}

/** What the mandate in force says of late payment, if it does: the new files keep it. */
async function termsTaken(trx: TransactionClientContract, creditor: Creditor, on: CivilDate) {
  const mandate = await creditor.mandateOn(on, trx)
  await mandate?.load('contract')
  return mandate?.contract ? Number(mandate.contract.id) : null
}

function insertClaims(
  trx: TransactionClientContract,
  range: Range,
  year: number,
  first: number,
  { creditor, terms }: { creditor: Creditor; terms: number | null }
) {
  const basis = {
    b2b: limitationBasis('b2b', creditor.sector as 'general' | 'goods_transport' | null),
    b2c: limitationBasis('b2c', null),
  }
  return write(
    trx,
    `insert into claims (ref, creditor_id, debtor_id, import_id, kind, oldest_due_on, limitation_on,
       limitation_basis, contract_term_id, last_activity_at, created_at)
     select ${numberedSql('D', year, position(first))}, :creditorId, d.id, :importId, r.kind, r.due_on,
       case r.kind when 'b2b' then ${limitationOnSql(basis.b2b, 'r.due_on')}
         else ${limitationOnSql(basis.b2c, 'r.due_on')} end,
       case r.kind when 'b2b' then '${basis.b2b}' else '${basis.b2c}' end, ${terms ?? 'cast(null as bigint)'}, :at, :at
     from (
       select f.id, f.row, f.kind, min(r.due_on) as due_on
       from import_rows f
       join import_rows r on r.import_id = f.import_id and r.file_row = f.row and r.outcome = 'ready'
       where f.import_id = :importId and f.outcome = 'ready' and f.file_row = f.row
         and f.row between :from and :to
       group by f.id, f.row, f.kind
     ) r
     join debtors d on d.import_row_id = r.id
     order by r.row`,
    range
  )
}

function insertInvoices(trx: TransactionClientContract, range: Range) {
  return write(
    trx,
    `insert into invoices (claim_id, number, number_count, issued_on, due_on, description, amount_cents,
       down_payment_cents, import_row_id, created_at)
     select c.id, r.invoice_number, r.invoice_count, r.issued_on, r.due_on, r.description, r.amount_cents,
       r.down_payment_cents, r.id, :at
     from import_rows r
     join import_rows f on f.import_id = r.import_id and f.row = r.file_row
     join debtors d on d.import_row_id = f.id
     join claims c on c.debtor_id = d.id
     where r.import_id = :importId and r.outcome = 'ready' and r.row between :from and :to
     order by r.row`,
    range
  )
}
