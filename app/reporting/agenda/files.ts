import { civilDateAt, clock, type CivilDate, type Instant } from '#shared/clock'
import { frenchDate, phoneText } from '#shared/french'
import { rowsOf, sqlList } from '#shared/sql'
import { SYSTEM_PAUSES } from '#claims/models/pause'
import type { Channel } from '#deliveries/models/delivery'
import { recipientText } from '#deliveries/wording'
import { failedActions } from '#reporting/agenda/actions'
import { client, daysLeft, total } from '#reporting/agenda/read'
import type { AgendaItem, AgendaSource, Said } from '#reporting/agenda/item'

export type ClaimRow = { ref: string; due_cents: number; debtor: string; creditor: string }

export const CLAIM_COLUMNS = `c.ref, c.due_cents, coalesce(d.company_name, d.full_name) as debtor, k.name as creditor`
export const CLAIM_JOINS = `join claims c on c.id = x.claim_id
  join debtors d on d.id = c.debtor_id
  join creditors k on k.id = c.creditor_id`

export const ofClaim = (row: ClaimRow) => ({
  actionId: null,
  who: row.debtor,
  ref: row.ref,
  href: `/claims/${row.ref}`,
  amountCents: Number(row.due_cents),
})

/** Rule 41: nothing leaves on these files until a person answers. */
export const disputes: AgendaSource = {
  name: 'disputes',
  count: () => total('disputes where resolved_at is null'),
  items: async (offset, limit) => {
    const today = clock.today()
    const rows = await rowsOf<ClaimRow & { reason: string; created_at: Instant; answer_by_on: CivilDate }>(
      client(),
      `select x.reason, x.created_at, x.answer_by_on, ${CLAIM_COLUMNS} from disputes x ${CLAIM_JOINS}
       where x.resolved_at is null order by x.answer_by_on, x.id limit :limit offset :offset`,
      { limit, offset }
    )
    return rows.map((row) => ({
      ...ofClaim(row),
      icon: 'circle-help',
      tone: row.answer_by_on <= today ? 'wait' : 'none',
      title: { key: `claims.disputes.reasons.${row.reason}` },
      why: { key: 'agenda.why.dispute', values: { at: row.created_at } },
      note: daysLeft(today, row.answer_by_on),
      act: { confirm: false, label: 'agenda.acts.answer', href: `/claims/${row.ref}` },
    }))
  },
}

const SUSPENDED = `pauses x join claims c on c.id = x.claim_id
  where x.lifted_at is null and x.reason in (${sqlList(SYSTEM_PAUSES)}) and c.status = 'paused'`

/** Files that an event suspended, until a person decides what becomes of them. */
export const suspended: AgendaSource = {
  name: 'suspended',
  count: () => total(SUSPENDED),
  items: async (offset, limit) => {
    const rows = await rowsOf<ClaimRow & { reason: string; created_at: Instant }>(
      client(),
      `select x.reason, x.created_at, ${CLAIM_COLUMNS}
       from (select x.* from ${SUSPENDED}) x ${CLAIM_JOINS} order by x.id limit :limit offset :offset`,
      { limit, offset }
    )
    return rows.map((row) => ({
      ...ofClaim(row),
      icon: 'circle-pause',
      tone: 'wait',
      title: { key: `claims.pauses.${row.reason}` },
      why: { key: 'agenda.why.suspended', values: { at: row.created_at } },
      note: null,
      act: { confirm: false, label: 'agenda.acts.decide', href: `/claims/${row.ref}` },
    }))
  },
}

const request = (
  name: 'requests' | 'callbacks',
  kind: 'time' | 'callback',
  icon: string,
  label: string
): AgendaSource => ({
  name,
  count: () => total(`debtor_requests where handled_at is null and kind = '${kind}'`),
  items: async (offset, limit) => {
    const rows = await rowsOf<ClaimRow & RequestRow>(
      client(),
      `select x.created_at, x.wanted_on, x.slot, x.phone, ${CLAIM_COLUMNS} from debtor_requests x ${CLAIM_JOINS}
       where x.handled_at is null and x.kind = :kind
       order by coalesce(x.wanted_on, substr(x.created_at, 1, 10)), x.id limit :limit offset :offset`,
      { kind, limit, offset }
    )
    return rows.map((row) => ({
      ...ofClaim(row),
      icon,
      tone: 'none',
      title: { key: `claims.show.request.${kind}` },
      why: whyAsked(kind, row),
      note: row.phone ? { key: 'agenda.note.plain', values: { text: phoneText(row.phone) } } : null,
      act: { confirm: false, label, href: `/claims/${row.ref}` },
    }))
  },
})

type RequestRow = {
  created_at: Instant
  wanted_on: CivilDate | null
  slot: string | null
  phone: string | null
}

function whyAsked(kind: 'time' | 'callback', row: RequestRow): Said {
  const at = row.created_at
  if (!row.wanted_on) return { key: `agenda.why.${kind}`, values: { at } }
  const on = frenchDate(row.wanted_on)
  return { key: `agenda.why.${kind}_on`, values: { at, on, slot: row.slot ?? 'none' } }
}

