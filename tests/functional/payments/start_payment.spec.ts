import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import env from '#start/env'
import { clock } from '#shared/clock'
import { loadOwed } from '#claims/owed'
import type Claim from '#claims/models/claim'
import { ReceivePayment } from '#payments/actions/receive_payment'
import { SettleAttempts } from '#payments/actions/settle_attempts'
import { StartPayment, type WishToPay } from '#payments/actions/start_payment'
import PaymentAttempt from '#payments/models/payment_attempt'
import { Refusal } from '#tests/fakes/stripe/errors'
import type { StripeSimulator } from '#tests/fakes/stripe_simulator'
import { givenClaim } from '#tests/fixtures/domain'
import { DEBIT, payOnPage, useStripeSimulator, webhooksWorked } from '#tests/fixtures/stripe'

const wish = (claim: Claim, amountCents: number, more: Partial<WishToPay> = {}): WishToPay => ({
  claimId: claim.id,
  amountCents,
  successUrl: 'http://127.0.0.1:9/p/merci?session={CHECKOUT_SESSION_ID}',
  cancelUrl: 'http://127.0.0.1:9/p/dossier',
  ...more,
})

const start = (asked: WishToPay) => new StartPayment().handle(asked)

async function openedFor(asked: WishToPay) {
  const started = await start(asked)
  if (started.outcome !== 'checkout') throw new Error(`no checkout: ${JSON.stringify(started)}`)
  return started.url
}

