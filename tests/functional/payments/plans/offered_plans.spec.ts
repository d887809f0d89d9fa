import { test } from '@japa/runner'
import { addMonths } from '#shared/calendar'
import { clock } from '#shared/clock'
import { eurosInWords } from '#shared/euros_in_words'
import { readStoredFile } from '#shared/files'
import { formatEuros } from '#shared/money'
import RecordCreditNote from '#claims/actions/record_credit_note'
import Claim from '#claims/models/claim'
import Document from '#claims/models/document'
import { loadOwed } from '#claims/owed'
import Delivery from '#deliveries/models/delivery'
import { recipeNamed, type EmailContent } from '#deliveries/recipes'
import { ReceivePayment } from '#payments/actions/receive_payment'
import { AnswerOffer } from '#payments/plans/actions/answer_offer'
import { OfferPlan } from '#payments/plans/actions/offer_plan'
import Acknowledgement from '#payments/plans/models/acknowledgement'
import Plan from '#payments/plans/models/plan'
import type User from '#users/models/user'
import { givenCreditor, givenUser, type ClaimValues } from '#tests/fixtures/domain'
import {
  AGREED_AT,
  AGREED_ON,
  after,
  givenPlannable,
  planTick,
  propose,
  RATE_MISSING,
  storyOfPlan,
} from '#tests/fixtures/plans'
import { as } from '#tests/fixtures/portal'

const offer = async (claim: Claim, by: User, { months = 4, reason = null as string | null } = {}) =>
  new OfferPlan().handle({
    claimId: claim.id,
    totalCents: (await loadOwed(claim.id, clock.today())).totalCents,
    months,
    dayOfMonth: 15,
    by,
    beyondReason: reason,
  })

/** Put to the debtor of 1 200 € in four times, on a Saturday. */
async function givenOffered(values: ClaimValues = {}, at = AGREED_AT) {
  const given = await givenPlannable(values)
  const by = await givenUser()
  const { outcome } = await clock.at(at, () => offer(given.claim, by))
  if (outcome !== 'offered') throw new Error(outcome)
  return { ...given, by, plan: await Plan.findByOrFail('claimId', given.claim.id) }
}

const deed = (cents = 120_000) => ({
  entry: { figures: formatEuros(cents), words: eurosInWords(cents) },
  ip: '192.0.2.7',
  userAgent: 'A telephone',
})

const mailsOf = async (claim: Claim, recipe: string) =>
  (await Delivery.query().where('claimId', claim.id).where('recipe', recipe).orderBy('id')).map(
    ({ parameters }) => String(parameters.event ?? parameters.paymentId)
  )

const composed = async (delivery: Delivery) =>
  (await recipeNamed(delivery.recipe)!.compose(delivery, clock.now())) as EmailContent

const statusOf = async (claim: Claim) => (await Claim.findOrFail(claim.id)).status

let serial = 0
const transfer = (claim: Claim, amountCents: number, at: string) =>
  clock.at(at, () =>
    new ReceivePayment().handle({
      source: `manual:offer-${++serial}`,
      claimId: claim.id,
      method: 'transfer',
      amountCents,
      receivedOn: clock.today(),
    })
  )

