import { startApplication } from '#tests/harness/application'
import type { Harness } from '#tests/harness/harness'
import { between, seeded } from '#tests/fakes/stripe/random'

const CLICKS = 50

/**
 * Bar 3: fifty wishes to pay one file at the same moment, on a gateway that is
 * slow and loses answers. The debtor pays wherever they are sent: at most one charge.
 */
export default {
  short: 4,
  long: 200,
  async run({ seed, size }) {
    const random = seeded(seed)
    const application = await startApplication()
    const world = await import('#tests/harness/payments/world')
    const { StartPayment } = await import('#payments/actions/start_payment')
    const { givenClaim } = await import('#tests/fixtures/domain')
    const { payOnPage } = await import('#tests/fixtures/stripe')
    const { simulator, stop } = await world.startGateway(seed)
    const problems: string[] = []
    let addresses = 0
    try {
      for (let file = 0; file < size; file++) {
        const cents = between(random, 200, 90_000)
        const claim = await givenClaim({ kind: 'b2c', invoices: [{ amountCents: cents }] })
        simulator.apiFaults = {
          slowMs: between(random, 0, 40),
          dropReplyRate: 0.1,
          serverErrorRate: 0.05,
          brokenReplyRate: 0.05,
        }
        const click = () =>
          new StartPayment().handle({
            claimId: claim.id,
            amountCents: cents,
            successUrl: 'http://127.0.0.1:9/merci?session={CHECKOUT_SESSION_ID}',
            cancelUrl: 'http://127.0.0.1:9/dossier',
          })
        const started = await Promise.all(Array.from({ length: CLICKS }, click))
        const urls = new Set(started.flatMap((one) => (one.outcome === 'checkout' ? [one.url] : [])))
        addresses += urls.size
        await Promise.all([...urls].map((url) => payOnPage(url)))
        const charges = world.chargesOf(simulator, claim.ref)
        if (charges.length > 1) problems.push(`${claim.ref} was charged ${charges.length} times`)
        if (urls.size > 1) problems.push(`${claim.ref} was sent to ${urls.size} pages`)
      }
      simulator.apiFaults = { slowMs: 0, dropReplyRate: 0, serverErrorRate: 0, brokenReplyRate: 0 }
      const reconciled = await world.reconcile()
      const charged = simulator.account.intents.size
      if ((await world.paymentsPosted()) !== charged) problems.push('payments and charges differ in number')
      problems.push(...(await world.bookProblems()))
      return { problems, clicks: size * CLICKS, addresses, charged, ...reconciled }
    } finally {
      await stop()
      await application.stop()
    }
  },
} satisfies Harness
