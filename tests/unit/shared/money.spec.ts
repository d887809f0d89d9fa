import { test } from '@japa/runner'
import fc from 'fast-check'
import { cents, divideHalfUp, formatEuros, parseEuros, splitByWeights, sum } from '#shared/money'

test.group('money', () => {
  test('a split sums exactly to the whole, whatever the weights', ({ assert }) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000_000_000 }),
        fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 40 }),
        (amount, weights) => {
          fc.pre(sum(weights) > 0)
          assert.equal(sum(splitByWeights(amount, weights)), amount)
        }
      ),
      { numRuns: 2000 }
    )
  })

  test('halves round away from zero', ({ assert }) => {
    assert.equal(divideHalfUp(5n, 2n), 3n)
    assert.equal(divideHalfUp(-5n, 2n), -3n)
    assert.equal(divideHalfUp(7n, 3n), 2n)
  })

  test('a fraction of a cent is refused', ({ assert }) => {
    assert.throws(() => cents(0.5), '0.5 is not a whole number of cents')
  })

  test('euros are written the French way', ({ assert }) => {
    assert.equal(formatEuros(123456789), '1\u202f234\u202f567,89\u00a0€')
    assert.equal(formatEuros(-5), '−0,05\u00a0€')
    assert.equal(formatEuros(100), '1,00\u00a0€')
  })
})

test.group('An amount typed by a person', () => {
  test('{text} is {expected} cents')
    .with([
      { text: '500', expected: 50_000 },
      { text: '500,00', expected: 50_000 },
      { text: '500.5', expected: 50_050 },
      { text: ' 1 234,56 € ', expected: 123_456 },
      { text: '1\u202f234,56\u00a0€', expected: 123_456 },
      { text: '1.234,56', expected: 123_456 },
      { text: '1,234.56', expected: 123_456 },
      { text: '12 euros', expected: 1200 },
      { text: '0,01', expected: 1 },
      { text: '€ 12', expected: 1200 },
      { text: '1.234.567', expected: 123_456_700 },
      { text: '999999999,99', expected: 99_999_999_999 },
    ])
    .run(({ assert }, { text, expected }) => assert.equal(parseEuros(text), expected))

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
      '12,345',
      '12.345',
      '1.234.567.89',
      '5€00',
      '1e9',
      'Infinity',
    ])
    .run(({ assert }, text) => assert.isNull(parseEuros(text)))
})
