import { test } from '@japa/runner'
import { interestOn } from '#claims/interest'
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
})
