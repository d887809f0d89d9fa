import { test } from '@japa/runner'
import { creditorReference } from '#shared/creditor_reference'
import {
  judge,
  STRATEGIES,
  type Candidate,
  type Clue,
  type LineFacts,
  type MatchingRules,
} from '#banking/matching/judge'
import { looksReturned, stripePayout } from '#banking/matching/proposals'
import { fileReferences, invoiceNumbers, structuredReferences } from '#banking/matching/references'

const RULES: MatchingRules = {
  reference: true,
  file_reference: true,
  end_to_end: true,
  iban_amount: true,
  surplus: true,
  holdDays: 5,
}

const line = (facts: Partial<LineFacts> = {}): LineFacts => ({
  amountCents: 10_000,
  chargesCents: 0,
  isReturn: false,
  isBatch: false,
  knownElsewhere: false,
  ...facts,
})

let serial = 0
const file = (clues: Clue[], values: Partial<Candidate> = {}): Candidate => ({
  claimId: ++serial,
  status: 'active',
  owedCents: 10_000,
  clues: new Set(clues),
  askedOn: null,
  owedLatelyOn: null,
  writtenByHand: false,
  ...values,
})

test.group('Judging a line', () => {
  test('one file known by {$self} is certain, unless the agency wants to confirm it')
    .with([...STRATEGIES])
    .run(({ assert }, strategy) => {
      const one = file([strategy])
      assert.equal(judge(line(), [one], RULES).certain?.strategy, strategy)
      const untrusted = judge(line(), [one], { ...RULES, [strategy]: false })
      assert.isNull(untrusted.certain)
      assert.deepEqual(untrusted.suggestions[0]!.reasons, [strategy, 'not_automatic'])
    })

  test('the surest way wins, and its score orders the files', ({ assert }) => {
    const one = file(['end_to_end', 'reference', 'amount'])
    const { certain } = judge(line(), [one], RULES)
    assert.deepEqual([certain!.strategy, certain!.score], ['reference', 100])
    const files = [
      file(['iban_amount']),
      file(['file_reference']),
      file(['invoice']),
      file(['amount', 'name']),
    ]
    const scores = judge(line(), files, RULES).suggestions.map(({ score }) => score)
    assert.deepEqual(scores, [90, 80, 60, 55])
  })

  test('a known account does not contradict the file that is written; another written file does', ({
    assert,
  }) => {
    const written = file(['reference'])
    assert.equal(judge(line(), [written, file(['iban_amount'])], RULES).certain?.claimId, written.claimId)
    for (const other of ['reference', 'file_reference', 'end_to_end'] as const) {
      assert.isNull(judge(line(), [written, file([other])], RULES).certain, other)
    }
    assert.isNull(judge(line(), [file(['iban_amount']), file(['iban_amount'])], RULES).certain)
  })

  test('never on a name, an account, an invoice or an amount alone', ({ assert }) => {
    for (const clues of [['name'], ['amount'], ['known_iban'], ['invoice'], ['amount', 'name']] as Clue[][]) {
      assert.isNull(judge(line(), [file(clues)], RULES).certain, clues.join())
    }
    assert.lengthOf(judge(line(), [file(['name'])], RULES).suggestions, 0)
  })

  test('what forbids: {doubt}')
    .with([
      { doubt: 'returned', facts: { isReturn: true }, values: {} },
      { doubt: 'batch', facts: { isBatch: true }, values: {} },
      { doubt: 'charges', facts: { chargesCents: 1 }, values: {} },
      { doubt: 'known_elsewhere', facts: { knownElsewhere: true }, values: {} },
      { doubt: 'written_by_hand', facts: {}, values: { writtenByHand: true } },
      { doubt: 'closed', facts: {}, values: { status: 'closed' } },
      { doubt: 'nothing_owed', facts: {}, values: { owedCents: 0 } },
    ] as { doubt: string; facts: Partial<LineFacts>; values: Partial<Candidate> }[])
    .run(({ assert }, { doubt, facts, values }) => {
      const { certain, suggestions } = judge(line(facts), [file(['reference'], values)], RULES)
      assert.isNull(certain)
      assert.deepEqual(suggestions[0]!.reasons, ['reference', doubt])
    })

  test('rule 30: more than is owed is posted with the rest to suspense, or confirmed, as the agency wants', ({
    assert,
  }) => {
    const one = file(['reference'], { owedCents: 9_999 })
    assert.isNotNull(judge(line(), [one], RULES).certain)
    assert.isNull(judge(line(), [one], { ...RULES, surplus: false }).certain)
    assert.isNotNull(judge(line({ amountCents: 9_999 }), [one], { ...RULES, surplus: false }).certain)
  })

  test('money that leaves is no debtor’s', ({ assert }) => {
    for (const amountCents of [0, -10_000]) {
      assert.deepEqual(judge(line({ amountCents }), [file(['reference'])], RULES), {
        certain: null,
        suggestions: [],
      })
    }
  })
})

