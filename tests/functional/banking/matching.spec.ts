import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { addMinutes, clock } from '#shared/clock'
import { storeFile } from '#shared/files'
import { transaction } from '#shared/transaction'
import { creditorReference } from '#shared/creditor_reference'
import Claim from '#claims/models/claim'
import { loadOwed } from '#claims/owed'
import { JudgeLines } from '#banking/actions/judge_lines'
import { MatchLine } from '#banking/actions/match_line'
import { ReturnMatch } from '#banking/actions/return_match'
import { UndoMatch } from '#banking/actions/undo_match'
import BankLine from '#banking/models/bank_line'
import BankMatch from '#banking/models/bank_match'
import BankMatchingRules from '#banking/models/bank_matching_rules'
import BankStatement from '#banking/models/bank_statement'
import { suggestionsFor } from '#banking/queries/suggestions'
import { ReceivePayment } from '#payments/actions/receive_payment'
import Payment from '#payments/models/payment'
import PaymentReturn from '#payments/models/payment_return'
import { receiptContent } from '#payments/receipts/receipt_content'
import { receiptDocument } from '#payments/receipts/receipt_document'
import Receipt from '#payments/models/receipt'
import { givenAgency, givenClaim, givenUser } from '#tests/fixtures/domain'
import { aQueuedLetter } from '#tests/fixtures/letters'
import { givenStoredPdf } from '#tests/fixtures/route_params'
import { aLine, camt053, cfonb120, countsAfter, importLines } from '#tests/fixtures/statements'

const IBAN = 'FR1420041010050500013M02606'
const OTHER_IBAN = 'DE89370400440532013000'

/** A private person's file: no interest before its notice, so it owes its invoice and nothing else. */
const aFile = (amountCents = 120_000, values: Parameters<typeof givenClaim>[0] = {}) =>
  givenClaim({ kind: 'b2c', invoices: [{ amountCents }], ...values })

const lineOf = async (words: object = {}) => BankLine.query().where(words).orderBy('id', 'desc').firstOrFail()
const paymentsOf = (claim: Claim) => Payment.query().where('claimId', claim.id).orderBy('id')
const owedOn = async (claim: Claim) => (await loadOwed(claim.id, clock.today())).totalCents

let letters = 0

/** A letter that left, and what it asked for. */
const asked = async (totalCents: number, datedOn: string) => ({
  ref: `L-${++letters}`,
  state: 'printed' as const,
  totalCents,
  datedOn,
  fileSha256: await givenStoredPdf(),
})

/** What was proposed for the only line: the strategy, the score and what speaks for and against. */
async function proposed() {
  const line = await lineOf()
  await line.load('matches')
  const found = (await suggestionsFor([line])).get(line.id) ?? []
  return found.map(({ claim, score, clues, doubts }) => ({ ref: claim.ref, score, clues, doubts }))
}

