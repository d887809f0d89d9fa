import { test } from '@japa/runner'
import { allocate } from '#claims/allocation'
import type { InvoiceDebt } from '#claims/debts'
import { interestOn, STATUTORY } from '#claims/interest'
import { amountOwed } from '#claims/owed'
import type { InterestRegime } from '#claims/rates'
import { aDebt, anInvoice, someTerms } from '#tests/fixtures/debts'

/*
 * Rules of law.md on amounts, as tables. The cents were worked out day by day with exact fractions,
 * apart from the code: each day bears on the principal of the evening before, at its half-year's rate.
 */

const reduced = (on: string, cents: number, by: 'payment' | 'credit_note' = 'payment') => ({
  on,
  changeCents: -cents,
  by,
})

const interestOf = (invoice: Partial<InvoiceDebt>, on: string, debt = {}) =>
  amountOwed(aDebt({ ...debt, invoices: [anInvoice(invoice)] }), on).interestCents

test.group('Rule 16: interest is cut by half-year, at the rate of each', () => {
  test('rule 16: {cents} cents from {after} to {on}: {act365} over 365 days, {actAct} over the real year')
    .with([
      { cents: 1_000_000, after: '2026-06-20', on: '2026-07-10', act365: 6_726, actAct: 6_726 },
      { cents: 123_456, after: '2023-12-31', on: '2024-12-31', act365: 17_795, actAct: 17_746 },
      { cents: 99_999, after: '2024-02-28', on: '2024-03-01', act365: 79, actAct: 79 },
      { cents: 250_000, after: '2023-03-31', on: '2026-03-31', act365: 100_574, actAct: 100_475 },
      { cents: 333_333, after: '2025-06-29', on: '2025-06-30', act365: 120, actAct: 120 },
      { cents: 333_333, after: '2025-06-30', on: '2025-07-01', act365: 111, actAct: 111 },
      { cents: 1, after: '2025-01-01', on: '2026-01-01', act365: 0, actAct: 0 },
    ])
    .run(({ assert }, { cents, after, on, act365, actAct }) => {
      const over = (dayCount: 'ACT_365' | 'ACT_ACT') =>
        interestOn(cents, [], 'late_payment', after, on, { ...STATUTORY, dayCount }).cents
      assert.deepEqual([over('ACT_365'), over('ACT_ACT')], [act365, actAct])
    })
})

test.group('Rules 17 to 20: from when, and at whose rate', () => {
  test('rule 17: {regime} over {missing} stops with an error that names it')
    .with([
      { regime: 'late_payment', after: '2022-12-01', on: '2023-01-31', missing: '2022-S2' },
      { regime: 'legal_private', after: '2026-12-31', on: '2027-01-01', missing: '2027-S1' },
      { regime: 'legal_professional', after: '2026-06-30', on: '2027-08-01', missing: '2027-S1' },
    ] as { regime: InterestRegime; after: string; on: string; missing: string }[])
    .run(({ assert }, { regime, after, on, missing }) => {
      assert.throws(() => interestOn(100_000, [], regime, after, on), new RegExp(missing))
    })

  test(
    'rule 18: 5 000 € over {semester}: {business} from a business to a consumer, {person} from a person, {b2b} between businesses'
  )
    .with([
      {
        semester: '2023-S1',
        after: '2022-12-31',
        on: '2023-06-30',
        business: 5_108,
        person: 11_083,
        b2b: 30_993,
      },
      {
        semester: '2024-S1',
        after: '2023-12-31',
        on: '2024-06-30',
        business: 12_640,
        person: 19_970,
        b2b: 36_151,
      },
      {
        semester: '2025-S2',
        after: '2025-06-30',
        on: '2025-12-31',
        business: 6_957,
        person: 16_762,
        b2b: 30_625,
      },
      {
        semester: '2026-S2',
        after: '2026-06-30',
        on: '2026-12-31',
        business: 6_932,
        person: 17_241,
        b2b: 31_255,
      },
    ])
    .run(({ assert }, { after, on, business, person, b2b }) => {
      const invoice = { amountCents: 500_000, dueOn: after }
      const of = (debt: object) => interestOf(invoice, on, { noticeReceivedOn: after, ...debt })
      assert.deepEqual(
        [
          of({ kind: 'b2c' }),
          of({ kind: 'b2c', creditorProfessional: false }),
          of({ kind: 'b2b', creditorProfessional: false }),
          of({ kind: 'b2b' }),
        ],
        [business, person, person, b2b]
      )
    })

  test(
    'rule 19: 500 € due on {dueOn}, notice received on {notice}: {business} or {person} cents on 15 August'
  )
    .with([
      { notice: '2026-01-15', dueOn: '2026-01-15', business: 769, person: 1_948 },
      { notice: '2026-03-01', dueOn: '2026-01-15', business: 608, person: 1_537 },
      // Before the due date a notice starts nothing: interest waits for it.
      { notice: '2026-01-01', dueOn: '2026-03-15', business: 557, person: 1_409 },
      { notice: '2026-08-15', dueOn: '2026-01-15', business: 0, person: 0 },
      { notice: null, dueOn: '2026-01-15', business: 0, person: 0 },
    ])
    .run(({ assert }, { notice, dueOn, business, person }) => {
      const of = (creditorProfessional: boolean) =>
        interestOf({ amountCents: 50_000, dueOn }, '2026-08-15', {
          kind: 'b2c',
          creditorProfessional,
          noticeReceivedOn: notice,
        })
      assert.deepEqual([of(true), of(false)], [business, person])
    })

  test('rule 20: due on {dueOn}, 10 000 € bear {cents} cents on {on}')
    .with([
      { dueOn: '2026-06-30', on: '2026-06-30', cents: 0 },
      { dueOn: '2026-06-29', on: '2026-06-30', cents: 333 },
      { dueOn: '2026-06-30', on: '2026-07-01', cents: 340 },
      { dueOn: '2024-02-28', on: '2024-02-29', cents: 397 },
      { dueOn: '2025-12-31', on: '2026-01-01', cents: 333 },
    ])
    .run(({ assert }, { dueOn, on, cents }) => {
      // A notice, early or late, changes nothing between professionals.
      for (const noticeReceivedOn of [null, '2024-01-01', on]) {
        assert.equal(interestOf({ dueOn }, on, { noticeReceivedOn }), cents)
      }
    })
})

