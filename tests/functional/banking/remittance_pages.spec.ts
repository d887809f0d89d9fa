import { test } from '@japa/runner'
import { addDays } from '#shared/calendar'
import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import { recordEvent } from '#claims/events'
import Delivery from '#deliveries/models/delivery'
import { closePrinter } from '#letters/rendering/printer'
import AccountBalance from '#banking/funds/account_balance'
import { ExportRemittances } from '#banking/remittances/actions/export_remittances'
import Remittance from '#banking/remittances/models/remittance'
import TransferOrder from '#banking/remittances/models/transfer_order'
import { remittancesDue, unsentNotices } from '#banking/remittances/queries/obligations'
import { heldFunds } from '#banking/funds/held_funds'
import { collected, prepared, remitted, takenBack } from '#tests/fixtures/banking'
import { givenAgency, givenClaim, givenCreditor, givenUser } from '#tests/fixtures/domain'

const today = () => clock.today()
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ')

test.group('Remittance pages', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })
  group.teardown(() => closePrinter())

  test('an accountant prepares, orders, says that it left, and reads both papers', async ({
    client,
    assert,
  }) => {
    const accountant = await givenUser('accountant')
    const send = (path: string, form: Record<string, string> = {}) =>
      client.post(path).loginAs(accountant).form(form).withCsrfToken().redirects(0)
    await collected(await givenClaim(), 100_000)

    const owed = await client.get('/remittances').loginAs(accountant)
    assert.include(plain(owed.text()), '1 000,00 €')
    await send('/remittances', { until: today() })
    const remittance = await Remittance.firstOrFail()
    const page = await client.get(`/remittances/${remittance.ref}`).loginAs(accountant)
    for (const said of ['856,00 €', '120,00 €', '24,00 €', 'ATELIER BRUME', 'Marquer comme viré']) {
      assert.include(plain(page.text()), said)
    }
    assert.include((await client.get('/remittances').loginAs(accountant)).text(), 'Préparé')
    assert.notInclude(page.text(), 'translation missing')
    const early = await client.get(`/remittances/${remittance.ref}/statement`).loginAs(accountant)
    early.assertStatus(404)

    await send('/remittances/orders')
    const order = await TransferOrder.firstOrFail()
    const file = await client.get(`/remittances/orders/${order.ref}`).loginAs(accountant)
    assert.equal(file.header('content-type'), 'application/xml')
    assert.include(file.header('content-disposition'), `${order.ref}.xml`)
    const again = await client.post('/remittances/orders').loginAs(accountant).form({}).withCsrfToken()
    assert.include(again.text(), 'a déjà été exporté')
    assert.lengthOf(await TransferOrder.all(), 1)

    await send(`/remittances/${remittance.ref}/payment`, { paidOn: addDays(today(), 1) })
    assert.equal((await Remittance.firstOrFail()).state, 'exported')
    await send(`/remittances/${remittance.ref}/payment`, { paidOn: today() })
    assert.equal((await Remittance.firstOrFail()).state, 'paid')
    for (const paper of ['statement', 'invoice']) {
      const pdf = await client.get(`/remittances/${remittance.ref}/${paper}`).loginAs(accountant)
      pdf.assertStatus(200)
      assert.equal(pdf.header('content-type'), 'application/pdf')
    }
  })

  test('cancelled by a person while prepared, never after', async ({ client, assert }) => {
    const accountant = await givenUser('accountant')
    await collected(await givenClaim(), 100_000)
    const [remittance] = await prepared()
    const cancel = () =>
      client.post(`/remittances/${remittance!.ref}/cancellation`).loginAs(accountant).form({}).withCsrfToken()
    assert.include((await cancel()).text(), 'est annulé')
    assert.include((await cancel()).text(), 'ne peut plus être annulé')
  })

  test('a remittance whose money went back says so, and is not ordered', async ({ client, assert }) => {
    const accountant = await givenUser('accountant')
    const payment = await collected(await givenClaim(), 100_000)
    const [remittance] = await prepared()
    await takenBack(payment, 10_000)
    const page = await client.get(`/remittances/${remittance!.ref}`).loginAs(accountant)
    assert.include(page.text(), 'De l’argent est reparti depuis')
    const refused = await client.post('/remittances/orders').loginAs(accountant).form({}).withCsrfToken()
    assert.include(refused.text(), 'annulez, puis préparez de nouveau')
    assert.lengthOf(await TransferOrder.all(), 0)
  })

  test('a creditor sees its own, and may decide nothing', async ({ client, assert }) => {
    const [own, other] = [await givenCreditor(), await givenCreditor({ name: 'AUTRE MAISON' })]
    await collected(await givenClaim({ creditor: own }), 10_000)
    await collected(await givenClaim({ creditor: other }), 20_000)
    await remitted()
    const person = await givenUser('creditor', { creditorId: own.id })
    const mine = await Remittance.findByOrFail('creditorId', own.id)
    const theirs = await Remittance.findByOrFail('creditorId', other.id)
    const list = await client.get('/remittances').loginAs(person)
    assert.include(list.text(), mine.ref)
    assert.notInclude(list.text(), theirs.ref)
    assert.notInclude(list.text(), 'AUTRE MAISON')
    ;(await client.get(`/remittances/${mine.ref}/invoice`).loginAs(person)).assertStatus(200)
    for (const path of ['', '/statement', '/invoice']) {
      ;(await client.get(`/remittances/${theirs.ref}${path}`).loginAs(person)).assertStatus(404)
    }
    for (const path of ['/remittances', '/remittances/orders', `/remittances/${mine.ref}/payment`]) {
      const refused = await client.post(path).loginAs(person).form({}).withCsrfToken().redirects(0)
      refused.assertStatus(403)
    }
    ;(await client.get('/funds').loginAs(person)).assertStatus(403)
    ;(await client.get('/obligations').loginAs(person)).assertStatus(403)
  })

  test('a day to come, or no day, is refused', async ({ client, assert }) => {
    const accountant = await givenUser('accountant')
    await collected(await givenClaim(), 10_000)
    for (const until of [addDays(today(), 1), '', 'demain']) {
      await client.post('/remittances').loginAs(accountant).form({ until }).withCsrfToken()
    }
    assert.lengthOf(await Remittance.all(), 0)
  })
})

