import db from '@adonisjs/lucid/services/db'
import type { CivilDate } from '#shared/clock'
import type { Cents } from '#shared/money'
import { CURRENT_RECEIPT, RECEIPT_DELIVERY } from '#payments/queries/receipts_to_dispatch'
import { listPage } from '#shared/pages'
import type { PaymentMethod } from '#payments/models/payment'

/** What the list can be narrowed by; dates bound the day the money was received. */
export type PaymentFilters = {
  from?: CivilDate
  to?: CivilDate
  creditorId?: number
  method?: PaymentMethod
}

export type PaymentListItem = {
  id: number
  ref: string
  receivedOn: CivilDate
  method: PaymentMethod
  /** Where the money went (R24). */
  destination: 'dedicated' | 'creditor'
  amountCents: Cents
  principalCents: Cents
  interestCents: Cents
  indemnityCents: Cents
  suspenseCents: Cents
  claim: string
  debtor: string
  creditor: string
  note: string | null
  receipt: string
  /** What went back of it (rule 32). */
  returnedCents: Cents
  /** No email brings it, and nobody has handed it over yet. */
  receiptToDispatch: boolean
  /** Nobody can tell whether its email left. */
  receiptUncertain: boolean
}

const PAGE_SIZE = 50

const RETURNED_CENTS = `coalesce((select sum(r.amount_cents) from payment_returns r where r.payment_id = payments.id), 0)`

/** The money received, newest first, for the back-office, the creditor's space and the CSV. */
export class PaymentList {
  constructor(private filters: PaymentFilters) {}

  async page(page: number) {
    const { total, cents } = await this.totals()
    return {
      items: await this.items(page, PAGE_SIZE),
      cents,
      ...listPage(total, PAGE_SIZE, page),
    }
  }

  async totals(): Promise<{ total: number; cents: Cents }> {
    const row = await this.scope()
      .count('* as total')
      .select(db.raw(`sum(payments.amount_cents - ${RETURNED_CENTS}) as cents`))
      .first()
    return { total: Number(row.total), cents: Number(row.cents ?? 0) }
  }

  /** Every line, in slices, for a CSV of any length. */
  async *slices(size = 500): AsyncGenerator<PaymentListItem[]> {
    for (let page = 1; ; page++) {
      const items = await this.items(page, size)
      if (items.length) yield items
      if (items.length < size) return
    }
  }

  private async items(page: number, size: number): Promise<PaymentListItem[]> {
    const rows = await this.scope()
      .join('debtors', 'debtors.id', 'claims.debtor_id')
      .join('creditors', 'creditors.id', 'claims.creditor_id')
      .joinRaw(`join receipts q on q.payment_id = payments.id and ${CURRENT_RECEIPT}`)
      .joinRaw(`left join deliveries e on ${RECEIPT_DELIVERY}`)
      .orderBy('payments.received_on', 'desc')
      .orderBy('payments.id', 'desc')
      .select(
        'payments.*',
        'claims.ref as claim',
        'creditors.name as creditor',
        'q.number as receipt',
        'e.state as delivery',
        db.raw(`exists (select 1 from receipt_dispatches h where h.receipt_id = q.id) as dispatched`),
        db.raw(`${RETURNED_CENTS} as returned_cents`),
        db.raw('coalesce(debtors.company_name, debtors.full_name) as debtor')
      )
      .forPage(page, size)
    return rows.map((row) => ({
      id: Number(row.id),
      ref: row.ref,
      receivedOn: row.received_on,
      method: row.method,
      destination: row.destination_account === null ? 'dedicated' : 'creditor',
      amountCents: Number(row.amount_cents),
      principalCents: Number(row.principal_cents),
      interestCents: Number(row.interest_cents),
      indemnityCents: Number(row.indemnity_cents),
      suspenseCents: Number(row.suspense_cents),
      claim: row.claim,
      debtor: row.debtor,
      creditor: row.creditor,
      note: row.note,
      receipt: row.receipt,
      returnedCents: Number(row.returned_cents),
      receiptToDispatch: !row.dispatched && [null, 'failed', 'cancelled'].includes(row.delivery),
      receiptUncertain: row.delivery === 'uncertain',
    }))
  }

  private scope() {
    const query = db.from('payments').join('claims', 'claims.id', 'payments.claim_id')
    const { from, to, creditorId, method } = this.filters
    if (from) query.where('payments.received_on', '>=', from)
    if (to) query.where('payments.received_on', '<=', to)
    if (creditorId) query.where('claims.creditor_id', creditorId)
    if (method) query.where('payments.method', method)
    return query
  }
}