test.group('Rules 10, 21 and 22: what the contract and the law add', () => {
  test('rule 21: at {bps} hundredths of a percent 10 000 € bear {cents} cents, flagged in {flagged}')
    .with([
      { bps: 100, cents: 548, flagged: ['2026-S1', '2026-S2'] },
      { bps: 785, cents: 4_301, flagged: ['2026-S1', '2026-S2'] },
      { bps: 786, cents: 4_307, flagged: ['2026-S2'] },
      { bps: 824, cents: 4_515, flagged: ['2026-S2'] },
      { bps: 825, cents: 4_521, flagged: [] },
      { bps: 1_500, cents: 8_219, flagged: [] },
    ])
    .run(({ assert }, { bps, cents, flagged }) => {
      const owed = amountOwed(aDebt({ terms: [someTerms({ rateBps: bps })] }), '2026-07-10')
      assert.equal(owed.interestCents, cents)
      assert.deepEqual(owed.belowMinimum, flagged)
    })

  test('rule 10: a consumer owes {cents} cents whatever the rate between professionals: {bps}')
    .with([
      { bps: null, cents: 1_471 },
      { bps: 100, cents: 1_471 },
      { bps: 1_500, cents: 1_471 },
      { bps: 10_000, cents: 1_471 },
    ])
    .run(({ assert }, { bps, cents }) => {
      const terms = [someTerms({ rateBps: bps })]
      const debt = aDebt({ kind: 'b2c', noticeReceivedOn: '2026-06-20', terms })
      const owed = amountOwed(debt, '2026-07-10')
      assert.deepEqual([owed.interestCents, owed.indemnityCents, owed.belowMinimum], [cents, 0, []])
      assert.equal(owed.totalCents, 1_000_000 + cents)
    })

  test('rule 22: {late} late invoices of {kind}, {paid} of them paid since: {cents} cents')
    .with([
      { kind: 'b2b', late: 1, paid: 0, cents: 4_000 },
      { kind: 'b2b', late: 3, paid: 0, cents: 12_000 },
      { kind: 'b2b', late: 3, paid: 2, cents: 12_000 },
      { kind: 'b2b', late: 0, paid: 0, cents: 0 },
      { kind: 'b2c', late: 3, paid: 0, cents: 0 },
    ] as const)
    .run(({ assert }, { kind, late, paid, cents }) => {
      const invoices = Array.from({ length: 4 }, (_, index) =>
        anInvoice({
          dueOn: index < late ? '2026-06-20' : '2026-07-10',
          principalChanges: index < paid ? [reduced('2026-06-25', 1_000_000)] : [],
        })
      )
      const owed = amountOwed(aDebt({ kind, noticeReceivedOn: '2026-06-20', invoices }), '2026-07-10')
      assert.equal(owed.indemnityCents, cents)
    })
})

