import { test } from '@japa/runner'
import { factOf, factOfSession, methodOf } from '#payments/facts'
import type Stripe from 'stripe'

const session = (changes: object = {}) =>
  ({
    id: 'cs_1',
    object: 'checkout.session',
    mode: 'payment',
    status: 'complete',
    payment_status: 'paid',
    payment_intent: 'pi_1',
    amount_total: 500,
    currency: 'eur',
    client_reference_id: 'D-1',
    metadata: { claim: 'D-1', attempt: 'pay-1' },
    ...changes,
  }) as unknown as Stripe.Checkout.Session

const event = (type: string, object: object) => ({ type, created: 1_790_000_000, data: { object } })

const subject = { sessionId: 'cs_1', intentId: 'pi_1', attemptKey: 'pay-1', claimRef: 'D-1' }

test.group('What a Stripe object says', () => {
  test('of a session')
    .with([
      { changes: {}, kind: 'received' },
      { changes: { payment_status: 'unpaid' }, kind: 'processing' },
      { changes: { payment_status: 'unpaid' }, status: 'processing', kind: 'processing' },
      { changes: { payment_status: 'unpaid' }, status: 'requires_payment_method', kind: 'failed' },
      { changes: { payment_status: 'unpaid' }, status: 'canceled', kind: 'failed' },
      { changes: { status: 'expired', payment_status: 'unpaid' }, kind: 'expired' },
      { changes: { status: 'open', payment_status: 'unpaid' }, kind: null },
      { changes: { mode: 'setup' }, kind: null },
      { changes: { mode: undefined, status: undefined }, kind: 'received' },
    ] as const)
    .run(({ assert }, { changes, kind, ...rest }) => {
      const status = 'status' in rest ? rest.status : undefined
      const fact = factOfSession(session(changes), null, status)
      assert.equal(fact?.kind ?? null, kind)
      if (fact) assert.deepEqual(fact.subject, subject)
    })

  test('of an event: {type}')
    .with([
      { type: 'checkout.session.completed', object: session(), kind: 'received' },
      {
        type: 'checkout.session.completed',
        object: session({ payment_status: 'unpaid' }),
        kind: 'processing',
      },
      {
        type: 'checkout.session.completed',
        object: session({ status: undefined, payment_status: 'unpaid' }),
        kind: 'processing',
      },
      { type: 'checkout.session.async_payment_succeeded', object: session(), kind: 'received' },
      { type: 'checkout.session.async_payment_failed', object: session(), kind: 'failed' },
      { type: 'checkout.session.expired', object: session({ status: 'expired' }), kind: 'expired' },
      { type: 'payment_intent.succeeded', object: { id: 'pi_1', amount_received: 500 }, kind: 'received' },
      { type: 'payment_intent.processing', object: { id: 'pi_1' }, kind: 'processing' },
      { type: 'payment_intent.payment_failed', object: { id: 'pi_1' }, kind: null },
      { type: 'payment_intent.created', object: { id: 'pi_1' }, kind: null },
      { type: 'charge.succeeded', object: { payment_intent: 'pi_1' }, kind: null },
      { type: 'charge.refunded', object: { payment_intent: 'pi_1' }, kind: 'taken_back' },
      { type: 'charge.dispute.created', object: { payment_intent: 'pi_1' }, kind: 'taken_back' },
      { type: 'customer.created', object: {}, kind: null },
    ])
    .run(({ assert }, { type, object, kind }) => {
      const fact = factOf(event(type, object))
      assert.equal(fact?.kind ?? null, kind)
      if (fact) assert.equal(fact.subject.intentId, 'pi_1')
    })

  test('an intent given in full instead of by its id is the same subject', ({ assert }) => {
    const fact = factOf(event('checkout.session.completed', session({ payment_intent: { id: 'pi_1' } })))
    assert.deepEqual(fact?.subject, subject)
  })

  test('without metadata, the reference we gave the session names the file', ({ assert }) => {
    const fact = factOf(event('checkout.session.completed', session({ metadata: null })))
    assert.deepEqual(fact?.subject, { ...subject, attemptKey: null })
  })

  test('the means of a payment is what was charged, else the only one offered')
    .with([
      {
        charge: { payment_method_details: { type: 'card' } },
        offered: ['card', 'sepa_debit'],
        method: 'card',
      },
      { charge: { payment_method_details: { type: 'sepa_debit' } }, offered: ['card'], method: 'sepa_debit' },
      { charge: { payment_method_details: { type: 'paypal' } }, offered: [], method: 'paypal' },
      { charge: { payment_method_details: { type: 'bancontact' } }, offered: [], method: 'online' },
      { charge: 'ch_1', offered: ['sepa_debit'], method: 'sepa_debit' },
      { charge: null, offered: ['card', 'sepa_debit'], method: null },
      { charge: null, offered: undefined, method: null },
    ])
    .run(({ assert }, { charge, offered, method }) => {
      const intent = {
        latest_charge: charge,
        payment_method_types: offered,
      } as unknown as Stripe.PaymentIntent
      assert.equal(methodOf(intent), method)
    })
})
