import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { addDays, addMonths } from '#shared/calendar'
import { clock, instantOn } from '#shared/clock'
import { sha256 } from '#shared/files'
import { sum } from '#shared/money'
import Claim from '#claims/models/claim'
import { loadOwed } from '#claims/owed'
import RaiseDispute from '#claims/actions/raise_dispute'
import Delivery from '#deliveries/models/delivery'
import { ReceivePayment } from '#payments/actions/receive_payment'
import Payment from '#payments/models/payment'
import PaymentAttempt from '#payments/models/payment_attempt'
import { AnswerPlan } from '#payments/plans/actions/answer_plan'
import Acknowledgement from '#payments/plans/models/acknowledgement'
import Plan from '#payments/plans/models/plan'
import { AUTHENTICATED_CARD } from '#tests/fakes/stripe/account'
import type { StripeSimulator } from '#tests/fakes/stripe_simulator'
import { due, givenCampaign, renderLetters, storyOf, TEN, TUESDAY } from '#tests/fixtures/campaigns'
import { givenAgency, givenClaim, givenCreditor, givenUser } from '#tests/fixtures/domain'
import {
  AGREED_AT,
  AGREED_ON,
  after,
  dayOf,
  givenAcceptedPlan,
  givenActivePlan,
  givenPlannable,
  planTick,
  propose,
  storyOfPlan,
  tillFor,
  workEvents,
} from '#tests/fixtures/plans'
import { DEBIT, FAILING_DEBIT, payOnPage, useStripeSimulator } from '#tests/fixtures/stripe'

let serial = 0
const transfer = (claim: Claim, amountCents: number, at: string) =>
  clock.at(at, () =>
    new ReceivePayment().handle({
      source: `manual:plan-${++serial}`,
      claimId: claim.id,
      method: 'transfer',
      amountCents,
      receivedOn: clock.today(),
    })
  )

const mailsOf = async (claim: Claim, recipe: string) =>
  (await Delivery.query().where('claimId', claim.id).where('recipe', recipe).orderBy('id')).map(
    ({ parameters }) => String(parameters.event ?? parameters.paymentId)
  )

const statusOf = async (claim: Claim) => (await Claim.findOrFail(claim.id)).status
const chargesOf = (simulator: StripeSimulator) =>
  [...simulator.account.intents.values()].filter(({ metadata }) => metadata.charge === 'instalment')

