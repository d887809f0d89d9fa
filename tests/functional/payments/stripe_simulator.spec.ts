import { setTimeout as sleep } from 'node:timers/promises'
import Stripe from 'stripe'
import { test } from '@japa/runner'
import { startStripeSimulator, type StripeSimulator } from '#tests/fakes/stripe_simulator'

const PAY = { method: 'card', number: '4242 4242 4242 4242', expiry: '12 / 34', cvc: '123' }

function client(simulator: StripeSimulator, key = simulator.secretKey) {
  const { hostname, port } = new URL(simulator.url)
  return new Stripe(key, { host: hostname, port, protocol: 'http', maxNetworkRetries: 0, timeout: 2_000 })
}

const wish = (changes: object = {}): Stripe.Checkout.SessionCreateParams => ({
  mode: 'payment',
  line_items: [
    {
      quantity: 1,
      price_data: { currency: 'eur', unit_amount: 12_345, product_data: { name: 'Dossier D-1' } },
    },
  ],
  success_url: 'http://127.0.0.1:9/merci?session={CHECKOUT_SESSION_ID}',
  cancel_url: 'http://127.0.0.1:9/retour',
  client_reference_id: 'D-1',
  metadata: { claim: 'D-1' },
  payment_intent_data: { metadata: { claim: 'D-1' }, description: 'Dossier D-1' },
  ...changes,
})

/** A checkout whose card may be charged again. */
const keeping = () =>
  wish({
    customer_creation: 'always',
    payment_intent_data: { metadata: { claim: 'D-1' }, setup_future_usage: 'off_session' },
  })

const chargeOf = (
  { customer, payment_method: method }: Pick<Stripe.PaymentIntent, 'customer' | 'payment_method'>,
  type: 'card' | 'sepa_debit' = 'card'
): Stripe.PaymentIntentCreateParams => ({
  amount: 5_000,
  currency: 'eur',
  customer: String(customer),
  payment_method: String(method),
  allowed_payment_method_types: [type],
  off_session: true,
  confirm: true,
})

