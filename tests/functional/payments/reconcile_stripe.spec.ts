import { test } from '@japa/runner'
import type Claim from '#claims/models/claim'
import { ReconcileStripe } from '#payments/actions/reconcile_stripe'
import { SettleAttempts } from '#payments/actions/settle_attempts'
import { StartPayment } from '#payments/actions/start_payment'
import { stripeGateway } from '#payments/gateway'
import Payment from '#payments/models/payment'
import PaymentAttempt from '#payments/models/payment_attempt'
import StripeEvent from '#payments/models/stripe_event'
import { Refusal } from '#tests/fakes/stripe/errors'
import type { StripeSimulator } from '#tests/fakes/stripe_simulator'
import { givenClaim } from '#tests/fixtures/domain'
import { DEBIT, FAILING_DEBIT, payOnPage, useStripeSimulator } from '#tests/fixtures/stripe'

const reconcile = () => new ReconcileStripe(stripeGateway()!).handle()

async function checkoutFor(claim: Claim, amountCents: number) {
  const started = await new StartPayment().handle({
    claimId: claim.id,
    amountCents,
    successUrl: 'http://127.0.0.1:9/merci?session={CHECKOUT_SESSION_ID}',
    cancelUrl: 'http://127.0.0.1:9/dossier',
  })
  if (started.outcome !== 'checkout') throw new Error(`no checkout: ${JSON.stringify(started)}`)
  return started.url
}

test.group('ReconcileStripe', (group) => {
  let simulator: StripeSimulator

  group.each.setup(async () => {
    const stripe = await useStripeSimulator({ webhookUrl: null })
    simulator = stripe.simulator
    return stripe.stop
  })

  test('posts what no webhook brought, once, however often it is asked', async ({ assert }) => {
    for (const form of [{}, DEBIT, FAILING_DEBIT]) {
      await payOnPage(await checkoutFor(await givenClaim(), 50_000), form)
    }
    const [, debit, failing] = [...simulator.account.intents.keys()]
    simulator.account.settle(debit!)
    simulator.account.settle(failing!)

    const first = await reconcile()
    assert.equal(first.posted, 2)
    assert.isAbove(first.healed, 2)
    assert.isAbove(first.seen, 3)
    const payments = await Payment.query().orderBy('id')
    assert.sameMembers(
      payments.map(({ method }) => method),
      ['card', 'sepa_debit']
    )
    const states = (await PaymentAttempt.query().orderBy('id')).map(({ state }) => state)
    assert.deepEqual(states, ['succeeded', 'succeeded', 'failed'])

    const second = await reconcile()
    assert.deepEqual({ posted: second.posted, healed: second.healed }, { posted: 0, healed: 0 })
    assert.lengthOf(await Payment.all(), 2)
  })

  test('works from the sessions alone when the gateway does not list its events', async ({
    assert,
    cleanup,
  }) => {
    await payOnPage(await checkoutFor(await givenClaim(), 50_000))
    await payOnPage(await checkoutFor(await givenClaim(), 60_000), DEBIT)
    const events = simulator.account.events
    Object.defineProperty(simulator.account, 'events', {
      configurable: true,
      get() {
        throw forbidden()
      },
    })
    cleanup(() => void Object.defineProperty(simulator.account, 'events', { value: events }))

    assert.equal((await reconcile()).posted, 1)
    const states = (await PaymentAttempt.query().orderBy('id')).map(({ state }) => state)
    assert.deepEqual(states, ['succeeded', 'processing'])
    assert.lengthOf(await StripeEvent.all(), 0)
  })

  test('settles a lost answer and a checkout whose hour has passed', async ({ assert }) => {
    const lost = await givenClaim()
    simulator.apiFaults.dropReplyRate = 1
    await checkoutFor(lost, 50_000).catch(() => {})
    simulator.apiFaults.dropReplyRate = 0
    await checkoutFor(await givenClaim(), 50_000)
    const [, second] = await PaymentAttempt.query().orderBy('id')
    simulator.account.expireSession(second!.stripeSessionId!)

    await reconcile()
    const states = (await PaymentAttempt.query().orderBy('id')).map(({ state }) => state)
    assert.deepEqual(states, ['open', 'expired'])
  })

  test('a debtor who comes back is told what no webhook brought; the gateway is asked once for many looks', async ({
    assert,
  }) => {
    await payOnPage(await checkoutFor(await givenClaim(), 50_000))
    const attempt = await PaymentAttempt.firstOrFail()
    const look = () => new SettleAttempts().lookedAt(attempt)
    const asked = () =>
      simulator.requests.filter(({ path }) => path.endsWith(attempt.stripeSessionId!)).length
    await look()
    assert.equal(asked(), 0, 'it has only just been opened')

    await PaymentAttempt.query().update({ updatedAt: new Date(Date.now() - 10_000).toISOString() })
    await Promise.all([look(), look(), look()])
    assert.equal(asked(), 1)
    assert.lengthOf(await Payment.all(), 1)
    assert.equal((await PaymentAttempt.firstOrFail()).state, 'succeeded')
    await look()
    assert.equal(asked(), 1)
  })

  test('says so when the gateway does not answer', async ({ assert }) => {
    await simulator.stop()
    await assert.rejects(reconcile, /connection to Stripe/)
  })
})

const forbidden = () =>
  new Refusal(403, {
    type: 'invalid_request_error',
    message: 'This key lacks the permission rak_event_read.',
  })
