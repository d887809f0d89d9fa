import { test } from '@japa/runner'
import { sum } from '#shared/money'
import { coverage, isScheduled, schedule, type Instalment, type Money } from '#payments/plans/schedule'

test.group('schedule', () => {
  test('rule 29: {totalCents} cents in {months} instalments sum exactly to the total')
    .with([
      { totalCents: 760_703, months: 4, amounts: [190_178, 190_175, 190_175, 190_175] },
      { totalCents: 10_000, months: 3, amounts: [3_334, 3_333, 3_333] },
      { totalCents: 120_000, months: 2, amounts: [60_000, 60_000] },
      { totalCents: 1_001, months: 10, amounts: [101, ...Array.from({ length: 9 }, () => 100)] },
      { totalCents: 36, months: 36, amounts: Array.from({ length: 36 }, () => 1) },
    ])
    .run(({ assert }, { totalCents, months, amounts }) => {
      const instalments = schedule(totalCents, { months, dayOfMonth: 15, startOn: '2026-11-21' })
      assert.deepEqual(
        instalments.map(({ amountCents }) => amountCents),
        amounts
      )
      assert.equal(sum(instalments.map(({ amountCents }) => amountCents)), totalCents)
    })

  test('rule 29: whatever the sum and the count')
    .with(Array.from({ length: 35 }, (_, index) => index + 2))
    .run(({ assert }, months) => {
      for (const totalCents of [months, 10_007, 99_999, 1_234_567]) {
        const instalments = schedule(totalCents, { months, dayOfMonth: 5, startOn: '2026-01-31' })
        assert.equal(sum(instalments.map(({ amountCents }) => amountCents)), totalCents)
      }
    })

  test('from {startOn}, on the {dayOfMonth}: {dates}')
    .with([
      { startOn: '2026-11-21', dayOfMonth: 15, dates: '2026-11-21 2026-12-15 2027-01-15' },
      { startOn: '2026-11-21', dayOfMonth: 5, dates: '2026-11-21 2026-12-05 2027-01-05' },
      // The second would be a week later: it waits for the next month.
      { startOn: '2026-11-21', dayOfMonth: 28, dates: '2026-11-21 2026-12-28 2027-01-28' },
      { startOn: '2026-11-18', dayOfMonth: 28, dates: '2026-11-18 2026-11-28 2026-12-28' },
      { startOn: '2027-01-31', dayOfMonth: 28, dates: '2027-01-31 2027-02-28 2027-03-28' },
    ])
    .run(({ assert }, { startOn, dayOfMonth, dates }) => {
      const instalments = schedule(30_000, { months: 3, dayOfMonth, startOn })
      assert.equal(instalments.map(({ dueOn }) => dueOn).join(' '), dates)
    })
})

const THREE: Instalment[] = [
  { seq: 1, dueOn: '2026-11-21', amountCents: 100 },
  { seq: 2, dueOn: '2026-12-15', amountCents: 100 },
  { seq: 3, dueOn: '2027-01-15', amountCents: 100 },
]

test.group('coverage', () => {
  const cases: { what: string; received: Money[]; paid: number[] }[] = [
    { what: 'nothing', received: [], paid: [0, 0, 0] },
    { what: 'the first', received: [{ on: '2026-11-21', cents: 100 }], paid: [100, 0, 0] },
    { what: 'a part of the first', received: [{ on: '2026-11-21', cents: 40 }], paid: [40, 0, 0] },
    {
      what: 'the next one, early',
      received: [
        { on: '2026-11-21', cents: 100 },
        { on: '2026-12-01', cents: 100 },
      ],
      paid: [100, 100, 0],
    },
    { what: 'more: the end is shortened', received: [{ on: '2026-11-21', cents: 130 }], paid: [100, 30, 0] },
    {
      what: 'more than the next one: what is left comes off the last',
      received: [
        { on: '2026-11-21', cents: 100 },
        { on: '2026-11-25', cents: 130 },
      ],
      paid: [100, 100, 30],
    },
    { what: 'all at once', received: [{ on: '2026-11-21', cents: 300 }], paid: [100, 100, 100] },
    { what: 'too much', received: [{ on: '2026-11-21', cents: 999 }], paid: [100, 100, 100] },
    {
      what: 'two that are late, together',
      received: [
        { on: '2026-11-21', cents: 100 },
        { on: '2027-01-16', cents: 200 },
      ],
      paid: [100, 100, 100],
    },
    { what: 'money that went back', received: [{ on: '2026-11-21', cents: 0 }], paid: [0, 0, 0] },
  ]
  test('rule 28: {what}')
    .with(cases)
    .run(({ assert }, { received, paid }) => assert.deepEqual(coverage(THREE, received), paid))
})

test.group('isScheduled', () => {
  const started = THREE.map((one, index) => ({ ...one, paidCents: index === 0 ? 100 : 0 }))
  test('rule 34: {cents} cents on {on}: {foreseen}')
    .with([
      { on: '2026-12-15', cents: 100, foreseen: true },
      { on: '2026-12-10', cents: 100, foreseen: true },
      { on: '2027-01-15', cents: 200, foreseen: true },
      { on: '2026-12-15', cents: 200, foreseen: false },
      { on: '2026-12-15', cents: 50, foreseen: false },
      { on: '2026-12-15', cents: 130, foreseen: false },
    ])
    .run(({ assert }, { on, cents, foreseen }) => assert.equal(isScheduled(started, { on, cents }), foreseen))
})