test.group('Matching', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  test('a structured reference is certain: the money is posted as a transfer of that day', async ({
    assert,
  }) => {
    const claim = await aFile()
    const counts = await countsAfter([
      aLine({
        amountCents: 50_000,
        reference: creditorReference(claim.ref),
        label: 'ACOMPTE',
        bookedOn: '2026-11-18',
      }),
    ])
    assert.deepEqual(counts, { lines: 1, duplicates: 0, matched: 1, suggested: 0, unmatched: 0 })
    const line = await lineOf()
    const [payment, ...others] = await paymentsOf(claim)
    assert.lengthOf(others, 0)
    assert.containSubset(payment!.serialize(), {
      source: `bank:${line.key}`,
      method: 'transfer',
      amountCents: 50_000,
      receivedOn: '2026-11-18',
      note: 'ACOMPTE',
      userId: null,
    })
    assert.equal(await owedOn(claim), 70_000)
    const match = await BankMatch.findByOrFail('lineId', line.id)
    assert.containSubset(match.serialize(), { strategy: 'reference', score: 100, kind: 'payment' })
    assert.include(match.reasons, 'reference')
    assert.equal((await Receipt.query().where('paymentId', payment!.id)).length, 1)
  })

  test('each way of knowing a file, in order: {name}')
    .with([
      {
        name: 'RF in free text, cut in groups',
        score: 100,
        words: (ref: string) => ({ label: `FACT ${creditorReference(ref).replace(/(.{4})/g, '$1 ')}` }),
      },
      {
        name: 'the file’s number in free text',
        score: 90,
        words: (ref: string) => ({ label: `Reglement dossier ${ref.toLowerCase()}, merci` }),
      },
      {
        name: 'the number without its hyphens',
        score: 90,
        words: (ref: string) => ({ label: `VIR/${ref.replaceAll('-', '')}` }),
      },
      {
        name: 'the number in an unstructured reference',
        score: 90,
        words: (ref: string) => ({ reference: ref.replaceAll('-', ' ') }),
      },
      {
        name: 'the end-to-end id',
        score: 85,
        words: (ref: string) => ({ endToEndId: ref.replaceAll('-', '') }),
      },
    ])
    .run(async ({ assert }, { score, words }) => {
      const claim = await aFile(100_000, { claim: { ref: 'D-2026-00042' } })
      await aFile(100_000, { claim: { ref: 'D-2026-00421' } })
      const counts = await countsAfter([aLine({ amountCents: 40_000, ...words(claim.ref) })])
      assert.equal(counts.matched, 1)
      assert.equal((await BankMatch.firstOrFail()).score, score)
      assert.equal(await owedOn(claim), 60_000)
    })

  test('a known account and the exact amount are certain; the account alone is not', async ({ assert }) => {
    const claim = await aFile(100_000)
    await countsAfter([
      aLine({ amountCents: 30_000, reference: creditorReference(claim.ref), counterpartyIban: IBAN }),
    ])
    assert.equal((await countsAfter([aLine({ amountCents: 10_000, counterpartyIban: IBAN })])).suggested, 1)
    assert.deepEqual((await proposed())[0], { ref: claim.ref, score: 50, clues: ['known_iban'], doubts: [] })
    assert.equal(
      (await countsAfter([aLine({ amountCents: 70_000, counterpartyIban: OTHER_IBAN, counterparty: null })]))
        .matched,
      0
    )
    assert.equal((await countsAfter([aLine({ amountCents: 70_000, counterpartyIban: IBAN })])).matched, 1)
    assert.equal(await owedOn(claim), 0)
    assert.equal((await BankMatch.query().orderBy('id', 'desc').firstOrFail()).strategy, 'iban_amount')
  })

  test('two files of a known account that owe the same wait for a person', async ({ assert }) => {
    const claim = await aFile(100_000)
    const sibling = await aFile(40_000, { creditor: await claim.related('creditor').query().firstOrFail() })
    await sibling.merge({ debtorId: claim.debtorId }).save()
    await countsAfter([
      aLine({ amountCents: 60_000, reference: creditorReference(claim.ref), counterpartyIban: IBAN }),
    ])
    assert.equal((await countsAfter([aLine({ amountCents: 40_000, counterpartyIban: IBAN })])).suggested, 1)
    for (const one of await proposed()) assert.deepEqual(one.doubts, ['several_files'])
  })

  test('never on a name alone; a name and an amount, an invoice number, or an amount are proposed', async ({
    assert,
  }) => {
    const claim = await aFile(77_000, {
      debtor: { fullName: 'Hélène Brume' },
      invoices: [{ amountCents: 77_000, number: 'FA-2026/118' }],
    })
    const cases = [
      [{ amountCents: 5_000, counterparty: 'BRUME HELENE', label: 'VIREMENT' }, 'unmatched', []],
      [{ amountCents: 77_000, counterparty: 'MME BRUME HELENE' }, 'suggested', [55, ['amount', 'name']]],
      [{ amountCents: 77_000, counterparty: 'DUPONT' }, 'suggested', [30, ['amount']]],
      [
        { amountCents: 5_000, counterparty: 'DUPONT', label: 'FACT FA 2026-118 FA2026118' },
        'suggested',
        [60, ['invoice']],
      ],
    ] as const
    for (const [words, outcome, expected] of cases) {
      const counts = await countsAfter([aLine(words)])
      assert.equal(counts[outcome], 1, JSON.stringify(words))
      const [first] = await proposed()
      assert.deepEqual(first ? [first.score, first.clues] : [], [...expected] as never, JSON.stringify(words))
    }
    assert.equal(await owedOn(claim), 77_000)
  })

  test('a debtor who pays what the last letter asked for in all is found, with its day; never posted alone', async ({
    assert,
  }) => {
    const claim = await givenClaim()
    await aQueuedLetter(claim, await asked(250_000, '2026-09-01'))
    await aQueuedLetter(claim, await asked(251_234, '2026-10-01'))
    await aQueuedLetter(claim, await asked(251_234, '2026-10-20'))
    await aQueuedLetter(claim, {
      ref: 'L-cancelled',
      state: 'cancelled',
      totalCents: 251_235,
      datedOn: '2026-10-25',
    })
    await aQueuedLetter(claim, await asked(251_236, '2026-11-21'))
    const cases = [
      [{ amountCents: 251_234, counterparty: 'X' }, [30, ['asked'], '2026-10-20']],
      [{ amountCents: 250_000, counterparty: 'ATELIER BRUME SARL' }, [55, ['asked', 'name'], '2026-09-01']],
      // A letter that never left, and one dated after the transfer, asked for nothing.
      [{ amountCents: 251_235, counterparty: 'X' }, null],
      [{ amountCents: 251_236, counterparty: 'X' }, null],
    ] as const
    for (const [words, expected] of cases) {
      await countsAfter([aLine({ label: 'VIREMENT', ...words })])
      const line = await lineOf()
      await line.load('matches')
      const [first] = (await suggestionsFor([line])).get(line.id) ?? []
      assert.deepEqual(first ? [first.score, first.clues, first.askedOn] : null, expected as never)
    }
    assert.lengthOf(await paymentsOf(claim), 0)
    await claim.merge({ status: 'closed' }).save()
    await countsAfter([aLine({ amountCents: 251_234, counterparty: 'X' })])
    assert.deepEqual(await proposed(), [])
  })

  test('what more than three files were asked for tells nothing without a name', async ({ assert }) => {
    for (let n = 0; n < 4; n++) await aQueuedLetter(await givenClaim(), await asked(251_234, '2026-10-01'))
    await countsAfter([aLine({ amountCents: 251_234, counterparty: 'X' })])
    assert.deepEqual(await proposed(), [])
    await countsAfter([aLine({ amountCents: 251_234, counterparty: 'ATELIER BRUME' })])
    assert.deepEqual(
      (await proposed()).map(({ score }) => score),
      [55, 55, 55, 55]
    )
  })

  test('the total owed on the day of the transfer, or when it was ordered, is found by the name and never posted alone', async ({
    assert,
  }) => {
    const claim = await givenClaim()
    const on = '2026-11-20'
    const { totalCents } = await loadOwed(claim.id, on)
    const { totalCents: before } = await loadOwed(claim.id, '2026-11-17')
    assert.isAbove(totalCents, before)
    const cases = [
      [totalCents, 'SARL ATELIER BRUME', [55, ['amount', 'name'], null]],
      [before, 'ATELIER BRUME', [55, ['owed_lately', 'name'], '2026-11-17']],
      [totalCents, 'QUELQU UN', null],
      [totalCents - 1000, 'ATELIER BRUME', null],
    ] as const
    for (const [amountCents, counterparty, expected] of cases) {
      const counts = await countsAfter([
        aLine({ amountCents, counterparty, bookedOn: on, label: 'VIREMENT' }),
      ])
      assert.equal(counts.matched, 0)
      const line = await lineOf()
      await line.load('matches')
      const [first] = (await suggestionsFor([line])).get(line.id) ?? []
      assert.deepEqual(first ? [first.score, first.clues, first.owedLatelyOn] : null, expected as never)
    }
    assert.lengthOf(await paymentsOf(claim), 0)
  })

  test('what forbids to post without a person: {name}')
    .with([
      { name: 'a closed file', doubt: 'closed' },
      { name: 'nothing owed any more', doubt: 'nothing_owed' },
      { name: 'another file named too', doubt: 'several_files' },
      { name: 'charges kept on the way', doubt: 'charges' },
      { name: 'a reversal', doubt: 'returned' },
      { name: 'the same transfer written down by hand', doubt: 'written_by_hand' },
      { name: 'a way that the agency does not trust', doubt: 'not_automatic' },
      { name: 'rule 30: more than is owed, when the agency says so', doubt: 'more_than_owed' },
    ])
    .run(async ({ assert }, { doubt }) => {
      const claim = await aFile(100_000)
      const line = aLine({ amountCents: 40_000, reference: creditorReference(claim.ref) })
      const pay = (amountCents: number, source: string) =>
        new ReceivePayment().handle({
          source,
          claimId: claim.id,
          method: source.startsWith('manual') ? 'transfer' : 'card',
          amountCents,
          receivedOn: '2026-11-17',
        })
      let xml = camt053([line])
      if (doubt === 'closed')
        await claim.close({ reason: 'irrecoverable', note: null, by: await givenUser() })
      if (doubt === 'nothing_owed') await pay(100_000, 'stripe:pi_test')
      if (doubt === 'several_files') xml = camt053([{ ...line, label: (await aFile()).ref }])
      if (doubt === 'charges')
        xml = xml.replace('<NtryDtls>', '<Chrgs><Rcrd><Amt Ccy="EUR">1.00</Amt></Rcrd></Chrgs><NtryDtls>')
      if (doubt === 'returned') xml = camt053([{ ...line, isReturn: true }])
      if (doubt === 'written_by_hand') await pay(40_000, 'manual:test')
      const rules = {
        byReference: true,
        byFileReference: true,
        byEndToEnd: true,
        byIbanAmount: true,
        surplus: true,
        holdDays: 5,
      }
      if (doubt === 'not_automatic') await BankMatchingRules.set({ ...rules, byReference: false })
      if (doubt === 'more_than_owed') {
        await BankMatchingRules.set({ ...rules, surplus: false })
        xml = camt053([{ ...line, amountCents: 100_001 }])
      }
      const before = await paymentsOf(claim)
      const counts = await countsAfter([], { bytes: Buffer.from(xml) })
      assert.deepEqual(counts, { lines: 1, duplicates: 0, matched: 0, suggested: 1, unmatched: 0 })
      assert.include((await proposed()).find(({ ref }) => ref === claim.ref)!.doubts, doubt)
      assert.lengthOf(await paymentsOf(claim), before.length)
    })

  test('rule 30: what is more than owed goes to suspense', async ({ assert }) => {
    const claim = await aFile(100_000)
    await countsAfter([aLine({ amountCents: 100_050, reference: creditorReference(claim.ref) })])
    const [payment] = await paymentsOf(claim)
    assert.deepEqual([payment!.principalCents, payment!.suspenseCents], [100_000, 50])
  })

  test('rule 31: a file given again, or one that overlaps it, posts nothing twice', async ({ assert }) => {
    const claim = await aFile(100_000)
    const line = aLine({ amountCents: 10_000, reference: creditorReference(claim.ref) })
    const unnamed = aLine({ ...line, bankReference: null, label: 'SANS REFERENCE DE BANQUE' })
    assert.deepEqual(await countsAfter([line, unnamed]), {
      lines: 2,
      duplicates: 0,
      matched: 2,
      suggested: 0,
      unmatched: 0,
    })
    assert.deepEqual(await countsAfter([line, unnamed]), {
      lines: 2,
      duplicates: 2,
      matched: 0,
      suggested: 0,
      unmatched: 0,
    })
    const more = await countsAfter([unnamed, unnamed, line, aLine({ amountCents: 1 })])
    assert.deepEqual(more, { lines: 4, duplicates: 2, matched: 1, suggested: 0, unmatched: 1 })
    assert.lengthOf(await paymentsOf(claim), 3)
  })

  test('rule 31: the same transfer in another format waits for a person', async ({ assert }) => {
    const claim = await aFile(100_000)
    const line = aLine({ amountCents: 10_000, label: `DOSSIER ${claim.ref}` })
    await countsAfter([line])
    const counts = await countsAfter([], { bytes: Buffer.from(cfonb120([line]), 'latin1') })
    assert.deepEqual([counts.matched, counts.suggested], [0, 1])
    assert.deepEqual((await proposed())[0]!.doubts, ['known_elsewhere'])
    assert.lengthOf(await paymentsOf(claim), 1)
  })

  test('two transfers of one file to one claim: the second sees what the first has paid', async ({
    assert,
  }) => {
    const claim = await aFile(100_000)
    const line = () => aLine({ amountCents: 100_000, reference: creditorReference(claim.ref) })
    const counts = await countsAfter([line(), line()])
    assert.deepEqual([counts.matched, counts.suggested], [1, 1])
    assert.deepEqual((await proposed())[0]!.doubts, ['nothing_owed'])
  })

  test('a stop between recording and matching is made good, once', async ({ assert }) => {
    const claim = await aFile(100_000)
    await countsAfter([aLine({ amountCents: 1_000 })])
    const line = await lineOf()
    await line.merge({ judgedAt: null, reference: creditorReference(claim.ref), state: 'open' }).save()
    assert.deepEqual(await new JudgeLines().handle(), { judged: 1, matched: 1, failed: [] })
    assert.deepEqual(await new JudgeLines().handle(), { judged: 0, matched: 0, failed: [] })
    assert.lengthOf(await paymentsOf(claim), 1)
  })

  test('what comes to light later is proposed for a line that nothing spoke for', async ({ assert }) => {
    await countsAfter([aLine({ amountCents: 4_500, label: 'D-2026-09001', counterparty: null })])
    assert.equal((await lineOf()).state, 'open')
    const claim = await aFile(9_000, { claim: { ref: 'D-2026-09001' } })
    await countsAfter([])
    assert.equal((await lineOf()).state, 'suggested')
    assert.lengthOf(await paymentsOf(claim), 0)
  })

  test('a file that was kept and never read is read by the tick', async ({ assert }) => {
    const claim = await aFile(100_000)
    const { statement } = await importLines([])
    const forgotten = camt053([aLine({ amountCents: 5_000, reference: creditorReference(claim.ref) })])
    const fileSha256 = await transaction((trx) => storeFile(trx, Buffer.from(forgotten), 'application/xml'))
    await statement.merge({ fileSha256, state: 'received' }).save()
    const { tick } = await import('#scheduler/tick')
    const { TIMED_WORK } = await import('#scheduler/work')
    const work = TIMED_WORK.filter(({ name }) => name === 'banking.statements')
    assert.equal((await tick(clock.now(), { work })).done.statements, 0)
    const { done } = await tick(addMinutes(clock.now(), 11), { work })
    assert.equal(done.statements, 1)
    assert.lengthOf(await paymentsOf(claim), 1)
  })

  test('a payout of Stripe is set aside, and only proposed when a file is named or its name is a debtor’s', async ({
    assert,
  }) => {
    const claim = await aFile(1_000)
    await countsAfter([
      aLine({ amountCents: 5_000, counterparty: 'STRIPE TECHNOLOGY EUROPE LTD', label: 'STRIPE X7Y' }),
    ])
    assert.containSubset((await lineOf()).serialize(), { state: 'ignored', ignoredReason: 'stripe_payout' })
    for (const words of [
      { counterparty: 'STRIPE & FILS SARL', label: 'VIREMENT' },
      { counterparty: 'STRIPE', label: `STRIPE ${claim.ref}`, chargesCents: 0, isReturn: true },
    ]) {
      await countsAfter([aLine({ amountCents: 500, ...words })])
      assert.equal((await lineOf()).state, 'suggested', words.counterparty)
    }
  })

  test('10,000 lines are recorded without loss, and given again change nothing', async ({ assert }) => {
    const claim = await aFile(100_000)
    const lines = Array.from({ length: 10_000 }, (_, index) =>
      aLine({
        amountCents: index % 3 === 0 ? -(index + 1) : index + 1,
        label: `LIGNE ${index}`,
        reference: index === 5_000 ? creditorReference(claim.ref) : null,
        counterparty: null,
      })
    )
    const counts = await countsAfter(lines)
    assert.deepEqual([counts.lines, counts.duplicates, counts.matched], [10_000, 0, 1])
    const [stored] = await db.from('bank_lines').sum('amount_cents as cents').count('* as total')
    assert.equal(Number(stored.total), 10_000)
    assert.equal(
      Number(stored.cents),
      lines.reduce((sum, { amountCents }) => sum + amountCents, 0)
    )
    assert.equal((await countsAfter(lines)).duplicates, 10_000)
    assert.lengthOf(await paymentsOf(claim), 1)
  })

  test('characters that no database keeps are left out', async ({ assert }) => {
    const xml = camt053([aLine({ label: 'UN MOT' })]).replace('UN MOT', 'UN&#0; MOT')
    assert.equal((await countsAfter([], { bytes: Buffer.from(xml) })).lines, 1)
    assert.equal((await lineOf()).label, 'UN MOT')
  })

  test('a file only partly readable enters nothing, and says where', async ({ assert }) => {
    const claim = await aFile()
    const xml = camt053([aLine({ reference: creditorReference(claim.ref) }), aLine()])
    const broken = xml.replace(/(.*)<BookgDt><Dt>2026-11-20/s, '$1<BookgDt><Dt>2026-13-20')
    const imported = await importLines([], { bytes: Buffer.from(broken) })
    assert.equal(imported.outcome, 'refused')
    assert.containSubset((await BankStatement.firstOrFail()).serialize(), {
      state: 'refused',
      refusal: 'date_invalid',
      refusedAt: 2,
      refusedText: '2026-13-20',
    })
    assert.lengthOf(await BankLine.all(), 0)
    assert.lengthOf(await paymentsOf(claim), 0)
  })
})

