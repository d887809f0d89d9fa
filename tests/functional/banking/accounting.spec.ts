import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { clock } from '#shared/clock'
import { formatEuros, sum } from '#shared/money'
import { WithdrawKeptFees } from '#banking/funds/actions/withdraw_kept_fees'
import FeeInvoice from '#banking/fees/fee_invoice'
import { SettleFeeInvoice } from '#banking/fees/settle_fee_invoice'
import { ConfirmRemittance } from '#banking/remittances/actions/confirm_remittance'
import { RefuseTransfer } from '#banking/remittances/actions/refuse_transfer'
import Remittance from '#banking/remittances/models/remittance'
import { ExportAccounting } from '#banking/accounting/export_accounting'
import { type FEC_COLUMNS, fecRows } from '#banking/accounting/fec'
import { collected, remitted, takenBack } from '#tests/fixtures/banking'
import { givenAgency, givenClaim, givenCreditor, givenUser } from '#tests/fixtures/domain'

const year = () => Number(clock.today().slice(0, 4))

type Row = Record<(typeof FEC_COLUMNS)[number], string>

const read = (text: string): Row[] => {
  const [header, ...lines] = text.replace(/\r\n$/, '').split('\r\n')
  const columns = header!.split('\t')
  return lines.map(
    (line) => Object.fromEntries(line.split('\t').map((cell, index) => [columns[index]!, cell])) as Row
  )
}

const inCents = (text: string) => Number(text.replace(',', ''))

