import type { CivilDate } from '#shared/clock'
import { frenchDate } from '#shared/french'
import { rowsOf } from '#shared/sql'
import type { AgendaSource } from '#reporting/agenda/item'
import { client, total } from '#reporting/agenda/read'

/** Money that came and is nobody's yet: its debtor may still be reminded. */
const WAITING = `bank_lines where state in ('open', 'suggested') and amount_cents > 0`

/** Transfers for a person to match, those with a proposal first. */
export const bankLines: AgendaSource = {
  name: 'bank_lines',
  count: () => total(WAITING),
  items: async (offset, limit) => {
    const rows = await rowsOf<{
      id: number
      state: 'open' | 'suggested'
      booked_on: CivilDate
      amount_cents: number
      counterparty: string | null
    }>(
      client(),
      `select id, state, booked_on, amount_cents, counterparty from ${WAITING}
       order by case when state = 'suggested' then 0 else 1 end, booked_on, id limit :limit offset :offset`,
      { limit, offset }
    )
    return rows.map((row) => ({
      actionId: null,
      icon: 'landmark',
      tone: row.state === 'suggested' ? 'accent' : 'wait',
      title: { key: 'agenda.titles.bank_line' },
      who: row.counterparty ?? '',
      ref: null,
      href: `/payments/lines/${Number(row.id)}`,
      why: { key: `agenda.why.bank_line_${row.state}`, values: { on: frenchDate(row.booked_on) } },
      amountCents: Number(row.amount_cents),
      note: null,
      act: { confirm: false, label: 'agenda.acts.open', href: `/payments/lines/${Number(row.id)}` },
    }))
  },
}
