import db from '@adonisjs/lucid/services/db'
import { civilDateAt, type Instant } from '#shared/clock'

/** One line of a file's timeline: what happened, who did it, how it looks. */
export type TimelineLine = {
  at: Instant
  type: string
  by: string | null
  detail: Record<string, string | number | boolean | null>
  tone: 'good' | 'accent' | 'wait' | 'none'
  icon: string
  skipped: boolean
}

/** The events of a month (`2026-11`, in Paris), newest first. */
export type TimelineMonth = { month: string; lines: TimelineLine[] }

const LONGEST = 500

/** What happened on a file, by months, newest first; `older` when there is more than a page can hold. */
export async function timelineOf(claimId: number) {
  const rows = await db
    .from('claim_events')
    .leftJoin('users', 'users.id', 'claim_events.user_id')
    .where('claim_id', claimId)
    .orderBy('occurred_at', 'desc')
    .orderBy('claim_events.id', 'desc')
    .limit(LONGEST + 1)
    .select('claim_events.*', 'users.full_name as by')
  const lines = rows.slice(0, LONGEST).map(lineOf)
  return { months: byMonth(lines), length: lines.length, older: rows.length > LONGEST }
}

const lineOf = (row: Record<string, string>): TimelineLine => ({
  at: row.occurred_at!,
  type: row.type!,
  by: row.by ?? null,
  detail: JSON.parse(row.detail!),
  ...lookOf(row.type!),
})

function byMonth(lines: TimelineLine[]): TimelineMonth[] {
  const months = Map.groupBy(lines, ({ at }) => civilDateAt(at).slice(0, 7))
  return Array.from(months, ([month, of]) => ({ month, lines: of }))
}

/** How an event looks, from the first word that fits its type. */
function lookOf(type: string): Pick<TimelineLine, 'tone' | 'icon' | 'skipped'> {
  const looks: [RegExp, TimelineLine['tone'], string][] = [
    [/credit_note\.cancelled|interruption_cancelled|grace\.cancelled/, 'none', 'undo-2'],
    [/ere\.(signed|accepted)/, 'good', 'mail-check'],
    [/ere\.(refused|expired|bounced)/, 'wait', 'circle-alert'],
    [/skipped|deferred|cancelled/, 'none', 'redo-dot'],
    [/failed|bounced|undeliverable|uncertain|rejected|mailings\.(refused|unclaimed)/, 'wait', 'circle-alert'],
    [/mailings/, 'good', 'mail-check'],
    [/taken_back/, 'wait', 'undo-2'],
    [/payment|paid|receipt/, 'good', 'euro'],
    [/^ere\./, 'good', 'mail'],
    [/letter/, 'good', 'file-text'],
    [/email|reminder|message|deliver/, 'good', 'mail'],
    [/credit_note/, 'good', 'file-text'],
    [/limitation|grace/, 'accent', 'scale'],
    [/interest_unknown/, 'wait', 'circle-alert'],
    [/dispute/, 'wait', 'circle-help'],
    [/paused|resumed/, 'none', 'circle-pause'],
    [/closed|undone/, 'none', 'circle-stop'],
    [/request|callback/, 'accent', 'phone'],
    [/campaign|launched|action/, 'accent', 'send'],
  ]
  const look = looks.find(([pattern]) => pattern.test(type))
  return { tone: look?.[1] ?? 'none', icon: look?.[2] ?? 'info', skipped: /skipped|deferred/.test(type) }
}
