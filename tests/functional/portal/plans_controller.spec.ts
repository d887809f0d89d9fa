import { test } from '@japa/runner'
import { clock } from '#shared/clock'
import { eurosInWords } from '#shared/euros_in_words'
import { formatEuros } from '#shared/money'
import { sha256 } from '#shared/files'
import { loadOwed } from '#claims/owed'
import Acknowledgement from '#payments/plans/models/acknowledgement'
import Plan from '#payments/plans/models/plan'
import PaymentAttempt from '#payments/models/payment_attempt'
import { givenCreditor } from '#tests/fixtures/domain'
import { as, givenPortal } from '#tests/fixtures/portal'
import type { StripeSimulator } from '#tests/fakes/stripe_simulator'
import { AGREED_AT, after, givenActivePlan, planTick, RATE_MISSING } from '#tests/fixtures/plans'
import { payOnPage, useStripeSimulator } from '#tests/fixtures/stripe'
import Payment from '#payments/models/payment'

const consumer = { kind: 'b2c' as const, invoices: [{ amountCents: 120_000 }] }
const agreed = { months: '4', day: '15', total: '120000', figures: '1 200,00', words: eurosInWords(120_000) }

test.group('Paying in instalments', (group) => {
  let simulator: StripeSimulator
  group.each.setup(async () => {
    const used = await useStripeSimulator({ webhookUrl: null, now: () => Date.parse(AGREED_AT) })
    simulator = used.simulator
    return used.stop
  })

  test('the schedule is shown before anything is agreed to, with no fee', async ({ client, assert }) => {
    const { link } = await givenPortal(consumer)
    const response = await as(client.get('/p/plan/new?count=4&day=15'), link)
    response.assertStatus(200)
    response.assertTextIncludes('Aucuns frais')
    response.assertTextIncludes('300,00')
    response.assertTextIncludes('mille deux cents euros')
    assert.lengthOf(await Plan.all(), 0)
  })

  test('what the page showed is what the deed keeps', async ({ client, assert }) => {
    const { link, claim } = await givenPortal(consumer)
    const page = await as(client.get('/p/plan/new?count=4&day=15'), link)
    const response = await as(client.post('/p/plan'), link).withCsrfToken().form(agreed).redirects(0)
    response.assertStatus(303)
    response.assertHeader('location', '/p/plan')
    const deed = await Acknowledgement.findByOrFail('claimId', claim.id)
    for (const line of deed.text.split('\n')) assert.include(page.text(), line)
    assert.equal(deed.textSha256, sha256([deed.text, agreed.figures, agreed.words].join('\n')))
    assert.equal((await Plan.firstOrFail()).state, 'accepted')
  })

  test('rule 17: a rate that went missing since the page was shown brings back to the file', async ({
    client,
    assert,
  }) => {
    const { link, claim } = await givenPortal(RATE_MISSING)
    const { totalCents } = await loadOwed(claim.id, clock.today())
    const form = { ...agreed, total: String(totalCents), figures: formatEuros(totalCents) }
    const response = await as(client.post('/p/plan'), link)
      .withCsrfToken()
      .form({ ...form, words: eurosInWords(totalCents) })
      .redirects(0)
    response.assertStatus(303)
    response.assertHeader('location', '/p')
    const file = await as(client.get('/p'), link)
    file.assertTextIncludes('Le taux de la période en cours n’est pas encore enregistré')
    assert.lengthOf(await Plan.all(), 0)
  })

  test('without the own entry of the sum nothing is agreed: {form.figures} {form.words}')
    .with([
      { form: { ...agreed, figures: '' }, says: 'Écrivez la somme en chiffres' },
      { form: { ...agreed, figures: '1 100' }, says: 'Écrivez exactement la somme, en chiffres' },
      { form: { ...agreed, words: 'mille euros' }, says: 'Écrivez exactement la somme, en toutes lettres' },
      { form: { ...agreed, months: '99' }, says: 'Choisissez en combien de fois' },
      {
        form: { ...agreed, total: '100000', figures: '1000', words: eurosInWords(100_000) },
        says: 'La somme due a changé',
      },
    ])
    .run(async ({ client, assert }, { form, says }) => {
      const { link } = await givenPortal(consumer)
      const response = await as(client.post('/p/plan'), link).withCsrfToken().form(form).redirects(0)
      response.assertStatus(422)
      response.assertTextIncludes(says)
      assert.lengthOf(await Plan.all(), 0)
    })

  test('where the creditor allows no plan, none is shown', async ({ client }) => {
    const creditor = await givenCreditor({ plansAllowed: false })
    const { link } = await givenPortal({ ...consumer, creditor })
    const overview = await as(client.get('/p'), link)
    overview.assertStatus(200)
    if (overview.text().includes('/p/plan')) throw new Error('a plan is shown')
    const response = await as(client.get('/p/plan/new'), link).redirects(0)
    response.assertHeader('location', '/p')
  })

  test('the first instalment is paid at the till, and its card kept', async ({ client, assert }) => {
    const { link } = await givenPortal(consumer)
    await as(client.post('/p/plan'), link).withCsrfToken().form(agreed).redirects(0)
    const response = await as(client.post('/p/plan/payment'), link)
      .withCsrfToken()
      .form({ means: 'online' })
      .redirects(0)
    response.assertStatus(303)
    const attempt = await PaymentAttempt.firstOrFail()
    assert.equal(attempt.amountCents, 30_000)
    assert.equal(attempt.instalmentSeq, 1)
    assert.propertyVal(attempt.request, 'keepFor', 'new')
  })

  test('or by transfer, for exactly that sum (rule 28)', async ({ client }) => {
    const { link } = await givenPortal(consumer)
    await as(client.post('/p/plan'), link).withCsrfToken().form(agreed).redirects(0)
    const response = await as(client.post('/p/plan/payment'), link)
      .withCsrfToken()
      .form({ means: 'transfer' })
      .redirects(0)
    response.assertHeader('location', '/p/transfer?cents=30000')
  })

  test('rule 19: a sum that bears interest is planned with it', async ({ client, assert }) => {
    const { link, claim } = await givenPortal({ kind: 'b2b' })
    const { totalCents } = await loadOwed(claim.id, clock.today())
    const form = {
      ...agreed,
      total: String(totalCents),
      figures: String(totalCents / 100),
      words: eurosInWords(totalCents),
    }
    await as(client.post('/p/plan'), link).withCsrfToken().form(form).redirects(0)
    assert.equal((await Plan.firstOrFail()).totalCents, totalCents)
  })

  test('another card is left on the gateway’s page, without paying, and the next charge uses it', async ({
    client,
    assert,
  }) => {
    const { link, plan } = await givenActivePlan(simulator)
    const other = await givenActivePlan(simulator)
    const opened = await as(client.post('/p/plan/card'), link).withCsrfToken().redirects(0)
    opened.assertStatus(303)
    await payOnPage(opened.header('location')!, { number: '4000 0566 5566 5556', expiry: '03 / 31' })
    const session = opened.header('location')!.split('/').at(-1)!
    await as(client.get(`/p/plan/card?session=${session}`), other.link).redirects(0)
    assert.equal((await Plan.findOrFail(other.plan.id)).methodEnding, '4242')
    await as(client.get(`/p/plan/card?session=${session}`), link).redirects(0)
    const fresh = await Plan.findOrFail(plan.id)
    assert.equal(fresh.methodEnding, '5556')
    assert.equal(fresh.methodExpiresIn, '2031-03')
    assert.lengthOf(await Payment.query().where('claimId', plan.claimId), 1)
    await planTick(after(24))
    const charge = [...simulator.account.intents.values()].find(
      ({ metadata }) => metadata.charge === 'instalment'
    )
    assert.equal(charge!.payment_method, fresh.stripeMethodId)
  })

  test('another file’s plan is nowhere to be found', async ({ client }) => {
    const mine = await givenPortal(consumer)
    const other = await givenPortal(consumer)
    await as(client.post('/p/plan'), mine.link).withCsrfToken().form(agreed).redirects(0)
    const response = await as(client.get('/p/plan'), other.link).redirects(0)
    response.assertHeader('location', '/p')
  })
})