test.group('A plan that a person puts to a debtor', () => {
  test('rule 35: it holds reminders and interest, binds nobody, and both sides are told', async ({
    assert,
  }) => {
    const { claim, plan } = await givenOffered({ kind: 'b2b', invoices: [{ amountCents: 116_000 }] })
    assert.match(await storyOfPlan(plan), /^proposed 0\//)
    assert.equal(await statusOf(claim), 'paused')
    assert.deepEqual(await mailsOf(claim, 'payments.plan'), ['offered'])
    assert.deepEqual(await mailsOf(claim, 'payments.plan_notice'), ['offered'])
    assert.lengthOf(await Acknowledgement.all(), 0)
    const [today, later] = await Promise.all([
      loadOwed(claim.id, AGREED_ON),
      loadOwed(claim.id, after(2).slice(0, 10)),
    ])
    assert.equal(today.totalCents, plan.totalCents)
    assert.equal(later.interestCents, today.interestCents)
    assert.equal((await Claim.findOrFail(claim.id)).limitationOn, claim.limitationOn)
  })

  test('its email has the schedule and the deed to agree to, printed once, and names no sum itself', async ({
    client,
    assert,
  }) => {
    const { claim, plan, link } = await givenOffered()
    const delivery = await Delivery.findByOrFail('key', `plan:${plan.id}:offered`)
    const mail = await composed(delivery)
    assert.include(mail.text, 'AM-2026-0417-L1')
    assert.include(mail.text, '/p/')
    assert.notMatch(mail.text, /\d[\s\u00a0\u202f]*€/)
    await composed(delivery)
    const [document, ...more] = await Document.query().where('claimId', claim.id)
    assert.lengthOf(more, 0)
    assert.deepEqual(mail.attachments?.[0]?.content, { fileSha256: document!.fileSha256 })
    assert.equal((await readStoredFile(document!.fileSha256)).subarray(0, 5).toString(), '%PDF-')
    const page = await as(client.get('/p'), link)
    page.assertTextIncludes('Un échéancier vous est proposé')
    page.assertTextIncludes(`Proposition d’échéancier ${plan.ref}`)
  })

  test('the debtor agrees in their own words: the deed is the text they were sent', async ({
    client,
    assert,
  }) => {
    const { claim, plan, link } = await givenOffered({}, clock.now())
    const page = await as(client.get('/p/plan'), link)
    for (const line of plan.offeredText!.split('\n')) page.assertTextIncludes(line)
    const post = (form: object) =>
      as(client.post('/p/plan/acceptance'), link).withCsrfToken().form(form).redirects(0)

    const wrong = await post({ figures: '1 100', words: 'mille cent euros' })
    wrong.assertStatus(422)
    wrong.assertTextIncludes('Écrivez exactement la somme, en chiffres')
    assert.match(await storyOfPlan(plan), /^proposed /)

    const done = await post({ figures: '1 200,00', words: eurosInWords(120_000) })
    done.assertStatus(303)
    assert.match(await storyOfPlan(plan), /^accepted /)
    const kept = await Acknowledgement.findByOrFail('planId', plan.id)
    assert.equal(kept.text, plan.offeredText)
    assert.deepEqual(await mailsOf(claim, 'payments.plan'), ['offered', 'accepted'])
    assert.deepEqual(await mailsOf(claim, 'payments.plan_notice'), ['offered', 'accepted'])
    assert.equal((await Claim.findOrFail(claim.id)).limitationOn, addMonths(clock.today(), 24))
    const twice = await post({ figures: '1 200,00', words: eurosInWords(120_000) })
    twice.assertHeader('location', '/p/plan')
    assert.lengthOf(await Acknowledgement.query().where('claimId', claim.id), 1)
  })

  test('rule 34: paying its first instalment begins it; the creditor is told of that payment', async ({
    assert,
  }) => {
    const { claim, plan } = await givenOffered()
    await transfer(claim, 30_000, after(1))
    assert.equal(await storyOfPlan(plan), 'active 30000/30000 0/30000 0/30000 0/30000')
    assert.lengthOf(await Acknowledgement.all(), 0)
    const told = () => Delivery.query().where({ claimId: claim.id, recipe: 'payments.creditor_notice' })
    assert.lengthOf(await told(), 1)
    await transfer(claim, 30_000, after(24))
    assert.equal(await storyOfPlan(plan), 'active 30000/30000 30000/30000 0/30000 0/30000')
    assert.lengthOf(await told(), 1)
  })

  test('a part of the first instalment begins nothing', async ({ assert }) => {
    const { claim, plan } = await givenOffered()
    await transfer(claim, 29_999, after(1))
    assert.equal(await storyOfPlan(plan), 'proposed 29999/30000 0/30000 0/30000 0/30000')
    await planTick(after(3))
    assert.match(await storyOfPlan(plan), /^lapsed /)
  })

  test('unanswered for 48 hours it lapses: reminders go on, and a proposal of the debtor’s own is not held against them', async ({
    assert,
  }) => {
    const { claim, plan } = await givenOffered()
    await planTick(after(1))
    assert.match(await storyOfPlan(plan), /^proposed /)
    await planTick(after(2))
    assert.match(await storyOfPlan(plan), /^lapsed /)
    assert.equal(await statusOf(claim), 'active')
    assert.deepEqual(await mailsOf(claim, 'payments.plan_notice'), ['offered', 'lapsed'])
    assert.equal(await clock.at(after(2), () => new AnswerOffer().accept(claim.id, deed())), 'over')
    const own = await clock.at(after(3), () => propose(claim))
    assert.equal(own.outcome, 'accepted')
  })

  test('the debtor may decline it, and then propose another', async ({ client, assert }) => {
    const { claim, plan, link } = await givenOffered({}, clock.now())
    await as(client.post('/p/plan/refusal'), link).withCsrfToken().redirects(0)
    assert.match(await storyOfPlan(plan), /^refused /)
    assert.equal(await statusOf(claim), 'active')
    assert.deepEqual(await mailsOf(claim, 'payments.plan'), ['offered'])
    assert.deepEqual(await mailsOf(claim, 'payments.plan_notice'), ['offered', 'declined'])
    const page = await as(client.get('/p/plan/new'), link)
    page.assertStatus(200)
  })

  test('nobody agrees in the debtor’s place; it may be withdrawn', async ({ client, assert }) => {
    const { claim, plan, by } = await givenOffered({}, clock.now())
    const send = (what: string) =>
      client.post(`/claims/${claim.ref}/plan/${what}`).loginAs(by).withCsrfToken().form({}).redirects(0)
    const dossier = await client.get(`/claims/${claim.ref}`).loginAs(by)
    assert.notInclude(dossier.text(), '/plan/acceptance')
    await send('acceptance')
    assert.match(await storyOfPlan(plan), /^proposed /)
    await send('cancellation')
    assert.match(await storyOfPlan(plan), /^cancelled /)
    assert.deepEqual(await mailsOf(claim, 'payments.plan'), ['offered', 'cancelled'])
    const agenda = await client.get('/').loginAs(by)
    assert.notInclude(agenda.text(), claim.ref)
  })

  test('when what is owed has changed since, agreeing ends it', async ({ assert }) => {
    const { claim, plan } = await givenOffered()
    const by = await givenUser()
    const note = { number: 'AV-1', amountCents: 10_000, issuedOn: AGREED_ON, invoiceId: null }
    await clock.at(after(1), () => new RecordCreditNote().handle({ claim, ...note, by }))
    assert.equal(await clock.at(after(1), () => new AnswerOffer().accept(claim.id, deed())), 'changed')
    assert.match(await storyOfPlan(plan), /^cancelled /)
    assert.lengthOf(await Acknowledgement.all(), 0)
  })
})

test.group('What may be put to a debtor', () => {
  const refused = async (values: ClaimValues = {}, by?: User, wish = {}) => {
    const { claim } = await givenPlannable(values)
    const who = by ?? (await givenUser())
    const { outcome } = await clock.at(AGREED_AT, () => offer(claim, who, wish))
    return outcome
  }

  test('beyond the creditor’s rules: an administrator, with the mandate’s leave and a written reason', async ({
    assert,
  }) => {
    const admin = await givenUser('admin')
    const why = { months: 12, reason: 'Perte d’emploi, salaire saisi' }
    const leave = () => givenCreditor({}, { plansBeyondRules: true })
    assert.equal(await refused({ creditor: await leave() }, undefined, why), 'beyond_role')
    assert.equal(await refused({}, admin, why), 'beyond_mandate')
    assert.equal(await refused({ creditor: await leave() }, admin, { months: 12 }), 'beyond_reason')
    assert.lengthOf(await Plan.all(), 0)
    assert.equal(await refused({ creditor: await leave() }, admin, why), 'offered')
    const plan = await Plan.firstOrFail()
    assert.deepEqual([plan.withinRules, plan.beyondReason], [false, why.reason])
    const notice = await Delivery.findByOrFail('recipe', 'payments.plan_notice')
    assert.include((await composed(notice)).text, why.reason)
  })

  test('not before the first letter, nor without an address, nor beside another plan', async ({ assert }) => {
    const unsent = { firstLetterRef: null, firstLetterOn: null }
    assert.equal(await refused({ claim: unsent }), 'first_letter_pending')
    assert.equal(await refused({ email: null }), 'no_email')
    assert.equal(await refused({ claim: { status: 'disputed' } }), 'not_open')
    const { claim, by } = await givenOffered()
    const again = await clock.at(AGREED_AT, () => offer(claim, by))
    assert.equal(again.outcome, 'already_proposed')
  })

  test('rule 17: nothing while a rate is missing; the composer and the file say so', async ({
    client,
    assert,
  }) => {
    const { claim } = await givenPlannable(RATE_MISSING)
    const by = await givenUser()
    const { totalCents } = await loadOwed(claim.id, clock.today())
    const composer = await client.get(`/claims/${claim.ref}/plan/new`).loginAs(by)
    composer.assertTextIncludes('Pas d’échéancier possible pour l’instant : un taux d’intérêt')
    const sent = await client
      .post(`/claims/${claim.ref}/plan`)
      .loginAs(by)
      .withCsrfToken()
      .form({ total: String(totalCents), months: '4', day: '15' })
    sent.assertStatus(200)
    sent.assertTextIncludes('Pas d’échéancier possible pour l’instant : un taux d’intérêt')
    assert.lengthOf(await Plan.all(), 0)
  })

  test('the composer shows the schedule, and sends what it showed', async ({ client, assert }) => {
    const { claim } = await givenPlannable()
    const by = await givenUser()
    const page = await client.get(`/claims/${claim.ref}/plan/new?amount=250%2C00&day=15`).loginAs(by)
    page.assertTextIncludes('240,00')
    assert.lengthOf(await Plan.all(), 0)
    const send = (form: object) =>
      client.post(`/claims/${claim.ref}/plan`).loginAs(by).withCsrfToken().form(form).redirects(0)
    await send({ total: '110000', months: '5', day: '15' })
    await send({ total: '120000', months: '5', day: '16' })
    assert.lengthOf(await Plan.all(), 0)
    await send({ total: '120000', months: '5', day: '15' })
    assert.match(await storyOfPlan(await Plan.firstOrFail()), /^proposed 0\/24000/)
    const dossier = await client.get(`/claims/${claim.ref}`).loginAs(by)
    dossier.assertTextIncludes('Envoyé au débiteur')
    const beyond = await client
      .get(`/claims/${(await givenPlannable()).claim.ref}/plan/new?months=12`)
      .loginAs(by)
    beyond.assertTextIncludes('son mandat ne permet pas de le proposer')
  })
})
