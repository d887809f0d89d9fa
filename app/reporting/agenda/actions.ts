import db from '@adonisjs/lucid/services/db'
import { daysBetween } from '#shared/calendar'
import { clock, type CivilDate } from '#shared/clock'
import { frenchDate } from '#shared/french'
import { rowsOf } from '#shared/sql'
import type { StepChannel, StepMode } from '#campaigns/models/scenario_step'
import type { AgendaItem, AgendaSource, Said } from '#reporting/agenda/item'

type Row = {
  id: number
  channel: StepChannel
  mode: StepMode
  template: string
  reason: string | null
  planned_on: CivilDate
  ref: string
  due_cents: number
  first_letter_ref: string | null
  first_letter_on: CivilDate | null
  debtor: string
  creditor: string
}

const FROM = `from actions a
  join claims c on c.id = a.claim_id
  join debtors d on d.id = c.debtor_id
  join creditors k on k.id = c.creditor_id
  join scenario_steps s on s.id = a.step_id`

const ICONS: Record<StepChannel, string> = {
  letter: 'file-text',
  lrar: 'mail-check',
  ere: 'mail-check',
  lre: 'mail-check',
  email: 'mail',
  hand_over: 'scale',
}

const rows = (condition: string, offset: number, limit: number) =>
  rowsOf<Row>(
    db.connection(),
    `select a.id, a.channel, a.mode, a.reason, a.planned_on, s.template, c.ref, c.due_cents, c.first_letter_ref,
       c.first_letter_on, coalesce(d.company_name, d.full_name) as debtor, k.name as creditor
     ${FROM} where ${condition} order by a.planned_on, a.id limit :limit offset :offset`,
    { limit, offset }
  )

async function count(condition: string): Promise<number> {
  const [row] = await rowsOf<{ total: number }>(
    db.connection(),
    `select count(*) as total from actions a where ${condition}`
  )
  return Number(row!.total)
}

const TO_CONFIRM = `a.state = 'to_confirm' and a.channel <> 'hand_over'`
const HAND_OVERS = `a.state = 'to_confirm' and a.channel = 'hand_over'`
const FAILED = `a.state = 'failed'`

/** D9: what leaves once a person has agreed. */
export const toConfirm: AgendaSource = {
  name: 'to_confirm',
  count: () => count(TO_CONFIRM),
  items: async (offset, limit) => {
    const today = clock.today()
    return (await rows(TO_CONFIRM, offset, limit)).map((row) => ({
      ...common(row),
      tone: 'accent',
      why: whyNow(row, today),
      act:
        row.mode === 'manual' && row.channel === 'email'
          ? { confirm: false, label: 'agenda.acts.open', href: `/actions/${Number(row.id)}` }
          : { confirm: true, label: 'agenda.acts.confirm', href: `/actions/${Number(row.id)}` },
    }))
  },
}

/** R29: proposed, and decided one by one. */
export const handOvers: AgendaSource = {
  name: 'hand_overs',
  count: () => count(HAND_OVERS),
  items: async (offset, limit) =>
    (await rows(HAND_OVERS, offset, limit)).map((row) => ({
      ...common(row),
      tone: 'wait',
      why: row.first_letter_on
        ? {
            key: 'agenda.why.hand_over',
            values: { on: frenchDate(row.first_letter_on), ref: row.first_letter_ref! },
          }
        : { key: 'agenda.why.hand_over_without_letter' },
      act: { confirm: false, label: 'agenda.acts.decide', href: `/actions/${Number(row.id)}` },
    })),
}

export const failedActions = {
  count: () => count(FAILED),
  items: async (offset: number, limit: number): Promise<AgendaItem[]> =>
    (await rows(FAILED, offset, limit)).map((row) => ({
      ...common(row),
      tone: 'wait',
      why: { key: `campaigns.reasons.${row.reason}` },
      act: { confirm: false, label: 'agenda.acts.look', href: `/actions/${Number(row.id)}` },
    })),
}

const common = (row: Row) => ({
  actionId: Number(row.id),
  icon: ICONS[row.channel],
  title: { key: `campaigns.templates.${row.template}`, fallback: row.template },
  who: row.debtor,
  ref: row.ref,
  href: `/claims/${row.ref}`,
  amountCents: Number(row.due_cents),
  note: { key: 'agenda.note.plain', values: { text: row.creditor } },
})

/** Why this file, today: its day is past, or how long ago the first letter went. */
function whyNow(row: Row, today: CivilDate): Said {
  const late = daysBetween(row.planned_on, today)
  if (late > 0) return { key: 'agenda.why.late', values: { on: frenchDate(row.planned_on), days: late } }
  if (row.channel !== 'email' || !row.first_letter_on) return { key: 'agenda.why.first' }
  const days = daysBetween(row.first_letter_on, today)
  return { key: 'agenda.why.letter', values: { on: frenchDate(row.first_letter_on), days } }
}
