import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import type { CivilDate } from '#shared/clock'
import { rowsOf, sqlList, write } from '#shared/sql'
import { dialect } from '#shared/transaction'
import type { DebtorKind } from '#debtors/models/debtor'
import { OPEN_STATES } from '#campaigns/models/action'

/** The files a launch is about: those of an import, or all those of a creditor. */
export type LaunchTarget = { importId: number } | { creditorId: number }

export const EXCLUSIONS = [
  'closed',
  'paid',
  'prescribed',
  'disputed',
  'paused',
  'not_due',
  'in_campaign',
  'address_missing',
  'address_undeliverable',
] as const
export type Exclusion = (typeof EXCLUSIONS)[number]

export type Lot = { kind: DebtorKind; claims: number; withEmail: number; dueCents: number }
export type Excluded = { claimId: number; claim: string; debtor: string; dueCents: number; reason: Exclusion }

/**
 * Sorts the files of a target into `launch_claims`, a temporary table: each with its lot,
 * or the reason it is left out (rule 39 for the prescribed ones; nothing may be asked before it is due), and the person it is about: the
 * first debtor with the same key, whatever the creditor.
 */
export async function sortFiles(trx: TransactionClientContract, target: LaunchTarget, on: CivilDate) {
  const id = dialect() === 'postgres' ? 'bigint' : 'integer'
  await trx.rawQuery(
    `create temp table if not exists launch_claims (claim_id ${id} primary key, person_id bigint not null,
       kind text not null, has_email integer not null, reason text)`
  )
  await trx.rawQuery(dialect() === 'postgres' ? 'truncate launch_claims' : 'delete from launch_claims')
  await write(
    trx,
    `insert into launch_claims (claim_id, person_id, kind, has_email, reason)
     select c.id, (select min(p.id) from debtors p where p.person_key = d.person_key), c.kind, case when ${USABLE_EMAIL} then 1 else 0 end,
       case
         when c.status in ('closed', 'paid') then c.status
         when c.limitation_on < :on then 'prescribed'
         when c.status in ('disputed', 'paused') then c.status
         when c.oldest_due_on >= :on then 'not_due'
         when exists (select 1 from actions a where a.claim_id = c.id and a.state in (${sqlList(OPEN_STATES)}))
           then 'in_campaign'
         when not ${address('')} then 'address_missing'
         when not ${address('and x.undeliverable_at is null')} then 'address_undeliverable'
       end
     from claims c join debtors d on d.id = c.debtor_id
     where ${'importId' in target ? 'c.import_id' : 'c.creditor_id'} = :target`,
    { on, target: 'importId' in target ? target.importId : target.creditorId }
  )
}

const USABLE_EMAIL = `exists (select 1 from contact_points p
  where p.debtor_id = c.debtor_id and p.kind = 'email' and p.bounced_at is null)`
const address = (condition: string) =>
  `exists (select 1 from addresses x where x.debtor_id = c.debtor_id and x.replaced_at is null ${condition})`

/** R23: one lot for businesses, one for consumers; an empty one is absent. */
export async function lots(trx: TransactionClientContract): Promise<Lot[]> {
  const rows = await rowsOf<{ kind: DebtorKind; claims: number; with_email: number; due_cents: number }>(
    trx,
    `select l.kind, count(*) as claims, sum(l.has_email) as with_email, sum(c.due_cents) as due_cents
     from launch_claims l join claims c on c.id = l.claim_id
     where l.reason is null group by l.kind order by l.kind`
  )
  return rows.map((row) => ({
    kind: row.kind,
    claims: Number(row.claims),
    withEmail: Number(row.with_email),
    dueCents: Number(row.due_cents),
  }))
}

export async function excludedFiles(trx: TransactionClientContract): Promise<Excluded[]> {
  const rows = await rowsOf<{ id: number; ref: string; name: string; due_cents: number; reason: Exclusion }>(
    trx,
    `select c.id, c.ref, coalesce(d.company_name, d.full_name) as name, c.due_cents, l.reason
     from launch_claims l join claims c on c.id = l.claim_id join debtors d on d.id = c.debtor_id
     where l.reason is not null order by c.id`
  )
  return rows.map((row) => ({
    claimId: Number(row.id),
    claim: row.ref,
    debtor: row.name,
    dueCents: Number(row.due_cents),
    reason: row.reason,
  }))
}
