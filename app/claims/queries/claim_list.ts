import db from '@adonisjs/lucid/services/db'
import type { DatabaseQueryBuilderContract } from '@adonisjs/lucid/types/querybuilder'
import { daysBetween } from '#shared/calendar'
import { clock, type CivilDate } from '#shared/clock'
import { likePattern } from '#shared/fold'
import { parseEuros, type Cents } from '#shared/money'
import { listPage } from '#shared/pages'
import type { DebtorKind } from '#debtors/models/debtor'
import { CLAIM_STATUSES, type ClaimStatus } from '#claims/models/claim'
import { loadDebts } from '#claims/debts'
import { amountOwed } from '#claims/owed'

/** What the list can be narrowed by (C7). Dates bound the oldest due date, amounts the principal due. */
export type ClaimFilters = {
  status?: ClaimStatus
  creditorId?: number
  from?: CivilDate
  to?: CivilDate
  minCents?: Cents
  maxCents?: Cents
  /** File or invoice number, name, company, email, SIREN or amount. */
  q?: string
}

export type ClaimOrder = 'oldest' | 'newest' | 'largest' | 'activity'

/** One line of the list (C9). `dueCents` is what is owed today, interest included. */
export type ClaimListItem = {
  id: number
  ref: string
  status: ClaimStatus
  kind: DebtorKind
  creditor: string
  creditorRef: string
  option: 'judicial' | 'termination'
  debtor: string
  invoices: string
  /** The first number, and how many more there are. */
  firstInvoice: string
  otherInvoices: number
  oldestDueOn: CivilDate
  daysOverdue: number
  principalCents: Cents
  dueCents: Cents
  paidCents: Cents
  lastActivityAt: string
  /** The last plan of the file, and how many of its instalments are paid. */
  plan: { state: string; paid: number; months: number } | null
}

const PAGE_SIZE = 50

const ORDERS: Record<ClaimOrder, [string, 'asc' | 'desc']> = {
  oldest: ['claims.oldest_due_on', 'asc'],
  newest: ['claims.id', 'desc'],
  largest: ['claims.due_cents', 'desc'],
  activity: ['claims.last_activity_at', 'desc'],
}

/** The list of claims for the back-office, the creditor's space, the CSV and `claims:list`. */
export class ClaimList {
  constructor(
    private filters: ClaimFilters,
    private order: ClaimOrder = 'oldest'
  ) {}

  async page(page: number) {
    const rows = await this.rows().forPage(page, PAGE_SIZE)
    const { total, dueCents } = await this.totals()
    return {
      items: await this.items(rows),
      dueCents,
      ...listPage(total, PAGE_SIZE, page),
    }
  }

  async count(): Promise<number> {
    const { total } = await this.totals()
    return total
  }

  /** How many claims, and the principal still due on them. */
  private async totals() {
    const row = await this.scope().count('* as total').sum('claims.due_cents as due').first()
    return { total: Number(row.total), dueCents: Number(row.due ?? 0) }
  }

  /** How many claims each status holds under the other filters, and in all. */
  async countsByStatus(): Promise<Record<ClaimStatus | 'all', number>> {
    const others = { ...this.filters, status: undefined }
    const rows = await new ClaimList(others)
      .scope()
      .groupBy('claims.status')
      .select('claims.status')
      .count('* as total')
    const counts = Object.fromEntries([...CLAIM_STATUSES, 'all'].map((status) => [status, 0])) as Record<
      ClaimStatus | 'all',
      number
    >
    for (const row of rows) {
      counts[row.status as ClaimStatus] = Number(row.total)
      counts.all += Number(row.total)
    }
    return counts
  }

  /** Every line, in slices, for a CSV of any length. */
  async *slices(size = 500): AsyncGenerator<ClaimListItem[]> {
    for (let page = 1; ; page++) {
      const rows = await this.rows().forPage(page, size)
      if (rows.length) yield await this.items(rows)
      if (rows.length < size) return
    }
  }

