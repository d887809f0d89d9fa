import { STEP_CHANNELS, STEP_MODES, type StepChannel, type StepMode } from '#campaigns/models/scenario_step'

/** A row of the form, as typed; nothing typed, or removed, and it is not there. */
export type TypedStep = { id?: number; day?: string; channel?: string; mode?: string; remove?: boolean }

/** A step as it is wanted; `id` is the one it was, whose template and route it keeps if they still fit. */
export type WantedStep = { id: number | null; day: number; channel: StepChannel; mode: StepMode }

/** What is wrong, beside which field of which row, counted from 0. */
export type StepRefusal = {
  row: number
  field: 'day' | 'channel' | 'mode'
  reason:
    | 'no_step'
    | 'too_many'
    | 'day'
    | 'channel'
    | 'mode'
    | 'same_day'
    | 'first_letter'
    | 'hand_over_last'
    | 'hand_over_mode'
}

export const MOST_STEPS = 20
export const LAST_DAY = 365

type Row = WantedStep & { row: number }

/** The steps of one version in the order of their days, or everything that is wrong with them. */
export function readSteps(
  typed: readonly TypedStep[]
): { steps: WantedStep[]; refusals: [] } | { steps: null; refusals: StepRefusal[] } {
  const filled = typed.map((one, row) => ({ ...one, row })).filter(isThere)
  const unread = filled.flatMap(unreadable)
  if (unread.length > 0) return { steps: null, refusals: unread }
  const rows = filled.map(read).sort((one, other) => one.day - other.day)
  const refusals = refusalsOf(rows)
  if (refusals.length > 0) return { steps: null, refusals }
  return { steps: rows.map(({ id, day, channel, mode }) => ({ id, day, channel, mode })), refusals: [] }
}

const isThere = ({ day, channel, remove }: TypedStep) => !remove && Boolean(day || channel)

function unreadable({ row, day = '', channel, mode }: TypedStep & { row: number }): StepRefusal[] {
  const refusals: StepRefusal[] = []
  if (!/^\d{1,3}$/.test(day) || Number(day) > LAST_DAY) refusals.push({ row, field: 'day', reason: 'day' })
  if (!isOneOf(STEP_CHANNELS, channel)) refusals.push({ row, field: 'channel', reason: 'channel' })
  if (!isOneOf(STEP_MODES, mode)) refusals.push({ row, field: 'mode', reason: 'mode' })
  return refusals
}

const isOneOf = (words: readonly string[], word: string | undefined) => words.includes(word ?? '')

const read = ({ row, id, day, channel, mode }: TypedStep & { row: number }): Row => ({
  row,
  id: id ?? null,
  day: Number(day),
  channel: channel as StepChannel,
  mode: mode as StepMode,
})

/** @param rows by their days */
function refusalsOf(rows: readonly Row[]): StepRefusal[] {
  const [first] = rows
  if (!first) return [{ row: 0, field: 'day', reason: 'no_step' }]
  const refusals: StepRefusal[] = []
  const excess = rows[MOST_STEPS]
  if (excess) refusals.push({ row: excess.row, field: 'day', reason: 'too_many' })
  if (!FIRST_LETTERS.includes(first.channel)) {
    refusals.push({ row: first.row, field: 'channel', reason: 'first_letter' })
  }
  rows.forEach(({ row, day, channel, mode }, index) => {
    // Rule 13: a person gets one contact a day, so the second would never go on its day.
    if (rows[index - 1]?.day === day) refusals.push({ row, field: 'day', reason: 'same_day' })
    if (channel !== 'hand_over') return
    // The file is then closed: nothing of the amicable road comes after.
    if (index < rows.length - 1) refusals.push({ row, field: 'channel', reason: 'hand_over_last' })
    // A person decides it in the agenda, by handing over or not; done by hand, it would end with neither.
    if (mode !== 'confirm') refusals.push({ row, field: 'mode', reason: 'hand_over_mode' })
  })
  return refusals
}

/** CPCE R124-4: the amicable road begins with a letter, which every later approach recalls. */
const FIRST_LETTERS: readonly StepChannel[] = ['letter', 'lrar', 'ere', 'lre']
