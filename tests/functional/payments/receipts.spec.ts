import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { clock } from '#shared/clock'
import { readStoredFile } from '#shared/files'
import Delivery from '#deliveries/models/delivery'
import { recipeNamed, type EmailContent } from '#deliveries/recipes'
import Document from '#claims/models/document'
import Claim from '#claims/models/claim'
import { tick } from '#scheduler/tick'
import { closePrinter } from '#letters/rendering/printer'
import { ReceivePayment, type MoneyReceived } from '#payments/actions/receive_payment'
import { RenderReceipt } from '#payments/actions/render_receipt'
import { TakeBackPayment } from '#payments/actions/take_back_payment'
import Payment from '#payments/models/payment'
import PaymentReturn from '#payments/models/payment_return'
import Receipt from '#payments/models/receipt'
import { receiptContent } from '#payments/receipts/receipt_content'
import { receiptDocument } from '#payments/receipts/receipt_document'
import { givenAgency, givenClaim } from '#tests/fixtures/domain'

let serial = 0

/** A file that has had its first letter, and some money received for it. */
async function aPayment(money: Partial<MoneyReceived> = {}, values: Parameters<typeof givenClaim>[0] = {}) {
  await givenAgency()
  const claim = await givenClaim({
    ...values,
    claim: { firstLetterRef: 'D-T1-L1', firstLetterOn: '2026-06-01', ...values.claim },
  })
  await new ReceivePayment().handle({
    source: `manual:receipt-${++serial}`,
    claimId: claim.id,
    method: 'transfer',
    amountCents: 50_000,
    receivedOn: clock.today(),
    ...money,
  })
  return Payment.query().where('claimId', claim.id).preload('receipt').firstOrFail()
}

async function compose(recipe: string, payment: Payment) {
  const delivery = await Delivery.query()
    .where('recipe', recipe)
    .where('claimId', payment.claimId)
    .firstOrFail()
  return recipeNamed(recipe)!.compose(delivery, clock.now()) as Promise<EmailContent>
}

const printed = async (payment: Payment) =>
  receiptDocument(await receiptContent(payment.receipt.id)).replace(/<style>[\s\S]*?<\/style>/, '')

const textOf = (html: string) =>
  html
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&#39;', "'")
    .replace(/[\s\u00a0\u202f]+/g, ' ')