test.group('A plan is proposed', () => {
  test('U5: within the rules it is accepted at once, and holds the reminders', async ({ assert }) => {
    const { claim, plan } = await givenAcceptedPlan()
    assert.equal(await storyOfPlan(plan), 'accepted 0/30000 0/30000 0/30000 0/30000')
    assert.equal(await statusOf(claim), 'paused')
    assert.deepEqual(await mailsOf(claim, 'payments.plan'), ['accepted'])
  })

  test('rule 29: the instalments sum exactly to what is owed on the day', async ({ assert }) => {
    const { claim } = await givenPlannable({
      kind: 'b2b',
      invoices: [{ amountCents: 99_999 }, { amountCents: 333 }],
    })
    const owed = await loadOwed(claim.id, AGREED_ON)
    const proposed = await clock.at(AGREED_AT, () => propose(claim, { months: 7 }))
    const plan = 'plan' in proposed ? proposed.plan : assert.fail(proposed.outcome)
    const instalments = await plan!.related('instalments').query()
    assert.isAbove(owed.interestCents, 0)
    assert.equal(sum(instalments.map(({ amountCents }) => amountCents)), owed.totalCents)
  })

  test('rule 35: the creditor is told of the proposal', async ({ assert }) => {
    const { claim, plan } = await givenAcceptedPlan()
    assert.deepEqual(await mailsOf(claim, 'payments.plan_notice'), ['proposed'])
    assert.isTrue((await Plan.findOrFail(plan.id)).creditorTold)
  })

  test('rule 38: the acknowledgement restarts the limitation period', async ({ assert }) => {
    const { claim } = await givenAcceptedPlan()
    await claim.refresh()
    assert.equal(claim.limitationOn, addMonths(AGREED_ON, 24))
  })

  test('C. civ. 1376: the deed keeps what was read and typed, from where, and their hash', async ({
    assert,
  }) => {
    const { plan } = await givenAcceptedPlan()
    const deed = await Acknowledgement.findByOrFail('planId', plan.id)
    assert.include(deed.text, 'STUDIO RIVAGE')
    assert.include(deed.text, 'mille deux cents euros')
    assert.include(deed.text, 'aucuns frais')
    assert.equal(deed.ip, '192.0.2.7')
    assert.equal(deed.userAgent, 'A telephone')
    assert.equal(deed.textSha256, sha256([deed.text, deed.typedFigures, deed.typedWords].join('\n')))
  })

  test('U5: beyond the rules a person answers, and reminders go on meanwhile', async ({ assert }) => {
    const { claim } = await givenPlannable()
    const proposed = await clock.at(AGREED_AT, () => propose(claim, { months: 12 }))
    assert.equal(proposed.outcome, 'proposed')
    assert.equal(await statusOf(claim), 'active')
    const plan = 'plan' in proposed ? proposed.plan : assert.fail()
    const { id: userId } = await givenUser()
    assert.equal(
      await clock.at(after(1), () => new AnswerPlan().handle(plan!.id, { kind: 'accept', userId })),
      'done'
    )
    assert.equal((await Plan.findOrFail(plan!.id)).state, 'accepted')
    assert.equal(await statusOf(claim), 'paused')
    assert.equal(
      await clock.at(after(1), () => new AnswerPlan().handle(plan!.id, { kind: 'refuse', userId })),
      'over'
    )
  })

  test('a refusal is told to both, and holds nothing', async ({ assert }) => {
    const { claim } = await givenPlannable()
    const proposed = await clock.at(AGREED_AT, () => propose(claim, { months: 12 }))
    const plan = 'plan' in proposed ? proposed.plan : assert.fail()
    const { id: userId } = await givenUser()
    await new AnswerPlan().handle(plan!.id, { kind: 'refuse', userId, note: 'Trop long' })
    assert.equal((await Plan.findOrFail(plan!.id)).state, 'refused')
    assert.deepEqual(await mailsOf(claim, 'payments.plan'), ['proposed', 'refused'])
    assert.deepEqual(await mailsOf(claim, 'payments.plan_notice'), ['proposed', 'refused'])
  })

  test('two at once make one plan', async ({ assert }) => {
    const { claim } = await givenPlannable()
    const both = await clock.at(AGREED_AT, () => Promise.all([propose(claim), propose(claim)]))
    assert.sameMembers(
      both.map(({ outcome }) => outcome),
      ['accepted', 'already_proposed']
    )
    assert.lengthOf(await Plan.all(), 1)
  })

  test('rule 41: nothing is agreed on what is disputed; rule 39: nor on what is prescribed', async ({
    assert,
  }) => {
    const { claim } = await givenPlannable()
    await new RaiseDispute().handle({
      claimId: claim.id,
      reason: 'other',
      message: 'Non',
      invoiceIds: [],
      evidence: [],
      raisedBy: 'debtor',
    })
    assert.equal((await clock.at(AGREED_AT, () => propose(claim))).outcome, 'not_open')
    const prescribed = await givenPlannable({ claim: { limitationOn: '2026-11-20' } })
    assert.equal((await clock.at(AGREED_AT, () => propose(prescribed.claim))).outcome, 'not_open')
  })

  test('after one that was not kept, another is for a person', async ({ assert }) => {
    const { claim } = await givenAcceptedPlan()
    await planTick(after(3))
    assert.equal((await clock.at(after(3), () => propose(claim))).outcome, 'proposed')
  })
})

