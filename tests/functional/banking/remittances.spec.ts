import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { addDays, addWorkingDays } from '#shared/calendar'
import { clock } from '#shared/clock'
import { readStoredFile } from '#shared/files'
import { sum } from '#shared/money'
import Claim from '#claims/models/claim'
import Mandate from '#creditors/models/mandate'
import { remitBy } from '#creditors/remit_by'
import Delivery from '#deliveries/models/delivery'
import { recipeNamed, type EmailContent } from '#deliveries/recipes'
import { closePrinter } from '#letters/rendering/printer'
import { CancelRemittance } from '#banking/remittances/actions/cancel_remittance'
import { ConfirmRemittance } from '#banking/remittances/actions/confirm_remittance'
import { ExportRemittances } from '#banking/remittances/actions/export_remittances'
import { PrintStatement } from '#banking/remittances/actions/print_papers'
import { remittanceContent } from '#banking/remittances/documents/content'
import { invoiceDocument } from '#banking/remittances/documents/invoice_document'
import { statementDocument } from '#banking/remittances/documents/statement_document'
import FeeInvoice from '#banking/fees/fee_invoice'
import Remittance from '#banking/remittances/models/remittance'
import RemittanceLine from '#banking/remittances/models/remittance_line'
import { collected, prepared, remitted, takenBack } from '#tests/fixtures/banking'
import { givenAgency, givenClaim, givenCreditor, givenUser } from '#tests/fixtures/domain'

const today = () => clock.today()

/** What an account holds, in cents. */
async function balanceOf(account: string) {
  const [row] = await db
    .from('postings')
    .select(
      db.raw(
        `coalesce(sum(case when debit_account = ? then amount_cents when credit_account = ? then -amount_cents else 0 end), 0) as cents`,
        [account, account]
      )
    )
  return Number(row.cents)
}

const confirmed = (remittance: Remittance, paidOn = today()) =>
  new ConfirmRemittance().handle({ id: remittance.id, paidOn })

async function exported() {
  const outcome = await new ExportRemittances().handle()
  if (outcome.outcome !== 'exported' && outcome.outcome !== 'already_exported')
    throw new Error(outcome.outcome)
  return outcome
}

const plain = (html: string) =>
  html
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/[\s\u00a0\u202f]+/g, ' ')