test.group('StartPayment', (group) => {
  let simulator: StripeSimulator

  group.each.setup(async () => {
    const stripe = await useStripeSimulator()
    simulator = stripe.simulator
    return stripe.stop
  })

  test('opens a checkout for the exact amount, and tells Stripe nothing of the debtor', async ({
    assert,
  }) => {
    const claim = await givenClaim()
    const started = await start(wish(claim, 50_000))
    assert.equal(started.outcome, 'checkout')
    const [session] = simulator.account.sessions.values()
    assert.equal(session!.amount_total, 50_000)
    assert.equal(session!.currency, 'eur')
    assert.equal(session!.client_reference_id, claim.ref)
    const attempt = await PaymentAttempt.firstOrFail()
    assert.equal(attempt.state, 'open')
    assert.deepEqual(session!.metadata, { claim: claim.ref, attempt: attempt.key })
    assert.equal(simulator.requests[0]!.idempotencyKey, attempt.key)
    assert.notMatch(JSON.stringify(session), /BRUME|Hélène|exemple\.fr|\/p\/[A-Za-z0-9_-]{43}/i)
  })

  test('fifty clicks at once give one attempt, one session and one address', async ({ assert }) => {
    const claim = await givenClaim()
    simulator.apiFaults.slowMs = 60
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => start(wish(claim, 50_000))))
    assert.lengthOf([...new Set(outcomes.map((outcome) => JSON.stringify(outcome)))], 1)
    assert.equal(outcomes[0]!.outcome, 'checkout')
    assert.equal(simulator.account.sessions.size, 1)
    assert.lengthOf(await PaymentAttempt.all(), 1)
  })

  test('another amount closes the open checkout before it opens its own', async ({ assert }) => {
    const claim = await givenClaim()
    await start(wish(claim, 50_000))
    await start(wish(claim, 20_000))
    const statuses = [...simulator.account.sessions.values()].map(({ status }) => status)
    assert.deepEqual(statuses, ['expired', 'open'])
    const states = (await PaymentAttempt.query().orderBy('id')).map(({ state }) => state)
    assert.deepEqual(states, ['expired', 'open'])
  })

  test('what was paid while its webhook is lost is found when another amount is asked', async ({
    assert,
  }) => {
    const claim = await givenClaim()
    simulator.webhookUrl = null
    const { totalCents } = await loadOwed(claim.id, clock.today())
    await payOnPage(await openedFor(wish(claim, totalCents)))
    assert.deepEqual(await start(wish(claim, 10_000)), { outcome: 'nothing_due' })
    assert.equal((await PaymentAttempt.firstOrFail()).state, 'succeeded')
    await claim.refresh()
    assert.equal(claim.status, 'paid')
  })

  test('a lost answer leaves the attempt unknown, and asking again finds the same session', async ({
    assert,
  }) => {
    const claim = await givenClaim()
    simulator.apiFaults.dropReplyRate = 1
    assert.deepEqual(await start(wish(claim, 50_000)), { outcome: 'unavailable' })
    const unknown = await PaymentAttempt.firstOrFail()
    assert.equal(unknown.state, 'unknown')
    assert.equal(simulator.account.sessions.size, 1)

    simulator.apiFaults.dropReplyRate = 0
    assert.equal((await start(wish(claim, 50_000))).outcome, 'checkout')
    assert.equal(simulator.account.sessions.size, 1)
    const attempt = await PaymentAttempt.firstOrFail()
    assert.equal(attempt.id, unknown.id)
    assert.equal(attempt.stripeSessionId, [...simulator.account.sessions.keys()][0]!)
  })

  test('the tick settles a lost answer without the debtor coming back', async ({ assert }) => {
    const claim = await givenClaim()
    simulator.apiFaults.dropReplyRate = 1
    await start(wish(claim, 50_000))
    simulator.apiFaults.dropReplyRate = 0
    const later = new Date(Date.now() + 6 * 60_000).toISOString()
    assert.equal(await new SettleAttempts().handle(later), 1)
    assert.equal((await PaymentAttempt.firstOrFail()).state, 'open')
    assert.equal(simulator.account.sessions.size, 1)
  })

  test('a gateway that says it is broken ends the attempt; the next one has its own key', async ({
    assert,
  }) => {
    const claim = await givenClaim()
    simulator.apiFaults.serverErrorRate = 1
    assert.deepEqual(await start(wish(claim, 50_000)), { outcome: 'unavailable' })
    simulator.apiFaults.serverErrorRate = 0
    assert.equal((await start(wish(claim, 50_000))).outcome, 'checkout')
    const keys = simulator.requests
      .filter(({ method }) => method === 'POST')
      .map((sent) => sent.idempotencyKey)
    assert.isAbove(new Set(keys).size, 1)
    const open = [...simulator.account.sessions.values()].filter(({ status }) => status === 'open')
    assert.lengthOf(open, 1)
  })

  test('a gateway that did it and says it failed has its session found again', async ({ assert }) => {
    const claim = await givenClaim()
    simulator.apiFaults.brokenReplyRate = 1
    assert.deepEqual(await start(wish(claim, 50_000)), { outcome: 'unavailable' })
    assert.equal((await PaymentAttempt.firstOrFail()).state, 'unknown', 'its list could not be read either')
    simulator.apiFaults.brokenReplyRate = 0
    assert.equal((await start(wish(claim, 50_000))).outcome, 'checkout')
    assert.equal(simulator.account.sessions.size, 1)
  })

  test('what is paid before its answer comes is not asked for again', async ({ assert }) => {
    const claim = await givenClaim()
    const { account } = simulator
    const create = account.createSession.bind(account)
    account.createSession = (request) => {
      const session = create(request)
      account.payByCard(session.id, '4242424242424242')
      return session
    }
    assert.deepEqual(await start(wish(claim, 50_000)), { outcome: 'settled' })
    assert.equal(account.sessions.size, 1)
    await claim.refresh()
    assert.equal(claim.paidCents, 50_000)
  })

  test('a gateway that is busy once is asked again under the same key', async ({ assert }) => {
    const claim = await givenClaim()
    const { account } = simulator
    const create = account.createSession.bind(account)
    account.createSession = () => {
      account.createSession = create
      throw new Refusal(429, {
        type: 'invalid_request_error',
        code: 'rate_limit',
        message: 'Too many requests',
      })
    }
    assert.equal((await start(wish(claim, 50_000))).outcome, 'checkout')
    assert.lengthOf(new Set(simulator.requests.map(({ idempotencyKey }) => idempotencyKey)), 1)
  })

  test('a key that is refused says nothing of a checkout already open', async ({ assert }) => {
    const claim = await givenClaim()
    await openedFor(wish(claim, 50_000))
    env.set('STRIPE_SECRET_KEY', 'sk_test_another')
    await new SettleAttempts().handle(new Date(Date.now() + 2 * 60 * 60_000).toISOString())
    assert.equal((await PaymentAttempt.firstOrFail()).state, 'open')
    assert.deepEqual(await start(wish(claim, 20_000)), { outcome: 'unavailable' })
    assert.equal((await PaymentAttempt.firstOrFail()).state, 'open')
  })

  test('a checkout left open on a file that is settled is closed by the tick', async ({ assert }) => {
    const claim = await givenClaim({ kind: 'b2c', invoices: [{ amountCents: 10_000 }] })
    await openedFor(wish(claim, 10_000))
    await new ReceivePayment().handle({
      source: 'manual:meanwhile',
      claimId: claim.id,
      method: 'transfer',
      amountCents: 10_000,
      receivedOn: clock.today(),
    })
    assert.equal(await new SettleAttempts().handle(), 1)
    const [session] = simulator.account.sessions.values()
    assert.deepEqual([session!.status, (await PaymentAttempt.firstOrFail()).state], ['expired', 'expired'])
  })

  test('a process that died while asking does not block the file', async ({ assert }) => {
    const claim = await givenClaim()
    await start(wish(claim, 50_000))
    await PaymentAttempt.query().update({
      state: 'created',
      stripeSessionId: null,
      checkoutUrl: null,
      updatedAt: new Date(Date.now() - 60_000).toISOString(),
    })
    assert.equal((await start(wish(claim, 50_000))).outcome, 'checkout')
    assert.equal(simulator.account.sessions.size, 1)
  })

  test('rule 28: never more than what is owed, nor less than a euro', async ({ assert }) => {
    const claim = await givenClaim({ kind: 'b2c', invoices: [{ amountCents: 10_000 }] })
    for (const cents of [0, 99, 10_001, -5]) {
      assert.deepEqual(await start(wish(claim, cents)), {
        outcome: 'amount_out_of_range',
        leastCents: 100,
        mostCents: 10_000,
      })
    }
    assert.equal(simulator.requests.length, 0)
    assert.equal((await start(wish(claim, 10_000))).outcome, 'checkout')
  })

  test('a debit under way is not paid a second time', async ({ assert }) => {
    const claim = await givenClaim({ kind: 'b2c', invoices: [{ amountCents: 10_000 }] })
    await payOnPage(await openedFor(wish(claim, 6_000)), DEBIT)
    await webhooksWorked(simulator)
    assert.equal((await PaymentAttempt.firstOrFail()).state, 'processing')
    assert.deepEqual(await start(wish(claim, 4_001)), {
      outcome: 'amount_out_of_range',
      leastCents: 100,
      mostCents: 4_000,
    })
    await payOnPage(await openedFor(wish(claim, 4_000)), DEBIT)
    await webhooksWorked(simulator)
    assert.deepEqual(await start(wish(claim, 4_000)), { outcome: 'in_progress' })
  })

  test('without a key, or on a closed file, there is no checkout', async ({ assert }) => {
    const claim = await givenClaim()
    await db.from('claims').where('id', claim.id).update({ status: 'closed' })
    assert.deepEqual(await start(wish(claim, 50_000)), { outcome: 'closed' })
    env.set('STRIPE_SECRET_KEY', '')
    assert.deepEqual(await start(wish(claim, 50_000)), { outcome: 'unavailable' })
    assert.equal(simulator.requests.length, 0)
  })
})