test.group('A plan and its campaign', () => {
  test('U5: what the campaign would say waits while the plan is kept, and goes on where it was', async ({
    assert,
  }) => {
    await givenAgency()
    const claim = await clock.at(TEN, () => givenClaim({ kind: 'b2c', invoices: [{ amountCents: 120_000 }] }))
    await givenCampaign([claim])
    await due(TEN)
    await renderLetters()
    await due(TEN)
    assert.equal((await clock.at(TEN, () => propose(claim))).outcome, 'accepted')
    const inDays = (days: number) => instantOn(addDays(TUESDAY, days), 10)
    await due(inDays(1))
    await clock.at(inDays(1), () =>
      new ReceivePayment().handle({
        source: 'manual:first-instalment',
        claimId: claim.id,
        method: 'transfer',
        amountCents: 30_000,
        receivedOn: addDays(TUESDAY, 1),
      })
    )
    for (const days of [6, 13, 20]) {
      await planTick(inDays(days))
      await due(inDays(days))
    }
    assert.deepEqual((await storyOf(claim)).slice(0, 3), [
      'letter done',
      'email deferred paused',
      'email planned',
    ])

    // 15 December is missed; eight days later the plan breaks.
    await planTick(inDays(31))
    assert.equal((await Plan.firstOrFail()).state, 'broken')
    // Not on Christmas Day.
    await due(inDays(34))
    assert.deepEqual((await storyOf(claim)).slice(0, 3), ['letter done', 'email done', 'email planned'])
  })
})

