import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { addDays } from '#shared/calendar'
import { clock, instantOn } from '#shared/clock'
import { ExportAccounting } from '#banking/accounting/export_accounting'
import FeeInvoice from '#banking/fees/fee_invoice'
import { SettleFeeInvoice } from '#banking/fees/settle_fee_invoice'
import Agency from '#agency/models/agency'
import BankLine from '#banking/models/bank_line'
import { SettleByLine } from '#banking/fees/settle_by_line'
import { aLine, importLines } from '#tests/fixtures/statements'
import { feesToInvoice, unpaidFeeInvoices } from '#banking/remittances/queries/fee_obligations'
import Payment, { REPORTED } from '#payments/models/payment'
import { collected, prepared, remitted } from '#tests/fixtures/banking'
import { givenAgency, givenClaim, givenCreditor, givenUser } from '#tests/fixtures/domain'

/** A creditor whose fee is invoiced apart: 10 % of 500 €, 60 € with VAT. */
async function givenInvoice() {
  const creditor = await givenCreditor({}, { netting: false, feeBps: 1000 })
  const claim = await givenClaim({ creditor, invoices: [{ amountCents: 50_000 }], kind: 'b2c' })
  await collected(claim, 50_000)
  const [remittance] = await remitted()
  const invoice = await FeeInvoice.query().where('remittanceId', remittance!.id).firstOrFail()
  return { creditor, claim, remittance: remittance!, invoice }
}

