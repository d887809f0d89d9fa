import { test } from '@japa/runner'
import { money, parseEuros, percent, weekdayDate } from '#portal/wording'

test.group('An amount typed by a person', () => {
  test('{text} is {cents} cents')
    .with([
      { text: '500', cents: 50_000 },
      { text: '500,00', cents: 50_000 },
      { text: '500.5', cents: 50_050 },
      { text: ' 1 234,56 € ', cents: 123_456 },
      { text: '1\u202f234,56\u00a0€', cents: 123_456 },
      { text: '1.234,56', cents: 123_456 },
      { text: '1,234.56', cents: 123_456 },
      { text: '12 euros', cents: 1200 },
      { text: '0,01', cents: 1 },
      { text: '999999999,99', cents: 99_999_999_999 },
    ])
    .run(({ assert }, { text, cents }) => assert.equal(parseEuros(text), cents))

  test('"{$self}" is not an amount')
    .with([
      '',
      '€',
      '-5',
      '5 000 000 000',
      '1e3',
      '12,345,6',
      '1,2,3',
      '12,',
      'cent',
      '0x10',
      '٥٠٠',
      '5.',
      '1.2345',
    ])
    .run(({ assert }, text) => assert.isNull(parseEuros(text)))
})

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