test.group('Obligations', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  test('rule 36: what is due, near or late is said, until it has left', async ({ client, assert }) => {
    const received = addDays(today(), -60)
    const late = await givenCreditor({ name: 'EN RETARD' })
    const near = await givenCreditor({ name: 'BIENTOT' }, { remittanceDays: 5 })
    const later = await givenCreditor({ name: 'PLUS TARD' })
    await collected(await givenClaim({ creditor: late }), 10_000, { receivedOn: received })
    await collected(await givenClaim({ creditor: near }), 20_000)
    await collected(await givenClaim({ creditor: later }), 30_000)
    const alerts = async () => (await remittancesDue(today())).map(({ name, alert }) => [name, alert])
    const expected = [
      ['EN RETARD', 'late'],
      ['BIENTOT', 'near'],
      ['PLUS TARD', 'later'],
    ]
    assert.deepEqual(await alerts(), expected)
    await prepared()
    assert.deepEqual(await alerts(), expected, 'prepared is not gone')

    const page = await client.get('/obligations').loginAs(await givenUser('accountant'))
    assert.include(page.text(), 'En retard depuis le')
    assert.include(page.text(), (await Remittance.firstOrFail()).ref)
    const agenda = await client.get('/').loginAs(await givenUser('admin'))
    assert.include(agenda.text(), 'Reverser à EN RETARD')
  })

  test('rule 36: nothing is due any more once it has left', async ({ assert }) => {
    const payment = await collected(await givenClaim(), 10_000)
    assert.lengthOf(await remittancesDue(today()), 1)
    await remitted()
    assert.lengthOf(await remittancesDue(today()), 0)
    await takenBack(payment, 4_000)
    assert.lengthOf(await remittancesDue(today()), 0, 'what the creditor owes is not due to it')
  })

  test('rules 33 and 34: receipts to hand over and notices that did not leave', async ({
    client,
    assert,
  }) => {
    const claim = await givenClaim({ email: null })
    await collected(claim, 10_000)
    const [notice] = await Delivery.query().where('recipe', 'payments.creditor_notice')
    assert.equal((await unsentNotices(10)).notices[0]!.state, 'queued')
    await notice!.merge({ state: 'failed' }).save()
    await transaction((trx) =>
      recordEvent(trx, { claimId: claim.id, type: 'creditor_notice.no_email', actor: 'system' })
    )
    const { total, notices } = await unsentNotices(10)
    assert.equal(total, 2)
    assert.sameMembers(
      notices.map(({ state }) => state),
      ['failed', 'no_email']
    )
    const page = await client.get('/obligations').loginAs(await givenUser('accountant'))
    for (const said of ['en échec', 'aucune adresse', 'Quittances à poster', claim.ref]) {
      assert.include(page.text(), said)
    }
    await notice!.merge({ state: 'sent' }).save()
    assert.equal((await unsentNotices(10)).total, 1)
  })
})

