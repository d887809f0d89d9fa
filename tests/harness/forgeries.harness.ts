import { startApplication } from '#tests/harness/application'
import { postWebhook } from '#tests/harness/payments/webhook'
import type { Harness } from '#tests/harness/harness'
import { between, seeded, type Random } from '#tests/fakes/stripe/random'
import { signature } from '#tests/fakes/stripe/deliverer'

const AT_ONCE = 8

interface Forgery {
  body: string
  header: string | null
}

/** Bar 2: forged, altered and replayed webhooks leave no row and post nothing. */
export default {
  short: 400,
  long: 10_000,
  async run({ seed, size }) {
    const random = seeded(seed)
    const application = await startApplication()
    const world = await import('#tests/harness/payments/world')
    const { simulator, stop } = await world.startGateway(seed)
    const url = `${application.url}/webhooks/stripe`
    try {
      await world.liveThrough(simulator, random)
      while (!simulator.account.events.some(({ type }) => type === 'payment_intent.succeeded')) {
        await world.liveThrough(simulator, random)
      }
      const now = () => Math.floor(Date.now() / 1000)
      const genuine = simulator.account.events.map((event) => JSON.stringify(event))
      for (const body of genuine)
        await send(url, { body, header: signature(body, simulator.webhookSecret, now()) })
      const before = await counts()

      const problems: string[] = []
      const answers: Record<number, number> = {}
      let left = size
      const lane = async () => {
        while (left-- > 0) {
          const replay = random() < 0.1
          const body = genuine[between(random, 0, genuine.length - 1)]!
          const forgery = replay
            ? { body, header: signature(body, simulator.webhookSecret, now()) }
            : forge(random, body, simulator.webhookSecret, now())
          const status = await send(url, forgery)
          answers[status] = (answers[status] ?? 0) + 1
          const refused = status >= 400 && status < 500
          if (refused === replay)
            problems.push(`${status} for ${forgery.header} ${forgery.body.slice(0, 60)}`)
        }
      }
      await Promise.all(Array.from({ length: AT_ONCE }, lane))
      const { stripeInboxIdle } = await import('#payments/inbox')
      await stripeInboxIdle()
      const after = await counts()
      if (JSON.stringify(after) !== JSON.stringify(before)) {
        problems.push(`rows went from ${JSON.stringify(before)} to ${JSON.stringify(after)}`)
      }
      return { problems, answers, rows: after }
    } finally {
      await stop()
      await application.stop()
    }
  },
} satisfies Harness

function forge(random: Random, body: string, secret: string, now: number): Forgery {
  const fresh = body.replace(/evt_\w+/, `evt_forged${between(random, 0, 1e9)}`)
  const signed = signature(fresh, secret, now)
  const ways: (() => Forgery)[] = [
    () => ({ body: fresh, header: null }),
    () => ({ body: fresh, header: '' }),
    () => ({ body: fresh, header: signature(fresh, `whsec_${between(random, 0, 1e9)}`, now) }),
    () => ({ body: fresh, header: signature(fresh, secret, now - between(random, 302, 1e6)) }),
    () => ({ body: fresh, header: signature(body, secret, now) }),
    () => ({
      body: fresh.replace(/"amount_received":\d+/, '"amount_received":999999'),
      header: signature(body, secret, now),
    }),
    () => ({ body: fresh, header: signed.replace('v1=', 'v0=') }),
    () => ({ body: fresh, header: signed.slice(0, between(random, 0, signed.length - 1)) }),
    () => ({ body: fresh, header: signed.replace(/t=\d+/, `t=${now - between(random, 1, 200)}`) }),
    () => ({ body: fresh, header: `t=${now},v1=${'0'.repeat(64)}` }),
    () => ({ body: fresh, header: `t=,v1=${signed.slice(-64)}` }),
    () => ({ body: fresh, header: `t=${now},v1=,v1` }),
    () => ({ body: `${fresh} `, header: signed }),
    () => ({ body: '', header: signed }),
    () => ({ body: '{"__proto__":{"id":1}}', header: signed }),
    () => ({ body: fresh, header: flipped(random, signed) }),
  ]
  return ways[between(random, 0, ways.length - 1)]!()
}

/** The signature with one hexadecimal digit changed. */
function flipped(random: Random, header: string) {
  const at = header.length - between(random, 1, 64)
  const digit = (Number.parseInt(header[at]!, 16) + between(random, 1, 15)) % 16
  return header.slice(0, at) + digit.toString(16) + header.slice(at + 1)
}

const send = (url: string, { body, header }: Forgery) => postWebhook(url, body, header)

async function counts() {
  const { stripeInboxIdle } = await import('#payments/inbox')
  await stripeInboxIdle()
  const { default: db } = await import('@adonisjs/lucid/services/db')
  const rows: Record<string, number> = {}
  for (const table of ['stripe_events', 'payments', 'postings', 'receipts', 'deliveries']) {
    rows[table] = Number((await db.from(table).count('* as total').first()).total)
  }
  return rows
}
