import { test } from '@japa/runner'
import { addDays } from '#shared/calendar'
import { clock, instantOn } from '#shared/clock'
import Claim from '#claims/models/claim'
import { loadOwed } from '#claims/owed'
import Delivery from '#deliveries/models/delivery'
import { ReceivePayment } from '#payments/actions/receive_payment'
import { TakeBackPayment } from '#payments/actions/take_back_payment'
import Payment from '#payments/models/payment'
import { EndPromises } from '#payments/plans/actions/end_promises'
import { MakeOffer } from '#payments/plans/actions/make_offer'
import { RecordPromise } from '#payments/plans/actions/record_promise'
import PromiseToPay from '#payments/plans/models/promise'
import SettlementOffer from '#payments/plans/models/settlement_offer'
import { givenCreditor, givenUser } from '#tests/fixtures/domain'
import { AGREED_AT, after, dayOf, givenPlannable, propose, RATE_MISSING } from '#tests/fixtures/plans'
import { as } from '#tests/fixtures/portal'
import { DEBIT, payOnPage, useStripeSimulator, webhooksWorked } from '#tests/fixtures/stripe'

let serial = 0
const transfer = (claim: Claim, amountCents: number, at: string) =>
  clock.at(at, () =>
    new ReceivePayment().handle({
      source: `manual:promise-${++serial}`,
      claimId: claim.id,
      method: 'transfer',
      amountCents,
      receivedOn: clock.today(),
    })
  )

const statusOf = async (claim: Claim) => (await Claim.findOrFail(claim.id)).status
const lastPromise = (claim: Claim) =>
  PromiseToPay.query().where('claimId', claim.id).orderBy('id', 'desc').firstOrFail()

/** Promised on a Saturday, for the Friday after. */
async function givenPromise(amountCents = 50_000) {
  const { claim, link } = await givenPlannable()
  const promise = { claimId: claim.id, amountCents, dueOn: dayOf(6) }
  const outcome = await clock.at(AGREED_AT, () => new RecordPromise().handle(promise))
  return { claim, link, outcome }
}

test.group('Promises', () => {
  test('A5: reminders are held until then', async ({ assert }) => {
    const { claim, outcome } = await givenPromise()
    assert.equal(outcome, 'recorded')
    assert.equal(await statusOf(claim), 'paused')
  })

  test('kept when as much has come by then, in one or in several times', async ({ assert }) => {
    const { claim } = await givenPromise()
    await transfer(claim, 20_000, after(3))
    assert.equal((await lastPromise(claim)).state, 'open')
    await transfer(claim, 30_000, after(6))
    assert.equal((await lastPromise(claim)).state, 'kept')
    assert.equal(await statusOf(claim), 'active')
  })

  test('else broken on the next working day: reminders go on, and the agenda says so', async ({
    assert,
    client,
  }) => {
    const { claim } = await givenPromise()
    await transfer(claim, 49_999, after(3))
    for (const days of [7, 8]) await new EndPromises().handle(after(days))
    assert.equal((await lastPromise(claim)).state, 'open')
    await new EndPromises().handle(after(9))
    assert.equal((await lastPromise(claim)).state, 'broken')
    assert.equal(await statusOf(claim), 'active')
    const user = await givenUser()
    const agenda = (await client.get('/?group=promises').loginAs(user)).text()
    assert.include(agenda, 'Promesse non tenue')
    await client.delete(`/claims/${claim.ref}/promise`).loginAs(user).withCsrfToken().redirects(0)
    assert.notInclude((await client.get('/?group=promises').loginAs(user)).text(), 'Promesse non tenue')
  })

  test('money dated in time and written down on the next day keeps it', async ({ assert }) => {
    const { claim } = await givenPromise()
    await clock.at(after(8), () =>
      new ReceivePayment().handle({
        source: 'manual:late-entry',
        claimId: claim.id,
        method: 'transfer',
        amountCents: 50_000,
        receivedOn: dayOf(6),
      })
    )
    assert.equal((await lastPromise(claim)).state, 'kept')
  })

  test('rule 41: none on a disputed file, none for more than is owed, none in the past', async ({
    assert,
  }) => {
    const { claim } = await givenPlannable()
    const wish = (amountCents: number, dueOn: string) =>
      clock.at(AGREED_AT, () => new RecordPromise().handle({ claimId: claim.id, amountCents, dueOn }))
    assert.equal(await wish(120_001, dayOf(6)), 'not_open')
    assert.equal(await wish(50_000, dayOf(-1)), 'not_open')
    assert.equal(await wish(120_000, dayOf(6)), 'recorded')
  })

  test('a plan takes its place', async ({ assert }) => {
    const { claim } = await givenPromise()
    const { outcome } = await clock.at(AGREED_AT, () => propose(claim))
    assert.equal(outcome, 'accepted')
    assert.equal((await lastPromise(claim)).state, 'cancelled')
    assert.equal(await statusOf(claim), 'paused')
  })

  test('« J’ai besoin de temps » with a near date is one: {days} days, {promises} promise(s)')
    .with([
      { days: 20, promises: 1 },
      { days: 90, promises: 0 },
    ])
    .run(async ({ assert, client }, { days, promises }) => {
      const { claim, link } = await givenPlannable()
      const form = { wanted_on: addDays(clock.today(), days), message: 'Merci' }
      await as(client.post('/p/time'), link).withCsrfToken().form(form).redirects(0)
      const made = await PromiseToPay.query().where('claimId', claim.id)
      assert.lengthOf(made, promises)
      assert.equal(await statusOf(claim), promises ? 'paused' : 'active')
    })

  test('an agent notes one on the file', async ({ assert, client }) => {
    const { claim } = await givenPlannable()
    const form = { amount: '500', due_on: addDays(clock.today(), 5) }
    await client
      .post(`/claims/${claim.ref}/promise`)
      .loginAs(await givenUser())
      .withCsrfToken()
      .form(form)
      .redirects(0)
    assert.equal((await lastPromise(claim)).amountCents, 50_000)
  })
})