const post = (url: string, form: Record<string, string>) =>
  fetch(url, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' })

test.group('Stripe simulator, spoken to by the Stripe SDK', (group) => {
  let simulator: StripeSimulator
  let stripe: Stripe

  group.each.setup(async () => {
    simulator = await startStripeSimulator({ seed: 7 })
    stripe = client(simulator)
    return () => simulator.stop()
  })

  test('a card pays a session, which then carries a succeeded intent', async ({ assert }) => {
    const opened = await stripe.checkout.sessions.create(wish())
    assert.equal(opened.status, 'open')
    assert.isNull(opened.payment_intent)
    assert.equal(opened.amount_total, 12_345)

    const page = await fetch(opened.url!)
    assert.include(await page.text(), '123,45')
    const answer = await post(opened.url!, PAY)
    assert.equal(answer.status, 303)
    assert.equal(answer.headers.get('location'), `http://127.0.0.1:9/merci?session=${opened.id}`)

    const paid = await stripe.checkout.sessions.retrieve(opened.id, {
      expand: ['payment_intent.latest_charge'],
    })
    const intent = paid.payment_intent as Stripe.PaymentIntent
    assert.equal(paid.payment_status, 'paid')
    assert.equal(intent.amount_received, 12_345)
    assert.deepEqual(intent.metadata, { claim: 'D-1' })
    assert.equal((intent.latest_charge as Stripe.Charge).payment_method_details?.type, 'card')
    assert.equal((await post(opened.url!, PAY)).status, 200)
    assert.lengthOf((await stripe.paymentIntents.list()).data, 1)
  })

  test('a declined card leaves the session open, and says why beside the form', async ({ assert }) => {
    const opened = await stripe.checkout.sessions.create(wish())
    const answer = await post(opened.url!, { ...PAY, number: '4000 0000 0000 0002' })
    assert.equal(answer.status, 402)
    assert.include(await answer.text(), 'role="alert"')
    const session = await stripe.checkout.sessions.retrieve(opened.id, { expand: ['payment_intent'] })
    assert.equal(session.status, 'open')
    assert.equal((session.payment_intent as Stripe.PaymentIntent).status, 'requires_payment_method')
    assert.equal((await post(opened.url!, { ...PAY, number: '4242424242424241' })).status, 402)
    assert.equal((await post(opened.url!, PAY)).status, 303)
    assert.lengthOf((await stripe.paymentIntents.list()).data, 1)
  })

  test('a SEPA debit is in progress, then succeeds or fails', async ({ assert }) => {
    for (const [iban, expected] of [
      ['FR14 2004 1010 0505 0001 3M02 606', 'succeeded'],
      ['FR84 2004 1010 0505 0001 3M02 607', 'requires_payment_method'],
    ] as const) {
      const opened = await stripe.checkout.sessions.create(wish())
      assert.equal((await post(opened.url!, { method: 'sepa_debit', iban })).status, 303)
      const { payment_intent: id, payment_status: status } = await stripe.checkout.sessions.retrieve(
        opened.id
      )
      assert.equal(status, 'unpaid')
      assert.equal((await stripe.paymentIntents.retrieve(id as string)).status, 'processing')
      simulator.account.settle(id as string)
      assert.equal((await stripe.paymentIntents.retrieve(id as string)).status, expected)
    }
  })

  test('the same key gives the same session; with another body it is refused', async ({ assert }) => {
    const first = await stripe.checkout.sessions.create(wish(), { idempotencyKey: 'k1' })
    const second = await stripe.checkout.sessions.create(wish(), { idempotencyKey: 'k1' })
    assert.equal(second.id, first.id)
    assert.equal(second.lastResponse.headers['idempotent-replayed'], 'true')
    await assert.rejects(
      () => stripe.checkout.sessions.create(wish({ client_reference_id: 'D-2' }), { idempotencyKey: 'k1' }),
      /same parameters/
    )
    assert.equal(simulator.account.sessions.size, 1)
  })

  test('a second request under a key still being worked is refused', async ({ assert }) => {
    simulator.apiFaults.slowMs = 80
    const answers = await Promise.allSettled(
      [1, 2].map(() => stripe.checkout.sessions.create(wish(), { idempotencyKey: 'k1' }))
    )
    const refused = answers.find((answer) => answer.status === 'rejected')
    assert.equal((refused?.reason as Stripe.errors.StripeError).code, 'idempotency_key_in_use')
    assert.equal(simulator.account.sessions.size, 1)
  })

  test('a dropped reply has done its work', async ({ assert }) => {
    simulator.apiFaults.dropReplyRate = 1
    await assert.rejects(
      () => stripe.checkout.sessions.create(wish(), { idempotencyKey: 'k1' }),
      /connection to Stripe/
    )
    simulator.apiFaults.dropReplyRate = 0
    const again = await stripe.checkout.sessions.create(wish(), { idempotencyKey: 'k1' })
    assert.deepEqual([...simulator.account.sessions.keys()], [again.id])
  })

  test('a 500 is kept for its key, and slowness ends in a timeout', async ({ assert }) => {
    simulator.apiFaults.serverErrorRate = 1
    const options = { idempotencyKey: 'k1' }
    await assert.rejects(() => stripe.checkout.sessions.create(wish(), options), /unknown error/)
    simulator.apiFaults.serverErrorRate = 0
    await assert.rejects(() => stripe.checkout.sessions.create(wish(), options), /unknown error/)
    simulator.apiFaults.slowMs = 300
    await assert.rejects(() => stripe.checkout.sessions.create(wish(), { timeout: 50 }), /timeout/)
  })

  test('refuses what Stripe refuses', async ({ assert }) => {
    const refusals: [object, RegExp][] = [
      [{ mode: 'subscription' }, /mode/],
      [{ success_url: undefined }, /success_url/],
      [{ line_items: [] }, /line_items/],
      [{ expires_at: Math.floor(Date.now() / 1000) + 60 }, /expires_at/],
      [{ surprise: 'x' }, /unknown parameter: surprise/],
      [{ client_reference_id: 'x'.repeat(201) }, /client_reference_id/],
    ]
    for (const [changes, message] of refusals) {
      await assert.rejects(() => stripe.checkout.sessions.create(wish(changes)), message)
    }
    const wrongKey = client(simulator, 'sk_test_other')
    await assert.rejects(() => wrongKey.checkout.sessions.create(wish()), /Invalid API Key/)
    await assert.rejects(() => stripe.checkout.sessions.retrieve('cs_no'), /No such checkout.session/)
    assert.equal(simulator.account.sessions.size, 0)
  })

  test('a card kept at the till is charged without its owner, once for a key', async ({ assert }) => {
    const session = await stripe.checkout.sessions.create(keeping())
    await post(session.url!, PAY)
    const paid = await stripe.checkout.sessions.retrieve(session.id, {
      expand: ['payment_intent', 'payment_intent.latest_charge'],
    })
    const intent = paid.payment_intent as Stripe.PaymentIntent
    assert.match(String(intent.customer), /^cus_/)
    assert.equal(intent.setup_future_usage, 'off_session')
    const method = await stripe.paymentMethods.retrieve(intent.payment_method as string)
    assert.equal(method.customer, intent.customer)
    assert.equal(method.card!.exp_year, 2034)

    const charge = () => stripe.paymentIntents.create(chargeOf(intent), { idempotencyKey: 'second' })
    const [first, again] = [await charge(), await charge()]
    assert.equal(first.status, 'succeeded')
    assert.equal(first.amount_received, 5_000)
    assert.equal(again.id, first.id)
    assert.equal(simulator.account.intents.size, 2)
  })

  test(
    'off session, a bank may refuse or ask for its customer: 402, with the intent inside, kept for the key'
  )
    .with([
      { form: { number: '4000 0027 6000 3184' }, code: 'authentication_required', mood: null },
      { form: { expiry: '01 / 20' }, code: 'expired_card', mood: null },
      { form: {}, code: 'card_declined', mood: '4000000000009995' },
    ])
    .run(async ({ assert }, { form, code, mood }) => {
      const session = await stripe.checkout.sessions.create(keeping())
      await post(session.url!, { ...PAY, ...form })
      const [intent] = simulator.account.intents.values()
      assert.equal(intent!.status, 'succeeded')
      simulator.account.refuseMethod(intent!.payment_method as string, mood)
      const charge = () =>
        stripe.paymentIntents
          .create(chargeOf(intent as unknown as Stripe.PaymentIntent), { idempotencyKey: 'k' })
          .then(
            () => assert.fail('it was paid'),
            (error: Stripe.errors.StripeError) => error
          )
      const errors = [await charge(), await charge()]
      for (const error of errors) {
        assert.equal((error as Stripe.errors.StripeError).statusCode, 402)
        assert.equal((error as Stripe.errors.StripeError).code, code)
      }
      assert.equal(simulator.account.intents.size, 2)
      const types = simulator.account.events.map(({ type }) => type)
      assert.include(types, 'payment_intent.payment_failed')
    })

  test('a debit mandate is charged again, in progress until its bank answers', async ({ assert }) => {
    const session = await stripe.checkout.sessions.create(keeping())
    await post(session.url!, { method: 'sepa_debit', iban: 'FR1420041010050500013M02606' })
    const [first] = simulator.account.intents.values()
    simulator.account.settle(first!.id)
    const again = await stripe.paymentIntents.create(
      chargeOf(first as unknown as Stripe.PaymentIntent, 'sepa_debit')
    )
    assert.equal(again.status, 'processing')
    simulator.account.settle(again.id, 'failed')
    const failed = await stripe.paymentIntents.retrieve(again.id)
    assert.equal(failed.status, 'requires_payment_method')
    assert.isNotNull(failed.last_payment_error)
  })

  test('nobody is charged by another customer’s card, nor without asking for it off session', async ({
    assert,
  }) => {
    const session = await stripe.checkout.sessions.create(keeping())
    await post(session.url!, PAY)
    const [intent] = simulator.account.intents.values()
    const asked = chargeOf(intent as unknown as Stripe.PaymentIntent)
    for (const changes of [
      { customer: 'cus_another' },
      { payment_method: 'pm_another' },
      { off_session: false },
    ]) {
      await assert.rejects(() => stripe.paymentIntents.create({ ...asked, ...changes }))
    }
    await assert.rejects(() => stripe.checkout.sessions.create(wish({ customer: 'cus_another' })))
  })

  test('an expired session takes no money and expires once', async ({ assert }) => {
    const opened = await stripe.checkout.sessions.create(wish())
    assert.equal((await stripe.checkout.sessions.expire(opened.id)).status, 'expired')
    await assert.rejects(() => stripe.checkout.sessions.expire(opened.id), /status of `expired`/)
    assert.include(await (await post(opened.url!, PAY)).text(), 'expiré')
    assert.equal(simulator.account.intents.size, 0)
  })

  test('lists are paged, newest first, and the SDK reads all pages', async ({ assert }) => {
    const made: string[] = []
    for (let count = 0; count < 7; count++) made.push((await stripe.checkout.sessions.create(wish())).id)
    const page = await stripe.checkout.sessions.list({ limit: 3 })
    assert.isTrue(page.has_more)
    assert.deepEqual(
      page.data.map(({ id }) => id),
      made.toReversed().slice(0, 3)
    )
    const all: string[] = []
    for await (const session of stripe.checkout.sessions.list({ limit: 2 })) all.push(session.id)
    assert.deepEqual(all, made.toReversed())
    const later = Math.floor(Date.now() / 1000) + 3600
    assert.lengthOf((await stripe.checkout.sessions.list({ created: { gte: later } })).data, 0)
  })

  test('events are listed by type, and a refund is one of them', async ({ assert }) => {
    const opened = await stripe.checkout.sessions.create(wish())
    await post(opened.url!, PAY)
    const { data } = await stripe.events.list({
      types: ['payment_intent.succeeded', 'checkout.session.completed'],
    })
    assert.deepEqual(
      data.map(({ type }) => type),
      ['checkout.session.completed', 'payment_intent.succeeded']
    )
    const [intent] = simulator.account.intents.keys()
    await stripe.refunds.create({ payment_intent: intent!, amount: 45 })
    await assert.rejects(() => stripe.refunds.create({ payment_intent: intent!, amount: 12_345 }), /greater/)
    assert.lengthOf((await stripe.events.list({ type: 'charge.refunded' })).data, 1)
  })

  test('never starts in production', async ({ assert, cleanup }) => {
    process.env.NODE_ENV = 'production'
    cleanup(() => {
      process.env.NODE_ENV = 'test'
    })
    await assert.rejects(() => startStripeSimulator(), /never runs in production/)
  })
})

test.group('Stripe simulator, creditors’ own accounts', (group) => {
  let simulator: StripeSimulator
  let stripe: Stripe

  group.each.setup(async () => {
    simulator = await startStripeSimulator({ seed: 7 })
    stripe = client(simulator)
    return () => simulator.stop()
  })

  const asked = (attempt = 'account-1'): Stripe.AccountCreateParams => ({
    country: 'FR',
    controller: {
      fees: { payer: 'application' },
      losses: { payments: 'application' },
      stripe_dashboard: { type: 'express' },
    },
    capabilities: { card_payments: { requested: true }, transfers: { requested: true } },
    metadata: { attempt },
  })

  const linkOf = (account: string) =>
    stripe.accountLinks.create({
      account,
      type: 'account_onboarding',
      return_url: 'http://127.0.0.1:9/return',
      refresh_url: 'http://127.0.0.1:9/refresh',
    })

  const given = { act: 'send', iban: 'FR14 2004 1010 0505 0001 3M02 606', terms: 'yes' }

  test('an account is made once for its key, listed, and may receive once its page is sent', async ({
    assert,
  }) => {
    const account = await stripe.accounts.create(asked(), { idempotencyKey: 'account-1' })
    const again = await stripe.accounts.create(asked(), { idempotencyKey: 'account-1' })
    assert.equal(again.id, account.id)
    assert.isFalse(account.charges_enabled)
    assert.include(account.requirements!.currently_due!, 'external_account')
    assert.deepEqual(
      (await stripe.accounts.list({ limit: 100 })).data.map(({ metadata }) => metadata),
      [{ attempt: 'account-1' }]
    )

    const { url } = await linkOf(account.id)
    assert.include(await (await fetch(url)).text(), 'external_account')
    assert.equal((await post(url, { ...given, iban: 'FR14' })).status, 422)
    const sent = await post(url, given)
    assert.equal(sent.headers.get('location'), 'http://127.0.0.1:9/return')
    const ready = await stripe.accounts.retrieve(account.id)
    assert.isTrue(ready.charges_enabled)
    assert.equal(ready.capabilities?.transfers, 'active')
  })

  test('a link opens once, for five minutes, and then leads to where another is made', async ({ assert }) => {
    const { id } = await stripe.accounts.create(asked())
    const { url, created, expires_at: expiresAt } = await linkOf(id)
    assert.equal(expiresAt - created, 300)
    await fetch(url)
    for (const answer of [
      await fetch(url, { redirect: 'manual' }),
      await fetch(url, { redirect: 'manual' }),
    ]) {
      assert.equal(answer.headers.get('location'), 'http://127.0.0.1:9/refresh')
    }
    assert.equal((await post(url, { act: 'later' })).headers.get('location'), 'http://127.0.0.1:9/return')
    assert.equal((await post(url, given)).headers.get('location'), 'http://127.0.0.1:9/refresh')
    assert.isFalse((await stripe.accounts.retrieve(id)).charges_enabled)
  })

  test('what happens to an account is told with its id, not listed with ours, and one taken away is no longer reached', async ({
    assert,
  }) => {
    const { id } = await stripe.accounts.create(asked())
    simulator.account.onboarding.deauthorize(id)
    const told = simulator.account.events.map(({ type, account }) => [type, account])
    assert.deepEqual(told, [
      ['account.updated', id],
      ['account.application.deauthorized', id],
    ])
    assert.lengthOf((await stripe.events.list()).data, 0)
    await assert.rejects(() => stripe.accounts.retrieve(id), /does not have access to account/)
  })
})

test.group('Stripe simulator, webhooks', () => {
  test('events are signed as the SDK verifies, repeated, disordered and dropped as asked', async ({
    assert,
    cleanup,
  }) => {
    const { createServer } = await import('node:http')
    const received: { type: string; id: string; valid: boolean }[] = []
    let refuseNext = true
    const endpoint = createServer(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      const event = Stripe.webhooks.constructEvent(
        body,
        request.headers['stripe-signature'] as string,
        'whsec_test'
      )
      received.push({ type: event.type, id: event.id, valid: true })
      response.statusCode = refuseNext ? 500 : 200
      refuseNext = false
      response.end()
    })
    await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve))
    const { port } = endpoint.address() as { port: number }
    const simulator = await startStripeSimulator({
      seed: 3,
      webhookUrl: `http://127.0.0.1:${port}/hook`,
      webhookSecret: 'whsec_test',
    })
    cleanup(async () => {
      await simulator.stop()
      await new Promise((resolve) => endpoint.close(resolve))
    })
    const stripe = client(simulator)

    const first = await stripe.checkout.sessions.create(wish())
    await post(first.url!, PAY)
    await simulator.deliverer.idle()
    const types = [
      'checkout.session.completed',
      'charge.succeeded',
      'payment_intent.created',
      'payment_intent.succeeded',
    ]
    assert.sameMembers([...new Set(received.map(({ type }) => type))], types)
    assert.lengthOf(received, types.length + 1, 'the one that was answered 500 came again')

    received.length = 0
    simulator.webhookFaults = { dropRate: 0, copies: 5, disorderMs: 30, delayMs: 1 }
    for (let count = 0; count < 5; count++) {
      await post((await stripe.checkout.sessions.create(wish())).url!, PAY)
    }
    await simulator.deliverer.idle()
    const order = simulator.account.events.map(({ id }) => id)
    const places = received.map(({ id }) => order.indexOf(id))
    assert.isAbove(received.length, new Set(places).size, 'some came more than once')
    assert.notDeepEqual(
      places,
      places.toSorted((a, b) => a - b),
      'not in order'
    )

    received.length = 0
    simulator.webhookFaults = { dropRate: 1, copies: 5, disorderMs: 0, delayMs: 0 }
    await post((await stripe.checkout.sessions.create(wish())).url!, PAY)
    await simulator.deliverer.idle()
    await sleep(20)
    assert.lengthOf(received, 0)
  })
})