export const timeRequests = request('requests', 'time', 'handshake', 'agenda.acts.answer')
export const callbacks = request('callbacks', 'callback', 'phone', 'agenda.acts.call')

const LIVE = `c.status in ('new', 'active', 'paused', 'disputed')`
const BOUNCED = `(select p.id, c.id as claim_id, case p.kind when 'email' then 'email' else 'mobile' end as kind, p.value, p.bounced_at as since, cast(null as varchar) as reason
    from contact_points p
    join claims c on c.debtor_id = p.debtor_id where p.bounced_at is not null and ${LIVE}
  union all
  select a.id, c.id as claim_id, 'address' as kind, a.city as value, a.undeliverable_at as since,
      a.undeliverable_reason as reason from addresses a
    join claims c on c.debtor_id = a.debtor_id
    where a.undeliverable_at is not null and a.replaced_at is null and ${LIVE}) x`

/** What could not reach anybody: a step that failed, an address that does not answer. */
export const failures: AgendaSource = {
  name: 'failures',
  count: async () => (await failedActions.count()) + (await total(BOUNCED)),
  items: async (offset, limit) => {
    const failed = await failedActions.count()
    const first = offset < failed ? await failedActions.items(offset, limit) : []
    if (first.length === limit) return first
    const rest = await unreachable(Math.max(0, offset - failed), limit - first.length)
    return [...first, ...rest]
  },
}

async function unreachable(offset: number, limit: number): Promise<AgendaItem[]> {
  const rows = await rowsOf<
    ClaimRow & { kind: 'email' | 'mobile' | 'address'; value: string; since: Instant; reason: string | null }
  >(
    client(),
    `select x.kind, x.value, x.since, x.reason, ${CLAIM_COLUMNS} from ${BOUNCED} ${CLAIM_JOINS}
     order by x.kind, x.id limit :limit offset :offset`,
    { limit, offset }
  )
  return rows.map((row) => ({
    ...ofClaim(row),
    icon: 'mail-x',
    tone: 'none',
    title: { key: `agenda.titles.bounced_${row.kind}` },
    why: {
      key: `agenda.why.bounced_${row.kind}`,
      values: {
        value: row.kind === 'mobile' ? phoneText(row.value) : row.value,
        since: frenchDate(civilDateAt(row.since)),
      },
    },
    note: row.reason ? { key: 'agenda.note.returned', values: { reason: row.reason } } : null,
    act: { confirm: false, label: 'agenda.acts.correct', href: `/claims/${row.ref}` },
  }))
}

/** A server that never answered: it may have left, and nobody but a person can tell. */
export const uncertain: AgendaSource = {
  name: 'uncertain',
  count: () => total(`deliveries where state = 'uncertain'`),
  items: async (offset, limit) => {
    const rows = await rowsOf<{
      id: number
      channel: Channel
      recipient: string
      updated_at: Instant
      ref: string | null
    }>(
      client(),
      `select x.id, x.channel, x.recipient, x.updated_at, c.ref from deliveries x
       left join claims c on c.id = x.claim_id
       where x.state = 'uncertain' order by x.id limit :limit offset :offset`,
      { limit, offset }
    )
    return rows.map((row) => ({
      actionId: null,
      icon: 'circle-alert',
      tone: 'wait',
      title: { key: 'agenda.titles.uncertain' },
      who: recipientText(row),
      ref: row.ref,
      href: `/mailbox/${Number(row.id)}`,
      why: { key: 'agenda.why.uncertain', values: { at: row.updated_at } },
      amountCents: null,
      note: null,
      act: { confirm: false, label: 'agenda.acts.verify', href: `/mailbox/${Number(row.id)}` },
    }))
  },
}

/** R20: a table uploaded is verified within three working days. */
export const imports: AgendaSource = {
  name: 'imports',
  count: () => total(`imports where state in ('uploaded', 'staged')`),
  items: async (offset, limit) => {
    const today = clock.today()
    const rows = await rowsOf<{ ref: string; filename: string; verify_by_on: CivilDate; creditor: string }>(
      client(),
      `select x.ref, x.filename, x.verify_by_on, k.name as creditor
       from imports x join creditors k on k.id = x.creditor_id
       where x.state in ('uploaded', 'staged') order by x.verify_by_on, x.id limit :limit offset :offset`,
      { limit, offset }
    )
    return rows.map((row) => ({
      actionId: null,
      icon: 'upload',
      tone: row.verify_by_on <= today ? 'wait' : 'none',
      title: { key: 'agenda.note.plain', values: { text: row.filename } },
      who: row.creditor,
      ref: row.ref,
      href: `/imports/${row.ref}`,
      why: { key: 'agenda.why.import', values: { on: frenchDate(row.verify_by_on) } },
      amountCents: null,
      note: daysLeft(today, row.verify_by_on),
      act: { confirm: false, label: 'agenda.acts.verify', href: `/imports/${row.ref}` },
    }))
  },
}