test.group('Accounting export', (group) => {
  let folder: string
  group.each.setup(async () => {
    await givenAgency()
    folder = await mkdtemp(join(tmpdir(), 'amiable-fec-'))
    return () => rm(folder, { recursive: true, force: true })
  })

  async function exported() {
    const outcome = await new ExportAccounting().handle({ year: year(), folder })
    if (outcome.outcome !== 'exported') throw new Error(outcome.outcome)
    const text = await readFile(outcome.file, 'utf8')
    return { ...outcome, text, rows: read(text) }
  }

  /** Money in, paid too much, remitted with a fee kept, with one invoiced, gone back, fees moved. */
  async function givenAYear() {
    const keeps = await givenCreditor({ name: 'TABULÉE\tSARL' })
    const invoices = await givenCreditor({}, { netting: false, feeBps: 1000 })
    const payment = await collected(await givenClaim({ creditor: keeps }), 100_000)
    await collected(
      await givenClaim({ creditor: invoices, invoices: [{ amountCents: 50_000 }], kind: 'b2c' }),
      60_000
    )
    await remitted()
    await takenBack(payment, 30_000)
    await new WithdrawKeptFees().handle({ on: clock.today(), userId: (await givenUser('accountant')).id })
    return { keeps, invoices }
  }

  test('rule 60: 18 columns in order, debits equal credits, in all and in each entry', async ({ assert }) => {
    await givenAYear()
    const { file, text, rows, lines, debitCents, creditCents } = await exported()
    assert.equal(file, join(folder, `732829320FEC${year()}1231.txt`))
    assert.equal(
      text.split('\r\n')[0],
      'JournalCode\tJournalLib\tEcritureNum\tEcritureDate\tCompteNum\tCompteLib\tCompAuxNum\tCompAuxLib\tPieceRef\tPieceDate\tEcritureLib\tDebit\tCredit\tEcritureLet\tDateLet\tValidDate\tMontantdevise\tIdevise'
    )
    for (const line of text.replace(/\r\n$/, '').split('\r\n')) assert.lengthOf(line.split('\t'), 18)
    assert.equal(lines, rows.length)
    assert.isAbove(debitCents, 0)
    assert.equal(debitCents, creditCents)
    assert.equal(debitCents, sum(rows.map((row) => inCents(row.Debit))))
    for (const [, entry] of Map.groupBy(rows, (row) => `${row.JournalCode} ${row.EcritureNum}`)) {
      assert.equal(sum(entry.map((row) => inCents(row.Debit))), sum(entry.map((row) => inCents(row.Credit))))
    }
    for (const row of rows) {
      for (const on of [row.EcritureDate, row.PieceDate, row.ValidDate]) assert.match(on, /^\d{8}$/)
      assert.match(row.Debit, /^\d+,\d\d$/)
      assert.notEqual(row.PieceRef, '')
      assert.notEqual(row.EcritureLib, '')
    }
    assert.deepEqual(await readdir(folder), [`732829320FEC${year()}1231.txt`])
  })

  test('third-party funds are in 467 and on the dedicated account; only the fee is income', async ({
    assert,
  }) => {
    const { keeps, invoices } = await givenAYear()
    const { rows } = await exported()
    const balance = (account: string, person?: string) =>
      sum(
        rows
          .filter((row) => row.CompteNum === account && (person === undefined || row.CompAuxNum === person))
          .map((row) => inCents(row.Debit) - inCents(row.Credit))
      )
    assert.equal(balance('706000'), -(12_000 + 5_000))
    assert.equal(balance('445710'), -(2_400 + 1_000))
    assert.equal(balance('411000', keeps.ref), 0, 'its fee was kept')
    assert.equal(balance('411000', invoices.ref), 6_000, 'its fee is to be paid')
    assert.equal(balance('467100', keeps.ref), 30_000, 'what went back after it was remitted')
    assert.equal(balance('467100', invoices.ref), 0)
    assert.equal(balance('467900'), -10_000)
    assert.equal(balance('512000'), 14_400)
    assert.equal(balance('512100'), -30_000 + 10_000)
    const accounts = new Set(rows.map((row) => row.CompteNum))
    assert.sameMembers([...accounts], ['706000', '445710', '411000', '467100', '467900', '512000', '512100'])
    assert.isTrue(rows.some((row) => row.CompAuxLib === 'TABULÉE SARL'))
  })

  test('rule 60: numbers follow one another in each journal and never change', async ({ assert }) => {
    await givenAYear()
    const first = await exported()
    const again = await exported()
    assert.equal(again.text, first.text)
    // An older day that is written down later comes after: what was told stays as it was.
    await collected(await givenClaim(), 1_000, { receivedOn: `${year()}-01-02` })
    const later = await exported()
    assert.isTrue(later.text.startsWith(first.text))
    assert.equal(later.lines, first.lines + 2)
    for (const [, entries] of Map.groupBy(later.rows, (row) => row.JournalCode)) {
      const numbers = [...new Set(entries.map((row) => Number(row.EcritureNum)))]
      assert.deepEqual(
        numbers,
        numbers.map((_, index) => index + 1)
      )
    }
  })

  /** The letter of each line of one account and creditor, by its piece and sum. */
  const lettersOn = (rows: Row[], account: string, creditor: { ref: string }) =>
    rows
      .filter((row) => row.CompteNum === account && row.CompAuxNum === creditor.ref)
      .map((row) => [inCents(row.Debit) - inCents(row.Credit), row.EcritureLet])

  test('what settles one another shares a letter, which sums to nothing and bears the last day', async ({
    assert,
  }) => {
    const { keeps, invoices } = await givenAYear()
    const { rows } = await exported()
    const lettered = rows.filter((row) => row.EcritureLet !== '')
    const codes = Map.groupBy(lettered, (row) => `${row.CompteNum} ${row.CompAuxNum} ${row.EcritureLet}`)
    assert.isAbove(codes.size, 2)
    for (const [code, lines] of codes) {
      assert.equal(sum(lines.map((row) => inCents(row.Debit) - inCents(row.Credit))), 0, code)
      const last = lines
        .map((row) => row.EcritureDate)
        .sort()
        .at(-1)
      for (const row of lines) assert.equal(row.DateLet, last, code)
    }
    for (const row of rows) {
      assert.equal(row.EcritureLet === '', row.DateLet === '')
      if (['512000', '512100', '706000', '445710'].includes(row.CompteNum)) assert.equal(row.EcritureLet, '')
    }
    const remittance = await Remittance.findByOrFail('creditorId', keeps.id)
    const invoice = await FeeInvoice.findByOrFail('remittanceId', remittance.id)
    // What went back after it was remitted waits for the next remittance.
    assert.sameDeepMembers(lettersOn(rows, '467100', keeps), [
      [-100_000, remittance.ref],
      [30_000, ''],
      [85_600, remittance.ref],
      [14_400, remittance.ref],
    ])
    assert.deepEqual(
      lettersOn(rows, '411000', keeps).map(([, code]) => code),
      [invoice.number, invoice.number]
    )
    assert.deepEqual(lettersOn(rows, '411000', invoices), [[6_000, '']])
    assert.deepEqual(lettersOn(rows, '467900', invoices), [[-10_000, '']])
  })

  test('a return settles the next remittance, or what it takes back when nothing had left', async ({
    assert,
  }) => {
    const creditor = await givenCreditor()
    const claim = await givenClaim({ creditor })
    const payment = await collected(claim, 100_000)
    const [first] = await remitted()
    await takenBack(payment, 30_000)
    const whole = await collected(claim, 20_000)
    await takenBack(whole, 20_000)
    await collected(claim, 50_000)
    const [second] = await remitted()
    const letters = lettersOn((await exported()).rows, '467100', creditor)
    assert.deepEqual(
      letters.filter(([, code]) => code === ''),
      []
    )
    const coded = (code: string) => letters.filter(([, one]) => one === code).map(([cents]) => cents)
    assert.sameMembers(coded(first!.ref), [-100_000, 85_600, 14_400])
    assert.sameMembers(coded(second!.ref), [30_000, -50_000, 17_120, 2_880])
    assert.sameMembers(coded(whole.ref), [-20_000, 20_000])
  })

  test('an invoice that is paid is lettered with its payment; one marked by mistake with what undoes it', async ({
    assert,
  }) => {
    const creditor = await givenCreditor({}, { netting: false })
    await collected(await givenClaim({ creditor }), 50_000)
    const [remittance] = await remitted()
    const invoice = await FeeInvoice.findByOrFail('remittanceId', remittance!.id)
    const userId = (await givenUser('accountant')).id
    const settlement = { invoiceId: invoice.id, paidOn: clock.today(), reference: null, userId }
    const codes = async () => lettersOn((await exported()).rows, '411000', creditor)
    assert.deepEqual(await codes(), [[7_200, '']])
    await new SettleFeeInvoice().handle(settlement)
    assert.sameDeepMembers(await codes(), [
      [7_200, invoice.number],
      [-7_200, invoice.number],
    ])
    await new SettleFeeInvoice().undo(invoice.id, userId)
    const [pair] = (await codes()).filter(([cents]) => cents === -7_200).map(([, code]) => code)
    assert.notEqual(pair, invoice.number)
    assert.sameDeepMembers(await codes(), [
      [7_200, ''],
      [-7_200, pair],
      [7_200, pair],
    ])
  })

  test('a transfer that came back settles itself, and its receipts wait for the next', async ({ assert }) => {
    const creditor = await givenCreditor()
    await collected(await givenClaim({ creditor }), 100_000)
    const [remittance] = await remitted()
    const { id, ref } = remittance!
    await new RefuseTransfer().handle({
      id,
      orderId: null,
      reason: 'AC04',
      refusedOn: clock.today(),
      userId: (await givenUser('accountant')).id,
    })
    const codes = async () => lettersOn((await exported()).rows, '467100', creditor)
    assert.deepEqual(
      (await codes()).filter(([, code]) => code === '' || code === ref),
      [[-100_000, '']]
    )
    await new ConfirmRemittance().handle({ id, paidOn: clock.today() })
    const again = await codes()
    assert.lengthOf(
      again.filter(([, code]) => code === ''),
      0
    )
    assert.sameMembers(
      again.filter(([, code]) => code === ref).map(([cents]) => cents),
      [-100_000, 85_600, 14_400]
    )
    assert.lengthOf(again, 7)
  })

  test('what is settled in another year has no letter: each code balances in the file that bears it', async ({
    assert,
  }) => {
    const creditor = await givenCreditor()
    const claim = await givenClaim({ creditor })
    const wentBack = await collected(claim, 5_000, { receivedOn: `${year() - 1}-12-29` })
    await takenBack(wentBack, 5_000)
    await collected(claim, 10_000, { receivedOn: `${year() - 1}-12-30` })
    await collected(claim, 20_000)
    await remitted()
    const { rows } = await exported()
    const letters = lettersOn(rows, '467100', creditor)
    assert.lengthOf(letters, 4)
    for (const [, code] of letters) assert.equal(code, '')
    const before = await new ExportAccounting().handle({ year: year() - 1, folder })
    assert.equal(before.outcome === 'exported' && before.lines, 4)
  })

  test('a year without entries has its header; without a SIREN there is no file', async ({ assert }) => {
    const { lines, text } = await exported()
    assert.equal(lines, 0)
    assert.lengthOf(text.replace(/\r\n$/, '').split('\r\n'), 1)
    await db.from('agencies').update({ siren: null })
    assert.deepEqual(await new ExportAccounting().handle({ year: year(), folder }), {
      outcome: 'siren_missing',
    })
  })

  test('the page gives the same file, and says what was exported', async ({ client, assert }) => {
    await givenAYear()
    const accountant = await givenUser('accountant')
    const download = (asked: string, user = accountant) =>
      client.post('/accounting').loginAs(user).form({ year: asked }).withCsrfToken().redirects(0)
    const file = await download(String(year()))
    const { text, debitCents, file: path } = await exported()
    const got = file.text() || Buffer.from(file.body()).toString('utf8')
    assert.equal(got, text)
    assert.include(file.header('content-disposition'), basename(path))
    const page = await client.get('/accounting').loginAs(accountant)
    assert.include(page.text(), 'Écritures déjà exportées')
    assert.include(page.text(), formatEuros(debitCents))
    ;(await download('1800')).assertStatus(302)
    for (const role of ['collector', 'creditor'] as const) {
      const creditorId = role === 'creditor' ? (await givenCreditor()).id : null
      ;(await download(String(year()), await givenUser(role, { creditorId }))).assertStatus(403)
    }
    await db.from('agencies').update({ siren: null })
    const refused = await client
      .post('/accounting')
      .loginAs(accountant)
      .form({ year: year() })
      .withCsrfToken()
    assert.include(refused.text(), 'SIREN')
  })

  test('an entry that does not balance is never written', ({ assert }) => {
    const entry = {
      journal: 'ENC',
      number: 1,
      on: '2026-01-01',
      piece: 'Q-1',
      pieceOn: '2026-01-01',
      label: 'x',
      creditor: { ref: 'C-1', name: 'X' },
      validOn: '2026-01-01',
      lines: [
        { account: 'dedicatedBank', cents: 100 },
        { account: 'creditors', cents: -99 },
      ],
    } as const
    assert.throws(() => fecRows(entry), 'entry ENC 1 does not balance')
  })

  test('a number once given cannot be changed', async ({ assert }) => {
    await collected(await givenClaim(), 1_000)
    await exported()
    await db.rawQuery('savepoint untouched')
    await assert.rejects(() => db.from('accounting_entries').update({ number: 7 }), /append-only/)
    await db.rawQuery('rollback to savepoint untouched')
  })
})
