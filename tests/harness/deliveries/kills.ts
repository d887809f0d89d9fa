import { setTimeout as sleep } from 'node:timers/promises'
import { CHECKPOINTS } from '#deliveries/checkpoints'
import { FakeBrevo } from '#tests/fakes/brevo'
import { KeyedProvider } from '#tests/fakes/keyed_provider'
import { SmtpSink } from '#tests/fakes/smtp_sink'
import { between, seeded, type Random } from '#tests/fakes/stripe/random'
import { Ground, type Child } from '#tests/harness/deliveries/ground'
import type { DelivererPlan } from '#tests/harness/deliveries/deliverer'

export interface KillsOptions {
  seed: number
  letters: number
  kills: number
  /** Processes that send at the same time. */
  processes: number
}

export interface KillsReport {
  killed: { atRandom: number; atCheckpoint: Record<string, number> }
  states: Record<string, number>
  /** Not sent, and nobody is told. */
  lost: string[]
  /** Left more than once. */
  duplicates: string[]
  /** Said to be sent, and was not. */
  falselySent: string[]
  uncertain: number
}

export interface OutboxRow {
  id: number
  key: string
  state: string
  recipient: string
  attempts: number
  reason: string | null
  lease_owner: string | null
}

const LEASE_MS = 1500

/** Kills the senders of a campaign over and over, by a provider that honours our key. */
export async function killWithKeyedProvider(
  options: KillsOptions
): Promise<KillsReport & { requests: number; repeats: number; conflicts: string[] }> {
  const provider = await KeyedProvider.start()
  const random = seeded(options.seed ^ 0x5eed)
  provider.delayMs = () => between(random, 0, 12)
  provider.caprice = () => {
    const drawn = random()
    return drawn < 0.02 ? 'drop_reply' : drawn < 0.03 ? 'busy' : drawn < 0.04 ? 'drop_request' : 'answer'
  }
  try {
    const { rows, ...strikes } = await strike(options, { kind: 'keyed', url: provider.url })
    const taken = new Map([...provider.taken.values()].map(({ key }) => [key, 1]))
    const { requests, repeats, conflicts } = provider
    return { ...strikes, ...verdict(rows, taken, 'key'), requests, repeats, conflicts }
  } finally {
    await provider.stop()
  }
}

/** The same by SMTP, which honours nothing: what may have left is told, and not sent again. */
export async function killWithSmtp(options: KillsOptions): Promise<KillsReport> {
  const sink = await SmtpSink.start()
  const random = seeded(options.seed ^ 0x5317)
  sink.delayMs = () => between(random, 0, 12)
  sink.behaviour = () => (random() < 0.01 ? 'drop_after_taking' : 'take')
  try {
    const { rows, ...strikes } = await strike(options, { kind: 'smtp', settings: sink.settings })
    return { ...strikes, ...verdict(rows, countsOf(sink.taken.map(({ to }) => to.join())), 'recipient') }
  } finally {
    await sink.stop()
  }
}

/** The same by SMS, whose provider knows no key either. */
export async function killWithSms(options: KillsOptions): Promise<KillsReport> {
  const brevo = await new FakeBrevo().start()
  const random = seeded(options.seed ^ 0x5335)
  brevo.credits = options.letters * 2
  brevo.misbehave = () => {
    brevo.slowMs = between(random, 0, 12)
    return random() < 0.01 ? 'drop_reply' : 'slow'
  }
  try {
    const { rows, ...strikes } = await strike(options, { kind: 'sms', settings: brevo.settings })
    const taken = countsOf(brevo.sms.map(({ recipient }) => `+${String(recipient)}`))
    return { ...strikes, ...verdict(rows, taken, 'recipient') }
  } finally {
    await brevo.stop()
  }
}

function countsOf(names: string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}

/** What the outbox says against what really left, which the provider knows by key and a mailbox by recipient. */
function verdict(rows: OutboxRow[], taken: Map<string, number>, knownBy: 'key' | 'recipient') {
  const told = ['uncertain', 'failed']
  const states: Record<string, number> = {}
  for (const { state } of rows) states[state] = (states[state] ?? 0) + 1
  const missing = rows.filter((row) => !taken.has(row[knownBy]))
  return {
    states,
    lost: missing.filter(({ state }) => !told.includes(state)).map(({ key }) => key),
    duplicates: [...taken].filter(([, times]) => times > 1).map(([name]) => name),
    falselySent: missing.filter(({ state }) => state === 'sent').map(({ key }) => key),
    uncertain: states.uncertain ?? 0,
  }
}

/** Lets processes send, kills one of them again and again, then lets one finish. */
async function strike(options: KillsOptions, provider: DelivererPlan['provider']) {
  const random = seeded(options.seed)
  const ground = await Ground.prepare()
  const killed = { atRandom: 0, atCheckpoint: {} as Record<string, number> }
  const plan: DelivererPlan = {
    letters: options.letters,
    provider,
    leaseMs: LEASE_MS,
    lanes: 3,
    dieAt: null,
    pauseAt: [],
    limit: 10_000,
    restMs: 60,
    untilIdle: true,
  }
  try {
    let left = options.kills
    const post = async () => {
      while (left > 0) {
        left -= 1
        await killOne(ground, plan, random, killed)
      }
    }
    await Promise.all(Array.from({ length: options.processes }, post))
    const { code, errors } = await ground.spawn('deliverer', plan).ended
    if (code !== 0) throw new Error(`the last process failed: ${errors}`)
    return { killed, rows: await outboxOf(ground) }
  } finally {
    await ground.remove()
  }
}

/** Half of the deaths come at a named point, half at any moment. */
async function killOne(
  ground: Ground,
  plan: DelivererPlan,
  random: Random,
  killed: { atRandom: number; atCheckpoint: Record<string, number> }
) {
  const checkpoint = random() < 0.5 ? CHECKPOINTS[between(random, 0, CHECKPOINTS.length - 1)]! : null
  const dieAt = checkpoint ? { checkpoint, nth: between(random, 1, 12) } : null
  const delay = between(random, 0, 250)
  const child = ground.spawn('deliverer', { ...plan, dieAt, untilIdle: false })
  await child.said('ready')
  await Promise.race([child.ended, sleep(dieAt ? 4000 : delay)])
  const struck = child.running
  if (struck) child.signal('SIGKILL')
  await assertKilled(child)
  if (!struck && checkpoint) killed.atCheckpoint[checkpoint] = (killed.atCheckpoint[checkpoint] ?? 0) + 1
  else killed.atRandom += 1
}

async function assertKilled(child: Child) {
  const { signal, code, errors } = await child.ended
  if (signal !== 'SIGKILL') throw new Error(`a child ended by itself (${code}): ${errors}`)
}

export async function outboxOf(ground: Ground): Promise<OutboxRow[]> {
  const columns = 'id, key, state, recipient, attempts, reason, lease_owner'
  const rows = await ground.query<OutboxRow>(`select ${columns} from deliveries order by id`)
  return rows.map((row) => ({ ...row, id: Number(row.id) }))
}

/** What is wrong with a run, in words. */
export function problemsOf({ lost, duplicates, falselySent, killed }: KillsReport, kills: number): string[] {
  const struck = Object.values(killed.atCheckpoint).reduce((sum, some) => sum + some, killed.atRandom)
  return [
    ...lost.map((key) => `${key} is lost`),
    ...duplicates.map((name) => `${name} left twice`),
    ...falselySent.map((key) => `${key} is said to be sent, and was not`),
    ...(struck === kills ? [] : [`${struck} processes were killed, not ${kills}`]),
  ]
}
