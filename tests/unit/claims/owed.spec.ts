import { test } from '@japa/runner'
import fc from 'fast-check'
import { addDays } from '#shared/calendar'
import { sum } from '#shared/money'
import { allocate } from '#claims/allocation'
import { NO_END, type Reduction } from '#claims/debts'
import { MissingRateError } from '#claims/rates'
import { amountOwed, assertRatesKnown, dailyIncrement, fallenDue } from '#claims/owed'
import { ALLOCATION_ORDERS, needsClause } from '#creditors/models/contract_term'
import { aDebt, anInvoice, someTerms } from '#tests/fixtures/debts'

const reduced = (on: string, cents: number, by: Reduction['by'] = 'credit_note'): Reduction => ({
  on,
  changeCents: -cents,
  by,
})

test.group('What is owed on a day', () => {
  test('rule 17: without the rate of a half-year interest stops before it, and no sum may be demanded', ({
    assert,
  }) => {
    const debt = aDebt({ invoices: [anInvoice({ amountCents: 120_000, dueOn: '2026-12-01' })] })
    const owed = amountOwed(debt, '2027-02-01')
    assert.deepEqual(owed.missingRates, ['2027-S1'])
    assert.equal(owed.interestCents, 1223)
    assert.equal(owed.invoices[0]!.segments.at(-1)!.until, '2026-12-31')
    assert.isNull(dailyIncrement(owed))
    assert.throws(() => assertRatesKnown(owed), MissingRateError as never, /2027-S1/)
    const later = amountOwed(aDebt({ invoices: [anInvoice({ dueOn: '2027-01-05' })] }), '2027-02-01')
    assert.deepEqual([later.interestCents, later.missingRates], [0, ['2027-S1']])
  })

  const regimes = [
    { kind: 'b2b', creditorProfessional: true, regime: 'late_payment', interestCents: 3544 },
    { kind: 'b2c', creditorProfessional: true, regime: 'legal_professional', interestCents: 769 },
    { kind: 'b2c', creditorProfessional: false, regime: 'legal_private', interestCents: 1948 },
    { kind: 'b2b', creditorProfessional: false, regime: 'legal_private', interestCents: 1948 },
  ] as const
  for (const { kind, creditorProfessional, regime, interestCents } of regimes) {
    test(`rule 18: a ${creditorProfessional ? 'business' : 'private'} creditor against ${kind}: ${regime}`, ({
      assert,
    }) => {
      const invoice = anInvoice({ amountCents: 50_000, issuedOn: '2025-12-15', dueOn: '2026-01-15' })
      const noticeReceivedOn = '2026-01-15'
      const debt = aDebt({ kind, creditorProfessional, noticeReceivedOn, invoices: [invoice] })
      const owed = amountOwed(debt, '2026-08-15')
      assert.equal(owed.regime, regime)
      assert.equal(owed.interestCents, interestCents)
      assert.equal(owed.indemnityCents, regime === 'late_payment' ? 4000 : 0, 'rules 10 and 22')
    })
  }

  const notices = [
    { noticeReceivedOn: null, interestCents: 0 },
    { noticeReceivedOn: '2026-08-15', interestCents: 0 },
    { noticeReceivedOn: '2026-08-14', interestCents: 4 },
    { noticeReceivedOn: '2025-06-01', interestCents: 769 },
  ]
  for (const { noticeReceivedOn, interestCents } of notices) {
    test(`rule 19: a consumer whose formal notice came ${noticeReceivedOn ?? 'never'} owes ${interestCents} cents`, ({
      assert,
    }) => {
      const invoice = anInvoice({ amountCents: 50_000, issuedOn: '2025-12-15', dueOn: '2026-01-15' })
      const debt = aDebt({ kind: 'b2c', noticeReceivedOn, invoices: [invoice] })
      assert.equal(amountOwed(debt, '2026-08-15').interestCents, interestCents)
    })
  }

  test('rule 20: between professionals the first day of interest is the one after the due date', ({
    assert,
  }) => {
    const on = (day: string) => amountOwed(aDebt(), day)
    assert.deepEqual([on('2026-06-20').interestCents, on('2026-06-20').indemnityCents], [0, 0])
    assert.deepEqual([on('2026-06-21').interestCents, on('2026-06-21').indemnityCents], [333, 4000])
    assert.equal(on('2026-07-10').interestCents, 6726)
  })

  test('rule 21: a contractual rate below three times the legal rate is flagged, by half-year, and used', ({
    assert,
  }) => {
    const owed = amountOwed(aDebt({ terms: [someTerms({ rateBps: 800 })] }), '2026-07-10')
    assert.deepEqual(owed.belowMinimum, ['2026-S2'])
    assert.equal(owed.interestCents, 4384)
    const consumer = aDebt({
      kind: 'b2c',
      noticeReceivedOn: '2026-06-20',
      terms: [someTerms({ rateBps: 100 })],
    })
    const legal = amountOwed(consumer, '2026-07-10')
    assert.deepEqual(legal.belowMinimum, [])
    assert.equal(legal.interestCents, Math.round((1_000_000 * (262 * 10 + 275 * 10)) / 10_000 / 365))
  })

  const indemnities = [
    { says: 'once per invoice of a row that names three', invoice: { numberCount: 3 }, cents: 12_000 },
    { says: 'not before it is late', invoice: { dueOn: '2026-07-10' }, cents: 0 },
    {
      says: 'not when it was paid by its due date',
      invoice: { principalChanges: [reduced('2026-06-20', 1_000_000, 'payment')] },
      cents: 0,
    },
    {
      says: 'still when it was paid one day late',
      invoice: { principalChanges: [reduced('2026-06-21', 1_000_000, 'payment')] },
      cents: 4000,
    },
    {
      says: 'not when the creditor has taken the whole invoice back',
      invoice: { principalChanges: [reduced('2026-07-01', 1_000_000)] },
      cents: 0,
    },
    {
      says: 'still when it took back a part',
      invoice: { principalChanges: [reduced('2026-07-01', 400_000)] },
      cents: 4000,
    },
  ]
  for (const { says, invoice, cents } of indemnities) {
    test(`rule 22: the 40 € ${says}`, ({ assert }) => {
      assert.equal(amountOwed(aDebt({ invoices: [anInvoice(invoice)] }), '2026-07-10').indemnityCents, cents)
    })
  }

  test('rule 27: a credit note reduces the principal from its day, and is not counted as paid', ({
    assert,
  }) => {
    const invoice = anInvoice({ dueOn: '2026-07-01', principalChanges: [reduced('2026-07-05', 400_000)] })
    const owed = amountOwed(aDebt({ invoices: [invoice] }), '2026-07-10')
    assert.equal(owed.principalCents, 600_000)
    assert.equal(owed.invoices[0]!.creditedCents, 400_000)
    assert.equal(owed.interestCents, 2378, '4 days on 10 000 €, 5 on 6 000 €')
    assert.equal(owed.paidCents, 0)
    assert.equal(amountOwed(aDebt({ invoices: [invoice] }), '2026-07-04').principalCents, 1_000_000)
  })

  test('terms count from their day on: a change leaves the statements of the days before as they were', ({
    assert,
  }) => {
    const terms = [someTerms({ effectiveOn: '2026-07-05', rateBps: 1500 })]
    const day = (on: string, debt = aDebt({ terms })) => amountOwed(debt, on).interestCents
    assert.equal(day('2026-07-04'), day('2026-07-04', aDebt()))
    assert.isAbove(day('2026-07-05'), day('2026-07-05', aDebt()))
  })

  test('only invoices past their due date are asked for', ({ assert }) => {
    const debt = aDebt({ invoices: [anInvoice(), anInvoice({ dueOn: '2026-07-10', amountCents: 5000 })] })
    const owed = fallenDue(amountOwed(debt, '2026-07-10'))
    assert.equal(owed.principalCents, 1_000_000)
    assert.lengthOf(owed.invoices, 1)
  })
})