async function givenOffer(values: { bps?: number; kind?: 'b2b' | 'b2c' } = {}) {
  const { bps = 1_000, kind = 'b2c' } = values
  const creditor = await givenCreditor({ settlementDiscountBps: 1_000, settlementValidDays: 15 })
  const given = await givenPlannable({
    kind,
    creditor,
    invoices: [{ amountCents: 100_000 }, { amountCents: 20_000 }],
  })
  const { id: userId } = await givenUser()
  const outcome = await clock.at(AGREED_AT, () =>
    new MakeOffer().handle({ claimId: given.claim.id, discountBps: bps, validDays: 15, userId })
  )
  return { ...given, outcome }
}

test.group('Settlement offers', () => {
  test('paid in time, the rest is given up, and the file is settled to the cent', async ({ assert }) => {
    const { claim, outcome } = await givenOffer()
    assert.equal(outcome, 'made')
    const offer = await SettlementOffer.firstOrFail()
    assert.equal(offer.amountCents, 108_000)
    await transfer(claim, 108_000, after(15))
    await offer.refresh()
    assert.equal(offer.state, 'accepted')
    assert.equal(offer.waivedCents, 12_000)
    assert.equal(await statusOf(claim), 'paid')
    assert.equal((await loadOwed(claim.id, dayOf(30))).totalCents, 0)
    assert.equal((await Payment.firstOrFail()).suspenseCents, 0)
    const told = await Delivery.query().where('recipe', 'payments.offer_notice')
    assert.lengthOf(told, 1)
  })

  test('rule 17: none while a rate is missing, and the page says so', async ({ client, assert }) => {
    const creditor = await givenCreditor({ settlementDiscountBps: 1_000, settlementValidDays: 15 })
    const { claim } = await givenPlannable({ ...RATE_MISSING, creditor })
    const answer = await client
      .post(`/claims/${claim.ref}/offer`)
      .loginAs(await givenUser())
      .withCsrfToken()
      .form({ discount: '10', valid_days: '15' })
    answer.assertStatus(200)
    answer.assertTextIncludes('Pas d’offre possible pour l’instant : un taux d’intérêt')
    assert.lengthOf(await SettlementOffer.all(), 0)
  })

  test('rule 10: interest and indemnity are paid, only principal is given up', async ({ assert }) => {
    const { claim } = await givenOffer({ kind: 'b2b' })
    const offer = await SettlementOffer.firstOrFail()
    const then = await loadOwed(claim.id, dayOf(10))
    assert.isAbove(then.totalCents, offer.amountCents + offer.discountCents)
    await transfer(claim, offer.amountCents, after(10))
    const payment = await Payment.firstOrFail()
    assert.equal(payment.interestCents, then.interestCents)
    assert.equal(payment.indemnityCents, then.indemnityCents)
    assert.equal(await statusOf(claim), 'paid')
    await offer.refresh()
    assert.equal(offer.waivedCents, then.totalCents - offer.amountCents)
  })

  test('rule 32: a settlement whose payment goes back whole was not paid: all is owed again', async ({
    assert,
  }) => {
    const { claim } = await givenOffer()
    const { payment } = await transfer(claim, 108_000, after(5))
    const back = (totalCents: number, source: string) =>
      clock.at(after(9), () =>
        new TakeBackPayment().handle({ payment, how: 'chargeback', source, totalCents, returnedOn: dayOf(9) })
      )
    await back(8_000, 'test:part')
    assert.equal((await loadOwed(claim.id, dayOf(9))).totalCents, 8_000)
    await back(100_000, 'test:rest')
    await back(100_000, 'test:rest')
    assert.equal((await loadOwed(claim.id, dayOf(9))).totalCents, 120_000)
    assert.equal((await Claim.findOrFail(claim.id)).dueCents, 120_000)
    assert.equal((await SettlementOffer.firstOrFail()).state, 'cancelled')
  })

  test('too late or too little gives nothing up: {what}')
    .with([
      { what: 'a day late', cents: 108_000, days: 16 },
      { what: 'a cent less', cents: 107_999, days: 5 },
    ])
    .run(async ({ assert }, { cents, days }) => {
      const { claim } = await givenOffer()
      await new EndPromises().handle(after(days))
      await transfer(claim, cents, after(days))
      assert.equal(await statusOf(claim), 'active')
      assert.equal((await loadOwed(claim.id, dayOf(days))).totalCents, 120_000 - cents)
    })

  test('paid in full, nothing is given up', async ({ assert }) => {
    const { claim } = await givenOffer()
    await transfer(claim, 120_000, after(5))
    assert.equal((await SettlementOffer.firstOrFail()).state, 'open')
    assert.equal(await statusOf(claim), 'paid')
  })

  test('it ends after its day, unless a debit is being confirmed', async ({ assert }) => {
    await givenOffer()
    await new EndPromises().handle(after(15))
    assert.equal((await SettlementOffer.firstOrFail()).state, 'open')
    await new EndPromises().handle(after(16))
    assert.equal((await SettlementOffer.firstOrFail()).state, 'expired')
  })

  test('never more than the creditor allows', async ({ assert }) => {
    const { outcome } = await givenOffer({ bps: 1_001 })
    assert.equal(outcome, 'beyond_rules')
    assert.lengthOf(await SettlementOffer.all(), 0)
  })

  test('a debit ordered in time accepts it, whenever its bank confirms', async ({
    assert,
    client,
    cleanup,
  }) => {
    const { simulator, stop } = await useStripeSimulator()
    cleanup(stop)
    const creditor = await givenCreditor({ settlementDiscountBps: 1_000 })
    const { claim, link } = await givenPlannable({
      creditor,
      kind: 'b2c',
      invoices: [{ amountCents: 120_000 }],
    })
    const { id: userId } = await givenUser()
    await new MakeOffer().handle({ claimId: claim.id, discountBps: 1_000, validDays: 1, userId })
    const page = await as(client.get('/p'), link)
    page.assertTextIncludes('108')
    const form = { part: 'some', amount: '1080.00', means: 'online' }
    const response = await as(client.post('/p/payment'), link).withCsrfToken().form(form).redirects(0)
    await payOnPage(response.header('location')!, DEBIT)
    await webhooksWorked(simulator)
    const later = instantOn(addDays(clock.today(), 4), 10)
    await new EndPromises().handle(later)
    assert.equal((await SettlementOffer.firstOrFail()).state, 'open')
    simulator.account.settle([...simulator.account.intents.keys()][0]!)
    await webhooksWorked(simulator)
    assert.equal((await SettlementOffer.firstOrFail()).state, 'accepted')
    assert.equal(await statusOf(claim), 'paid')
  })

  test('an agent makes one on the file, within the rules', async ({ assert, client }) => {
    const creditor = await givenCreditor({ settlementDiscountBps: 500, settlementValidDays: 10 })
    const { claim } = await givenPlannable({ creditor })
    const user = await givenUser()
    const make = (discount: string) =>
      client
        .post(`/claims/${claim.ref}/offer`)
        .loginAs(user)
        .withCsrfToken()
        .form({ discount, valid_days: '10' })
        .redirects(0)
    await make('6')
    assert.lengthOf(await SettlementOffer.all(), 0)
    await make('5')
    assert.equal((await SettlementOffer.firstOrFail()).amountCents, 114_000)
    await client.delete(`/claims/${claim.ref}/offer`).loginAs(user).withCsrfToken().redirects(0)
    assert.equal((await SettlementOffer.firstOrFail()).state, 'cancelled')
  })
})
