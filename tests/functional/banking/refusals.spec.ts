import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { addDays } from '#shared/calendar'
import { clock } from '#shared/clock'
import { sum } from '#shared/money'
import Delivery from '#deliveries/models/delivery'
import FeeInvoice from '#banking/fees/fee_invoice'
import { heldFunds } from '#banking/funds/held_funds'
import BankLine from '#banking/models/bank_line'
import { CancelRemittance } from '#banking/remittances/actions/cancel_remittance'
import { ConfirmRemittance } from '#banking/remittances/actions/confirm_remittance'
import { ExportRemittances } from '#banking/remittances/actions/export_remittances'
import { RecognizeRemittance } from '#banking/remittances/actions/recognize_remittance'
import { RefuseOrder } from '#banking/remittances/actions/refuse_order'
import { RefuseTransfer } from '#banking/remittances/actions/refuse_transfer'
import Remittance from '#banking/remittances/models/remittance'
import RemittanceMovement from '#banking/remittances/models/remittance_movement'
import TransferOrder from '#banking/remittances/models/transfer_order'
import TransferRefusal from '#banking/remittances/models/transfer_refusal'
import { remittancesDue } from '#banking/remittances/queries/obligations'
import { readStatusReport } from '#banking/remittances/status_report'
import { UnreadableStatement } from '#banking/statements/statement'
import { collected, prepared } from '#tests/fixtures/banking'
import { givenAgency, givenClaim, givenCreditor, givenUser } from '#tests/fixtures/domain'
import { aLine, camt053 } from '#tests/fixtures/statements'
import { ImportStatement } from '#banking/actions/import_statement'

const today = () => clock.today()

async function ordered() {
  await prepared()
  const exported = await new ExportRemittances().handle()
  if (!('order' in exported)) throw new Error(exported.outcome)
  return exported
}

const refused = (remittance: Remittance, orderId: number | null, userId: number | null = null) =>
  new RefuseTransfer().handle({
    id: remittance.id,
    orderId,
    reason: 'AC04 compte clos',
    refusedOn: today(),
    userId,
  })

const paid = (remittance: Remittance) =>
  new ConfirmRemittance().handle({ id: remittance.id, paidOn: today() })

/** What the bank says is on the account before the next line. */
let openingCents = 0

async function lineOf(values: Parameters<typeof aLine>[0]) {
  const line = aLine({ bookedOn: today(), counterparty: null, ...values })
  const bytes = Buffer.from(camt053([line], { openingCents, openingOn: today(), closingOn: today() }))
  const imported = await new ImportStatement().handle({ bytes, filename: 'releve.xml', userId: null })
  if (imported.outcome === 'refused') throw imported.problem
  openingCents += line.amountCents
  return BankLine.query().orderBy('id', 'desc').firstOrFail()
}

/** A status file as banks send it. */
const report = (orderRef: string, inner: string, version = '03', group = '') =>
  `<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.${version}"><CstmrPmtStsRpt><GrpHdr><MsgId>S1</MsgId><CreDtTm>2026-11-27T08:00:00</CreDtTm></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>${orderRef}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>${group}</OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>${orderRef}-1</OrgnlPmtInfId>${inner}</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>`
const transfer = (ref: string, status: string) =>
  `<TxInfAndSts><OrgnlEndToEndId>${ref}</OrgnlEndToEndId><TxSts>${status}</TxSts><StsRsnInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>Compte clos</AddtlInf></StsRsnInf></TxInfAndSts>`