test.group('Allocation', () => {
  /** 67,26 € of interest, 10 000 € of principal and 40 € on 10 July 2026. */
  const due = { interest: 6726, principal: 1_000_000, indemnity: 4000 }

  for (const order of ALLOCATION_ORDERS) {
    const says = needsClause(order) ? 'by a clause of the contract' : 'without any clause'
    test(`rule 25: ${order.replaceAll('_', ', then ')}, ${says}`, ({ assert }) => {
      const owed = amountOwed(aDebt({ terms: [someTerms({ allocationOrder: order })] }), '2026-07-10')
      let before = 0
      for (const part of order.split('_') as (keyof typeof due)[]) {
        const { lines } = allocate(owed, before + 1)
        assert.deepEqual([lines.at(-1)!.part, lines.at(-1)!.cents], [part, 1])
        before += due[part]
      }
      assert.equal(allocate(owed, before + 1).suspenseCents, 1)
    })
  }

  test('rule 26: the debtor’s choice comes before the oldest, whatever the order inside', ({ assert }) => {
    const old = anInvoice({ dueOn: '2026-03-01', amountCents: 10_000 })
    const young = anInvoice({ dueOn: '2026-04-01', amountCents: 20_000 })
    const owed = amountOwed(aDebt({ kind: 'b2c', invoices: [old, young] }), '2026-07-10')
    const settled = (chosen: number[]) =>
      allocate(owed, 20_000, chosen).lines.map(({ invoiceId, cents }) => [invoiceId, cents])
    assert.deepEqual(settled([young.invoiceId]), [[young.invoiceId, 20_000]])
    assert.deepEqual(settled([]), [
      [old.invoiceId, 10_000],
      [young.invoiceId, 10_000],
    ])
    assert.deepEqual(settled([999]), settled([]), 'an invoice of another file is no choice')
  })
})

