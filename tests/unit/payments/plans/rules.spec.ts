import { test } from '@japa/runner'
import { eurosInWords } from '#shared/euros_in_words'
import { entryProblems } from '#payments/plans/acknowledgement'
import { retryOn } from '#payments/plans/retries'
import { discountOf, isWithinRules, monthChoices, monthsFor } from '#payments/plans/rules'
import { schedule } from '#payments/plans/schedule'

const RULES = { plansAllowed: true, minInstalmentCents: 5_000, maxMonths: 10, firstDueDays: 45 }

test.group('the rules of a creditor', () => {
  test('U5: {total} cents may be paid in {choices} times')
    .with([
      { total: 120_000, rules: {}, choices: '2,3,4,5,6,7,8,9,10' },
      { total: 20_000, rules: {}, choices: '2,3,4' },
      { total: 9_999, rules: {}, choices: '' },
      { total: 120_000, rules: { maxMonths: 3 }, choices: '2,3' },
      { total: 120_000, rules: { plansAllowed: false }, choices: '' },
      { total: 500, rules: { minInstalmentCents: 0 }, choices: '2,3,4,5' },
    ])
    .run(({ assert }, { total, rules, choices }) =>
      assert.equal(monthChoices(total, { ...RULES, ...rules }).join(), choices)
    )

  test('U5: every choice offered on a usual day is within the rules').run(({ assert }) => {
    for (const months of monthChoices(120_007, RULES)) {
      for (const dayOfMonth of [5, 15, 28]) {
        for (const startOn of ['2026-11-21', '2026-12-31', '2027-02-28']) {
          assert.isTrue(isWithinRules(schedule(120_007, { months, dayOfMonth, startOn }), RULES))
        }
      }
    }
  })

  test('U5: beyond the rules: {what}')
    .with([
      { what: 'more months', months: 11, rules: {} },
      { what: 'less each month', months: 10, rules: { minInstalmentCents: 20_000 } },
      { what: 'a later date', months: 3, rules: { firstDueDays: 11 } },
      { what: 'none allowed', months: 3, rules: { plansAllowed: false } },
    ])
    .run(({ assert }, { months, rules }) => {
      const instalments = schedule(120_000, { months, dayOfMonth: 15, startOn: '2026-11-21' })
      assert.isFalse(isWithinRules(instalments, { ...RULES, ...rules }))
    })

  test('{monthly} cents a month for {total}: {months} times')
    .with([
      { total: 100_000, monthly: 20_000, months: 5 },
      { total: 100_001, monthly: 20_000, months: 6 },
      { total: 100_000, monthly: 100_000, months: null },
      { total: 100_000, monthly: 2_000, months: null },
      { total: 100_000, monthly: 50, months: null },
    ])
    .run(({ assert }, { total, monthly, months }) => assert.equal(monthsFor(total, monthly), months))

  test('a discount is never more than allowed')
    .with([
      { total: 10_000, bps: 1_000, cents: 1_000 },
      { total: 9_999, bps: 1_000, cents: 999 },
      { total: 9_999, bps: 0, cents: 0 },
    ])
    .run(({ assert }, { total, bps, cents }) => assert.equal(discountOf(total, bps), cents))
})

test.group('the own entry of the sum (C. civ. 1376)', () => {
  test('rule 38: « {words} » and « {figures} » for {cents}: wrong {wrong}')
    .with([
      { cents: 123_456, figures: '1 234,56 €', words: eurosInWords(123_456), wrong: '' },
      {
        cents: 123_456,
        figures: '1234.56',
        words: 'Mille deux cents trente quatre euros et cinquante six centimes',
        wrong: '',
      },
      { cents: 12_000, figures: '120', words: 'CENT VINGT EUROS', wrong: '' },
      { cents: 12_000, figures: '120,00', words: 'cent trente euros', wrong: 'words' },
      { cents: 12_000, figures: '12', words: 'cent vingt euros', wrong: 'figures' },
      { cents: 12_000, figures: '', words: '', wrong: 'figures words' },
    ])
    .run(({ assert }, { cents, figures, words, wrong }) =>
      assert.equal(entryProblems({ figures, words }, cents).join(' '), wrong)
    )
})

test.group('retries', () => {
  const refused = (failure: string) => ({ state: 'failed' as const, failure })
  const never = { state: 'failed' as const, failure: null }
  test('after {tries.length} tries: {on}')
    .with([
      { tries: [], on: '2026-12-15' },
      { tries: [never], on: '2026-12-15' },
      { tries: [{ state: 'expired' as const, failure: null }], on: '2026-12-15' },
      // A Tuesday, and Christmas is not a working day.
      { tries: [refused('card_declined')], on: '2026-12-17' },
      { tries: [refused('card_declined'), never, refused('insufficient_funds')], on: '2026-12-22' },
      { tries: [refused('a'), refused('b'), refused('c')], on: null },
      { tries: [refused('authentication_required')], on: null },
      { tries: [refused('expired_card')], on: null },
    ])
    .run(({ assert }, { tries, on }) => assert.equal(retryOn('2026-12-15', tries), on))
})
