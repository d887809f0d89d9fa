import { clock } from '#shared/clock'
import { listPage } from '#shared/pages'
import { rowsOf } from '#shared/sql'
import type { Role } from '#users/models/user'
import { handOvers, toConfirm } from '#reporting/agenda/actions'
import {
  callbacks,
  disputes,
  failures,
  imports,
  suspended,
  timeRequests,
  uncertain,
} from '#reporting/agenda/files'
import { brokenPromises, proposedPlans } from '#reporting/agenda/plans'
import type { AgendaGroupName, AgendaItem, AgendaSource } from '#reporting/agenda/item'
import { mailings } from '#reporting/agenda/mailings'
import { bankLines } from '#reporting/agenda/bank_lines'
import { toPrint } from '#reporting/agenda/letters'
import { accounts } from '#reporting/agenda/accounts'
import { obligations } from '#reporting/agenda/obligations'
import { client } from '#reporting/agenda/read'

const SOURCES: readonly AgendaSource[] = [
  toConfirm,
  toPrint,
  handOvers,
  disputes,
  suspended,
  proposedPlans,
  brokenPromises,
  timeRequests,
  callbacks,
  failures,
  mailings,
  uncertain,
  imports,
  bankLines,
  accounts,
  obligations,
]

/** What leads to pages that only the others may open. */
const NOT_FOR: Partial<Record<Role, readonly AgendaSource[]>> = {
  accountant: [uncertain, imports, mailings],
  collector: [bankLines],
}

/** Lines shown of each group when all are shown, and of one group by page. */
const SHORT = 8
const PER_PAGE = 50

export type AgendaGroup = { name: AgendaGroupName; total: number; items: AgendaItem[] }

/** What waits for a person today: every group a little, or the one asked for by pages. */
export async function loadAgenda(role: Role, asked: AgendaGroupName | null, page: number) {
  const sources = SOURCES.filter((source) => !NOT_FOR[role]?.includes(source))
  const only = sources.some(({ name }) => name === asked) ? asked : null
  const groups: AgendaGroup[] = []
  for (const source of sources) {
    const total = await source.count()
    const shown = only === null || only === source.name
    const items = shown && total > 0 ? await source.items(...sliceOf(only, page)) : []
    groups.push({ name: source.name, total, items })
  }
  const totalOf = (name: AgendaGroupName) => groups.find((group) => group.name === name)!.total
  return {
    groups,
    only,
    page: only && listPage(totalOf(only), PER_PAGE, page),
    total: groups.reduce((sum, group) => sum + group.total, 0),
    toConfirm: totalOf('to_confirm'),
    today: clock.today(),
    lastToConfirm: await lastToConfirm(),
  }
}

const sliceOf = (only: AgendaGroupName | null, page: number): [number, number] =>
  only === null ? [0, SHORT] : [(page - 1) * PER_PAGE, PER_PAGE]

/** "Confirm all" is about what the page showed, not about what came since. */
async function lastToConfirm(): Promise<number> {
  const [row] = await rowsOf<{ last: number | null }>(
    client(),
    `select max(id) as last from actions where state = 'to_confirm'`
  )
  return Number(row?.last ?? 0)
}

/** N1: why nothing went, by reason: what waits, and what was taken out since yesterday. */
export async function reasonsNothingWent() {
  const rows = await rowsOf<{ reason: string; total: number }>(
    client(),
    `select reason, count(*) as total from actions where state = 'deferred' group by reason order by total desc, reason`
  )
  return rows.map(({ reason, total }) => ({ reason, total: Number(total) }))
}

/** What is on its way: emails that wait for their turn, letters that wait for paper. */
export async function onTheWay() {
  const [row] = await rowsOf<{ emails: number; letters: number; paper: number }>(
    client(),
    `select (select count(*) from deliveries where state in ('queued', 'leased', 'sending')) as emails,
       (select count(*) from letters where state = 'queued') as letters,
       (select count(*) from letters where state = 'rendered' and route = 'manual') as paper`
  )
  return { emails: Number(row!.emails), letters: Number(row!.letters), paper: Number(row!.paper) }
}

/** What came in over the last seven days. */
export async function receivedThisWeek(since: string) {
  const [sum] = await rowsOf<{ cents: number | null }>(
    client(),
    'select sum(amount_cents) as cents from payments where received_on > :since',
    { since }
  )
  const latest = await rowsOf<{
    ref: string
    debtor: string
    amount_cents: number
    received_on: string
    method: string
  }>(
    client(),
    `select c.ref, coalesce(d.company_name, d.full_name) as debtor, m.amount_cents, m.received_on, m.method
     from payments m join claims c on c.id = m.claim_id join debtors d on d.id = c.debtor_id
     where m.received_on > :since order by m.received_on desc, m.id desc limit 3`,
    { since }
  )
  return { cents: Number(sum?.cents ?? 0), latest }
}