test.group('Transfers that the bank refuses', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  test('one of an order is due again, and in the next order once', async ({ assert }) => {
    await collected(await givenClaim(), 100_000)
    await collected(await givenClaim(), 50_000)
    const { order, remittances } = await ordered()
    const [first, second] = remittances
    assert.equal(await refused(first!, order.id), 'refused')
    assert.equal(await refused(first!, order.id), 'not_ordered')

    const next = await ordered()
    assert.equal(next.outcome, 'exported')
    assert.deepEqual(
      next.remittances.map(({ ref }) => ref),
      [first!.ref]
    )
    assert.equal(next.order.amountCents, first!.netCents)
    // Said late of the former order, it changes nothing of the new one.
    assert.equal(await refused(first!, order.id), 'not_ordered')
    assert.equal((await ordered()).outcome, 'already_exported')
    assert.equal((await second!.refresh()).orderId, order.id)
    assert.lengthOf(await TransferRefusal.all(), 1)
    assert.isEmpty(await FeeInvoice.all())
  })

  test('a whole order, but not what was marked as paid', async ({ assert }) => {
    for (const cents of [100_000, 50_000, 20_000]) await collected(await givenClaim(), cents)
    const { order, remittances } = await ordered()
    await paid(remittances[0]!)
    const user = await givenUser('accountant')
    const say = () => new RefuseOrder().whole({ orderRef: order.ref, reason: 'Solde', userId: user.id })
    assert.deepInclude(await say(), { outcome: 'refused', refused: 2 })
    assert.deepInclude(await say(), { outcome: 'refused', refused: 0 })
    const states = (await Remittance.query().orderBy('id')).map(({ state }) => state)
    assert.deepEqual(states, ['paid', 'prepared', 'prepared'])
    const next = await ordered()
    assert.equal(next.order.transfers, 2)
  })

  test('one that had been marked as paid: held again, paid again once, its fee invoiced once', async ({
    assert,
  }) => {
    await collected(await givenClaim(), 100_000)
    const before = (await heldFunds(today())).expectedCents
    const { order, remittances } = await ordered()
    const [remittance] = remittances
    await paid(remittance!)
    assert.isBelow((await heldFunds(today())).expectedCents, before)
    assert.equal(await refused(remittance!, order.id), 'refused')
    assert.equal((await heldFunds(today())).expectedCents, before)
    assert.lengthOf(await remittancesDue(today()), 1)
    const events = await db.from('claim_events').where('type', 'like', 'remittance.%').orderBy('id')
    assert.deepEqual(
      events.map(({ type }) => type),
      ['remittance.paid', 'remittance.returned']
    )
    assert.equal(
      await new CancelRemittance().handle({ id: remittance!.id, userId: (await givenUser('admin')).id }),
      'invoiced'
    )

    const again = await ordered()
    assert.notEqual(again.order.ref, order.ref)
    const [told] = await Delivery.query().where('recipe', 'banking.remittance').count('* as total')
    assert.equal((await paid(remittance!)).outcome, 'paid')
    assert.equal((await paid(remittance!)).outcome, 'already_paid')
    assert.lengthOf(await FeeInvoice.all(), 1)
    const held = await heldFunds(today())
    assert.equal(held.expectedCents, before - remittance!.netCents)
    assert.equal(held.creditors[0]!.remittancesCents, remittance!.netCents)
    assert.isEmpty(await remittancesDue(today()))
    const [toldAgain] = await Delivery.query().where('recipe', 'banking.remittance').count('* as total')
    assert.equal(Number(toldAgain!.$extras.total), 2 * Number(told!.$extras.total))
  })

  test('a direct one, one prepared, and a day before it left are no refusal', async ({ assert }) => {
    await collected(await givenClaim(), 100_000)
    const [remittance] = await prepared()
    assert.equal(await refused(remittance!, null), 'not_ordered')
    await paid(remittance!)
    const early = { id: remittance!.id, orderId: null, reason: 'x', userId: null }
    assert.equal(
      await new RefuseTransfer().handle({ ...early, refusedOn: addDays(today(), -1) }),
      'date_refused'
    )
    assert.equal(
      await new RefuseTransfer().handle({ ...early, refusedOn: addDays(today(), 1) }),
      'date_refused'
    )
  })

  test('the bank’s status file: {$self}')
    .with(['03', '10'])
    .run(async ({ assert }, version) => {
      for (const cents of [100_000, 50_000]) await collected(await givenClaim(), cents)
      const { order, remittances } = await ordered()
      const [first, second] = remittances
      const inner = transfer(first!.ref, 'ACSC') + transfer(second!.ref, 'RJCT')
      const bytes = Buffer.from(report(order.ref, inner, version))
      const read = () => new RefuseOrder().fromReport({ bytes, userId: null })
      assert.deepEqual(await read(), { outcome: 'refused', orderRef: order.ref, refused: 1 })
      assert.deepEqual(await read(), { outcome: 'refused', orderRef: order.ref, refused: 0 })
      const [refusal] = await TransferRefusal.all()
      assert.deepEqual(
        [refusal!.remittanceId, refusal!.reason, refusal!.userId],
        [second!.id, 'AC04 Compte clos', null]
      )
      assert.equal((await first!.refresh()).state, 'exported')

      const whole = report(order.ref, '<PmtInfSts>RJCT</PmtInfSts>', version)
      const all = await new RefuseOrder().fromReport({ bytes: Buffer.from(whole), userId: null })
      assert.deepInclude(all, { refused: 1 })
      assert.deepInclude(
        await new RefuseOrder().fromReport({ bytes: Buffer.from(report('V-0', '')), userId: null }),
        { outcome: 'unknown_order' }
      )
    })

  test('what is no status file is refused', ({ assert }) => {
    const why = (text: string) => {
      try {
        readStatusReport(Buffer.from(text))
        return 'read'
      } catch (error) {
        if (!(error instanceof UnreadableStatement)) throw error
        return error.code
      }
    }
    assert.equal(why(camt053([aLine()])), 'not_pain002')
    assert.equal(why('not xml'), 'not_pain002')
    assert.equal(why(report('', '')), 'not_pain002')
    assert.equal(why(report('V-1', '').replace('</CstmrPmtStsRpt></Document>', '')), 'not_pain002')
    assert.equal(
      readStatusReport(Buffer.from(report('V-1', '', '10', '<GrpSts>RJCT</GrpSts>'))).whole,
      'RJCT'
    )
  })
})