const day = (from = '2026-01-01') => fc.integer({ min: 0, max: 330 }).map((days) => addDays(from, days))
const share = fc.integer({ min: 1, max: 200_000 })
const invoices = fc.array(
  fc.record({
    amountCents: fc.integer({ min: 1, max: 5_000_000 }),
    dueOn: day(),
    numberCount: fc.integer({ min: 1, max: 4 }),
  }),
  { minLength: 1, maxLength: 6 }
)
const terms = fc.option(
  fc.record({
    dayCount: fc.constantFrom('ACT_365' as const, 'ACT_ACT' as const),
    rateBps: fc.option(fc.integer({ min: 1, max: 3000 })),
    allocationOrder: fc.constantFrom(...ALLOCATION_ORDERS),
  })
)

test.group('Properties', () => {
  test('bar 6: a payment of any sum is split into lines and a surplus that sum exactly to it', ({
    assert,
  }) => {
    const kinds = fc.constantFrom('b2b' as const, 'b2c' as const)
    fc.assert(
      fc.property(invoices, terms, kinds, day(), fc.nat(20_000_000), (rows, of, kind, on, cents) => {
        const debt = aDebt({
          kind,
          noticeReceivedOn: '2026-02-01',
          terms: of ? [someTerms(of)] : [],
          invoices: rows.map((row) => anInvoice(row)),
        })
        const owed = amountOwed(debt, on)
        assert.equal(owed.principalCents + owed.interestCents + owed.indemnityCents, owed.totalCents)
        const { lines, suspenseCents, ...parts } = allocate(owed, cents)
        assert.equal(sum(lines.map((line) => line.cents)) + suspenseCents, cents)
        assert.equal(sum(Object.values(parts)) + suspenseCents, cents)
        assert.equal(suspenseCents, Math.max(0, cents - owed.totalCents))
        assert.isTrue(lines.every((line) => line.cents > 0))
      }),
      { numRuns: 2000 }
    )
  })

  test('rule 24: what takes effect later never changes what was owed on a day', ({ assert }) => {
    const reductions = fc.array(fc.record({ on: day(), cents: share, isCredit: fc.boolean() }), {
      maxLength: 8,
    })
    const graces = fc.array(fc.tuple(day(), fc.integer({ min: 0, max: 700 })), { maxLength: 1 })
    fc.assert(
      fc.property(day(), terms, reductions, graces, (on, later, changes, granted) => {
        const changed = (kept: (change: { on: string }) => boolean) =>
          anInvoice({
            invoiceId: 1,
            number: 'FA',
            amountCents: 10_000_000,
            principalChanges: changes
              .filter(kept)
              .map((one) => reduced(one.on, one.cents, one.isCredit ? 'credit_note' : 'payment')),
            interestPaid: changes.filter(kept).map((one) => ({ on: one.on, cents: one.cents % 97 })),
          })
        const grace = granted.map(([startsOn, days]) => ({
          startsOn,
          endsOn: addDays(startsOn, days),
          cancelledOn: null,
        }))
        const then = aDebt({
          invoices: [changed((change) => change.on <= on)],
          grace: grace.filter(({ startsOn }) => startsOn <= on),
        })
        const since = aDebt({
          invoices: [changed(() => true)],
          grace,
          terms: later ? [someTerms({ ...later, effectiveOn: addDays(on, 1) })] : [],
        })
        assert.deepEqual(amountOwed(since, on), amountOwed(then, on))
      }),
      { numRuns: 1000 }
    )
  })

  test('a plan under way stops interest, and its end later changes nothing of the days before: {until}')
    .with([
      { until: NO_END, cents: 3329, stopped: true },
      { until: '2026-07-20', cents: 3329, stopped: true },
      { until: '2026-07-10', cents: 3329, stopped: false },
      { until: '2026-07-05', cents: 5027, stopped: false },
      { until: '2026-06-30', cents: 6726, stopped: false },
    ])
    .run(({ assert }, { until, cents, stopped }) => {
      const planned = [{ startsOn: '2026-07-01', endsOn: until }]
      const owed = amountOwed(aDebt({ planned }), '2026-07-10')
      assert.equal(owed.interestCents, cents)
      assert.equal(owed.interestStopped, stopped)
      assert.equal(dailyIncrement(owed), stopped ? 0 : 340)
    })

  test('what a settlement gives up is neither paid nor credited, and owed no more', ({ assert }) => {
    const invoice = anInvoice({ principalChanges: [reduced('2026-06-20', 250_000, 'waiver')] })
    const owed = amountOwed(aDebt({ invoices: [invoice] }), '2026-06-20')
    assert.containSubset(owed, { principalCents: 750_000, paidCents: 0 })
    assert.containSubset(owed.invoices[0], { waivedCents: 250_000, creditedCents: 0, paidPrincipalCents: 0 })
  })
})
