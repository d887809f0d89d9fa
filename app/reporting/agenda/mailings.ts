import type { Instant } from '#shared/clock'
import { rowsOf } from '#shared/sql'
import { lettersToNumber } from '#registered_mail/queries/letters_to_number'
import { client, total } from '#reporting/agenda/read'
import { CLAIM_COLUMNS, CLAIM_JOINS, ofClaim, type ClaimRow } from '#reporting/agenda/files'
import type { AgendaItem, AgendaSource } from '#reporting/agenda/item'

/**
 * Not taken by its provider, or told to have ended in two ways; an ERE that was refused, not claimed or not
 * delivered, until somebody has seen it: a person decides.
 */
const TO_LOOK_AT = `(select l.id, l.claim_id, l.ref as letter, m.reason, m.updated_at,
    'mailing_' || case when m.contradicted_at is not null then 'contradicted' else m.state end as trouble
  from mailings m join letters l on l.id = m.letter_id
  where (m.state in ('provider_rejected', 'notification_failed') and l.state = 'rendered')
    or m.contradicted_at is not null
  union all
  select l.id, l.claim_id, l.ref as letter, null as reason, e.updated_at, 'ere_' || e.state as trouble
  from eres e join letters l on l.id = e.letter_id
  where e.state in ('notification_failed', 'refused', 'expired') and e.seen_at is null) x`

/** Registered letters without their number, and letters whose carrier met a difficulty. */
export const mailings: AgendaSource = {
  name: 'mailings',
  count: async () => (await toNumber()).length + (await total(TO_LOOK_AT)),
  items: async (offset, limit) => {
    const first = await toNumber()
    const shown = first.slice(offset, offset + limit)
    const rest = await troubles(Math.max(0, offset - first.length), limit - shown.length)
    return [...shown, ...rest]
  },
}

async function toNumber(): Promise<AgendaItem[]> {
  const count = await lettersToNumber.count()
  if (count === 0) return []
  const href = '/mailings/numbers'
  return [
    {
      actionId: null,
      icon: 'mail-check',
      tone: 'accent',
      title: { key: 'agenda.titles.numbers' },
      who: '',
      ref: null,
      href,
      why: { key: 'agenda.why.numbers', values: { count } },
      amountCents: null,
      note: null,
      act: { confirm: false, label: 'agenda.acts.open', href },
    },
  ]
}

async function troubles(offset: number, limit: number): Promise<AgendaItem[]> {
  if (limit <= 0) return []
  const rows = await rowsOf<
    ClaimRow & { letter: string; reason: string | null; updated_at: Instant; trouble: string }
  >(
    client(),
    `select x.letter, x.reason, x.updated_at, x.trouble, ${CLAIM_COLUMNS}
     from ${TO_LOOK_AT} ${CLAIM_JOINS} order by x.id limit :limit offset :offset`,
    { limit, offset }
  )
  return rows.map((row) => ({
    ...ofClaim(row),
    icon: 'mail-x',
    tone: 'wait',
    title: { key: `agenda.titles.${row.trouble}` },
    why: {
      key: `agenda.why.${row.trouble}`,
      values: { letter: row.letter, reason: row.reason ?? '' },
    },
    note: null,
    act: { confirm: false, label: 'agenda.acts.look', href: `/letters/${row.letter}` },
  }))
}
