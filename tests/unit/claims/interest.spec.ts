import { test } from '@japa/runner'
import { dailyInterestCents, interestOn, segmentHundredths, STATUTORY } from '#claims/interest'
import { MissingRateError } from '#claims/rates'

test.group('interest', () => {
  const vectors = [
    {
      title: '10 000 € due 20/06/2026, paid 10/07/2026, between professionals: 67,26 €',
      cents: 1_000_000,
      regime: 'late_payment',
      after: '2026-06-20',
      on: '2026-07-10',
      expected: 6726,
      days: [10, 10],
      bps: [1215, 1240],
    },
    {
      title: '1 200 € due 31/03/2025, cut off on 30/06/2026, between professionals: 185,14 €',
      cents: 120_000,
      regime: 'late_payment',
      after: '2025-03-31',
      on: '2026-06-30',
      expected: 18514,
      days: [91, 184, 181],
      bps: [1315, 1215, 1215],
    },
    {
      title: '500 € of a consumer from 15/01/2026 to 15/08/2026: 7,69 €',
      cents: 50_000,
      regime: 'legal_professional',
      after: '2026-01-15',
      on: '2026-08-15',
      expected: 769,
      days: [166, 46],
      bps: [262, 275],
    },
  ] as const

  for (const vector of vectors) {
    test(`rule 16: ${vector.title}`, ({ assert }) => {
      const line = interestOn(vector.cents, [], vector.regime, vector.after, vector.on)
      assert.equal(line.cents, vector.expected)
      assert.deepEqual(
        line.segments.map((segment) => segment.days),
        [...vector.days]
      )
      assert.deepEqual(
        line.segments.map((segment) => segment.rateBps),
        [...vector.bps]
      )
    })
  }

  test('rule 17: a half-year without a rate stops with an error that names it', ({ assert }) => {
    assert.throws(
      () => interestOn(100, [], 'late_payment', '2026-12-31', '2027-01-01'),
      MissingRateError as never,
      'No interest rate is recorded for 2027-S1; add it to app/claims/rates.ts before computing.'
    )
  })

  test('rule 20: nothing on the due date itself, one day on the day after', ({ assert }) => {
    assert.equal(interestOn(1_000_000, [], 'late_payment', '2026-07-01', '2026-07-01').cents, 0)
    assert.equal(interestOn(1_000_000, [], 'late_payment', '2026-07-01', '2026-07-02').cents, 340)
  })

  test('a payment leaves the day it is received due on the former principal', ({ assert }) => {
    const line = interestOn(
      1_000_000,
      [{ on: '2026-07-05', changeCents: -400_000 }],
      'late_payment',
      '2026-07-01',
      '2026-07-10'
    )
    assert.deepEqual(
      line.segments.map(({ days, principalCents }) => [days, principalCents]),
      [
        [4, 1_000_000],
        [5, 600_000],
      ]
    )
  })

  test('a change before the start counts from the start', ({ assert }) => {
    const early = [{ on: '2026-06-01', changeCents: -500_000 }]
    assert.equal(
      interestOn(1_000_000, early, 'late_payment', '2026-07-01', '2026-07-11').cents,
      interestOn(500_000, [], 'late_payment', '2026-07-01', '2026-07-11').cents
    )
  })

  test('rule 16: a year of 366 days counts as such with ACT_ACT, and as 365 with ACT_365', ({ assert }) => {
    const over = (dayCount: 'ACT_365' | 'ACT_ACT', after: string, on: string, cents: number) =>
      interestOn(cents, [], 'late_payment', after, on, { ...STATUTORY, dayCount })
    const leap = over('ACT_ACT', '2023-12-31', '2024-06-30', 120_000)
    assert.deepEqual([leap.cents, leap.segments[0]!.days, leap.segments[0]!.yearDays], [8652, 182, 366])
    assert.equal(over('ACT_365', '2023-12-31', '2024-06-30', 120_000).cents, 8676)
    const both = over('ACT_ACT', '2024-12-21', '2025-01-10', 1_000_000)
    assert.deepEqual(
      both.segments.map(({ yearDays }) => yearDays),
      [366, 365]
    )
    assert.equal(both.cents, 7496)
  })

  test('rule 24: segments are exact and their sum is rounded once', ({ assert }) => {
    const line = interestOn(10_000, [], 'late_payment', '2026-06-29', '2026-07-01')
    assert.deepEqual(line.segments.map(segmentHundredths), [333, 340])
    assert.equal(line.cents, 7, 'rounded one by one they would be 6')
  })

  test('rule 23: what accrued bears no interest, however long it is owed', ({ assert }) => {
    const year = interestOn(1_000_000, [], 'late_payment', '2024-12-31', '2025-12-31')
    const days = year.segments.reduce((all, { days: each }) => all + each, 0)
    assert.equal(days, 365)
    assert.isTrue(year.segments.every(({ principalCents }) => principalCents === 1_000_000))
    assert.equal(year.cents, Math.round((1_000_000 * (1315 * 181 + 1215 * 184)) / 10_000 / 365))
  })

  test('rule 21: the rate of the contract is applied as it is, between professionals only', ({ assert }) => {
    const terms = { ...STATUTORY, contractualBps: 800 }
    const business = interestOn(1_000_000, [], 'late_payment', '2026-06-20', '2026-07-10', terms)
    assert.equal(business.cents, 4384)
    const consumer = interestOn(50_000, [], 'legal_professional', '2026-01-15', '2026-08-15', terms)
    assert.equal(consumer.cents, 769)
  })

  test('a contractual rate needs no published one', ({ assert }) => {
    const terms = { ...STATUTORY, contractualBps: 1200 }
    const line = interestOn(1_000_000, [], 'late_payment', '2026-12-31', '2027-01-10', terms)
    assert.equal(line.cents, 3288)
  })

  const graces = [
    { startsOn: '2026-07-03', endsOn: '2026-07-06', days: [1, 4], cents: 1699 },
    { startsOn: '2026-06-01', endsOn: '2026-07-05', days: [5], cents: 1699 },
    { startsOn: '2026-07-06', endsOn: '2028-07-05', days: [4], cents: 1359 },
    { startsOn: '2026-06-01', endsOn: '2026-08-01', days: [], cents: 0 },
    { startsOn: '2026-07-11', endsOn: '2026-08-01', days: [9], cents: 3058 },
  ]
  for (const { startsOn, endsOn, days, cents } of graces) {
    test(`C. civ. 1343-5: no interest from ${startsOn} to ${endsOn}, both included`, ({ assert }) => {
      const terms = { ...STATUTORY, suspensions: [{ startsOn, endsOn }] }
      const line = interestOn(1_000_000, [], 'late_payment', '2026-07-01', '2026-07-10', terms)
      assert.deepEqual(
        line.segments.map((segment) => segment.days),
        days
      )
      assert.equal(line.cents, cents)
    })
  }

  test('what one day more adds is that day’s interest: none when it is within a grace', ({ assert }) => {
    assert.equal(dailyInterestCents(1_000_000, 'late_payment', '2026-06-30'), 340, 'the rate of 1 July')
    const suspensions = [{ startsOn: '2026-07-01', endsOn: '2026-07-02' }]
    assert.equal(
      dailyInterestCents(1_000_000, 'late_payment', '2026-06-30', { ...STATUTORY, suspensions }),
      0
    )
  })
})