test.group('Remittances on the statement', (group) => {
  group.each.setup(async () => {
    openingCents = 500_000
    await givenAgency()
  })

  test('a debit is one of them, or all of an order; the funds then agree', async ({ assert }) => {
    for (const cents of [100_000, 50_000, 20_000]) await collected(await givenClaim(), cents)
    const { remittances } = await ordered()
    const user = await givenUser('accountant')
    const total = sum(remittances.map(({ netCents }) => netCents))
    const line = await lineOf({ amountCents: -total, label: 'VIR SEPA GROUPE' })
    const say = (refs: string[]) =>
      new RecognizeRemittance().handle({ lineId: line.id, refs, userId: user.id })
    assert.deepEqual(await say([remittances[0]!.ref]), { outcome: 'not_these' })
    assert.deepEqual(await say(remittances.map(({ ref }) => ref)), { outcome: 'paid' })
    assert.deepEqual(await say(remittances.map(({ ref }) => ref)), { outcome: 'not_open' })
    assert.isTrue(
      (await Remittance.all()).every(({ state, paidOn }) => state === 'paid' && paidOn === today())
    )
    assert.equal((await line.refresh()).state, 'matched')
    const held = await heldFunds(today())
    assert.equal(held.unexplainedCents, 0)
    assert.notInclude(
      held.reconciliation!.map(({ kind }) => kind),
      'remittances'
    )
  })

  test('a transfer sent back is due again, once, whether said by hand before or not', async ({ assert }) => {
    const user = await givenUser('accountant')
    await collected(await givenClaim(), 100_000)
    const { order, remittances } = await ordered()
    const [remittance] = remittances
    const net = remittance!.netCents
    const debit = await lineOf({ amountCents: -net, label: 'VIR', endToEndId: remittance!.ref })
    const say = (line: BankLine) =>
      new RecognizeRemittance().handle({ lineId: line.id, refs: [remittance!.ref], userId: user.id })
    assert.deepEqual(await say(debit), { outcome: 'paid' })
    const back = await lineOf({ amountCents: net, label: 'REJET VIR', isReturn: true })
    assert.deepEqual(await say(back), { outcome: 'returned' })
    assert.equal((await remittance!.refresh()).state, 'prepared')
    assert.equal((await heldFunds(today())).unexplainedCents, 0)

    // The second time a person says so first; the bank's line then only tells it.
    const { order: second } = await ordered()
    assert.notEqual(second.id, order.id)
    await say(await lineOf({ amountCents: -net, label: 'VIR 2' }))
    assert.equal(await refused(remittance!, second.id), 'refused')
    assert.deepEqual(await say(await lineOf({ amountCents: net, label: 'REJET 2' })), { outcome: 'returned' })
    assert.lengthOf(await TransferRefusal.all(), 2)
    assert.lengthOf(await RemittanceMovement.all(), 4)
    assert.lengthOf(await FeeInvoice.all(), 1)
    assert.equal((await heldFunds(today())).unexplainedCents, 0)
    // Nothing is left to come back.
    assert.deepEqual(await say(await lineOf({ amountCents: net, label: 'REJET 3' })), {
      outcome: 'not_these',
    })
  })

  test('a line older than the remittance, and one of another amount, change nothing', async ({ assert }) => {
    await collected(await givenClaim(), 100_000)
    const { remittances } = await ordered()
    const user = await givenUser('accountant')
    const line = await lineOf({ amountCents: -remittances[0]!.netCents, bookedOn: addDays(today(), -3) })
    const input = { lineId: line.id, refs: [remittances[0]!.ref], userId: user.id }
    assert.deepEqual(await new RecognizeRemittance().handle(input), { outcome: 'date_refused' })
    assert.equal((await Remittance.firstOrFail()).state, 'exported')
    assert.notEqual((await line.refresh()).state, 'matched')
    assert.isEmpty(await RemittanceMovement.all())
  })
})

