import type { Harness } from '#tests/harness/harness'
import { ledgerOf } from '#tests/harness/payments/model'
import { postWebhook } from '#tests/harness/payments/webhook'
import { startApplication } from '#tests/harness/application'
import { between, seeded, shuffled, type Random } from '#tests/fakes/stripe/random'
import { signature } from '#tests/fakes/stripe/deliverer'
import type { StripeEvent } from '#tests/fakes/stripe/account'

const COPIES = 5
const AT_ONCE = 8
const DROPPED = 0.1

/**
 * Bar 1: files are paid in every way Stripe knows, some twice too much; each
 * event comes up to 5 times, all of them shuffled, 8 at once, and one in ten
 * never comes until the gateway is asked. The ledger must equal the model.
 */
export default {
  short: 60,
  long: 500,
  async run({ seed, size }) {
    const random = seeded(seed)
    const application = await startApplication()
    const world = await import('#tests/harness/payments/world')
    const { simulator, stop } = await world.startGateway(seed)
    try {
      const files = []
      for (let index = 0; index < size; index++) files.push(await world.liveThrough(simulator, random))
      const sent = await deliver(simulator.account.events, random, {
        url: `${application.url}/webhooks/stripe`,
        secret: simulator.webhookSecret,
      })
      const before = await world.paymentsPosted()
      const reconciled = await world.reconcile()
      const problems: string[] = []
      for (const file of files) problems.push(...(await world.differences(simulator, file, ledgerOf)))
      problems.push(...(await world.bookProblems()))
      return {
        problems,
        events: simulator.account.events.length,
        ...sent,
        postedByWebhook: before,
        ...reconciled,
      }
    } finally {
      await stop()
      await application.stop()
    }
  },
} satisfies Harness

/** Posts every event as often as chance wants, at most 8 on their way at a time. */
async function deliver(
  events: readonly StripeEvent[],
  random: Random,
  endpoint: { url: string; secret: string }
) {
  const kept = events.filter(() => random() >= DROPPED)
  const queue = shuffled(
    random,
    kept.flatMap((event) => Array<StripeEvent>(between(random, 1, COPIES)).fill(event))
  )
  let sent = 0
  const refused: number[] = []
  const lane = async () => {
    for (let event = queue.pop(); event; event = queue.pop()) {
      const body = JSON.stringify(event)
      const header = signature(body, endpoint.secret, Math.floor(Date.now() / 1000))
      const status = await postWebhook(endpoint.url, body, header)
      sent += 1
      if (status !== 200) refused.push(status)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
  const { stripeInboxIdle } = await import('#payments/inbox')
  await stripeInboxIdle()
  if (refused.length > 0) throw new Error(`the webhook answered ${refused}`)
  return { sent, dropped: events.length - kept.length }
}
