import { setTimeout as sleep } from 'node:timers/promises'
import type { Checkpoint } from '#deliveries/checkpoints'
import { SmtpSink } from '#tests/fakes/smtp_sink'
import { between, seeded } from '#tests/fakes/stripe/random'
import type { Harness } from '#tests/harness/harness'
import type { DelivererPlan } from '#tests/harness/deliveries/deliverer'
import { Ground, type Child } from '#tests/harness/deliveries/ground'
import { outboxOf, type OutboxRow } from '#tests/harness/deliveries/kills'

const LEASE_MS = 600
const STEPS: Checkpoint[] = ['composed', 'departed', 'handed_over']

/**
 * Bar 9: a sender is frozen (SIGSTOP) for twice its lease in the middle of a
 * message, while another process takes up what it left, and woken (SIGCONT):
 * it completes nothing that is no longer its own. SIGTERM then ends both
 * without leaving a message in the middle.
 */
export default {
  short: 5,
  long: 100,
  async run({ seed, size }) {
    const sink = await SmtpSink.start()
    const ground = await Ground.prepare()
    const plan: DelivererPlan = {
      letters: size * 40,
      provider: { kind: 'smtp', settings: sink.settings },
      leaseMs: LEASE_MS,
      lanes: 1,
      dieAt: null,
      pauseAt: [],
      limit: 2,
      restMs: 120,
      untilIdle: false,
    }
    const sleeper = ground.spawn('deliverer', { ...plan, pauseAt: STEPS, limit: 1 })
    const rescuer = ground.spawn('deliverer', plan)
    const first = between(seeded(seed), 0, STEPS.length - 1)
    try {
      const problems: string[] = []
      const frozenAt: Record<string, number> = {}
      for (let count = 0; count < size; count++) {
        const step = STEPS[(first + count) % STEPS.length]!
        problems.push(...(await freeze(sleeper, ground, step)))
        frozenAt[step] = (frozenAt[step] ?? 0) + 1
      }
      for (const child of [sleeper, rescuer]) await endPolitely(child)
      const rows = await outboxOf(ground)
      const uncertain = rows.filter(({ state }) => state === 'uncertain').length
      problems.push(
        ...problemsOf(
          rows,
          sink.taken.map(({ to }) => to.join())
        )
      )
      return { problems, frozenAt, uncertain }
    } finally {
      for (const child of [sleeper, rescuer]) if (child.running) child.signal('SIGKILL')
      await sink.stop()
      await ground.remove()
    }
  },
} satisfies Harness

/** One freeze: what the row was when its process woke up, it must still be once that process went on. */
async function freeze(child: Child, ground: Ground, step: Checkpoint): Promise<string[]> {
  for (;;) {
    const { deliveryId } = await pauseOf(child, step)
    child.signal('SIGSTOP')
    await sleep(2 * LEASE_MS)
    const row = await takenUp(ground, deliveryId)
    child.signal('SIGCONT')
    await sleep(LEASE_MS)
    const after = await rowOf(ground, deliveryId)
    // Frozen while it held the lock of the file, it stops the other too: another freeze, then.
    if (!row) continue
    const settled = ['sent', 'uncertain'].includes(row.state)
    const changed = settled && (after.state !== row.state || after.reason !== row.reason)
    return changed ? [`stale completion of ${row.key}: ${row.state}, then ${after.state}`] : []
  }
}

/** The process stands still, for a moment, at the step it is to be frozen in. */
async function pauseOf(child: Child, step: Checkpoint): Promise<{ deliveryId: number }> {
  for (;;) {
    const paused = (await child.said('paused')) as { deliveryId: number; checkpoint: Checkpoint } | undefined
    if (!paused) throw new Error(`the process ended: ${(await child.ended).errors}`)
    if (paused.checkpoint === step) return paused
  }
}

/** The row once the other process has taken it back, within its next rounds. */
async function takenUp(ground: Ground, deliveryId: number): Promise<OutboxRow | null> {
  for (let tries = 0; tries < 60; tries++) {
    const row = await rowOf(ground, deliveryId)
    if (!['leased', 'sending'].includes(row.state)) return row
    await sleep(100)
  }
  return null
}

const rowOf = async (ground: Ground, id: number) => (await outboxOf(ground)).find((row) => row.id === id)!

async function endPolitely(child: Child) {
  child.signal('SIGTERM')
  const { code, errors } = await child.ended
  if (code !== 0) throw new Error(`a process did not end well (${code}): ${errors}`)
}

function problemsOf(rows: OutboxRow[], taken: string[]): string[] {
  const halfway = rows.filter(({ state }) => ['leased', 'sending'].includes(state))
  const unsent = rows.filter(({ state, recipient }) => state === 'sent' && !taken.includes(recipient))
  return [
    ...taken
      .filter((name, index) => taken.indexOf(name) !== index)
      .map((name) => `${name} was written to twice`),
    ...unsent.map(({ key }) => `${key} is said to be sent, and was not`),
    ...halfway.map(({ key }) => `SIGTERM left ${key} in the middle`),
  ]
}