test.group('Pages of refusals', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  test('an accountant says it, with a reason; a creditor cannot', async ({ client, assert }) => {
    const creditor = await givenCreditor()
    await collected(await givenClaim({ creditor }), 100_000)
    await collected(await givenClaim(), 50_000)
    const { order, remittances } = await ordered()
    const accountant = await givenUser('accountant')
    const path = `/remittances/${remittances[0]!.ref}`
    const page = await client.get(path).loginAs(accountant)
    for (const said of ['La banque a refusé ce virement', `Tout l’ordre ${order.ref}`]) {
      assert.include(page.text(), said)
    }
    const send = (form: Record<string, string>, user = accountant) =>
      client.post(`${path}/refusal`).loginAs(user).form(form).withCsrfToken()
    await send({ reason: 'x', order: order.ref })
    assert.isEmpty(await TransferRefusal.all())
    const stale = await send({ reason: 'AC04', order: 'V-2000-00001' })
    assert.include(stale.text(), 'n’est plus dans cet ordre')
    const user = await givenUser('creditor', { creditorId: creditor.id })
    ;(await send({ reason: 'AC04', order: order.ref }, user)).assertStatus(403)
    const done = await send({ reason: 'AC04 compte clos', order: order.ref, whole: 'on' })
    assert.include(done.text(), 'AC04 compte clos')
    assert.notInclude(done.text(), 'translation missing')
    assert.lengthOf(await TransferRefusal.all(), 2)
    assert.lengthOf(await TransferOrder.all(), 1)
  })

  test('the status file is deposited, and a line of the bank recognised', async ({ client, assert }) => {
    await collected(await givenClaim(), 100_000)
    const { order, remittances } = await ordered()
    const accountant = await givenUser('accountant')
    const [remittance] = remittances
    const bytes = Buffer.from(report(order.ref, transfer(remittance!.ref, 'ACSP')))
    const deposit = (file: Buffer) =>
      client
        .post('/remittances/orders/reports')
        .loginAs(accountant)
        .file('file', file, { filename: 'a.xml' })
        .withCsrfToken()
    assert.include((await deposit(bytes)).text(), 'aucun nouveau refus')
    assert.include((await deposit(Buffer.from('<a/>'))).text(), 'compte rendu de la banque')

    const line = await lineOf({ amountCents: -remittance!.netCents, endToEndId: remittance!.ref })
    const page = await client.get(`/payments/lines/${line.id}`).loginAs(accountant)
    assert.include(page.text(), 'C’est ce qui est parti')
    const done = await client
      .post(`/payments/lines/${line.id}/remittance`)
      .loginAs(accountant)
      .form({ 'refs[]': remittance!.ref })
      .withCsrfToken()
    assert.include(done.text(), 'Reversements de cette ligne')
    assert.notInclude(done.text(), 'translation missing')
    assert.equal((await remittance!.refresh()).state, 'paid')
  })
})