test.group('Fee invoices that creditors pay themselves', (group) => {
  let folder: string
  group.each.setup(async () => {
    await givenAgency()
    folder = await mkdtemp(join(tmpdir(), 'amiable-fees-'))
    return () => rm(folder, { recursive: true, force: true })
  })

  const year = () => Number(clock.today().slice(0, 4))
  /** `journal account debit credit piece label` of the rows of a journal. */
  async function books(journal: string) {
    const outcome = await new ExportAccounting().handle({ year: year(), folder })
    if (outcome.outcome !== 'exported') throw new Error(outcome.outcome)
    const rows = (await readFile(outcome.file, 'utf8')).split('\r\n').map((line) => line.split('\t'))
    return rows.filter((row) => row[0] === journal).map((row) => [row[4], row[11], row[12], row[8], row[10]])
  }

  test('one is on the board with its date until it is marked as paid', async ({ client, assert }) => {
    const { remittance, invoice } = await givenInvoice()
    const user = await givenUser('accountant')
    const board = await client.get('/obligations').loginAs(user)
    board.assertTextIncludes(invoice.number)
    board.assertTextIncludes('À régler par STUDIO RIVAGE')
    assert.deepEqual(
      (await unpaidFeeInvoices(addDays(clock.today(), 31))).map(({ cents, alert }) => [cents, alert]),
      [[6_000, 'late']]
    )
    const send = (form: object) =>
      client
        .post(`/remittances/${remittance.ref}/invoice/settlement`)
        .loginAs(user)
        .withCsrfToken()
        .form(form)
        .redirects(0)
    await send({ paidOn: addDays(clock.today(), 1) })
    await send({ paidOn: addDays(clock.today(), -1) })
    assert.lengthOf(await db.from('fee_settlements'), 0)
    await send({ paidOn: clock.today(), reference: 'VIR RIVAGE 12' })
    await send({ paidOn: clock.today(), reference: 'VIR RIVAGE 12' })
    assert.lengthOf(await db.from('fee_settlements'), 1)
    assert.deepEqual(await unpaidFeeInvoices(clock.today()), [])
    const page = await client.get(`/remittances/${remittance.ref}`).loginAs(user)
    page.assertTextIncludes('VIR RIVAGE 12')
  })

  test('rule 60: the accounting export tells that it was paid, on the agency’s bank; undone, it tells both', async ({
    assert,
  }) => {
    const { invoice, creditor } = await givenInvoice()
    const { id: userId } = await givenUser('accountant')
    const settlement = { invoiceId: invoice.id, paidOn: clock.today(), reference: 'VIR 12', userId }
    assert.equal(await new SettleFeeInvoice().handle(settlement), 'settled')
    const label = `Règlement de ${invoice.number} par STUDIO RIVAGE, VIR 12`
    const paid = [
      ['512000', '60,00', '0,00', invoice.number, label],
      ['411000', '0,00', '60,00', invoice.number, label],
    ]
    assert.deepEqual(await books('BQ'), paid)
    assert.equal(await new SettleFeeInvoice().undo(invoice.id, userId), 'undone')
    assert.equal(await new SettleFeeInvoice().undo(invoice.id, userId), 'not_settled')
    assert.deepEqual(await books('BQ'), [
      ...paid,
      ['411000', '60,00', '0,00', invoice.number, label],
      ['512000', '0,00', '60,00', invoice.number, label],
    ])
    assert.equal(await new SettleFeeInvoice().handle(settlement), 'settled')
    const [{ held }] = await db
      .from('postings')
      .where('creditor_id', creditor.id)
      .where((touching) =>
        touching.where('debit_account', 'client_funds').orWhere('credit_account', 'client_funds')
      )
      .where('kind', 'settlement')
      .count('* as held')
    assert.equal(Number(held), 0)
  })

  test('five at once mark it once', async ({ assert }) => {
    const { invoice } = await givenInvoice()
    const { id: userId } = await givenUser('accountant')
    const settlement = { invoiceId: invoice.id, paidOn: clock.today(), reference: null, userId }
    const done = await Promise.all(Array.from({ length: 5 }, () => new SettleFeeInvoice().handle(settlement)))
    assert.deepEqual(done.toSorted(), [...Array(4).fill('already_settled'), 'settled'])
    assert.lengthOf(await db.from('postings').where('kind', 'settlement'), 1)
  })

  test('a fee that was kept from a remittance is not to be paid', async ({ assert }) => {
    await collected(await givenClaim({ invoices: [{ amountCents: 50_000 }], kind: 'b2c' }), 50_000)
    await remitted()
    const { id: invoiceId } = await FeeInvoice.firstOrFail()
    const { id: userId } = await givenUser('accountant')
    const settlement = { invoiceId, paidOn: clock.today(), reference: null, userId }
    assert.equal(await new SettleFeeInvoice().handle(settlement), 'kept')
    assert.deepEqual(await unpaidFeeInvoices(clock.today()), [])
  })

  test('rule 36: what the creditor received itself has its invoice to be issued, with its day', async ({
    client,
    assert,
  }) => {
    const creditor = await givenCreditor({}, { netting: true, feeBps: 1000, remittanceDays: 10 })
    const claim = await givenClaim({ creditor, invoices: [{ amountCents: 80_000 }], kind: 'b2c' })
    const user = await givenUser('accountant')
    await client
      .post('/payments')
      .loginAs(user)
      .withCsrfToken()
      .form({
        claim: claim.ref,
        amount: '500,00',
        method: 'transfer',
        receivedOn: clock.today(),
        direct: 'on',
        formKey: randomUUID(),
      })
      .redirects(0)
    const payment = await Payment.findByOrFail('claimId', claim.id)
    assert.isTrue(payment.isDirect)
    assert.equal(payment.destinationAccount, REPORTED)
    assert.lengthOf(
      await db.from('postings').where('payment_id', payment.id).where('credit_account', 'client_funds'),
      0
    )

    const dueOn = addDays(clock.today(), 10)
    const [owed, ...others] = await feesToInvoice(clock.today())
    assert.lengthOf(others, 0)
    assert.deepInclude(owed, { ref: creditor.ref, cents: 50_000, payments: 1, dueOn, alert: 'later' })
    assert.equal((await feesToInvoice(addDays(dueOn, 1)))[0]!.alert, 'late')
    const board = await client.get('/obligations').loginAs(user)
    board.assertTextIncludes('Un paiement reçu par le créancier')
    const [direct] = await prepared()
    assert.isTrue(direct!.direct)
    assert.deepEqual(await feesToInvoice(clock.today()), [])
    const [invoice] = await unpaidFeeInvoices(clock.today())
    assert.equal(invoice!.cents, 6_000)
  })

  test('near its day, the agenda says so', async ({ client }) => {
    const creditor = await givenCreditor({}, { remittanceDays: 3 })
    const claim = await givenClaim({ creditor, invoices: [{ amountCents: 80_000 }], kind: 'b2c' })
    await collected(claim, 10_000, { destinationAccount: REPORTED })
    const agenda = await client.get('/?kind=obligations').loginAs(await givenUser('admin'))
    agenda.assertTextIncludes('Honoraires à facturer à STUDIO RIVAGE')
  })

  test('only the agency’s accountants mark it; the creditor sees that it is paid', async ({
    client,
    assert,
  }) => {
    const { remittance, creditor, invoice } = await givenInvoice()
    const theirs = await givenUser('creditor', { creditorId: creditor.id })
    for (const user of [theirs, await givenUser('collector')]) {
      await client
        .post(`/remittances/${remittance.ref}/invoice/settlement`)
        .loginAs(user)
        .withCsrfToken()
        .form({ paidOn: clock.today() })
        .redirects(0)
    }
    assert.lengthOf(await db.from('fee_settlements'), 0)
    const { id: userId } = await givenUser('accountant')
    await new SettleFeeInvoice().handle({
      invoiceId: invoice.id,
      paidOn: clock.today(),
      reference: null,
      userId,
    })
    const page = await client.get(`/remittances/${remittance.ref}`).loginAs(theirs)
    page.assertTextIncludes('réglée le')
    assert.notInclude(page.text(), 'invoice/settlement')
  })
})

