import db from '@adonisjs/lucid/services/db'
import type { Cents } from '#shared/money'

/** How a creditor's files stand, from the balances that the ledger keeps. */
export type CreditorFigures = {
  claims: number
  open: number
  /** What the ledger shows as due on open files; interest since is counted on each file, not here. */
  dueCents: Cents
  paidCents: Cents
}

const NONE: CreditorFigures = { claims: 0, open: 0, dueCents: 0, paidCents: 0 }
const OPEN = `status in ('new', 'active', 'paused', 'disputed')`

/** The figures of several creditors at once, one scan for all. */
export async function figuresOf(creditorIds: number[]): Promise<(creditorId: number) => CreditorFigures> {
  if (creditorIds.length === 0) return () => NONE
  const rows: Record<string, number | string>[] = await db
    .from('claims')
    .whereIn('creditor_id', creditorIds)
    .groupBy('creditor_id')
    .select(
      'creditor_id',
      db.raw('count(*) as claims'),
      db.raw(`sum(case when ${OPEN} then 1 else 0 end) as open`),
      db.raw(`sum(case when ${OPEN} then due_cents else 0 end) as due`),
      db.raw('sum(paid_cents) as paid')
    )
  const byCreditor = new Map(
    rows.map((row) => [
      Number(row.creditor_id),
      {
        claims: Number(row.claims),
        open: Number(row.open),
        dueCents: Number(row.due),
        paidCents: Number(row.paid),
      },
    ])
  )
  return (creditorId) => byCreditor.get(creditorId) ?? NONE
}
