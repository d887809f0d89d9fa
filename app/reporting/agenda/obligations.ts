import { clock, type CivilDate } from '#shared/clock'
import { frenchDate } from '#shared/french'
import { feesToInvoice, unpaidFeeInvoices } from '#banking/remittances/queries/fee_obligations'
import { remittancesDue } from '#banking/remittances/queries/obligations'
import { RECEIPTS_TO_DISPATCH } from '#payments/queries/receipts_to_dispatch'
import type { AgendaItem, AgendaSource } from '#reporting/agenda/item'
import { daysLeft, total } from '#reporting/agenda/read'

const WITHOUT_RECEIPT = `payments m
  where not exists (select 1 from receipts q where q.payment_id = m.id and q.file_sha256 is not null)`

/** N7: what the law or the mandate gives a date to. */
export const obligations: AgendaSource = {
  name: 'obligations',
  count: async () => {
    const creditors = (await remittancesDue(clock.today())).length
    const receipts = [await total(WITHOUT_RECEIPT), await total(RECEIPTS_TO_DISPATCH)]
    const fees = (await urgentFees(clock.today())).length
    return creditors + fees + receipts.filter((count) => count > 0).length
  },
  items: async (offset, limit) => {
    const today = clock.today()
    const receipts = [
      ...aboutReceipts('receipts', await total(WITHOUT_RECEIPT), '/payments'),
      ...aboutReceipts('dispatches', await total(RECEIPTS_TO_DISPATCH), '/payments#receipts'),
    ]
    const all = [...receipts, ...(await remittances(today)), ...(await urgentFees(today))]
    return all.slice(offset, offset + limit)
  },
}

/** R124-6: what was received is remitted within a month, or sooner when the mandate says so (rule 36). */
async function remittances(today: CivilDate): Promise<AgendaItem[]> {
  return (await remittancesDue(today)).map((due) => ({
    actionId: null,
    icon: 'landmark',
    tone: due.alert === 'later' ? 'none' : 'wait',
    title: { key: 'agenda.titles.remittance', values: { creditor: due.name } },
    who: '',
    ref: null,
    href: `/creditors/${due.ref}`,
    why: {
      key: 'agenda.why.remittance',
      values: { on: frenchDate(due.oldestOn), before: frenchDate(due.dueOn), count: due.payments },
    },
    amountCents: due.cents,
    note: daysLeft(today, due.dueOn),
    act: { confirm: false, label: 'agenda.acts.open', href: `/creditors/${due.ref}` },
  }))
}

/** Fees to invoice on what creditors received themselves, and invoices past their date. */
async function urgentFees(today: CivilDate): Promise<AgendaItem[]> {
  const toInvoice = (await feesToInvoice(today)).filter(({ alert }) => alert !== 'later')
  const unpaid = (await unpaidFeeInvoices(today)).filter(({ alert }) => alert === 'late')
  return [
    ...toInvoice.map((fee) => aboutFee('fee_to_invoice', fee, today)),
    ...unpaid.map((fee) => aboutFee('fee_unpaid', fee, today)),
  ]
}

function aboutFee(
  name: 'fee_to_invoice' | 'fee_unpaid',
  { name: creditor, cents, dueOn }: { name: string; cents: number; dueOn: CivilDate },
  today: CivilDate
): AgendaItem {
  return {
    actionId: null,
    icon: 'euro',
    tone: 'wait',
    title: { key: `agenda.titles.${name}`, values: { creditor } },
    who: '',
    ref: null,
    href: '/obligations#fees',
    why: { key: `agenda.why.${name}`, values: { on: frenchDate(dueOn) } },
    amountCents: cents,
    note: daysLeft(today, dueOn),
    act: { confirm: false, label: 'agenda.acts.open', href: '/obligations#fees' },
  }
}

/** Rule 33: every payment has a receipt, printed by the tick, brought by an email, else handed over by a person. */
function aboutReceipts(name: 'receipts' | 'dispatches', count: number, href: string): AgendaItem[] {
  if (count === 0) return []
  return [
    {
      actionId: null,
      icon: 'stamp',
      tone: 'wait',
      title: { key: `agenda.titles.${name}` },
      who: '',
      ref: null,
      href,
      why: { key: `agenda.why.${name}`, values: { count } },
      amountCents: null,
      note: null,
      act: { confirm: false, label: 'agenda.acts.open', href },
    },
  ]
}