test.group('References in a text', () => {
  const rf = creditorReference('D-2026-00042')

  test('structured, with its check digits: {text}')
    .with([
      { text: rf, found: ['D202600042'] },
      { text: rf.toLowerCase(), found: ['D202600042'] },
      { text: `REF ${rf.replace(/(.{4})/g, '$1 ')} MERCI`, found: ['D202600042'] },
      { text: `VIR/${rf}/FACTURE`, found: ['D202600042'] },
      { text: rf.replace('42', '43'), found: [] },
      { text: 'RF18 5390 0754 7034', found: ['539007547034'] },
      { text: 'RFID D202600042', found: [] },
      { text: '', found: [] },
    ])
    .run(({ assert }, { text, found }) => assert.includeMembers(structuredReferences(text), found))

  test('a slip in a structured reference names no file', ({ assert }) => {
    for (let at = 4; at < rf.length; at++) {
      const digit = rf[at] === '7' ? '1' : '7'
      const slip = rf.slice(0, at) + digit + rf.slice(at + 1)
      assert.notInclude(
        structuredReferences(slip).map((body) => `RF${body}`),
        slip,
        slip
      )
      assert.lengthOf(structuredReferences(slip), 0, slip)
    }
  })

  test('a file’s number: {text}')
    .with([
      { text: 'D-2026-00042', found: ['D202600042'] },
      { text: 'dossier d-2026-00042.', found: ['D202600042'] },
      { text: 'D 2026 00042', found: ['D202600042', 'D2026'] },
      { text: 'D202600042', found: ['D202600042'] },
      { text: 'DOSSIERD202600042', found: ['D202600042'] },
      { text: 'D-2026-000421', found: ['D2026000421'] },
      { text: 'AD-2026', found: [] },
      { text: 'DUPONT 12345', found: [] },
      { text: 'DE89370400440532013000', found: [] },
      { text: null, found: [] },
    ])
    .run(({ assert }, { text, found }) => {
      assert.includeMembers(fileReferences(text), found)
      if (found.length === 0) assert.lengthOf(fileReferences(text), 0)
      assert.notInclude(fileReferences(text === 'D-2026-000421' ? text : ''), 'D202600042')
    })

  test('words that may be invoice numbers', ({ assert }) => {
    assert.deepEqual(invoiceNumbers('VIR FACT FA-2026/118, n° 2026.07 DU 3'), ['FA2026118', '202607'])
    assert.deepEqual(invoiceNumbers(null), [])
  })
})

test.group('Payouts and returns', () => {
  test('Stripe’s own payouts are certain, its name elsewhere is not: {name}')
    .with([
      { name: 'STRIPE', label: '', found: 'certain' },
      { name: 'Stripe Technology Europe, Ltd.', label: '', found: 'certain' },
      { name: 'STRIPE PAYMENTS EUROPE LTD', label: 'X', found: 'certain' },
      { name: 'STRIPE & FILS SARL', label: '', found: 'likely' },
      { name: 'BANQUE', label: 'VIR STRIPE 123', found: 'likely' },
      { name: 'STRIPED CAT', label: 'SANS', found: null },
    ])
    .run(({ assert }, { name, label, found }) => {
      assert.equal(stripePayout({ amountCents: 1, label, counterparty: name }), found)
      assert.isNull(stripePayout({ amountCents: -1, label, counterparty: name }))
    })

  test('a debit that says so may be a return', ({ assert }) => {
    const debit = { amountCents: -1, label: 'RETOUR VIR SEPA', counterparty: null, isReturn: false }
    assert.isTrue(looksReturned(debit))
    assert.isTrue(looksReturned({ ...debit, label: '', isReturn: true }))
    assert.isFalse(looksReturned({ ...debit, label: 'COTISATION' }))
    assert.isFalse(looksReturned({ ...debit, amountCents: 1 }))
  })
})
