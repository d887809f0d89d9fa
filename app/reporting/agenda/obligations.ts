import { addDays, addMonths } from '#shared/calendar'
import { clock, type CivilDate } from '#shared/clock'
import { frenchDate } from '#shared/french'
import { rowsOf } from '#shared/sql'
import type { AgendaItem, AgendaSource } from '#reporting/agenda/item'
import { client, daysLeft, total } from '#reporting/agenda/read'

/** Payments held for a creditor: received, not taken back, settling something. */
const HELD = `payments m join claims c on c.id = m.claim_id
  where m.amount_cents > m.suspense_cents
    and not exists (select 1 from postings r where r.payment_id = m.id and r.kind = 'reversal')`

const WITHOUT_RECEIPT = `payments m
  where not exists (select 1 from receipts q where q.payment_id = m.id and q.file_sha256 is not null)`

/** N7: what the law or the mandate gives a date to. */
export const obligations: AgendaSource = {
  name: 'obligations',
  count: async () => {
    const creditors = await total(`(select distinct c.creditor_id from ${HELD}) x`)
    return creditors + ((await total(WITHOUT_RECEIPT)) > 0 ? 1 : 0)
  },
  items: async (offset, limit) => {
    const today = clock.today()
    const missing = await receiptsMissing()
    const all = [...missing, ...(await remittances(today))]
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
     from (select c.creditor_id, sum(m.amount_cents - m.suspense_cents) as cents, count(*) as payments,
         min(m.received_on) as oldest
       from ${HELD} group by c.creditor_id) x
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

/** Rule 33: a receipt for every payment. Normally there is none to make by hand. */
async function receiptsMissing(): Promise<AgendaItem[]> {
  const count = await total(WITHOUT_RECEIPT)
  if (count === 0) return []
  return [
    {
      actionId: null,
      icon: 'stamp',
      tone: 'wait',
      title: { key: 'agenda.titles.receipts' },
      who: '',
      ref: null,
      href: '/payments',
      why: { key: 'agenda.why.receipts', values: { count } },
      amountCents: null,
      note: null,
      act: { confirm: false, label: 'agenda.acts.open', href: '/payments' },
    },
  ]
}