  private rows() {
    const [column, direction] = ORDERS[this.order]
    return this.scope()
      .orderBy(column, direction)
      .orderBy('claims.id', 'desc')
      .select(
        'claims.id',
        'claims.ref',
        'claims.status',
        'claims.kind',
        'claims.oldest_due_on',
        'claims.principal_cents',
        'claims.due_cents',
        'claims.paid_cents',
        'claims.last_activity_at',
        'creditors.name as creditor',
        'creditors.ref as creditor_ref',
        'creditors.collection_option',
        db.raw('coalesce(debtors.company_name, debtors.full_name) as debtor')
      )
  }

  /** The last plan of each file of a slice (C9). */
  private async plansOf(ids: readonly number[]) {
    const rows = await db
      .from('plans')
      .whereIn('claim_id', [...ids])
      .orderBy('id')
      .select(
        'claim_id',
        'state',
        'months',
        db.raw(
          '(select count(*) from plan_instalments i where i.plan_id = plans.id and i.paid_cents = i.amount_cents) as paid'
        )
      )
    return new Map(
      rows.map((row) => [
        Number(row.claim_id),
        { state: String(row.state), paid: Number(row.paid), months: Number(row.months) },
      ])
    )
  }

  private scope() {
    const query = db
      .from('claims')
      .join('debtors', 'debtors.id', 'claims.debtor_id')
      .join('creditors', 'creditors.id', 'claims.creditor_id')
    const { status, creditorId, from, to, minCents, maxCents, q } = this.filters
    if (status) query.where('claims.status', status)
    if (creditorId) query.where('claims.creditor_id', creditorId)
    if (from) query.where('claims.oldest_due_on', '>=', from)
    if (to) query.where('claims.oldest_due_on', '<=', to)
    if (minCents !== undefined) query.where('claims.due_cents', '>=', minCents)
    if (maxCents !== undefined) query.where('claims.due_cents', '<=', maxCents)
    if (q?.trim()) search(query, q.trim())
    return query
  }

  private async items(rows: Record<string, unknown>[]): Promise<ClaimListItem[]> {
    const today = clock.today()
    const ids = rows.map((row) => Number(row.id))
    const debts = await loadDebts(ids)
    const plans = await this.plansOf(ids)
    return rows.map((row) => {
      const debt = debts.get(Number(row.id))!
      const owed = amountOwed(debt, today)
      const invoices = debt.invoices.map((invoice) => invoice.number).join(', ')
      const [firstInvoice, ...others] = invoices.split(/,\s*/)
      return {
        id: Number(row.id),
        ref: String(row.ref),
        status: row.status as ClaimStatus,
        kind: row.kind as DebtorKind,
        creditor: String(row.creditor),
        creditorRef: String(row.creditor_ref),
        option: row.collection_option as 'judicial' | 'termination',
        debtor: String(row.debtor),
        invoices,
        firstInvoice: firstInvoice!,
        otherInvoices: others.length,
        oldestDueOn: String(row.oldest_due_on),
        daysOverdue: Math.max(0, daysBetween(String(row.oldest_due_on), today)),
        principalCents: Number(row.principal_cents),
        dueCents: owed.totalCents,
        paidCents: Number(row.paid_cents),
        lastActivityAt: String(row.last_activity_at),
        plan: plans.get(Number(row.id)) ?? null,
      }
    })
  }
}

function search(query: DatabaseQueryBuilderContract, q: string) {
  const pattern = likePattern(q)
  const digits = q.replace(/\s/g, '')
  query.where((any) => {
    any.whereRaw(`fold(claims.ref) like ? escape '\\'`, [pattern])
    any.orWhereRaw(`fold(debtors.full_name) like ? escape '\\'`, [pattern])
    any.orWhereRaw(`fold(debtors.company_name) like ? escape '\\'`, [pattern])
    any.orWhereRaw(
      `exists (select 1 from invoices i where i.claim_id = claims.id and fold(i.number) like ? escape '\\')`,
      [pattern]
    )
    any.orWhereRaw(
      `exists (select 1 from contact_points p where p.debtor_id = claims.debtor_id and fold(p.value) like ? escape '\\')`,
      [pattern]
    )
    if (/^\d{9}$/.test(digits)) any.orWhere('debtors.siren', digits)
    const cents = parseEuros(q)
    if (cents !== null) any.orWhere('claims.due_cents', cents).orWhere('claims.principal_cents', cents)
  })
}