test.group('A plan lives', (group) => {
  let simulator: StripeSimulator
  let now = AGREED_AT
  group.each.setup(async () => {
    now = AGREED_AT
    const stripe = await useStripeSimulator({ webhookUrl: null, now: () => Date.parse(now) })
    simulator = stripe.simulator
    return stripe.stop
  })

  test('U5: it begins with the first instalment, whose card is kept', async ({ assert }) => {
    const { plan, claim } = await givenActivePlan(simulator)
    assert.equal(await storyOfPlan(plan), 'active 30000/30000 0/30000 0/30000 0/30000')
    assert.match(plan.stripeCustomerId!, /^cus_/)
    assert.match(plan.stripeMethodId!, /^pm_/)
    assert.equal(plan.methodKind, 'card')
    assert.equal(plan.methodEnding, '4242')
    assert.equal(plan.methodExpiresIn, '2034-12')
    assert.equal(await statusOf(claim), 'paused')
  })

  test('U5: without it within 48 hours it lapses, and the campaign goes on', async ({ assert }) => {
    const { plan, claim } = await givenAcceptedPlan()
    await planTick(after(1))
    assert.equal((await Plan.findOrFail(plan.id)).state, 'accepted')
    await planTick(after(2))
    assert.equal((await Plan.findOrFail(plan.id)).state, 'lapsed')
    assert.equal(await statusOf(claim), 'active')
    assert.deepEqual(await mailsOf(claim, 'payments.plan'), ['accepted', 'lapsed'])
    assert.deepEqual(await mailsOf(claim, 'payments.plan_notice'), ['proposed', 'lapsed'])
  })

  test('U6: a debit under way keeps it waiting, neither begun nor lapsed', async ({ assert }) => {
    const { plan } = await givenAcceptedPlan()
    await payOnPage(await tillFor(plan), DEBIT)
    await workEvents(simulator, AGREED_AT)
    await planTick(after(4))
    assert.equal((await Plan.findOrFail(plan.id)).state, 'accepted')
    const [intent] = simulator.account.intents.values()
    simulator.account.settle(intent!.id)
    await workEvents(simulator, after(4))
    const begun = await Plan.findOrFail(plan.id)
    assert.equal(begun.state, 'active')
    assert.equal(begun.methodKind, 'sepa_debit')
  })

  test('the next ones are charged on their day, once, whatever runs at once', async ({ assert }) => {
    const { plan, claim } = await givenActivePlan(simulator)
    await planTick(after(23))
    assert.lengthOf(chargesOf(simulator), 0)
    await Promise.all([planTick(after(24)), planTick(after(24)), planTick(after(24))])
    await planTick(after(24))
    assert.lengthOf(chargesOf(simulator), 1)
    assert.equal(chargesOf(simulator)[0]!.amount_received, 30_000)
    assert.equal(await storyOfPlan(plan), 'active 30000/30000 30000/30000 0/30000 0/30000')
    const keys = simulator.requests.filter(
      ({ path, method }) => path === '/v1/payment_intents' && method === 'POST'
    )
    const [charge] = await PaymentAttempt.query().whereNotNull('instalmentTry')
    assert.deepEqual([...new Set(keys.map(({ idempotencyKey }) => idempotencyKey))], [charge!.key])
    assert.equal(await statusOf(claim), 'paused')
  })

  test('it ends with its last instalment: the file is paid to the cent, though interest would have run', async ({
    assert,
  }) => {
    const { plan, claim } = await givenActivePlan(simulator, {
      values: { kind: 'b2b', invoices: [{ amountCents: 120_000 }] },
    })
    for (const days of [24, 55, 86]) await planTick(after(days))
    assert.equal((await Plan.findOrFail(plan.id)).state, 'completed')
    assert.equal(await statusOf(claim), 'paid')
    const payments = await Payment.query().where('claimId', claim.id)
    assert.equal(sum(payments.map(({ suspenseCents }) => suspenseCents)), 0)
    assert.equal(sum(payments.map(({ amountCents }) => amountCents)), plan.totalCents)
    assert.equal((await loadOwed(claim.id, dayOf(120))).totalCents, 0)
  })

  test('rule 34: the creditor is not told of what the plan foresaw, but of anything else', async ({
    assert,
  }) => {
    const { claim } = await givenActivePlan(simulator)
    await planTick(after(24))
    assert.deepEqual(await mailsOf(claim, 'payments.creditor_notice'), [])
    await transfer(claim, 30_000, after(30))
    assert.deepEqual(await mailsOf(claim, 'payments.creditor_notice'), [])
    const { payment } = await transfer(claim, 1_000, after(31))
    assert.deepEqual(await mailsOf(claim, 'payments.creditor_notice'), [String(payment.id)])
    assert.lengthOf(await mailsOf(claim, 'payments.receipt'), 4)
  })

  test('rule 34: a creditor who could not be told of the plan does not know it', async ({ assert }) => {
    const creditor = await givenCreditor({ email: null })
    const { claim, plan } = await givenActivePlan(simulator, {
      values: { kind: 'b2c', creditor, invoices: [{ amountCents: 120_000 }] },
    })
    assert.isFalse(plan.creditorTold)
    const told = await db.from('claim_events').where({ claim_id: claim.id, type: 'creditor_notice.no_email' })
    assert.lengthOf(told, 1)
  })

  test('rule 28: more money shortens the plan from its end, and a charge is never above what is open', async ({
    assert,
  }) => {
    const { plan, claim } = await givenActivePlan(simulator)
    await transfer(claim, 75_000, after(5))
    assert.equal(await storyOfPlan(plan), 'active 30000/30000 30000/30000 15000/30000 30000/30000')
    await planTick(after(24))
    assert.lengthOf(chargesOf(simulator), 0)
    await planTick(after(55))
    assert.deepEqual(
      chargesOf(simulator).map(({ amount }) => amount),
      [15_000]
    )
    assert.equal((await Plan.findOrFail(plan.id)).state, 'completed')
    assert.equal(await statusOf(claim), 'paid')
  })

  test('paying all ends it', async ({ assert }) => {
    const { plan, claim } = await givenActivePlan(simulator)
    await transfer(claim, 90_000, after(2))
    assert.equal((await Plan.findOrFail(plan.id)).state, 'completed')
    assert.equal(await statusOf(claim), 'paid')
  })

  test('a refused card is told, tried again two and five working days later, then breaks the plan', async ({
    assert,
  }) => {
    const { plan, claim } = await givenActivePlan(simulator)
    simulator.account.refuseMethod(plan.stripeMethodId!, '4000000000009995')
    await planTick(after(24))
    await planTick(after(25))
    assert.lengthOf(chargesOf(simulator), 1)
    await planTick(after(26))
    assert.lengthOf(chargesOf(simulator), 2)
    await planTick(after(31))
    await planTick(after(32))
    assert.lengthOf(chargesOf(simulator), 3)
    assert.equal((await Plan.findOrFail(plan.id)).state, 'active')
    await planTick(after(33))
    assert.equal((await Plan.findOrFail(plan.id)).state, 'broken')
    assert.equal(await statusOf(claim), 'active')
    const told = ['accepted', 'reminder', 'refused_charge', 'refused_charge', 'refused_charge', 'broken']
    assert.deepEqual(
      (await mailsOf(claim, 'payments.plan')).filter((event) => event !== 'reminder'),
      told.filter((event) => event !== 'reminder')
    )
    assert.deepEqual(await mailsOf(claim, 'payments.plan_notice'), ['proposed', 'broken'])
    assert.isAbove((await loadOwed(claim.id, dayOf(33))).totalCents, 0)
  })

  test('made good within the delay, the plan goes on', async ({ assert }) => {
    const { plan, claim } = await givenActivePlan(simulator)
    simulator.account.refuseMethod(plan.stripeMethodId!, '4000000000009995')
    await planTick(after(24))
    await transfer(claim, 30_000, after(28))
    simulator.account.refuseMethod(plan.stripeMethodId!, null)
    await planTick(after(40))
    assert.equal(await storyOfPlan(plan), 'active 30000/30000 30000/30000 0/30000 0/30000')
    await planTick(after(55))
    assert.equal(await storyOfPlan(plan), 'active 30000/30000 30000/30000 30000/30000 0/30000')
  })

  test('a bank that asks for the debtor is not asked again: they pay by hand, and that card is kept', async ({
    assert,
  }) => {
    const { plan } = await givenActivePlan(simulator, { form: { number: AUTHENTICATED_CARD } })
    await planTick(after(24))
    await planTick(after(26))
    await planTick(after(31))
    assert.lengthOf(chargesOf(simulator), 1)
    const [attempt] = await PaymentAttempt.query().whereNotNull('instalmentTry')
    assert.equal(attempt!.failure, 'authentication_required')
    now = after(31)
    await payOnPage(await tillFor(plan, 2, after(31)))
    await workEvents(simulator, after(31))
    const fresh = await Plan.findOrFail(plan.id)
    assert.notEqual(fresh.stripeMethodId, plan.stripeMethodId)
    assert.equal(fresh.stripeCustomerId, plan.stripeCustomerId)
    assert.equal(await storyOfPlan(plan), 'active 30000/30000 30000/30000 0/30000 0/30000')
  })

  test('a card that expires is told in advance', async ({ assert }) => {
    const { claim } = await givenActivePlan(simulator, { form: { expiry: '01 / 27' } })
    await planTick(after(10))
    assert.notInclude(await mailsOf(claim, 'payments.plan'), 'card_expiring')
    await planTick(after(24))
    await planTick(after(25))
    assert.equal(
      (await mailsOf(claim, 'payments.plan')).filter((event) => event === 'card_expiring').length,
      1
    )
  })

  test('a reminder three days before each, once', async ({ assert }) => {
    const { claim } = await givenActivePlan(simulator)
    await planTick(after(20))
    assert.deepEqual(await mailsOf(claim, 'payments.plan'), ['accepted'])
    await planTick(after(21))
    await planTick(after(22))
    assert.deepEqual(await mailsOf(claim, 'payments.plan'), ['accepted', 'reminder'])
  })

  test('U6: a debit of an instalment is neither paid nor failed until its bank answers', async ({
    assert,
  }) => {
    const { plan, claim } = await givenAcceptedPlan()
    await payOnPage(await tillFor(plan), DEBIT)
    simulator.account.settle([...simulator.account.intents.keys()][0]!)
    await workEvents(simulator, AGREED_AT)
    await planTick(after(24))
    await planTick(after(34))
    assert.equal(await storyOfPlan(plan), 'active 30000/30000 0/30000 0/30000 0/30000')
    const [charge] = chargesOf(simulator)
    simulator.account.settle(charge!.id, 'failed')
    await workEvents(simulator, after(34))
    const attempt = await PaymentAttempt.query().whereNotNull('instalmentTry').firstOrFail()
    assert.equal(attempt.state, 'failed')
    assert.isNotNull(attempt.failure)
    assert.equal(await statusOf(claim), 'paused')
  })

  test('a debit that fails at first lets the plan lapse', async ({ assert }) => {
    const { plan } = await givenAcceptedPlan()
    await payOnPage(await tillFor(plan), FAILING_DEBIT)
    await workEvents(simulator, AGREED_AT)
    simulator.account.settle([...simulator.account.intents.keys()][0]!)
    await workEvents(simulator, after(4))
    await planTick(after(4))
    assert.equal((await Plan.findOrFail(plan.id)).state, 'lapsed')
  })

  test('rule 41: a dispute stops the charges, and breaks nothing', async ({ assert }) => {
    const { plan, claim } = await givenActivePlan(simulator)
    await clock.at(after(20), () =>
      new RaiseDispute().handle({
        claimId: claim.id,
        reason: 'other',
        message: 'Non',
        invoiceIds: [],
        evidence: [],
        raisedBy: 'debtor',
      })
    )
    await planTick(after(24))
    await planTick(after(60))
    assert.lengthOf(chargesOf(simulator), 0)
    assert.equal((await Plan.findOrFail(plan.id)).state, 'active')
  })

  test('a lost answer is asked for again under the same key, and charged once', async ({ assert }) => {
    const { plan } = await givenActivePlan(simulator)
    simulator.apiFaults.dropReplyRate = 1
    await planTick(after(24))
    simulator.apiFaults.dropReplyRate = 0
    const attempt = await PaymentAttempt.query().whereNotNull('instalmentTry').firstOrFail()
    assert.equal(attempt.state, 'unknown')
    assert.lengthOf(chargesOf(simulator), 1)
    await planTick(after(24))
    assert.lengthOf(chargesOf(simulator), 1)
    assert.equal(await storyOfPlan(plan), 'active 30000/30000 30000/30000 0/30000 0/30000')
  })

  test('a gateway that fails for good under a key is asked what it did, and tried with another', async ({
    assert,
  }) => {
    const { plan } = await givenActivePlan(simulator)
    simulator.apiFaults.serverErrorRate = 1
    await planTick(after(24))
    simulator.apiFaults.serverErrorRate = 0
    assert.lengthOf(chargesOf(simulator), 0)
    await planTick(after(24))
    await planTick(after(24))
    await planTick(after(24))
    assert.lengthOf(chargesOf(simulator), 1)
    assert.equal(await storyOfPlan(plan), 'active 30000/30000 30000/30000 0/30000 0/30000')
  })

  test('rule 32: money that goes back opens its instalment again, and suspends the file', async ({
    assert,
  }) => {
    const { plan, claim } = await givenActivePlan(simulator)
    await planTick(after(24))
    simulator.account.dispute(chargesOf(simulator)[0]!.id)
    await workEvents(simulator, after(26))
    assert.equal(await storyOfPlan(plan), 'active 30000/30000 0/30000 0/30000 0/30000')
    await planTick(after(60))
    assert.lengthOf(chargesOf(simulator), 1)
    assert.equal(await statusOf(claim), 'paused')
  })

  test('the debtor at the till is not charged beside it', async ({ assert }) => {
    const { plan } = await givenActivePlan(simulator)
    now = after(24)
    await tillFor(plan, 2, after(24))
    await planTick(after(24))
    assert.lengthOf(chargesOf(simulator), 0)
  })

  test('a file that is closed ends its plan: nothing more is charged', async ({ assert }) => {
    const { plan, claim } = await givenActivePlan(simulator)
    await claim.close({ reason: 'collected_by_creditor', note: null, by: await givenUser() })
    await planTick(after(24))
    assert.equal((await Plan.findOrFail(plan.id)).state, 'cancelled')
    assert.lengthOf(chargesOf(simulator), 0)
  })

  test('a person cancels it: the campaign goes on', async ({ assert }) => {
    const { plan, claim } = await givenActivePlan(simulator)
    const { id: userId } = await givenUser()
    await new AnswerPlan().handle(plan.id, { kind: 'cancel', userId })
    assert.equal(await statusOf(claim), 'active')
    await planTick(after(24))
    assert.lengthOf(chargesOf(simulator), 0)
  })

  test('rule 24: interest stopped stays stopped for those days, and runs again after', async ({ assert }) => {
    const { plan, claim } = await givenActivePlan(simulator, {
      values: { kind: 'b2b', invoices: [{ amountCents: 120_000 }] },
    })
    const during = await loadOwed(claim.id, dayOf(20))
    assert.equal(during.totalCents, plan.totalCents - (await Payment.firstOrFail()).amountCents)
    assert.isTrue(during.interestStopped)
    const { id: userId } = await givenUser()
    await clock.at(after(20), () => new AnswerPlan().handle(plan.id, { kind: 'cancel', userId }))
    assert.equal((await loadOwed(claim.id, dayOf(20))).totalCents, during.totalCents)
    const later = await loadOwed(claim.id, dayOf(21))
    assert.isAbove(later.totalCents, during.totalCents)
    assert.isFalse(later.interestStopped)
  })
})
