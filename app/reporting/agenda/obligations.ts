import { addDays, addMonths } from '#shared/calendar'
import { clock, type CivilDate } from '#shared/clock'
import { frenchDate } from '#shared/french'
import { rowsOf } from '#shared/sql'
import { RECEIPTS_TO_DISPATCH } from '#payments/queries/receipts_to_dispatch'
import type { AgendaItem, AgendaSource } from '#reporting/agenda/item'
import { client, daysLeft, total } from '#reporting/agenda/read'

/** What is held for creditors of each payment: received, settling something, less what went back. */
const HELD = `(select p.creditor_id, p.payment_id, min(p.effective_on) as received_on,
    sum(case when p.credit_account = 'creditor_payable' then p.amount_cents else -p.amount_cents end) as cents
  from postings p where p.credit_account = 'creditor_payable' or p.debit_account = 'creditor_payable'
  group by p.creditor_id, p.payment_id) m
  where m.cents > 0`

const WITHOUT_RECEIPT = `payments m
  where not exists (select 1 from receipts q where q.payment_id = m.id and q.file_sha256 is not null)`

/** N7: what the law or the mandate gives a date to. */
export const obligations: AgendaSource = {
  name: 'obligations',
  count: async () => {
    const creditors = await total(`(select distinct m.creditor_id from ${HELD}) x`)
    const receipts = [await total(WITHOUT_RECEIPT), await total(RECEIPTS_TO_DISPATCH)]
    return creditors + receipts.filter((count) => count > 0).length
  },
  items: async (offset, limit) => {
    const today = clock.today()
    const receipts = [
      ...aboutReceipts('receipts', await total(WITHOUT_RECEIPT), '/payments'),
      ...aboutReceipts('dispatches', await total(RECEIPTS_TO_DISPATCH), '/payments#receipts'),
    ]
    const all = [...receipts, ...(await remittances(today))]
    return all.slice(offset, offset + limit)
  },
}

/** R124-6: what was received is remitted within a month, or sooner when the mandate says so (rule 36). */
async function remittances(today: CivilDate): Promise<AgendaItem[]> {
  const rows = await rowsOf<{
    ref: string
    name: string
    cents: number
    payments: number
    oldest: CivilDate
    remittance_days: number | null
  }>(
    client(),
    `select k.ref, k.name, x.cents, x.payments, x.oldest,
       (select n.remittance_days from mandates n where n.creditor_id = k.id
        order by n.signed_on desc, n.id desc limit 1) as remittance_days
     from (select m.creditor_id, sum(m.cents) as cents, count(*) as payments, min(m.received_on) as oldest
       from ${HELD} group by m.creditor_id) x
     join creditors k on k.id = x.creditor_id
     order by x.oldest, k.id`
  )
  return rows.map((row) => {
    const before = remitBefore(row.oldest, row.remittance_days)
    return {
      actionId: null,
      icon: 'landmark',
      tone: 'wait',
      title: { key: 'agenda.titles.remittance', values: { creditor: row.name } },
      who: '',
      ref: null,
      href: `/creditors/${row.ref}`,
      why: {
        key: 'agenda.why.remittance',
        values: { on: frenchDate(row.oldest), before: frenchDate(before), count: Number(row.payments) },
      },
      amountCents: Number(row.cents),
      note: daysLeft(today, before),
      act: { confirm: false, label: 'agenda.acts.open', href: `/creditors/${row.ref}` },
    }
  })
}

function remitBefore(receivedOn: CivilDate, days: number | null): CivilDate {
  const byLaw = addMonths(receivedOn, 1)
  if (days === null) return byLaw
  const byMandate = addDays(receivedOn, days)
  return byMandate < byLaw ? byMandate : byLaw
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
