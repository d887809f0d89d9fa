import { test } from '@japa/runner'
import { money, percent, weekdayDate } from '#portal/wording'

test.group('What a page prints', () => {
  test('money follows the language', ({ assert }) => {
    assert.equal(money(123_456, 'fr'), '1\u202f234,56\u00a0€')
    assert.equal(money(123_456, 'en'), '€1,234.56')
    assert.equal(money(-5, 'en'), '−€0.05')
    assert.equal(money(123_456_789, 'en'), '€1,234,567.89')
  })

  test('a rate and a day follow the language', ({ assert }) => {
    assert.equal(percent(1215, 'fr'), '12,15\u00a0%')
    assert.equal(percent(1215, 'en'), '12.15%')
    assert.equal(weekdayDate('2026-11-23', 'fr'), 'lundi 23/11/2026')
    assert.equal(weekdayDate('2026-11-23', 'en'), 'Monday 23/11/2026')
  })
})