test.group('Rules 23 to 27: what a payment and a credit note change', () => {
  test('rule 23: interest owed for longer bears none; paid on {paidOn}, {left} cents accrue by 31 July')
    .with([
      { paidOn: null, left: 13_860 },
      { paidOn: '2026-07-10', left: 7_134 },
    ])
    .run(({ assert }, { paidOn, left }) => {
      // 67,26 € paid on 10 July are all interest: the principal, and what it bears, are the same.
      const interestPaid = paidOn ? [{ on: paidOn, cents: 6_726 }] : []
      assert.equal(interestOf({ interestPaid }, '2026-07-31'), left)
    })

  test(
    'rule 25: {cents} cents settle {interest} of interest, {principal} of principal, {indemnity} of indemnity'
  )
    .with([
      { cents: 1, interest: 1, principal: 0, indemnity: 0 },
      { cents: 6_726, interest: 6_726, principal: 0, indemnity: 0 },
      { cents: 6_727, interest: 6_726, principal: 1, indemnity: 0 },
      { cents: 1_006_726, interest: 6_726, principal: 1_000_000, indemnity: 0 },
      { cents: 1_006_727, interest: 6_726, principal: 1_000_000, indemnity: 1 },
      { cents: 1_010_726, interest: 6_726, principal: 1_000_000, indemnity: 4_000 },
    ])
    .run(({ assert }, { cents, interest, principal, indemnity }) => {
      const { lines, suspenseCents, ...split } = allocate(amountOwed(aDebt(), '2026-07-10'), cents)
      assert.deepEqual(split, {
        interestCents: interest,
        principalCents: principal,
        indemnityCents: indemnity,
      })
      assert.equal(suspenseCents, 0)
      assert.equal(
        lines.reduce((total, line) => total + line.cents, 0),
        cents
      )
    })

  test(
    'rule 26: of {cents} cents, the older gets {older} and the younger {younger} when the debtor names {chosen}'
  )
    .with([
      // The older owes 1 000 € + 23,37 € + 40 €, the younger 500 € + 6,53 € + 40 €.
      { chosen: 'none', cents: 54_653, older: 54_653, younger: 0 },
      { chosen: 'younger', cents: 54_653, older: 0, younger: 54_653 },
      { chosen: 'younger', cents: 54_654, older: 1, younger: 54_653 },
      { chosen: 'older', cents: 106_338, older: 106_337, younger: 1 },
      { chosen: 'both, the younger first', cents: 100_000, older: 45_347, younger: 54_653 },
    ] as const)
    .run(({ assert }, { chosen, cents, older, younger }) => {
      const [old, young] = [
        anInvoice({ amountCents: 100_000, dueOn: '2026-05-01' }),
        anInvoice({ amountCents: 50_000, dueOn: '2026-06-01' }),
      ]
      const owed = amountOwed(aDebt({ invoices: [old, young] }), '2026-07-10')
      assert.deepEqual(
        owed.invoices.map(({ interestCents }) => interestCents),
        [2_337, 653]
      )
      const ids = { none: [], older: [old.invoiceId], younger: [young.invoiceId] }
      const named = chosen in ids ? ids[chosen as keyof typeof ids] : [young.invoiceId, old.invoiceId]
      const { lines } = allocate(owed, cents, named)
      const got = (id: number) =>
        lines.filter(({ invoiceId }) => invoiceId === id).reduce((total, line) => total + line.cents, 0)
      assert.deepEqual([got(old.invoiceId), got(young.invoiceId)], [older, younger])
    })

  test('rule 27: 4 000 € taken off on 5 July as a {by}: {paid} cents paid, {interest} of interest by 31 July')
    .with([
      { by: 'credit_note', paid: 0, interest: 10_327 },
      { by: 'payment', paid: 400_000, interest: 10_327 },
    ] as const)
    .run(({ assert }, { by, paid, interest }) => {
      const invoice = anInvoice({ principalChanges: [reduced('2026-07-05', 400_000, by)] })
      const owed = amountOwed(aDebt({ invoices: [invoice] }), '2026-07-31')
      assert.deepEqual([owed.principalCents, owed.paidCents, owed.interestCents], [600_000, paid, interest])
    })

  test('rule 30: of {cents} cents on 10 107,26 € owed, {suspense} are nobody’s')
    .with([
      { cents: 1_010_725, suspense: 0 },
      { cents: 1_010_726, suspense: 0 },
      { cents: 1_010_727, suspense: 1 },
      { cents: 2_000_000, suspense: 989_274 },
    ])
    .run(({ assert }, { cents, suspense }) => {
      const owed = amountOwed(aDebt(), '2026-07-10')
      assert.equal(owed.totalCents, 1_010_726)
      assert.equal(allocate(owed, cents).suspenseCents, suspense)
    })
})

test.group('Rule 24: the same day gives the same cents', () => {
  test('rule 24: what is written down after {on} leaves {total} cents owed on that day')
    .with([
      { on: '2026-06-20', total: 1_000_000 },
      { on: '2026-06-21', total: 1_004_333 },
      { on: '2026-07-10', total: 1_010_726 },
    ])
    .run(({ assert }, { on, total }) => {
      const later = anInvoice({
        principalChanges: [reduced('2026-07-11', 300_000), reduced('2026-07-12', 200_000, 'credit_note')],
        interestPaid: [{ on: '2026-07-11', cents: 7_000 }],
        indemnityPaid: [{ on: '2026-07-11', cents: 4_000 }],
      })
      const debt = aDebt({
        invoices: [later],
        terms: [someTerms({ effectiveOn: '2026-07-11', rateBps: 2_000 })],
        grace: [{ startsOn: '2026-07-11', endsOn: '2026-12-31', cancelledOn: null }],
      })
      for (let again = 0; again < 3; again += 1) assert.equal(amountOwed(debt, on).totalCents, total)
    })
})
