import { test } from '@japa/runner'
import fc from 'fast-check'
import { cents, divideHalfUp, formatEuros, splitByWeights, sum } from '#shared/money'

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