test.group('Receipts', (group) => {
  group.teardown(() => closePrinter())

  test('rule 33: a receipt names its number, its date, the sum in figures and words, and what it settled', async ({
    assert,
  }) => {
    const payment = await clock.at('2026-07-10T10:00:00.000Z', () =>
      aPayment(
        { amountCents: 500_000, receivedOn: '2026-07-10' },
        { invoices: [{ amountCents: 1_000_000, dueOn: '2026-06-20' }] }
      )
    )
    const text = textOf(await printed(payment))
    for (const mention of [
      `Quittance ${payment.receipt.number}`,
      'Le 10 juillet 2026',
      'Cabinet Amiable, qui exerce une activité de recouvrement amiable de créances pour le compte de STUDIO RIVAGE',
      'déclare avoir reçu de ATELIER BRUME, le 10 juillet 2026, par virement, la somme de',
      '5 000,00 €',
      'cinq mille euros',
      'Principal 4 932,74 €',
      'Intérêts de retard 67,26 €',
      'Somme reçue 5 000,00 €',
      // 10 000 + 67,26 of interest + 40 of indemnity, less 5 000.
      'il reste 5 107,26 € à régler',
      'R124-6',
      '732 829 320',
    ]) {
      assert.include(text, mention)
    }
    assert.notInclude(text, 'Indemnité forfaitaire')
    assert.notInclude(text, 'Trop-perçu')
  })

  test('rule 30: an overpayment is said to be kept apart, and the file to be settled', async ({ assert }) => {
    const payment = await aPayment(
      { amountCents: 12_000, method: 'cash' },
      { kind: 'b2c', invoices: [{ amountCents: 10_000 }] }
    )
    const text = textOf(await printed(payment))
    assert.include(text, 'en espèces')
    assert.include(text, 'Trop-perçu, gardé à part pour vous être rendu 20,00 €')
    assert.include(text, 'est soldé')
    assert.include(text, 'reçu de Madame Hélène Brume')
  })

  test('rule 17: a receipt does not say settled while interest waits for its rate', async ({ assert }) => {
    const payment = await clock.at('2099-02-01T10:00:00.000Z', () =>
      aPayment(
        { amountCents: 124_000, receivedOn: '2099-02-01' },
        { invoices: [{ amountCents: 120_000, dueOn: '2098-12-01' }] }
      )
    )
    const text = textOf(await printed(payment))
    assert.notInclude(text, 'est soldé')
    assert.include(text, 'que les intérêts courus depuis le début du semestre 2098-S2')
    const mail = await compose('payments.receipt', payment)
    assert.notMatch(JSON.stringify(mail), /soldé|rien à payer|entièrement réglé/)
  })

  test('rule 17: the creditor is told that what remains is not known, and which half-year is missing', async ({
    assert,
  }) => {
    const payment = await clock.at('2099-02-01T10:00:00.000Z', () =>
      aPayment(
        { amountCents: 124_000, receivedOn: '2099-02-01' },
        { invoices: [{ amountCents: 120_000, dueOn: '2098-12-01' }] }
      )
    )
    assert.deepEqual([payment.receipt.remainingCents, payment.receipt.missingSemester], [0, '2098-S2'])
    const { text } = await compose('payments.creditor_notice', payment)
    assert.include(
      text.replaceAll('\u00a0', ' '),
      'Pas calculable : le taux du semestre 2098-S2 n’est pas publié'
    )
    assert.notMatch(text, /soldé|Reste dû\W+0,00/)
  })

  test('rule 17: a part paid leaves a sum that says which interest it lacks', async ({ assert }) => {
    const payment = await clock.at('2099-02-01T10:00:00.000Z', () =>
      aPayment(
        { amountCents: 20_000, receivedOn: '2099-02-01' },
        { invoices: [{ amountCents: 120_000, dueOn: '2098-12-01' }] }
      )
    )
    const text = textOf(await printed(payment))
    assert.include(text, 'il reste 1 040,00 €')
    assert.include(text, 'sans les intérêts courus depuis le début du semestre 2098-S2')
  })

  test('rule 17: a rate published since makes no former receipt say settled', async ({ assert }) => {
    const payment = await aPayment({ amountCents: 1_000_000 })
    const before = textOf(await printed(payment))
    assert.include(before, 'est soldé')
    // As it was issued while the half-year had no rate, that is known today.
    await payment.receipt.merge({ missingSemester: '2026-S2', remainingCents: 0 }).save()
    assert.notInclude(textOf(await printed(payment)), 'est soldé')
    assert.notMatch(JSON.stringify(await compose('payments.receipt', payment)), /entièrement réglé/)
  })

  test('a name is only ever text on a receipt', async ({ assert }) => {
    const payment = await aPayment({}, { debtor: { companyName: '<script>alert(1)</script> {{ 7*7 }}' } })
    const html = await printed(payment)
    assert.notInclude(html, '<script')
    assert.include(html, '&lt;script&gt;alert(1)&lt;/script&gt; {{ 7*7 }}')
  })

  test('an address that is missing leaves the window empty and the receipt whole', async ({ assert }) => {
    const payment = await aPayment()
    await db.from('addresses').update({ city: ' ' })
    assert.notInclude(await printed(payment), 'letter-window')
  })

  test('rule 32: what goes back gives a new receipt, which names and replaces the former', async ({
    assert,
  }) => {
    const payment = await aPayment(
      { amountCents: 10_000 },
      { kind: 'b2c', invoices: [{ amountCents: 10_000 }] }
    )
    const takeBack = (totalCents: number) =>
      new TakeBackPayment().handle({
        payment,
        how: 'refund',
        source: 'stripe:ch_1:refunds',
        totalCents,
        // A clock that is wrong: nothing goes back before it came.
        returnedOn: '2020-01-01',
      })
    const current = async () => {
      const { id, number } = await payment.currentReceipt()
      return { number, text: textOf(receiptDocument(await receiptContent(id))) }
    }
    assert.deepEqual(await takeBack(4_000), { outcome: 'taken_back' })
    assert.deepEqual(await takeBack(4_000), { outcome: 'already_taken_back' })
    assert.deepEqual(await takeBack(10_001), { outcome: 'more_than_received' })
    const part = await current()
    for (const mention of [
      `Quittance ${part.number}, qui annule et remplace la quittance ${payment.receipt.number}`,
      'la somme de 100,00 €, dont 40,00 € ont été rendus',
      'soixante euros',
      'Principal 60,00 €',
      'il reste 40,00 € à régler',
    ]) {
      assert.include(part.text, mention)
    }
    assert.equal((await PaymentReturn.firstOrFail()).returnedOn, payment.receivedOn)
    await takeBack(10_000)
    const nothing = await current()
    assert.include(nothing.text, `qui annule et remplace la quittance ${part.number}`)
    assert.include(nothing.text, 'zéro euro')
    assert.notInclude(nothing.text, 'Elle a réglé')
    assert.include(nothing.text, 'il reste 100,00 € à régler')
    assert.include(textOf(await printed(payment)), 'Principal 100,00 €')

    const letters = await Delivery.query().where('recipe', 'payments.receipt_replaced').orderBy('id')
    const [overtaken, last] = await Promise.all(
      letters.map((letter) => recipeNamed('payments.receipt_replaced')!.compose(letter, clock.now()))
    )
    const first: unknown = await compose('payments.receipt', payment)
    assert.deepEqual(first, { cancel: 'receipt_replaced' })
    assert.deepEqual(overtaken, { cancel: 'receipt_replaced' })
    const mail = last as EmailContent
    assert.include(mail.text, nothing.number)
    assert.include(mail.text, part.number)
    assert.equal(mail.attachments?.[0]?.mediaType, 'application/pdf')
    const notice = await compose('payments.return_notice', payment)
    assert.include(notice.text.replace(/[\u00a0\u202f]/g, ' '), '40,00 €')
  })

  test('the PDF is one tagged page, printed once and kept, among the documents of the file', async ({
    assert,
  }) => {
    const payment = await aPayment()
    const render = () => new RenderReceipt().handle(payment.receipt.id)
    const [first, second] = await Promise.all([render(), render()])
    const third = await render()
    assert.equal(new Set([first!.sha256, second!.sha256, third.sha256]).size, 1)
    const source = Buffer.from(first!.pdf).toString('latin1')
    assert.match(source, /^%PDF-/)
    assert.lengthOf(source.match(/\/Type \/Page\b/g) ?? [], 1)
    assert.match(source, /\/StructTreeRoot/)
    assert.deepEqual(Buffer.from(third.pdf), await readStoredFile(first!.sha256))
    const documents = await Document.query().where('claimId', payment.claimId)
    assert.lengthOf(documents, 1)
    assert.equal(documents[0]!.name, `${payment.receipt.number}.pdf`)
    assert.isTrue(documents[0]!.shownToDebtor)
    assert.equal((await Receipt.findOrFail(payment.receipt.id)).fileSha256, first!.sha256)
  })

  test('rule 33: the tick prints the receipt of a debtor without an email, once', async ({ assert }) => {
    const payment = await aPayment({}, { email: null })
    const { done } = await tick(clock.now())
    assert.equal(done.receipts, 1)
    const { fileSha256 } = await Receipt.findOrFail(payment.receipt.id)
    assert.isNotNull(fileSha256)
    const again = await tick(clock.now())
    assert.isUndefined(again.done.receipts || undefined)
  })

  test('the debtor gets the receipt with its PDF, no amount in the subject, and a new link', async ({
    assert,
  }) => {
    const payment = await aPayment()
    const mail = await compose('payments.receipt', payment)
    assert.include(mail.subject, payment.receipt.number)
    assert.notMatch(mail.subject, /€|\d,\d\d/)
    assert.include(mail.text, 'D-T1-L1')
    assert.match(mail.text, /\/p\/[\w-]{43}/)
    assert.equal(mail.attachments?.[0]?.mediaType, 'application/pdf')
    const { fileSha256 } = await Receipt.findOrFail(payment.receipt.id)
    assert.deepEqual(mail.attachments?.[0]?.content, { fileSha256 })
  })

  test('rule 34: the creditor learns the means, the sum, the debtor and where the money is', async ({
    assert,
  }) => {
    const payment = await clock.at('2026-07-10T10:00:00.000Z', () => aPayment({ receivedOn: '2026-07-10' }))
    const mail = await compose('payments.creditor_notice', payment)
    const text = mail.text.replace(/[\u00a0\u202f]/g, ' ')
    const { ref } = await Claim.findOrFail(payment.claimId)
    for (const fact of ['Virement', '500,00 €', 'ATELIER BRUME', 'Compte de l’agence', ref, '10/07/2026']) {
      assert.include(text, fact)
    }
    // The mandate says 30 days, a month would be one more.
    assert.include(text, '09/08/2026')
    assert.notMatch(mail.subject, /€|\d,\d\d/)
  })
})
