import { test } from '@japa/runner'
import { addMinutes, clock } from '#shared/clock'
import { loadOwed } from '#claims/owed'
import PaymentAttempt from '#payments/models/payment_attempt'
import Payment from '#payments/models/payment'
import type { StripeSimulator } from '#tests/fakes/stripe_simulator'
import { as, givenPortal } from '#tests/fixtures/portal'
import { DEBIT, payOnPage, useStripeSimulator, webhooksWorked } from '#tests/fixtures/stripe'

const everything = { part: 'all', means: 'online' }

test.group('Paying', (group) => {
  let simulator: StripeSimulator
  group.each.setup(async () => {
    const used = await useStripeSimulator()
    simulator = used.simulator
    return used.stop
  })

  test('everything: the debtor goes to the till for exactly what is due (rule 28)', async ({
    assert,
    client,
  }) => {
    const { link, claim } = await givenPortal()
    const { totalCents } = await loadOwed(claim.id, clock.today())
    const response = await as(client.post('/p/payment'), link).withCsrfToken().form(everything).redirects(0)
    response.assertStatus(303)
    assert.isTrue(response.header('location')!.startsWith(simulator.url))
    const attempt = await PaymentAttempt.findByOrFail('claimId', claim.id)
    assert.equal(attempt.amountCents, totalCents)
    assert.equal(attempt.state, 'open')
  })

  test('bar 21: nothing that Stripe is told holds the token', async ({ assert, client }) => {
    const { link, token, claim } = await givenPortal()
    await as(client.post('/p/payment'), link).withCsrfToken().form(everything).redirects(0)
    const attempt = await PaymentAttempt.findByOrFail('claimId', claim.id)
    const session = await fetch(`${simulator.url}/v1/checkout/sessions/${attempt.stripeSessionId}`, {
      headers: { authorization: `Bearer ${simulator.secretKey}` },
    })
    const told = await session.text()
    assert.include(told, claim.ref)
    assert.include(told, '/p/payment')
    for (const text of [told, JSON.stringify(attempt.$attributes)]) assert.notInclude(text, token)
  })

  test('a part, as a person types it', async ({ assert, client }) => {
    const { link, claim } = await givenPortal()
    const form = { part: 'some', amount: '500,50 €', means: 'online' }
    const response = await as(client.post('/p/payment'), link).withCsrfToken().form(form).redirects(0)
    response.assertStatus(303)
    const attempt = await PaymentAttempt.findByOrFail('claimId', claim.id)
    assert.equal(attempt.amountCents, 50_050)
  })

  test('rule 26: chosen invoices are paid whole, and named', async ({ assert, client }) => {
    const { link, claim } = await givenPortal({ invoices: [{}, { amountCents: 30_000 }, {}] })
    const owed = await loadOwed(claim.id, clock.today())
    const chosen = owed.invoices[1]!
    const form = { part: 'invoices', 'invoices[]': chosen.invoiceId, means: 'online' }
    await as(client.post('/p/payment'), link).withCsrfToken().form(form).redirects(0)
    const attempt = await PaymentAttempt.findByOrFail('claimId', claim.id)
    assert.deepEqual(attempt.invoiceIds, [chosen.invoiceId])
    assert.equal(attempt.amountCents, chosen.totalCents)
  })

  test('an invoice of another file is not one of theirs', async ({ assert, client }) => {
    const [own, other] = [await givenPortal(), await givenPortal()]
    const [foreign] = await other.claim.related('invoices').query()
    const form = { part: 'invoices', 'invoices[]': foreign!.id, means: 'online' }
    const response = await as(client.post('/p/payment'), own.link).withCsrfToken().form(form)
    response.assertStatus(422)
    response.assertTextIncludes('Choisissez au moins une facture')
    assert.isNull(await PaymentAttempt.findBy('claimId', own.claim.id))
  })

  test('two clicks are one till', async ({ assert, client }) => {
    const { link, claim } = await givenPortal()
    const send = () => as(client.post('/p/payment'), link).withCsrfToken().form(everything).redirects(0)
    const first = await send()
    const second = await send()
    assert.equal(second.header('location'), first.header('location'))
    const attempts = await PaymentAttempt.query().where('claimId', claim.id)
    assert.lengthOf(attempts, 1)
  })

  test('what cannot be paid is said beside its field, and what was typed stays: {name}')
    .with([
      { name: 'too much', form: { part: 'some', amount: '999999' }, says: 'C’est plus que ce qui reste' },
      { name: 'too little', form: { part: 'some', amount: '0,50' }, says: 'Le plus petit paiement' },
      { name: 'not a number', form: { part: 'some', amount: 'tout' }, says: 'Écrivez un montant' },
      { name: 'perhaps thousands', form: { part: 'some', amount: '12,345' }, says: 'Écrivez un montant' },
      { name: 'no amount', form: { part: 'some' }, says: 'Écrivez un montant' },
      { name: 'no invoice', form: { part: 'invoices' }, says: 'Choisissez au moins une facture' },
      { name: 'nothing chosen', form: { part: 'x' }, says: 'Choisissez combien' },
    ])
    .run(async ({ assert, client }, { form, says }) => {
      const { link, claim } = await givenPortal()
      const response = await as(client.post('/p/payment'), link)
        .withCsrfToken()
        .form({ means: 'online', ...form })
      response.assertStatus(422)
      response.assertTextIncludes(says)
      response.assertTextIncludes('role="alert"')
      if (form.amount) response.assertTextIncludes(`value="${form.amount}"`)
      assert.isNull(await PaymentAttempt.findBy('claimId', claim.id))
    })

  test('by transfer: the instructions for the amount chosen, and nothing is stored', async ({
    assert,
    client,
  }) => {
    const { link, claim } = await givenPortal()
    const form = { part: 'some', amount: '250', means: 'transfer' }
    const response = await as(client.post('/p/payment'), link).withCsrfToken().form(form).redirects(0)
    response.assertStatus(303)
    response.assertHeader('location', '/p/transfer?cents=25000')
    assert.isNull(await PaymentAttempt.findBy('claimId', claim.id))
  })

  test('less than a card can pay is paid by transfer', async ({ assert, client }) => {
    const { link } = await givenPortal({ kind: 'b2c', invoices: [{ amountCents: 30 }] })
    const response = await as(client.post('/p/payment'), link).withCsrfToken().form(everything)
    response.assertStatus(422)
    response.assertTextIncludes('Le paiement en ligne commence à 0,50\u00a0€')
    assert.equal(simulator.requests.length, 0)
  })

  test('when the gateway does not answer, the debtor is told that nothing was charged', async ({
    client,
  }) => {
    const { link } = await givenPortal()
    await simulator.stop()
    const response = await as(client.post('/p/payment'), link).withCsrfToken().form(everything)
    response.assertStatus(422)
    response.assertTextIncludes('Rien n’a été débité')
  })

  test('a file with nothing to ask for opens no till: {name}')
    .with([
      { name: 'paid', claim: { status: 'paid', paidOn: '2026-11-01' } as const },
      { name: 'closed', claim: { status: 'closed' } as const },
      { name: 'prescribed, rule 39', claim: { limitationOn: '2026-01-01' } as const },
    ])
    .run(async ({ assert, client }, { claim: values }) => {
      const { link, claim } = await givenPortal({ claim: values })
      const response = await as(client.post('/p/payment'), link).withCsrfToken().form(everything).redirects(0)
      response.assertStatus(302)
      response.assertHeader('location', '/p')
      assert.isNull(await PaymentAttempt.findBy('claimId', claim.id))
    })

  test('bar 24: without a CSRF token nothing is opened', async ({ assert, client }) => {
    const { link, claim } = await givenPortal()
    const response = await as(client.post('/p/payment'), link).form(everything).redirects(0)
    response.assertStatus(403)
    response.assertTextIncludes('Rien n’a été enregistré')
    assert.isNull(await PaymentAttempt.findBy('claimId', claim.id))
  })

  test('without a session nothing is opened', async ({ client }) => {
    const response = await client.post('/p/payment').withCsrfToken().form(everything).redirects(0)
    response.assertStatus(404)
  })
})

