import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import emitter from '@adonisjs/core/services/emitter'
import { appUrl } from '#config/app'
import { clock } from '#shared/clock'
import { loadOwed } from '#claims/owed'
import type Claim from '#claims/models/claim'
import { ReceivePayment } from '#payments/actions/receive_payment'
import { StartPayment } from '#payments/actions/start_payment'
import { retryFailures, stripeInboxIdle, workStripeInbox } from '#payments/inbox'
import Payment from '#payments/models/payment'
import PaymentAttempt from '#payments/models/payment_attempt'
import PaymentReturn from '#payments/models/payment_return'
import Receipt from '#payments/models/receipt'
import StripeEvent from '#payments/models/stripe_event'
import { signature } from '#tests/fakes/stripe/deliverer'
import type { StripeSimulator } from '#tests/fakes/stripe_simulator'
import { givenClaim, givenCreditor, givenUser } from '#tests/fixtures/domain'
import { DEBIT, FAILING_DEBIT, payOnPage, useStripeSimulator, webhooksWorked } from '#tests/fixtures/stripe'

const aConsumerOwing = (cents: number) => givenClaim({ kind: 'b2c', invoices: [{ amountCents: cents }] })

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

const send = (body: string, header: string | null) =>
  fetch(`${appUrl}/webhooks/stripe`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...(header ? { 'stripe-signature': header } : {}) },
  })

const seconds = () => Math.floor(Date.now() / 1000)