test.group('Matching by hand', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  async function aCredit(amountCents = 10_000) {
    await countsAfter([aLine({ amountCents, counterparty: null })])
    return lineOf()
  }

  test('one line over several files, as one or not at all', async ({ assert }) => {
    const [one, two] = [await aFile(), await aFile()]
    const { id: userId } = await givenUser('accountant')
    const line = await aCredit(10_000)
    const match = (...parts: [string, number][]) =>
      new MatchLine().handle({
        lineId: line.id,
        userId,
        parts: parts.map(([claimRef, amountCents]) => ({ claimRef, amountCents })),
      })
    assert.deepEqual(await match([one.ref, 4_000], ['D-NOWHERE', 1_000]), {
      outcome: 'unknown_claim',
      claimRef: 'D-NOWHERE',
    })
    assert.deepEqual(await match([one.ref, 4_000], [two.ref, 6_001]), { outcome: 'more_than_left' })
    assert.deepEqual(await match([one.ref, 0]), { outcome: 'nothing' })
    assert.deepEqual(await match(), { outcome: 'nothing' })
    assert.lengthOf(await Payment.all(), 0)
    assert.deepEqual(await match([one.ref, 4_000]), { outcome: 'matched', leftCents: 6_000 })
    assert.equal((await lineOf()).state, 'open')
    assert.deepEqual(await match([two.ref, 5_000], [one.ref, 1_000]), { outcome: 'matched', leftCents: 0 })
    assert.deepEqual(await match([two.ref, 1]), { outcome: 'not_open' })
    assert.equal((await lineOf()).state, 'matched')
    assert.deepEqual(
      (await Payment.query().orderBy('id')).map(({ source, amountCents }) => [source, amountCents]),
      [
        [`bank:${line.key}`, 4_000],
        [`bank:${line.key}:2`, 5_000],
        [`bank:${line.key}:3`, 1_000],
      ]
    )
  })

  test('rule 32: an undone match reverses its payment once, replaces the receipt, and the line is open again', async ({
    assert,
  }) => {
    const [wrong, right] = [await aFile(100_000), await aFile(100_000)]
    const { id: userId } = await givenUser('accountant')
    await countsAfter([aLine({ amountCents: 100_000, reference: creditorReference(wrong.ref) })])
    const line = await lineOf()
    const match = await BankMatch.findByOrFail('lineId', line.id)
    const undo = () =>
      new UndoMatch().handle({ lineId: line.id, matchId: match.id, reason: 'Homonyme', userId })
    assert.equal((await Claim.findOrFail(wrong.id)).status, 'paid')
    assert.deepEqual(await undo(), { outcome: 'undone' })
    assert.deepEqual(await undo(), { outcome: 'already_undone' })
    assert.equal(await owedOn(wrong), 100_000)
    assert.equal((await lineOf()).state, 'open')
    const [taken, ...others] = await PaymentReturn.query()
    assert.containSubset(taken!.serialize(), { how: 'correction', amountCents: 100_000 })
    assert.lengthOf(others, 0)
    assert.lengthOf(await Receipt.query().where('paymentId', match.paymentId), 2)
    const receipt = await Receipt.query()
      .where('paymentId', match.paymentId)
      .orderBy('id', 'desc')
      .firstOrFail()
    const printed = receiptDocument(await receiptContent(receipt.id))
    assert.include(printed, 'n’étaient pas destinés à ce dossier')
    assert.notInclude(printed, 'ont été rendus')
    await match.refresh()
    assert.containSubset(match.serialize(), { undoReason: 'Homonyme', undoneById: userId })
    const again = await new MatchLine().handle({
      lineId: line.id,
      userId,
      parts: [{ claimRef: right.ref, amountCents: 100_000 }],
    })
    assert.deepEqual(again, { outcome: 'matched', leftCents: 0 })
    assert.equal(await owedOn(right), 0)
    // An account is not known for having paid a file by mistake.
    await line.merge({ counterpartyIban: IBAN }).save()
    const known = await db.from('bank_matches').whereNull('undone_at').select('claim_id')
    assert.deepEqual(
      known.map((row) => Number(row.claim_id)),
      [right.id]
    )
  })

  test('rule 32: a debit that takes a transfer back is proposed, and reopens its file once', async ({
    assert,
  }) => {
    const [claim, other] = [await aFile(100_000), await aFile(100_000)]
    const { id: userId } = await givenUser('accountant')
    const values = { amountCents: 100_000, counterpartyIban: IBAN, endToEndId: 'E2E-1' }
    await countsAfter([
      aLine({ ...values, reference: creditorReference(claim.ref) }),
      aLine({
        ...values,
        endToEndId: 'E2E-2',
        counterpartyIban: OTHER_IBAN,
        reference: creditorReference(other.ref),
      }),
    ])
    const counts = await countsAfter([
      aLine({ ...values, amountCents: -100_000, isReturn: true, bookedOn: '2026-11-24' }),
    ])
    assert.equal(counts.suggested, 1)
    const debit = await lineOf()
    const { returnableMatches } = await import('#banking/queries/returnable_matches')
    await debit.load('matches')
    const [likeliest] = await returnableMatches(debit)
    assert.equal(likeliest!.claimId, claim.id)
    const giveBack = () => new ReturnMatch().handle({ lineId: debit.id, matchId: likeliest!.id, userId })
    assert.deepEqual(await giveBack(), { outcome: 'returned' })
    assert.deepEqual(await giveBack(), { outcome: 'not_open' })
    assert.equal(await owedOn(claim), 100_000)
    assert.containSubset((await PaymentReturn.firstOrFail()).serialize(), {
      how: 'chargeback',
      returnedOn: '2026-11-24',
    })
    assert.equal((await lineOf()).state, 'matched')
    const undo = await new UndoMatch().handle({
      lineId: likeliest!.lineId,
      matchId: likeliest!.id,
      reason: 'Erreur',
      userId,
    })
    assert.deepEqual(undo, { outcome: 'not_undoable' })
  })

  test('a line is set aside with a reason, and taken up again; not once money of it is posted', async ({
    assert,
  }) => {
    const by = await givenUser('accountant')
    const claim = await aFile()
    const line = await aCredit()
    assert.isTrue(await line.ignore({ reason: 'Frais', by }))
    assert.isFalse(await (await lineOf()).ignore({ reason: 'Encore', by }))
    const match = () =>
      new MatchLine().handle({
        lineId: line.id,
        userId: by.id,
        parts: [{ claimRef: claim.ref, amountCents: 1 }],
      })
    assert.deepEqual(await match(), { outcome: 'not_open' })
    assert.isTrue(await line.reopen())
    assert.isFalse(await line.reopen())
    assert.equal((await match()).outcome, 'matched')
    assert.isFalse(await line.ignore({ reason: 'Frais', by }))
  })
})
