import { test } from '@japa/runner'
import { clock } from '#shared/clock'
import { addDays } from '#shared/calendar'
import Delivery from '#deliveries/models/delivery'
import { closePrinter } from '#letters/rendering/printer'
import { ReceivePayment, type MoneyReceived } from '#payments/actions/receive_payment'
import { recordStripeEvent, workStripeInbox } from '#payments/inbox'
import { TakeBackPayment } from '#payments/actions/take_back_payment'
import Payment from '#payments/models/payment'
import Receipt from '#payments/models/receipt'
import StripeEvent from '#payments/models/stripe_event'
import { PaymentList } from '#payments/queries/payment_list'
import { receiptsToDispatch } from '#payments/queries/receipts_to_dispatch'
import { givenAgency, givenClaim, givenUser } from '#tests/fixtures/domain'

const KEY = '6f1c0d0e-2f0b-4f43-9d0e-0a4a5f7a1b11'
let serial = 0

async function received(claimId: number, money: Partial<MoneyReceived> = {}) {
  const { payment } = await new ReceivePayment().handle({
    source: `manual:list-${++serial}`,
    claimId,
    method: 'transfer',
    amountCents: 12_345,
    receivedOn: clock.today(),
    ...money,
  })
  return payment
}

const typed = (claim: string, changes: object = {}) => ({
  claim,
  amount: '1 000,50',
  method: 'transfer',
  receivedOn: clock.today(),
  note: 'VIR BRUME',
  formKey: KEY,
  ...changes,
})

/** Money at Stripe for a file that does not exist. */
async function aWaitingEvent(amount = 4_000, id = `evt_${++serial}`) {
  const event = {
    id,
    type: 'payment_intent.succeeded' as const,
    created: Math.floor(Date.now() / 1000),
    data: {
      object: { id: `pi_${id}`, amount_received: amount, currency: 'eur', metadata: { claim: 'D-NOWHERE' } },
    },
  }
  await recordStripeEvent(event, JSON.stringify(event))
  await workStripeInbox()
  return StripeEvent.findByOrFail('eventId', id)
}

