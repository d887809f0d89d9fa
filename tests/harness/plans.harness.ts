import { setTimeout as sleep } from 'node:timers/promises'
import { addMinutes, instantOn } from '#shared/clock'
import { between, seeded } from '#tests/fakes/stripe/random'
import { startStripeSimulator } from '#tests/fakes/stripe_simulator'
import { Ground, type Child } from '#tests/harness/deliveries/ground'
import type { Harness } from '#tests/harness/harness'

const AGREED_AT = instantOn('2026-11-21', 10)
/** The day of the second instalment. */
const DUE_AT = instantOn('2026-12-15', 10)
const PROCESSES = 3

interface Row {
  ref: string
  state: string
  amount_cents: number
  paid_cents: number
  payments: number
  undecided: number
}

/**
 * Bar 5: the instalments of so many plans are charged by three processes at the same moment, one of
 * which is killed, on a gateway that loses answers and breaks. Each is charged once.
 */
export default {
  short: 20,
  long: 1000,
  async run({ seed, size }) {
    const random = seeded(seed)
    const ground = await Ground.prepare()
    let now = AGREED_AT
    const simulator = await startStripeSimulator({ seed, now: () => Date.parse(now) })
    const stripe = { key: simulator.secretKey, url: simulator.url }
    try {
      const { code, errors } = await ground.spawn('../plans/populate', { plans: size, stripe }).ended
      if (code !== 0) throw new Error(`cannot populate: ${errors}`)

      now = DUE_AT
      simulator.apiFaults = {
        dropReplyRate: 0.05,
        serverErrorRate: 0.03,
        brokenReplyRate: 0.03,
        slowMs: 2,
      }
      await allAtOnce(ground, { at: DUE_AT, stripe }, between(random, 50, 50 + 10 * size))
      simulator.apiFaults = { dropReplyRate: 0, serverErrorRate: 0, brokenReplyRate: 0, slowMs: 0 }
      for (const minutes of [10, 20]) {
        now = addMinutes(DUE_AT, minutes)
        await allAtOnce(ground, { at: now, stripe }, null)
      }

      const charges = [...simulator.account.intents.values()].filter(
        ({ metadata, status }) => metadata.charge === 'instalment' && status === 'succeeded'
      )
      const rows = await rowsOf(ground)
      const asked = simulator.requests.filter(
        ({ method, path }) => method === 'POST' && path === '/v1/payment_intents'
      ).length
      return {
        problems: [
          ...(rows.length === size ? [] : [`${rows.length} plans, not ${size}`]),
          ...rows.flatMap((row) => problemsOf(row, charges)),
        ],
        plans: rows.length,
        asked,
        charged: charges.length,
      }
    } finally {
      await simulator.stop()
      await ground.remove()
    }
  },
} satisfies Harness

/** Three ticks of the same moment; one of them may be killed after a while. */
async function allAtOnce(ground: Ground, plan: object, killAfterMs: number | null) {
  const children: Child[] = Array.from({ length: PROCESSES }, () => ground.spawn('../plans/charger', plan))
  await Promise.all(children.map((child) => child.said('ready')))
  for (const child of children) if (child.running) child.tell('go')
  if (killAfterMs !== null) {
    await Promise.race([children[0]!.ended, sleep(killAfterMs)])
    if (children[0]!.running) children[0]!.signal('SIGKILL')
  }
  for (const child of children) {
    const { code, signal, errors } = await child.ended
    if (signal !== 'SIGKILL' && code !== 0) throw new Error(`a process ended (${code}): ${errors}`)
  }
}

const rowsOf = (ground: Ground) =>
  ground.query<Row>(
    `select c.ref, p.state, i.amount_cents, i.paid_cents,
       (select count(*) from payments m where m.claim_id = c.id) as payments,
       (select count(*) from payment_attempts a where a.claim_id = c.id
          and a.state in ('created', 'unknown', 'open', 'processing')) as undecided
     from plans p join claims c on c.id = p.claim_id
     join plan_instalments i on i.plan_id = p.id and i.seq = 2 order by p.id`
  )

type Charge = { metadata: Record<string, string>; amount_received: number }

function problemsOf(row: Row, charges: readonly Charge[]): string[] {
  const own = charges.filter(({ metadata }) => metadata.claim === row.ref)
  const cents = own.map(({ amount_received: received }) => received)
  const expected = {
    charges: [cents.join(), String(row.amount_cents)],
    paid: [Number(row.paid_cents), Number(row.amount_cents)],
    payments: [Number(row.payments), 2],
    undecided: [Number(row.undecided), 0],
    state: [row.state, 'active'],
  }
  return Object.entries(expected)
    .filter(([, [found, wanted]]) => found !== wanted)
    .map(([name, [found, wanted]]) => `${row.ref} ${name}: ${found} instead of ${wanted}`)
}