test.group('Stripe webhook', (group) => {
  let simulator: StripeSimulator

  group.each.setup(async () => {
    const stripe = await useStripeSimulator()
    simulator = stripe.simulator
    return stripe.stop
  })

  test('a card payment is posted once, with its receipt, its notices and its event', async ({ assert }) => {
    const creditor = await givenCreditor({ email: 'compta@studio-rivage.example' })
    await givenUser('creditor', { email: 'lea@studio-rivage.example', creditorId: creditor.id })
    const claim = await givenClaim({ creditor })
    const posted: number[] = []
    const stopListening = emitter.on('payment:posted', ({ claimId }) => void posted.push(claimId))
    const { interestCents } = await loadOwed(claim.id, clock.today())

    simulator.webhookFaults = { copies: 4, disorderMs: 25, dropRate: 0, delayMs: 0 }
    await payOnPage(await checkoutFor(claim, 50_000))
    await webhooksWorked(simulator)
    stopListening()

    const payment = await Payment.query().preload('receipt').firstOrFail()
    const [intent] = simulator.account.intents.keys()
    assert.equal(payment.source, `stripe:${intent}`)
    assert.equal(payment.method, 'card')
    assert.equal(payment.amountCents, 50_000)
    assert.equal(payment.interestCents, interestCents)
    assert.equal(payment.principalCents, 50_000 - interestCents)
    assert.equal(payment.receivedOn, clock.today())
    assert.match(payment.receipt.number, /^Q-\d{4}-00001$/)
    assert.lengthOf(await Payment.all(), 1)
    assert.lengthOf(await Receipt.all(), 1)
    assert.deepEqual(posted, [claim.id])
    assert.equal((await PaymentAttempt.firstOrFail()).state, 'succeeded')

    const deliveries = await db.from('deliveries').orderBy('recipient').select('key', 'recipe', 'recipient')
    assert.deepEqual(
      deliveries.map(({ recipe, recipient }) => [recipe, recipient]),
      [
        ['payments.creditor_notice', 'compta@studio-rivage.example'],
        ['payments.receipt', await debtorEmail(claim)],
        ['payments.creditor_notice', 'lea@studio-rivage.example'],
      ].toSorted((one, other) => one[1]!.localeCompare(other[1]!))
    )
    const events = await claim.related('events').query().where('type', 'payment.received')
    assert.lengthOf(events, 1)
    assert.equal(events[0]!.detail.receipt, payment.receipt.number)
    assert.isNull(await StripeEvent.query().whereNull('workedAt').first())
  })

  test('a full payment closes the file; a cent more than what is due goes to suspense', async ({
    assert,
  }) => {
    const claim = await aConsumerOwing(10_000)
    const url = await checkoutFor(claim, 10_000)
    // Someone pays one cent by transfer between the opening of the checkout and the card.
    await db.from('claims').where('id', claim.id).update({ due_cents: 9_999 })
    await new ReceivePayment().handle({
      source: 'manual:1',
      claimId: claim.id,
      method: 'transfer',
      amountCents: 1,
      receivedOn: clock.today(),
    })
    await payOnPage(url)
    await webhooksWorked(simulator)
    await claim.refresh()
    assert.equal(claim.status, 'paid')
    assert.equal(claim.dueCents, 0)
    const card = await Payment.findByOrFail('method', 'card')
    assert.equal(card.principalCents, 9_999)
    assert.equal(card.suspenseCents, 1)
    const held = await db.from('postings').where('credit_account', 'suspense').sum('amount_cents as cents')
    assert.equal(Number(held[0].cents), 1)
  })

  test('a SEPA debit in progress is neither paid nor failed, then succeeds', async ({ assert }) => {
    const claim = await aConsumerOwing(10_000)
    await payOnPage(await checkoutFor(claim, 10_000), DEBIT)
    await webhooksWorked(simulator)
    assert.equal((await PaymentAttempt.firstOrFail()).state, 'processing')
    assert.lengthOf(await Payment.all(), 0)

    simulator.account.settle([...simulator.account.intents.keys()][0]!)
    await webhooksWorked(simulator)
    const payment = await Payment.firstOrFail()
    assert.equal(payment.method, 'sepa_debit')
    assert.equal((await PaymentAttempt.firstOrFail()).state, 'succeeded')
    await claim.refresh()
    assert.equal(claim.status, 'paid')
  })

  test('a SEPA debit that fails posts nothing, even when its events come backwards', async ({ assert }) => {
    const claim = await aConsumerOwing(10_000)
    simulator.webhookUrl = null
    await payOnPage(await checkoutFor(claim, 10_000), FAILING_DEBIT)
    simulator.account.settle([...simulator.account.intents.keys()][0]!)
    simulator.webhookUrl = `${appUrl}/webhooks/stripe`
    for (const event of simulator.account.events.toReversed()) {
      assert.equal(await simulator.deliverer.resend(event), 200)
      await stripeInboxIdle()
    }
    assert.equal((await PaymentAttempt.firstOrFail()).state, 'failed')
    assert.lengthOf(await Payment.all(), 0)
    assert.equal((await loadOwed(claim.id, clock.today())).totalCents, 10_000)
  })

  test('bar 2: what is forged, altered, unsigned or too old is refused and leaves no row', async ({
    assert,
  }) => {
    await aConsumerOwing(10_000)
    const body = JSON.stringify({
      id: 'evt_forged',
      object: 'event',
      type: 'payment_intent.succeeded',
      created: seconds(),
      data: { object: { id: 'pi_forged', amount_received: 10_000, currency: 'eur', metadata: {} } },
    })
    const secret = simulator.webhookSecret
    const forgeries: [string, string | null][] = [
      [body, null],
      [body, ''],
      [body, 'nonsense'],
      [body, `t=${seconds()}`],
      [body, `t=${seconds()},v1=`],
      [body, signature(body, 'whsec_other', seconds())],
      [body, signature(body, '', seconds())],
      [body, signature(body, secret, seconds()).replace('v1=', 'v0=')],
      [body, signature(body, secret, seconds() - 301)],
      [body, signature(body, secret, 0)],
      [body.replace('10000', '10001'), signature(body, secret, seconds())],
      [body, signature(body, secret, seconds()).replace(/t=\d+/, `t=${seconds() + 1}`)],
      ['', signature('', secret, seconds())],
    ]
    for (const [sent, header] of forgeries) {
      const { status } = await send(sent, header)
      assert.isTrue(status >= 400 && status < 500, `${header} was answered ${status}`)
    }
    await stripeInboxIdle()
    assert.lengthOf(await StripeEvent.all(), 0)
    assert.lengthOf(await Payment.all(), 0)
    assert.equal((await send(body, signature(body, secret, seconds()))).status, 200)
    assert.equal((await send(body, signature(body, secret, seconds()))).status, 200)
    await stripeInboxIdle()
    assert.lengthOf(await StripeEvent.all(), 1)
  })

  test('without a webhook secret nothing is believed', async ({ assert }) => {
    const { default: env } = await import('#start/env')
    const body = JSON.stringify({
      id: 'evt_1',
      object: 'event',
      type: 'x',
      created: seconds(),
      data: { object: {} },
    })
    env.set('STRIPE_WEBHOOK_SECRET', '')
    assert.equal((await send(body, signature(body, '', seconds()))).status, 400)
    assert.lengthOf(await StripeEvent.all(), 0)
  })

  test('money for an unknown file, another amount or another currency waits for a person', async ({
    assert,
  }) => {
    const claim = await aConsumerOwing(10_000)
    await checkoutFor(claim, 10_000)
    const attempt = await PaymentAttempt.firstOrFail()
    const intents: [string, object][] = [
      ['unknown_claim', { metadata: { claim: 'D-NOWHERE' } }],
      ['unknown_claim', { metadata: {} }],
      ['unknown_attempt', { metadata: { claim: claim.ref, attempt: 'pay-of-another-installation' } }],
      ['amount_mismatch', { amount_received: 9_999 }],
      ['currency', { currency: 'usd' }],
      ['claim_mismatch', { metadata: { claim: 'D-OTHER', attempt: attempt.key } }],
    ]
    for (const [index, [, changes]] of intents.entries()) {
      const body = JSON.stringify({
        id: `evt_${index}`,
        object: 'event',
        type: 'payment_intent.succeeded',
        created: seconds(),
        data: {
          object: {
            id: `pi_${index}`,
            amount_received: 10_000,
            currency: 'eur',
            metadata: { claim: claim.ref, attempt: attempt.key },
            ...changes,
          },
        },
      })
      await send(body, signature(body, simulator.webhookSecret, seconds()))
    }
    await stripeInboxIdle()
    const events = await StripeEvent.query().orderBy('id')
    assert.deepEqual(
      events.map(({ failure }) => failure),
      intents.map(([code]) => code)
    )
    assert.isTrue(events.every(({ workedAt }) => workedAt === null))
    assert.lengthOf(await Payment.all(), 0)
    assert.equal((await loadOwed(claim.id, clock.today())).totalCents, 10_000)
  })

  test('an event that lacked its file is worked once the file is there', async ({ assert }) => {
    const body = JSON.stringify({
      id: 'evt_early',
      object: 'event',
      type: 'payment_intent.succeeded',
      created: seconds(),
      data: {
        object: { id: 'pi_early', amount_received: 4_000, currency: 'eur', metadata: { claim: 'D-LATER' } },
      },
    })
    await send(body, signature(body, simulator.webhookSecret, seconds()))
    await stripeInboxIdle()
    assert.equal((await StripeEvent.firstOrFail()).failure, 'unknown_claim')
    const claim = await givenClaim({ claim: { ref: 'D-LATER' } })
    assert.equal((await workStripeInbox()).posted, 0, 'not tried again at once')
    await retryFailures()
    assert.equal((await workStripeInbox()).posted, 1)
    assert.equal((await StripeEvent.firstOrFail()).failure, null)
    assert.equal((await Payment.firstOrFail()).claimId, claim.id)
  })

  test('an event that says another sum than its intent is not believed', async ({ assert }) => {
    const claim = await aConsumerOwing(10_000)
    simulator.webhookUrl = null
    await payOnPage(await checkoutFor(claim, 10_000))
    const [intent] = simulator.account.intents.values()
    intent!.amount_received = 9_000
    const completed = simulator.account.events.find(({ type }) => type === 'checkout.session.completed')!
    simulator.webhookUrl = `${appUrl}/webhooks/stripe`
    await simulator.deliverer.resend(completed)
    await stripeInboxIdle()
    assert.equal((await StripeEvent.firstOrFail()).failure, 'amount_mismatch')
    assert.lengthOf(await Payment.all(), 0)
  })

  test('a payment is posted from its event alone when the gateway answers nothing', async ({ assert }) => {
    const claim = await aConsumerOwing(10_000)
    simulator.webhookUrl = null
    await payOnPage(await checkoutFor(claim, 10_000), DEBIT)
    simulator.account.settle([...simulator.account.intents.keys()][0]!)
    simulator.webhookUrl = `${appUrl}/webhooks/stripe`
    simulator.apiFaults.serverErrorRate = 1
    for (const event of simulator.account.events) await simulator.deliverer.resend(event)
    await stripeInboxIdle()
    const payment = await Payment.firstOrFail()
    assert.equal(payment.method, 'sepa_debit', 'a debit was in progress')
    await claim.refresh()
    assert.equal(claim.status, 'paid')
  })

  test('rule 32: a refund reopens the balance, replaces the receipt and suspends the file, once', async ({
    assert,
  }) => {
    const claim = await aConsumerOwing(10_000)
    simulator.webhookUrl = null
    await payOnPage(await checkoutFor(claim, 10_000))
    const [intent] = simulator.account.intents.keys()
    simulator.account.refund(intent!, 4_000)
    simulator.account.refund(intent!, 1_500)
    simulator.webhookUrl = `${appUrl}/webhooks/stripe`
    // Backwards and twice: what went back is heard of before what came.
    for (const event of simulator.account.events.toReversed()) {
      await simulator.deliverer.resend(event)
      await simulator.deliverer.resend(event)
      await stripeInboxIdle()
    }
    await retryFailures()
    await workStripeInbox()

    await claim.refresh()
    assert.deepEqual([claim.status, claim.dueCents, claim.paidCents], ['paused', 5_500, 4_500])
    const returns = await PaymentReturn.query().orderBy('id')
    assert.deepEqual(
      returns.map(({ how, amountCents }) => [how, amountCents]),
      [['refund', 5_500]]
    )
    const receipts = await Receipt.query().orderBy('id')
    assert.deepEqual(
      receipts.map(({ number, remainingCents, replacesId }) => [
        number.slice(-5),
        remainingCents,
        replacesId,
      ]),
      [
        ['00001', 0, null],
        ['00002', 5_500, receipts[0]!.id],
      ]
    )
    const told = await db.from('deliveries').where('parameters', 'like', '%returnId%').orderBy('id')
    assert.deepEqual(
      told.map(({ recipe }) => recipe),
      ['payments.receipt_replaced', 'payments.return_notice']
    )
    assert.isNull(await StripeEvent.query().whereNull('workedAt').first())
  })

  test('rule 30: a refund of what was paid too much reopens nothing', async ({ assert }) => {
    const claim = await aConsumerOwing(10_000)
    const url = await checkoutFor(claim, 10_000)
    await new ReceivePayment().handle({
      source: 'manual:surplus',
      claimId: claim.id,
      method: 'transfer',
      amountCents: 3_000,
      receivedOn: clock.today(),
    })
    await payOnPage(url)
    simulator.account.refund([...simulator.account.intents.keys()][0]!, 3_000)
    await webhooksWorked(simulator)
    await retryFailures()
    await workStripeInbox()
    await claim.refresh()
    assert.deepEqual([claim.status, claim.dueCents, claim.paidCents], ['paid', 0, 10_000])
  })

  test('rule 32: the bank takes the money back, asks only, or gives it back again', async ({ assert }) => {
    const claim = await aConsumerOwing(10_000)
    await payOnPage(await checkoutFor(claim, 10_000))
    await webhooksWorked(simulator)
    const [intent] = simulator.account.intents.keys()
    const standing = async () => {
      await webhooksWorked(simulator)
      await claim.refresh()
      return [claim.status, claim.dueCents, claim.paidCents]
    }

    simulator.account.dispute(intent!, 'warning_needs_response')
    assert.deepEqual(await standing(), ['paid', 0, 10_000])
    const asked = await StripeEvent.query().whereNull('workedAt').firstOrFail()
    assert.equal(asked.failure, 'contested')

    const dispute = simulator.account.dispute(intent!)
    assert.deepEqual(await standing(), ['paused', 10_000, 0])
    assert.lengthOf(await PaymentReturn.all(), 1)

    simulator.account.closeDispute(dispute, 'won')
    assert.deepEqual(await standing(), ['paid', 0, 10_000])
    const [first, second] = await Payment.query().orderBy('id')
    assert.deepEqual([first!.amountCents, second!.amountCents, second!.method], [10_000, 10_000, 'card'])

    simulator.account.refund(intent!, null)
    assert.deepEqual(await standing(), ['paid', 0, 10_000], 'no more goes back than came')
    const doubtful = await StripeEvent.query().where('failure', 'taken_back').firstOrFail()
    assert.isNull(doubtful.workedAt)
  })

  test('an event that only names its object is completed by asking the gateway', async ({ assert }) => {
    const claim = await aConsumerOwing(10_000)
    simulator.webhookUrl = null
    await payOnPage(await checkoutFor(claim, 10_000))
    const [session] = simulator.account.sessions.keys()
    const thin = [
      {
        id: 'evt_thin',
        object: 'event',
        type: 'checkout.session.completed',
        created: seconds(),
        data: { object: { id: session, object: 'checkout.session' } },
      },
      {
        id: 'evt_v2',
        object: 'v2.core.event',
        type: 'v1.checkout.session.completed',
        created: new Date().toISOString(),
        related_object: { id: session, type: 'checkout.session', url: `/v1/checkout/sessions/${session}` },
      },
      {
        id: 'evt_other',
        object: 'v2.core.event',
        type: 'v2.core.account.updated',
        created: new Date().toISOString(),
      },
      { id: 'evt_gone', type: 'charge.refunded', created: seconds(), data: { object: { id: 'ch_gone' } } },
    ]
    for (const event of thin) {
      const body = JSON.stringify(event)
      assert.equal((await send(body, signature(body, simulator.webhookSecret, seconds()))).status, 200)
      await stripeInboxIdle()
    }
    const payment = await Payment.firstOrFail()
    assert.deepEqual([payment.amountCents, payment.method], [10_000, 'card'])
    assert.lengthOf(await Payment.all(), 1)
    const waiting = await StripeEvent.query().whereNull('workedAt')
    assert.deepEqual(
      waiting.map(({ eventId, failure }) => [eventId, failure]),
      [['evt_gone', 'incomplete']]
    )
    for (const body of ['[]', '{"id":1,"type":"x"}', '{"object":"event"}']) {
      assert.equal((await send(body, signature(body, simulator.webhookSecret, seconds()))).status, 400)
    }
  })

  test('a day before the debtor asked to pay is not believed', async ({ assert }) => {
    const claim = await aConsumerOwing(10_000)
    await checkoutFor(claim, 10_000)
    const attempt = await PaymentAttempt.firstOrFail()
    const body = JSON.stringify({
      id: 'evt_old',
      type: 'payment_intent.succeeded',
      created: 1_600_000_000,
      data: {
        object: {
          id: 'pi_old',
          amount_received: 10_000,
          currency: 'eur',
          metadata: { attempt: attempt.key },
        },
      },
    })
    await send(body, signature(body, simulator.webhookSecret, seconds()))
    await stripeInboxIdle()
    assert.equal((await Payment.firstOrFail()).receivedOn, clock.today())
  })
})

async function debtorEmail(claim: Claim) {
  const point = await db
    .from('contact_points')
    .where('debtor_id', claim.debtorId)
    .where('kind', 'email')
    .first()
  return point.value as string
}