test.group('Coming back from the till', (group) => {
  let simulator: StripeSimulator
  group.each.setup(async () => {
    const used = await useStripeSimulator({ settleDebitsAfterMs: null })
    simulator = used.simulator
    return used.stop
  })

  test('before any payment there is nothing to see', async ({ client }) => {
    const { link } = await givenPortal()
    const response = await as(client.get('/p/payment'), link).redirects(0)
    response.assertHeader('location', '/p')
  })

  test('it waits for the confirmation, then thanks, from the ledger alone', async ({ assert, client }) => {
    const { link, claim } = await givenPortal()
    const form = { part: 'some', amount: '300', means: 'online' }
    const till = await as(client.post('/p/payment'), link).withCsrfToken().form(form).redirects(0)
    const waiting = await as(client.get('/p/payment'), link)
    waiting.assertTextIncludes('en cours de confirmation')

    await payOnPage(till.header('location')!)
    await webhooksWorked(simulator)
    const payment = await Payment.query().where('claimId', claim.id).preload('receipt').firstOrFail()
    const received = await as(client.get('/p/payment'), link)
    received.assertTextIncludes('Merci, votre paiement est bien reçu')
    received.assertTextIncludes(payment.receipt.number)
    received.assertTextIncludes('Il reste')

    const page = await as(client.get('/p'), link)
    page.assertTextIncludes('Déjà reçu de vous')
    assert.include(page.text(), '300,00')
  })

  test('paid in full: nothing remains, and the file says so', async ({ client }) => {
    const { link } = await givenPortal()
    const till = await as(client.post('/p/payment'), link).withCsrfToken().form(everything).redirects(0)
    await payOnPage(till.header('location')!)
    await webhooksWorked(simulator)
    const received = await as(client.get('/p/payment'), link)
    received.assertTextIncludes('votre dossier est réglé')
    const page = await as(client.get('/p'), link)
    page.assertTextIncludes('Tout est payé')
  })

  test('U6: a debit under way is neither paid nor failed', async ({ assert, client }) => {
    const { link, claim } = await givenPortal()
    const till = await as(client.post('/p/payment'), link).withCsrfToken().form(everything).redirects(0)
    await payOnPage(till.header('location')!, DEBIT)
    await webhooksWorked(simulator)
    const attempt = await PaymentAttempt.findByOrFail('claimId', claim.id)
    assert.equal(attempt.state, 'processing')
    const waiting = await as(client.get('/p/payment'), link)
    waiting.assertTextIncludes('prélèvement')
    const page = await as(client.get('/p'), link)
    page.assertTextIncludes('en cours de confirmation par votre banque')
    assert.notInclude(page.text(), '/p/payment', 'all is under way: nothing more is asked')
  })

  test('beside a debit under way only the rest can be paid', async ({ assert, client }) => {
    const { link, claim } = await givenPortal()
    const form = { part: 'some', amount: '300', means: 'online' }
    const till = await as(client.post('/p/payment'), link).withCsrfToken().form(form).redirects(0)
    await payOnPage(till.header('location')!, DEBIT)
    await webhooksWorked(simulator)
    await as(client.post('/p/payment'), link).withCsrfToken().form(everything).redirects(0)
    const { totalCents } = await loadOwed(claim.id, clock.today())
    const attempt = await PaymentAttempt.query()
      .where('claimId', claim.id)
      .where('state', 'open')
      .firstOrFail()
    assert.equal(attempt.amountCents, totalCents - 30_000)
  })

  test('without a webhook, looking at the page asks the gateway and finds the payment', async ({
    assert,
    client,
  }) => {
    simulator.webhookUrl = null
    const { link, claim } = await givenPortal()
    const till = await as(client.post('/p/payment'), link).withCsrfToken().form(everything).redirects(0)
    await payOnPage(till.header('location')!)
    const attempt = await PaymentAttempt.findByOrFail('claimId', claim.id)
    await PaymentAttempt.query()
      .where('id', attempt.id)
      .update({ updatedAt: addMinutes(clock.now(), -1) })
    const received = await as(client.get('/p/payment'), link)
    received.assertTextIncludes('Merci, votre paiement est bien reçu')
    assert.isNotNull(await Payment.findBy('claimId', claim.id))
  })

  test('a till that closed unpaid says that nothing was charged', async ({ client }) => {
    const { link, claim } = await givenPortal()
    await as(client.post('/p/payment'), link).withCsrfToken().form(everything).redirects(0)
    const attempt = await PaymentAttempt.findByOrFail('claimId', claim.id)
    await attempt.merge({ state: 'expired' }).save()
    const response = await as(client.get('/p/payment'), link)
    response.assertTextIncludes('Rien n’a été débité')
  })

  test('another file’s payment is not shown', async ({ client }) => {
    const [own, other] = [await givenPortal(), await givenPortal()]
    await as(client.post('/p/payment'), other.link).withCsrfToken().form(everything).redirects(0)
    const response = await as(client.get('/p/payment'), own.link).redirects(0)
    response.assertHeader('location', '/p')
  })
})