test.group('Payments page', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })
  group.teardown(() => closePrinter())

  test('lists what was received, filtered by period, creditor and means', async ({ client, assert }) => {
    const user = await givenUser('accountant')
    const [one, other] = [await givenClaim(), await givenClaim()]
    const transfer = await received(one.id)
    const cheque = await received(other.id, { method: 'cheque', receivedOn: addDays(clock.today(), -40) })
    const all = await client.get('/payments').loginAs(user)
    all.assertStatus(200)
    all.assertTextIncludes(transfer.ref)
    all.assertTextIncludes(cheque.ref)
    all.assertTextIncludes('246,90\u00a0€')
    await one.load('creditor')
    for (const [filter, shown] of [
      [{ from: addDays(clock.today(), -1) }, transfer],
      [{ to: addDays(clock.today(), -30) }, cheque],
      [{ method: 'cheque' }, cheque],
      [{ creditor: one.creditor.ref }, transfer],
      [{ from: 'nonsense', method: 'transfer' }, transfer],
    ] as const) {
      const text = (await client.get('/payments').qs(filter).loginAs(user)).text()
      const hidden = shown === transfer ? cheque : transfer
      assert.include(text, shown.ref, JSON.stringify(filter))
      assert.notInclude(text, hidden.ref, JSON.stringify(filter))
    }
  })

  test('the CSV has what is filtered, one line a payment', async ({ client, assert }) => {
    const claim = await givenClaim({ debtor: { companyName: '=cmd()' } })
    await received(claim.id, { note: '+33' })
    await received(claim.id, { method: 'cheque' })
    const csv = await client
      .get('/payments.csv')
      .qs({ method: 'transfer' })
      .loginAs(await givenUser())
    const lines = csv.text().trim().split('\r\n')
    assert.lengthOf(lines, 2)
    assert.include(lines[1], ';123,45;')
    assert.include(lines[1], `'=cmd()`)
    assert.include(lines[1], `'+33`)
  })

  test('a creditor sees and downloads only its own, and nothing that waits', async ({ client, assert }) => {
    const [mine, theirs] = [await givenClaim(), await givenClaim()]
    const [ours, others] = [await received(mine.id), await received(theirs.id)]
    await aWaitingEvent()
    const user = await givenUser('creditor', { creditorId: mine.creditorId })
    const page = await client.get('/payments').qs({ creditor: 'C-T0002' }).loginAs(user)
    const csv = await client.get('/payments.csv').loginAs(user)
    for (const text of [page.text(), csv.text()]) {
      assert.include(text, ours.ref)
      assert.notInclude(text, others.ref)
    }
    assert.notInclude(page.text(), 'Somme reçue sans dossier connu')
    ;(await client.get(`/payments/${others.ref}/receipt`).loginAs(user)).assertStatus(404)
    const receipt = await client.get(`/payments/${ours.ref}/receipt`).loginAs(user)
    receipt.assertStatus(200)
    receipt.assertHeader('content-type', 'application/pdf')
    ;(await client.get('/payments/create').loginAs(user)).assertStatus(403)
    ;(await client.post('/payments').form(typed(mine.ref)).loginAs(user).withCsrfToken()).assertStatus(403)
  })

  test('a guest sees nothing', async ({ client }) => {
    await givenUser()
    for (const path of ['/payments', '/payments.csv', '/payments/create', '/payments/E-2026-00001/receipt']) {
      const response = await client.get(path).redirects(0)
      response.assertStatus(302)
      response.assertHeader('location', '/sign-in')
    }
  })

  test('a transfer written down is one payment, even sent twice at once', async ({ client, assert }) => {
    const user = await givenUser('collector')
    const claim = await givenClaim()
    const form = await client.get('/payments/create').qs({ claim: claim.ref }).loginAs(user)
    form.assertTextIncludes('name="formKey"')
    form.assertTextIncludes(claim.ref)
    const send = () =>
      client.post('/payments').form(typed(claim.ref)).loginAs(user).withCsrfToken().redirects(0)
    const answers = await Promise.all([send(), send(), send()])
    for (const answer of answers) answer.assertHeader('location', `/claims/${claim.ref}`)
    const payments = await Payment.all()
    assert.lengthOf(payments, 1)
    assert.equal(payments[0]!.amountCents, 100_050)
    assert.equal(payments[0]!.userId, user.id)
    assert.equal(payments[0]!.note, 'VIR BRUME')
    const dossier = await client.get(`/claims/${claim.ref}`).loginAs(user)
    dossier.assertTextIncludes('Paiement de 1\u202f000,50\u00a0€ reçu par virement, quittance Q-')
  })

  test('refuses what cannot be a payment, beside the field', async ({ client, assert }) => {
    const collector = await givenUser('collector')
    const claim = await givenClaim()
    for (const [changes, status] of [
      [{ amount: '0' }, 302],
      [{ amount: 'douze' }, 302],
      [{ receivedOn: addDays(clock.today(), 1) }, 302],
      [{ receivedOn: '2026-02-30' }, 302],
      [{ method: 'card' }, 302],
      [{ method: 'cash' }, 302],
      [{ formKey: 'again' }, 302],
      [{ claim: 'D-NOWHERE' }, 404],
    ] as const) {
      const response = await client
        .post('/payments')
        .form(typed(claim.ref, changes))
        .loginAs(collector)
        .withCsrfToken()
        .redirects(0)
      response.assertStatus(status)
    }
    assert.lengthOf(await Payment.all(), 0)
    const without = await client.post('/payments').form(typed(claim.ref)).loginAs(collector).redirects(0)
    assert.notEqual(without.header('location'), `/claims/${claim.ref}`, 'no CSRF token, no payment')
    assert.lengthOf(await Payment.all(), 0)
    const missing = await client.get('/payments/create').qs({ claim: 'D-NOWHERE' }).loginAs(collector)
    missing.assertTextIncludes('Aucun dossier ne porte le numéro D-NOWHERE')
  })

  test('cash is for the accountants', async ({ client, assert }) => {
    const claim = await givenClaim()
    for (const role of ['collector', 'admin', 'accountant'] as const) {
      const user = await givenUser(role)
      await client
        .post('/payments')
        .form(typed(claim.ref, { method: 'cash' }))
        .loginAs(user)
        .withCsrfToken()
        .redirects(0)
      assert.lengthOf(await Payment.all(), role === 'accountant' ? 1 : 0, role)
    }
  })

  test('unmatched money waits where it is seen, and goes to the file a person names, once', async ({
    client,
    assert,
  }) => {
    const event = await aWaitingEvent()
    const claim = await givenClaim()
    const accountant = await givenUser('accountant')
    const page = await client.get('/payments').loginAs(accountant)
    page.assertTextIncludes('Somme reçue sans dossier connu · 40,00\u00a0€')
    page.assertTextIncludes('D-NOWHERE')

    const assign = (ref: string, user = accountant) =>
      client
        .post(`/payments/events/${event.id}/assignment`)
        .form({ claim: ref })
        .loginAs(user)
        .withCsrfToken()
        .redirects(0)
    ;(await assign(claim.ref, await givenUser('collector'))).assertStatus(403)
    await assign('D-ELSEWHERE')
    assert.lengthOf(await Payment.all(), 0)
    await assign(claim.ref)
    await assign(claim.ref)
    const payment = await Payment.firstOrFail()
    assert.lengthOf(await Payment.all(), 1)
    assert.equal(payment.claimId, claim.id)
    assert.equal(payment.source, `stripe:pi_${event.eventId}`)
    await event.refresh()
    assert.equal(event.userId, accountant.id)
    assert.isNotNull(event.workedAt)
  })

  test('an event is tried again or set aside with a note', async ({ client, assert }) => {
    const admin = await givenUser('admin')
    const event = await aWaitingEvent()
    const act = (verb: string, form: object) =>
      client
        .post(`/payments/events/${event.id}/${verb}`)
        .form(form)
        .loginAs(admin)
        .withCsrfToken()
        .redirects(0)
    await act('retry', {})
    await event.refresh()
    assert.equal(event.failure, 'unknown_claim')
    await act('dismissal', { note: '' })
    await event.refresh()
    assert.isNull(event.workedAt)
    await act('dismissal', { note: 'Remboursé depuis Stripe' })
    await event.refresh()
    assert.equal(event.note, 'Remboursé depuis Stripe')
    assert.isNotNull(event.workedAt)
    ;(await act('dismissal', { note: 'Encore' })).assertStatus(404)
    assert.notInclude((await client.get('/payments').loginAs(admin)).text(), 'Somme reçue sans dossier connu')
  })

  test('an event that nobody can read is shown, and the others go on', async ({ client, assert }) => {
    await recordStripeEvent(
      { id: 'evt_poison', type: 'payment_intent.succeeded' },
      '{"type":"payment_intent.succeeded"}'
    )
    const claim = await givenClaim({ claim: { ref: 'D-POISON' } })
    const event = {
      id: 'evt_after',
      type: 'payment_intent.succeeded' as const,
      created: Math.floor(Date.now() / 1000),
      data: {
        object: { id: 'pi_after', amount_received: 500, currency: 'eur', metadata: { claim: 'D-POISON' } },
      },
    }
    await recordStripeEvent(event, JSON.stringify(event))
    assert.deepEqual(await workStripeInbox(), { worked: 1, posted: 1, failed: 1 })
    assert.equal((await Payment.firstOrFail()).claimId, claim.id)
    const page = await client.get('/payments').loginAs(await givenUser('accountant'))
    page.assertStatus(200)
    page.assertTextIncludes('Événement en erreur')
  })

  test('rule 33: a receipt that no email brings waits to be posted, and is noted once', async ({
    client,
    assert,
  }) => {
    const [reached, unreached] = [await givenClaim(), await givenClaim({ email: null })]
    await received(reached.id)
    const { ref } = await received(unreached.id)
    const { number } = await Receipt.query().orderBy('id', 'desc').firstOrFail()
    const collector = await givenUser()
    const pages = async () => [
      (await client.get('/payments').loginAs(collector)).text(),
      (await client.get('/?group=obligations').loginAs(collector)).text(),
    ]
    const waiting = await receiptsToDispatch(50)
    assert.deepEqual(
      waiting.map((receipt) => [receipt.number, receipt.payment, receipt.claim]),
      [[number, ref, unreached.ref]]
    )
    for (const page of await pages()) assert.include(page, 'Quittances à poster')

    const dispatch = (user = collector) =>
      client.post(`/payments/${ref}/receipt/dispatch`).loginAs(user).withCsrfToken().redirects(0)
    ;(await dispatch(await givenUser('creditor', { creditorId: unreached.creditorId }))).assertStatus(403)
    for (let time = 0; time < 2; time++) (await dispatch()).assertHeader('location', '/payments')
    for (const page of await pages()) assert.notInclude(page, 'Quittances à poster')
    assert.lengthOf(await unreached.related('events').query().where('type', 'receipt.dispatched'), 1)

    // An email that could not leave brings nothing either.
    await Delivery.query().where('recipe', 'payments.receipt').update({ state: 'failed' })
    assert.deepEqual(
      (await receiptsToDispatch(50)).map((receipt) => receipt.claim),
      [reached.ref]
    )
  })

  test('rule 32: what went back is said in the list, the CSV, the file and the agenda', async ({
    client,
    assert,
  }) => {
    const claim = await givenClaim({ claim: { status: 'active', launchedOn: '2026-07-01' } })
    const payment = await received(claim.id, { amountCents: 10_000 })
    await new TakeBackPayment().handle({
      payment,
      how: 'chargeback',
      source: 'stripe:dp_1',
      totalCents: 4_000,
      returnedOn: clock.today(),
    })
    const user = await givenUser('accountant')
    const { text, cents } = await client
      .get('/payments')
      .loginAs(user)
      .then(async (page) => ({ text: page.text(), cents: (await new PaymentList({}).totals()).cents }))
    assert.equal(cents, 6_000)
    assert.include(text, 'dont 40,00 € rendus')
    assert.include(text, await payment.currentReceipt().then(({ number }) => number))
    const csv = (await client.get('/payments.csv').loginAs(user)).text()
    assert.include(csv, '100,00')
    assert.include(csv, '40,00')
    const file = (await client.get(`/claims/${claim.ref}`).loginAs(user)).text()
    assert.include(file, 'En pause\u00a0: Paiement remboursé ou repris par la banque')
    assert.include(file, 'Contestation bancaire de 40,00 €')
    const agenda = (await client.get('/?group=suspended').loginAs(user)).text()
    assert.include(agenda, claim.ref)
  })

  test('what was paid too much is shown until it is given back', async ({ client }) => {
    const claim = await givenClaim({ kind: 'b2c', invoices: [{ amountCents: 10_000 }] })
    await received(claim.id)
    const page = await client.get('/payments').loginAs(await givenUser())
    page.assertTextIncludes('Trop-perçus à rendre')
    page.assertTextIncludes('23,45\u00a0€')
  })
})