test.group('Fee invoices paid by a line of the agency’s bank', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  const ROWS = 'fee_settlements'

  /** Not the dedicated account. */
  const OWN = 'FR1420041010050500013M02606'

  async function aPaidLine(values: Parameters<typeof aLine>[0] = {}) {
    await importLines([
      aLine({
        account: OWN,
        amountCents: 6_000,
        bookedOn: clock.today(),
        valueOn: clock.today(),
        counterparty: 'X',
        ...values,
      }),
    ])
    return BankLine.query().orderBy('id', 'desc').firstOrFail()
  }

  const settle = async (line: BankLine, number: string) =>
    new SettleByLine().handle({ lineId: line.id, number, userId: (await givenUser('accountant')).id })

  test('a person matches it on the page: paid on the day of the line, once', async ({ client, assert }) => {
    const { invoice, remittance } = await givenInvoice()
    const line = await aPaidLine({ label: `HONORAIRES ${invoice.number}` })
    const user = await givenUser('accountant')
    const page = await client.get(`/payments/lines/${line.id}`).loginAs(user)
    page.assertTextIncludes(`C’est le règlement de ${invoice.number}`)
    const send = () =>
      client
        .post(`/payments/lines/${line.id}/invoice`)
        .loginAs(user)
        .withCsrfToken()
        .form({ number: invoice.number })
        .redirects(0)
    await Promise.all([send(), send(), send()])
    const rows = await db.from(ROWS)
    assert.lengthOf(rows, 1)
    assert.containSubset(rows[0], { line_id: line.id, paid_on: clock.today(), amount_cents: 6_000 })
    assert.lengthOf(await db.from('postings').where('kind', 'settlement'), 1)
    await line.refresh()
    assert.equal(line.state, 'matched')
    ;(await client.get(`/payments/lines/${line.id}`).loginAs(user)).assertTextIncludes(
      'Facture d’honoraires réglée'
    )
    assert.lengthOf(await unpaidFeeInvoices(addDays(clock.today(), 31)), 0)

    await client
      .delete(`/remittances/${remittance.ref}/invoice/settlement`)
      .loginAs(user)
      .withCsrfToken()
      .redirects(0)
    await line.refresh()
    assert.equal(line.state, 'open')
    assert.equal(await settle(line, invoice.number), 'settled')
    ;(
      await client
        .post(`/payments/lines/${line.id}/invoice`)
        .loginAs(await givenUser('collector'))
        .withCsrfToken()
    ).assertStatus(403)
  })

  test('another amount, the dedicated account, a line that is decided, or a day before the invoice: nothing is paid', async ({
    assert,
  }) => {
    const { invoice } = await givenInvoice()
    const agency = await Agency.currentOrFail()
    const dedicated = agency.dedicatedIban!
    for (const values of [
      { amountCents: 6_001 },
      { amountCents: -6_000 },
      { account: dedicated },
      { account: dedicated.slice(4, 25) },
      { bookedOn: addDays(clock.today(), -1) },
    ]) {
      assert.equal(await settle(await aPaidLine(values), invoice.number), 'not_this', JSON.stringify(values))
    }
    const ignored = await aPaidLine()
    await ignored.ignore({ reason: 'autre chose', by: await givenUser('accountant') })
    assert.equal(await settle(ignored, invoice.number), 'not_open')
    assert.lengthOf(await db.from(ROWS), 0)
  })

  test('one marked as paid by hand is only linked, and a fee that was kept is never proposed', async ({
    assert,
  }) => {
    const { invoice } = await givenInvoice()
    const userId = (await givenUser('accountant')).id
    const paidOn = clock.today()
    await new SettleFeeInvoice().handle({ invoiceId: invoice.id, paidOn, reference: null, userId })
    const line = await aPaidLine()
    assert.equal(await settle(line, invoice.number), 'settled')
    assert.lengthOf(await db.from('postings').where('kind', 'settlement'), 1)
    assert.equal((await db.from(ROWS).firstOrFail()).line_id, line.id)
    assert.equal(await settle(await aPaidLine(), invoice.number), 'not_this')

    const kept = await givenCreditor({}, { netting: true, feeBps: 1000 })
    await collected(await givenClaim({ creditor: kept }), 50_000)
    const [remittance] = await remitted()
    const { number } = await FeeInvoice.findByOrFail('remittanceId', remittance!.id)
    assert.equal(await settle(await aPaidLine(), number), 'not_this')
  })
})