test.group('Remittances', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })
  group.teardown(() => closePrinter())

  test('one for each creditor, with its payments as lines, its fee and its day', async ({ assert }) => {
    const [one, other] = [await givenCreditor(), await givenCreditor({}, { feeBps: 1000, netting: false })]
    const claim = await givenClaim({ creditor: one })
    await collected(claim, 50_000, { receivedOn: addDays(today(), -10) })
    await collected(claim, 12_345)
    await collected(await givenClaim({ creditor: other }), 20_000)

    const remittances = await prepared()
    assert.lengthOf(remittances, 2)
    const [first, second] = remittances
    assert.deepInclude(first!.$attributes, {
      creditorId: one.id,
      collectedCents: 62_345,
      feeCents: 6_000 + 1_481,
      vatCents: 1_200 + 296,
      netCents: 62_345 - 7_481 - 1_496,
      netting: true,
      payments: 2,
      dueOn: remitBy(addDays(today(), -10), 30),
    })
    // Without netting the creditor gets all of it, and the fee is invoiced apart.
    assert.deepInclude(second!.$attributes, { collectedCents: 20_000, feeCents: 2_000, netCents: 20_000 })
    const year = today().slice(0, 4)
    assert.deepEqual([first!.ref, second!.ref], [`R-${year}-00001`, `R-${year}-00002`])
    const lines = await RemittanceLine.query().where('remittanceId', first!.id)
    assert.equal(sum(lines.map(({ feeCents }) => feeCents)), first!.feeCents)
    assert.equal(sum(lines.map(({ vatCents }) => vatCents)), first!.vatCents)
  })

  test('a payment is drawn once: a second run finds nothing, and the table takes no second line', async ({
    assert,
  }) => {
    await collected(await givenClaim(), 50_000)
    const both = [await prepared(), await prepared()]
    assert.deepEqual(
      both.map((remittances) => remittances.length),
      [1, 0]
    )
    const [line] = await RemittanceLine.all()
    const again = { ...line!.$attributes, id: undefined, remittanceId: line!.remittanceId }
    await db.rawQuery('savepoint twice')
    await assert.rejects(() => RemittanceLine.create(again), /unique/i)
    await db.rawQuery('rollback to savepoint twice')
  })

  test('what was received after the day asked for waits, even drawn before by a later one', async ({
    assert,
  }) => {
    const claim = await givenClaim()
    await collected(claim, 10_000, { receivedOn: addDays(today(), -5) })
    await collected(claim, 20_000)
    assert.lengthOf(await prepared(addDays(today(), -6)), 0)
    const [early] = await prepared(addDays(today(), -5))
    assert.equal(early!.collectedCents, 10_000)
    const [late] = await prepared()
    assert.equal(late!.collectedCents, 20_000)
    assert.lengthOf(await prepared(addDays(today(), -5)), 0)
  })

  test('what nobody owes is not the creditor’s', async ({ assert }) => {
    await collected(await givenClaim({ kind: 'b2c', invoices: [{ amountCents: 5_000 }] }), 8_000)
    assert.equal((await prepared())[0]!.collectedCents, 5_000)
    await remitted()
  })

  test('the fee follows the grid of the mandate in force when the money came', async ({ assert }) => {
    const creditor = await givenCreditor(
      {},
      { feeBps: 3000, feeGrid: [{ ageDays: null, principalCents: 100_000, feeBps: 1500 }] }
    )
    await collected(await givenClaim({ creditor, invoices: [{ amountCents: 100_000 }] }), 10_000)
    await collected(await givenClaim({ creditor, invoices: [{ amountCents: 100_001 }] }), 10_000)
    await prepared()
    const lines = await RemittanceLine.query().orderBy('id')
    assert.deepEqual(
      lines.map(({ rateBps, feeCents, vatCents }) => [rateBps, feeCents, vatCents]),
      [
        [1500, 1500, 300],
        [3000, 3000, 600],
      ]
    )
  })

  test('paid: the ledger moves once, the fee is invoiced once, the creditor is told once', async ({
    assert,
  }) => {
    const creditor = await givenCreditor()
    const claim = await givenClaim({ creditor })
    await collected(claim, 100_000)
    const [remittance] = await prepared()
    assert.equal(await balanceOf('creditor_payable'), -100_000)
    assert.deepEqual(await confirmed(remittance!), { outcome: 'paid' })
    assert.deepEqual(await confirmed(remittance!), { outcome: 'already_paid' })
    assert.equal(await balanceOf('creditor_payable'), 0)
    assert.equal(await balanceOf('client_funds'), 14_400)
    assert.equal(await balanceOf('agency_fee'), -14_400)
    await claim.refresh()
    assert.equal(claim.paidCents, 100_000)
    const invoice = await FeeInvoice.findByOrFail('remittanceId', remittance!.id)
    assert.deepInclude(invoice.$attributes, { feeCents: 12_000, vatCents: 2_400, vatBps: 2000 })
    assert.equal(invoice.number, `F-${today().slice(0, 4)}-00001`)
    const mails = await Delivery.query().where('recipe', 'banking.remittance')
    assert.deepEqual(
      mails.map(({ recipient }) => recipient),
      [creditor.email]
    )
  })

  test('rule 37: without netting no fee leaves the funds held', async ({ assert }) => {
    const creditor = await givenCreditor({}, { netting: false })
    await collected(await givenClaim({ creditor }), 100_000)
    await remitted()
    assert.equal(await balanceOf('creditor_payable'), 0)
    assert.equal(await balanceOf('client_funds'), 0)
    assert.equal(await balanceOf('agency_fee'), 0)
    assert.equal((await FeeInvoice.firstOrFail()).dueOn, addDays(today(), 30))
  })

  test('a fee that would leave nothing is invoiced instead of kept', async ({ assert }) => {
    const creditor = await givenCreditor({}, { feeBps: 9000 })
    await collected(await givenClaim({ creditor }), 10_000)
    const [remittance] = await prepared()
    assert.isFalse(Boolean(remittance!.netting))
    assert.equal(remittance!.netCents, 10_000)
  })

  test('rule 32: what goes back after a remittance is a negative line of the next, its fee given back', async ({
    assert,
  }) => {
    const creditor = await givenCreditor()
    const payment = await collected(await givenClaim({ creditor }), 50_000)
    await remitted()
    await takenBack(payment, 20_000)
    assert.lengthOf(await prepared(), 0, 'it waits for money to be deducted from')
    assert.equal(await balanceOf('creditor_payable'), 20_000)

    await collected(await givenClaim({ creditor }), 30_000)
    const [next] = await remitted()
    const lines = await RemittanceLine.query().where('remittanceId', next!.id).orderBy('id')
    assert.deepEqual(
      lines.map(({ collectedCents, feeCents, vatCents }) => [collectedCents, feeCents, vatCents]).sort(),
      [
        [-20_000, -2_400, -480],
        [30_000, 3_600, 720],
      ].sort()
    )
    assert.equal(next!.netCents, 10_000 - 1_200 - 240)
    assert.equal(await balanceOf('creditor_payable'), 0)

    await takenBack(payment, 50_000)
    await collected(await givenClaim({ creditor }), 40_000)
    const [last] = await remitted()
    assert.equal(last!.collectedCents, 10_000)
    const all = await RemittanceLine.query().where('paymentId', payment.id)
    assert.deepEqual(
      [sum(all.map((line) => line.collectedCents)), sum(all.map((line) => line.feeCents))],
      [0, 0]
    )
    assert.equal(await balanceOf('creditor_payable'), 0)
  })

  test('fees given back beyond those of the day are a credit note', async ({ assert }) => {
    const creditor = await givenCreditor({}, { feeBps: 5000 })
    const payment = await collected(await givenClaim({ creditor }), 50_000)
    await remitted()
    await Mandate.create({
      ...(await Mandate.findByOrFail('creditorId', creditor.id)).$attributes,
      id: undefined,
      feeBps: 100,
      signedOn: today(),
    })
    await takenBack(payment, 20_000)
    await collected(await givenClaim({ creditor }), 30_000)
    const [next] = await remitted()
    assert.equal(next!.feeCents, 300 - 10_000)
    const note = await FeeInvoice.findByOrFail('remittanceId', next!.id)
    assert.isTrue(note.isCreditNote)
    assert.equal(next!.netCents, 10_000 + 9_700 + 1_940)
    assert.equal(await balanceOf('creditor_payable'), 0)
    const content = await remittanceContent(next!.id)
    assert.include(plain(invoiceDocument({ ...content, invoice: content.invoice! })), `Avoir ${note.number}`)
  })

  test('cancelled while prepared: its payments are drawn again, under another number', async ({ assert }) => {
    await collected(await givenClaim(), 50_000)
    const [first] = await prepared()
    const cancel = () => new CancelRemittance().handle({ id: first!.id, userId })
    const userId = (await givenUser('accountant')).id
    assert.equal(await cancel(), 'cancelled')
    assert.equal(await cancel(), 'too_late')
    assert.deepEqual(await confirmed(first!), { outcome: 'cancelled' })
    const [second] = await prepared()
    assert.equal(second!.collectedCents, 50_000)
    assert.match(second!.ref, /-00002$/)
    await exported()
    assert.equal(await new CancelRemittance().handle({ id: second!.id, userId }), 'too_late')
  })

  test('cancelled after a later one took back what had gone: the rest is drawn, its fee exact', async ({
    assert,
  }) => {
    const creditor = await givenCreditor()
    const payment = await collected(await givenClaim({ creditor }), 50_000)
    const [first] = await prepared()
    await takenBack(payment, 20_000)
    await collected(await givenClaim({ creditor }), 30_000)
    const [second] = await prepared()
    assert.equal(second!.collectedCents, 10_000)
    const { id: userId } = await givenUser('accountant')
    await new CancelRemittance().handle({ id: first!.id, userId })
    const [third] = await prepared()
    assert.equal(third!.collectedCents, 50_000)
    assert.equal(second!.feeCents + third!.feeCents, 7_200)
    for (const { id } of [second!, third!]) await new ConfirmRemittance().handle({ id, paidOn: today() })
    assert.equal(await balanceOf('creditor_payable'), 0)
  })

  test('it has left on a day between its making and today', async ({ assert }) => {
    await collected(await givenClaim(), 50_000)
    const [remittance] = await prepared()
    for (const day of [addDays(today(), -1), addDays(today(), 1)]) {
      assert.deepEqual(await confirmed(remittance!, day), { outcome: 'date_refused' })
    }
    assert.equal(await balanceOf('creditor_payable'), -50_000)
  })

  test('exported: one order, the same bytes again, and what came since in another', async ({ assert }) => {
    await collected(await givenClaim(), 50_000)
    const [remittance] = await prepared()
    const first = await exported()
    assert.equal(first.outcome, 'exported')
    assert.equal(first.order.executeOn, addWorkingDays(today(), 1))
    assert.include(first.xml.toString(), `<EndToEndId>${remittance!.ref}</EndToEndId>`)
    const again = await exported()
    assert.equal(again.outcome, 'already_exported')
    assert.deepEqual(again.xml, first.xml)
    assert.equal(again.order.ref, first.order.ref)
    assert.deepEqual(await readStoredFile(first.order.fileSha256), first.xml)

    await collected(await givenClaim(), 20_000)
    await prepared()
    const second = await exported()
    assert.equal(second.outcome, 'exported')
    assert.notEqual(second.order.ref, first.order.ref)
    assert.notInclude(second.xml.toString(), remittance!.ref)
    for (const { id } of await Remittance.all()) {
      await new ConfirmRemittance().handle({ id, paidOn: today() })
    }
    assert.deepEqual(await new ExportRemittances().handle(), { outcome: 'nothing_prepared' })
  })

  test('a creditor without an IBAN, or an agency without its account, stops the whole order', async ({
    assert,
  }) => {
    const creditor = await givenCreditor({ name: 'SANS COMPTE', iban: null })
    await collected(await givenClaim({ creditor }), 50_000)
    await prepared()
    assert.deepEqual(await new ExportRemittances().handle(), {
      outcome: 'iban_missing',
      creditors: ['SANS COMPTE'],
    })
    await db.from('agencies').update({ dedicated_iban: null })
    assert.deepEqual(await new ExportRemittances().handle(), { outcome: 'dedicated_account_missing' })
    assert.equal((await Remittance.firstOrFail()).state, 'prepared')
  })

  test('rule 37: what went back after it was prepared is not ordered from the funds of others', async ({
    assert,
  }) => {
    const payment = await collected(await givenClaim(), 50_000)
    const [remittance] = await prepared()
    await takenBack(payment, 20_000)
    assert.deepEqual(await new ExportRemittances().handle(), {
      outcome: 'went_back',
      remittances: [remittance!.ref],
    })
    const { id: userId } = await givenUser('accountant')
    await new CancelRemittance().handle({ id: remittance!.id, userId })
    assert.equal((await prepared())[0]!.collectedCents, 30_000)
    assert.equal((await exported()).order.transfers, 1)
  })

  test('rule 9: the fee is on the creditor’s papers, and nowhere on the debtor’s', async ({ assert }) => {
    const claim = await givenClaim()
    await collected(claim, 100_000)
    const [remittance] = await remitted()
    const content = await remittanceContent(remittance!.id)
    const statement = plain(statementDocument(content))
    const invoice = plain(invoiceDocument({ ...content, invoice: content.invoice! }))
    for (const mention of [
      remittance!.ref,
      'Sommes reçues pour vous 1 000,00 €',
      'Honoraires hors taxes, retenus selon le mandat −120,00 €',
      'TVA sur les honoraires −24,00 €',
      'Somme reversée 856,00 €',
      claim.ref,
      'ATELIER BRUME',
      'FR14 2004 1010 0505 0001 3M02 606',
    ]) {
      assert.include(statement, mention)
    }
    for (const mention of [
      content.invoice!.number,
      'Cabinet Amiable, SAS, 12 rue des Archives, 75004 PARIS, SIREN 732 829 320, TVA intracommunautaire FR44732829320',
      'STUDIO RIVAGE, SARL, SIREN 552 081 317',
      'Total hors taxes 120,00 €',
      'TVA 20,00 % 24,00 €',
      'Total toutes taxes comprises 144,00 €',
      'Réglée par compensation',
      'indemnité forfaitaire pour frais de recouvrement de 40 €',
    ]) {
      assert.include(invoice, mention)
    }
    const debts = await db.from('postings').where('claim_id', claim.id).whereLike('debit_account', '%fee%')
    assert.lengthOf(debts, 0)
    const { dueCents } = await Claim.findOrFail(claim.id)
    assert.isAtMost(dueCents, 120_000)
  })

  test('the creditor gets the statement and the invoice, without an amount in the subject', async ({
    assert,
  }) => {
    await collected(await givenClaim(), 100_000)
    const [remittance] = await remitted()
    const delivery = await Delivery.findByOrFail('recipe', 'banking.remittance')
    const mail = (await recipeNamed('banking.remittance')!.compose(delivery, clock.now())) as EmailContent
    assert.include(mail.subject, remittance!.ref)
    assert.notMatch(mail.subject, /€|\d,\d\d/)
    const { number } = await FeeInvoice.firstOrFail()
    assert.deepEqual(
      mail.attachments?.map(({ name }) => name),
      [`Releve ${remittance!.ref}.pdf`, `Facture ${number}.pdf`]
    )
    const paper = await Remittance.findOrFail(remittance!.id)
    const { sha256, pdf } = await new PrintStatement().handle(paper)
    assert.equal(sha256, paper.fileSha256)
    assert.match(Buffer.from(pdf).toString('latin1'), /^%PDF-/)
  })
})
