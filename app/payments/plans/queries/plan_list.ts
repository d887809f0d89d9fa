import db from '@adonisjs/lucid/services/db'
import { clock, type CivilDate } from '#shared/clock'
import type { Cents } from '#shared/money'
import { listPage } from '#shared/pages'
import type { PlanState } from '#payments/plans/models/plan'

/** `late` are those under way with an instalment past its day. */
export type PlanFilters = { state?: PlanState | 'late'; creditorId?: number }

export type PlanListItem = {
  ref: string
  claim: string
  debtor: string
  creditor: string
  state: PlanState
  totalCents: Cents
  paidCents: Cents
  months: number
  paidMonths: number
  nextOn: CivilDate | null
  late: boolean
}

const PAGE_SIZE = 50
const of = (what: string, condition = '') =>
  `(select ${what} from plan_instalments i where i.plan_id = plans.id ${condition})`
const OPEN = 'and i.paid_cents < i.amount_cents'

/** Plans, the latest first, for the back-office and the creditor's space. */
export class PlanList {
  constructor(private filters: PlanFilters) {}

  async page(page: number) {
    const total = Number((await this.#scope().count('* as total').first()).total)
    return { items: await this.#items(page), ...listPage(total, PAGE_SIZE, page) }
  }

  async #items(page: number): Promise<PlanListItem[]> {
    const today = clock.today()
    const rows = await this.#scope()
      .join('debtors', 'debtors.id', 'claims.debtor_id')
      .join('creditors', 'creditors.id', 'claims.creditor_id')
      .orderBy('plans.id', 'desc')
      .select(
        'plans.*',
        'claims.ref as claim',
        'creditors.name as creditor',
        db.raw('coalesce(debtors.company_name, debtors.full_name) as debtor'),
        db.raw(`${of('sum(i.paid_cents)')} as paid_cents`),
        db.raw(`${of('count(*)', 'and i.paid_cents = i.amount_cents')} as paid_months`),
        db.raw(`${of('min(i.due_on)', OPEN)} as next_on`)
      )
      .forPage(page, PAGE_SIZE)
    return rows.map((row) => {
      const isLive = row.state === 'active' || row.state === 'accepted'
      return {
        ref: row.ref,
        claim: row.claim,
        debtor: row.debtor,
        creditor: row.creditor,
        state: row.state,
        totalCents: Number(row.total_cents),
        paidCents: Number(row.paid_cents),
        months: Number(row.months),
        paidMonths: Number(row.paid_months),
        nextOn: isLive ? row.next_on : null,
        late: row.state === 'active' && row.next_on !== null && row.next_on < today,
      }
    })
  }

  #scope() {
    const query = db.from('plans').join('claims', 'claims.id', 'plans.claim_id')
    const { state, creditorId } = this.filters
    if (creditorId) query.where('claims.creditor_id', creditorId)
    if (state === 'late') {
      query.where('plans.state', 'active').whereRaw(`${of('min(i.due_on)', OPEN)} < ?`, [clock.today()])
    } else if (state) query.where('plans.state', state)
    return query
  }
}
