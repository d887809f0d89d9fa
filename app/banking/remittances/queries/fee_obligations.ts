import db from '@adonisjs/lucid/services/db'
import { rowsOf } from '#shared/sql'
import type { CivilDate } from '#shared/clock'
import { sum, type Cents } from '#shared/money'
import Creditor from '#creditors/models/creditor'
import { remitBy } from '#creditors/remit_by'
import { byDueOn, dueAlert, type DueAlert } from '#banking/remittances/models/remittance'
import { owedPayments } from '#banking/remittances/queries/owed_payments'

export type FeeToInvoice = {
  ref: string
  name: string
  /** What the creditor received itself, of which the fee is not invoiced yet. */
  cents: Cents
  payments: number
  oldestOn: CivilDate
  dueOn: CivilDate
  alert: DueAlert
}

/**
 * Fees on what creditors received themselves: nothing is remitted, so that nothing else would ask for
 * the invoice. It is to be issued by the day on which the money would have been remitted.
 */
export async function feesToInvoice(today: CivilDate): Promise<FeeToInvoice[]> {
  const direct = (await owedPayments(db.connection(), today)).filter(({ isDirect }) => isDirect)
  const byCreditor = Map.groupBy(direct, ({ creditorId }) => creditorId)
  const creditors = await Creditor.query().whereIn('id', [...byCreditor.keys()])
  const found = await Promise.all(
    creditors.map(async (creditor) => {
      const payments = byCreditor.get(creditor.id)!
      const received = payments.filter(({ cents }) => cents > 0)
      const cents = sum(payments.map((one) => one.cents))
      const [oldest] = received
      if (!oldest || cents <= 0) return null
      const mandate = await creditor.mandateOn(oldest.receivedOn)
      const dueOn = remitBy(oldest.receivedOn, mandate?.remittanceDays ?? null)
      const { ref, name } = creditor
      const when = { oldestOn: oldest.receivedOn, dueOn, alert: dueAlert(dueOn, today) }
      return { ref, name, cents, payments: received.length, ...when }
    })
  )
  return found.filter((one) => one !== null).sort(byDueOn)
}

export type UnpaidInvoice = {
  number: string
  remittance: string
  ref: string
  name: string
  /** With VAT. */
  cents: Cents
  dueOn: CivilDate
  alert: DueAlert
}

/** Invoices of the fee that creditors pay themselves, and have not. */
export async function unpaidFeeInvoices(today: CivilDate): Promise<UnpaidInvoice[]> {
  const rows = await rowsOf<Record<string, string | number>>(
    db.connection(),
    `select f.number, r.ref as remittance, k.ref, k.name, f.fee_cents + f.vat_cents as cents, f.due_on
     from fee_invoices f join remittances r on r.id = f.remittance_id join creditors k on k.id = f.creditor_id
     where not r.netting and not exists (
       select 1 from fee_settlements s where s.fee_invoice_id = f.id and s.cancelled_at is null)
     order by f.due_on, f.id`
  )
  return rows.map((row) => ({
    number: String(row.number),
    remittance: String(row.remittance),
    ref: String(row.ref),
    name: String(row.name),
    cents: Number(row.cents),
    dueOn: String(row.due_on),
    alert: dueAlert(String(row.due_on), today),
  }))
}