test.group('Funds held', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  test('rule 37: receipts less remittances, refunds and fees kept, and the bank agrees to the cent', async ({
    client,
    assert,
  }) => {
    const creditor = await givenCreditor()
    const first = await collected(await givenClaim({ creditor }), 100_000)
    await remitted()
    await takenBack(first, 10_000)
    await collected(await givenClaim({ creditor }), 40_000)
    await collected(await givenClaim({ kind: 'b2c', invoices: [{ amountCents: 5_000 }] }), 6_000)

    const held = await heldFunds(today())
    const own = held.creditors.find(({ ref }) => ref === creditor.ref)
    assert.deepEqual(own, {
      ref: creditor.ref,
      name: creditor.name,
      receiptsCents: 140_000,
      refundsCents: 10_000,
      remittancesCents: 85_600,
      feesCents: 14_400,
      heldCents: 30_000,
    })
    assert.equal(held.suspenseCents, 1_000)
    assert.equal(held.feesCents, 14_400)
    assert.equal(held.expectedCents, 30_000 + 5_000 + 1_000 + 14_400)
    assert.isNull(held.differenceCents)

    const accountant = await givenUser('accountant')
    const note = (amountCents: string) =>
      client
        .post('/funds/balances')
        .loginAs(accountant)
        .form({ balanceOn: today(), amountCents })
        .withCsrfToken()
    await note('500,00')
    assert.equal((await heldFunds(today())).differenceCents, -400)
    const agreed = await note('504,00')
    assert.equal((await heldFunds(today())).differenceCents, 0)
    assert.include(agreed.text(), 'exactement les fonds détenus')
    await client
      .post('/funds/balances')
      .loginAs(accountant)
      .form({ balanceOn: addDays(today(), 1), amountCents: '1' })
      .withCsrfToken()
    assert.lengthOf(await AccountBalance.all(), 2)
  })

  test('fees kept leave the account once', async ({ client, assert }) => {
    await collected(await givenClaim(), 100_000)
    await remitted()
    const accountant = await givenUser('accountant')
    const withdraw = () => client.post('/funds/withdrawals').loginAs(accountant).form({}).withCsrfToken()
    assert.include(plain((await withdraw()).text()), '144,00 € d’honoraires sont notés')
    assert.include((await withdraw()).text(), 'Aucun honoraire retenu')
    const { feesCents, expectedCents } = await heldFunds(today())
    assert.deepEqual([feesCents, expectedCents], [0, 0])
  })

  test('what is on its way explains a difference', async ({ assert }) => {
    await collected(await givenClaim(), 100_000, { method: 'card' })
    await prepared()
    await new ExportRemittances().handle()
    const { explanations } = await heldFunds(today())
    assert.deepEqual(explanations, [
      { name: 'ordered', count: 1, cents: -85_600 },
      { name: 'gateway', count: 1, cents: -100_000 },
    ])
  })

  test('the day asked for decides what is counted', async ({ assert }) => {
    await collected(await givenClaim(), 10_000, { receivedOn: addDays(today(), -3) })
    await collected(await givenClaim(), 20_000)
    assert.equal((await heldFunds(addDays(today(), -4))).expectedCents, 0)
    assert.equal((await heldFunds(addDays(today(), -1))).expectedCents, 10_000)
    assert.equal((await heldFunds(today())).expectedCents, 30_000)
  })
})
