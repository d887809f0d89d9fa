import { setTimeout as sleep } from 'node:timers/promises'
import { contactInstantFrom } from '#shared/calendar'
import { addMinutes, civilDateAt, instantOn } from '#shared/clock'
import { between, seeded, type Random } from '#tests/fakes/stripe/random'
import { Ground } from '#tests/harness/deliveries/ground'
import type { Harness } from '#tests/harness/harness'

/** Both nights on which the clocks change, each with days around it. */
const SEASONS = [
  { on: '2026-10-22', until: '2026-11-16' },
  { on: '2027-03-25', until: '2027-04-20' },
]
const PROCESSES = 3
const TICK_MINUTES = 180

interface Row {
  id: number
  person_id: number
  channel: string
  state: string
  reason: string | null
  planned_on: string
  done_at: string | null
  contacts: number
  letters: number
  deliveries: number
  told: number
}

/**
 * Bar 10: three processes tick at once through both nights on which the clocks change and
 * through a stop of three hours, and are killed at random. Each slot is done exactly once,
 * within hours and under the cap.
 */
export default {
  short: 8,
  long: 100,
  async run({ seed, size: kills }) {
    const random = seeded(seed)
    const ground = await Ground.prepare()
    try {
      const files = 24
      const launches = SEASONS.map(({ on }) => ({ on, files }))
      const { code, errors } = await ground.spawn('../campaigns/populate', { launches }).ended
      if (code !== 0) throw new Error(`cannot populate: ${errors}`)
      const instants = SEASONS.flatMap(({ on, until }) => instantsOf(on, until))
      const left = { kills }
      const processes = Array.from({ length: PROCESSES }, () => keepTicking(ground, instants, random, left))
      await Promise.all(processes)
      const rows = await rowsOf(ground)
      const expected = SEASONS.length * files * 5
      return {
        problems: [
          ...(rows.length === expected ? [] : [`${rows.length} actions, not ${expected}`]),
          ...rows.flatMap(problemsOf),
          ...(await capProblems(ground)),
        ],
        instants: instants.length,
        killed: kills - left.kills,
        actions: rows.length,
      }
    } finally {
      await ground.remove()
    }
  },
} satisfies Harness

/** Every three hours, save three on the second morning: then nobody ticks. */
function instantsOf(on: string, until: string): string[] {
  const outage = {
    from: addMinutes(instantOn(on, 8), 24 * 60),
    until: addMinutes(instantOn(on, 11), 24 * 60),
  }
  const instants: string[] = []
  for (let at = instantOn(on); at < instantOn(until); at = addMinutes(at, TICK_MINUTES)) {
    if (at < outage.from || at > outage.until) instants.push(at)
  }
  return instants
}

/** One place of the three: a process that is killed is started again where it stood. */
async function keepTicking(ground: Ground, instants: string[], random: Random, left: { kills: number }) {
  for (let from = 0; from < instants.length;) {
    const child = ground.spawn('../campaigns/ticker', { instants: instants.slice(from), jitterMs: 4 })
    const begun = from
    child.listen((told) => {
      if (typeof told.at === 'number') from = begun + told.at + 1
    })
    if (left.kills > 0) {
      left.kills -= 1
      await child.said('at')
      await Promise.race([child.ended, sleep(between(random, 0, 300))])
      if (child.running) child.signal('SIGKILL')
      else left.kills += 1
    }
    const { code, signal, errors } = await child.ended
    if (signal !== 'SIGKILL' && code !== 0) throw new Error(`a process ended (${code}): ${errors}`)
  }
}

function rowsOf(ground: Ground): Promise<Row[]> {
  return ground.query<Row>(
    `select a.id, a.person_id, a.channel, a.state, a.reason, a.planned_on, a.done_at,
       (select count(*) from contacts k where k.action_id = a.id) as contacts,
       (select count(*) from letters l where l.action_id = a.id) as letters,
       (select count(*) from deliveries d where d.action_id = a.id) as deliveries,
       (select count(*) from claim_events e where e.type like 'campaign.%_queued'
         and json_extract(e.detail, '$.action') = a.id) as told
     from actions a order by a.id`
  )
}

/** What is wrong with one slot. */
function problemsOf(row: Row): string[] {
  const name = `action ${row.id} (${row.channel}, ${row.planned_on})`
  if (row.channel === 'hand_over') {
    return row.state === 'to_confirm' ? [] : [`${name} is ${row.state} ${row.reason ?? ''}`]
  }
  const problems: string[] = []
  if (row.state !== 'done') problems.push(`${name} is ${row.state} ${row.reason ?? ''}`)
  const made = row.channel === 'email' ? row.deliveries : row.letters
  for (const [what, times] of Object.entries({ contact: row.contacts, sending: made, line: row.told })) {
    if (times !== 1) problems.push(`${name} has ${times} times its ${what}`)
  }
  if (!row.done_at) return problems
  if (contactInstantFrom(row.done_at) !== row.done_at) problems.push(`${name} was done at ${row.done_at}`)
  if (civilDateAt(row.done_at) < row.planned_on) problems.push(`${name} was done before its day`)
  return problems
}

async function capProblems(ground: Ground): Promise<string[]> {
  const contacts = await ground.query<{ person_id: number; occurred_at: string }>(
    'select person_id, occurred_at from contacts order by person_id, occurred_at'
  )
  return contacts.flatMap(({ person_id: person, occurred_at: at }) => {
    const since = addMinutes(at, -7 * 24 * 60)
    const week = contacts.filter(
      (one) => one.person_id === person && one.occurred_at <= at && one.occurred_at > since
    )
    return week.length > 3 ? [`person ${person} had ${week.length} contacts in the week before ${at}`] : []
  })
}