test.group('A file says that its money was remitted', () => {
  test('when, and by which transfer, to the agency and to the creditor', async ({ client, assert }) => {
    await givenAgency()
    const creditor = await givenCreditor()
    const claim = await givenClaim({ creditor, invoices: [{ amountCents: 50_000 }], kind: 'b2c' })
    const other = await givenClaim({ creditor, invoices: [{ amountCents: 50_000 }], kind: 'b2c' })
    await collected(claim, 20_000)
    const [remittance] = await remitted()
    const theirs = await givenUser('creditor', { creditorId: creditor.id })
    for (const user of [await givenUser(), theirs]) {
      const page = await client.get(`/claims/${claim.ref}`).loginAs(user)
      page.assertTextIncludes('Reversé au créancier le')
      page.assertTextIncludes(remittance!.ref)
    }
    const told = await db.from('claim_events').where('type', 'remittance.paid')
    assert.deepEqual(
      told.map(({ claim_id: id }) => Number(id)),
      [claim.id]
    )
    assert.notInclude(
      told.map(({ claim_id: id }) => Number(id)),
      other.id
    )
  })

  test('what went straight to the creditor was never remitted', async ({ assert }) => {
    await givenAgency()
    const claim = await givenClaim({ invoices: [{ amountCents: 50_000 }], kind: 'b2c' })
    await clock.at(instantOn(clock.today(), 10), () =>
      collected(claim, 20_000, { destinationAccount: REPORTED })
    )
    await prepared()
    assert.lengthOf(await db.from('claim_events').where('type', 'remittance.paid'), 0)
  })
})
