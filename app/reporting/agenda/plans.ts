import { frenchDate } from '#shared/french'
import type { CivilDate, Instant } from '#shared/clock'
import { rowsOf } from '#shared/sql'
import { CLAIM_COLUMNS, CLAIM_JOINS, ofClaim, type ClaimRow } from '#reporting/agenda/files'
import type { AgendaSource } from '#reporting/agenda/item'
import { client, total } from '#reporting/agenda/read'

/** What was put to a debtor waits for the debtor. */
const TO_ANSWER = `x.state = 'proposed' and x.offered_by_id is null`

/** U5: beyond the creditor's rules, a person answers. */
export const proposedPlans: AgendaSource = {
  name: 'plans',
  count: () => total(`plans x where ${TO_ANSWER}`),
  items: async (offset, limit) => {
    const rows = await rowsOf<ClaimRow & { created_at: Instant; months: number; total_cents: number }>(
      client(),
      `select x.created_at, x.months, x.total_cents, ${CLAIM_COLUMNS} from plans x ${CLAIM_JOINS}
       where ${TO_ANSWER} order by x.id limit :limit offset :offset`,
      { limit, offset }
    )
    return rows.map((row) => ({
      ...ofClaim(row),
      icon: 'handshake',
      tone: 'accent',
      title: { key: 'agenda.titles.plan' },
      why: { key: 'agenda.why.plan', values: { at: row.created_at, months: Number(row.months) } },
      amountCents: Number(row.total_cents),
      note: { key: 'agenda.note.plain', values: { text: row.creditor } },
      act: { confirm: false, label: 'agenda.acts.decide', href: `/claims/${row.ref}` },
    }))
  },
}

const BROKEN = `promises x where x.state = 'broken' and x.seen_at is null`

/** The campaign goes on; a person may want to call first. */
export const brokenPromises: AgendaSource = {
  name: 'promises',
  count: () => total(BROKEN),
  items: async (offset, limit) => {
    const rows = await rowsOf<ClaimRow & { due_on: CivilDate; amount_cents: number }>(
      client(),
      `select x.due_on, x.amount_cents, ${CLAIM_COLUMNS} from (select x.* from ${BROKEN}) x ${CLAIM_JOINS}
       order by x.due_on, x.id limit :limit offset :offset`,
      { limit, offset }
    )
    return rows.map((row) => ({
      ...ofClaim(row),
      icon: 'handshake',
      tone: 'wait',
      title: { key: 'agenda.titles.promise' },
      why: { key: 'agenda.why.promise', values: { on: frenchDate(row.due_on) } },
      amountCents: Number(row.amount_cents),
      note: { key: 'agenda.note.plain', values: { text: row.creditor } },
      act: { confirm: false, label: 'agenda.acts.look', href: `/claims/${row.ref}` },
    }))
  },
}
