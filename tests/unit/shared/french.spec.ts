import { test } from '@japa/runner'
import { frenchNumber, frenchPercent } from '#shared/french'

test.group('French words', () => {
  test('numbers below a hundred are written in words')
    .with<[number, string][]>([
      [1, 'un'],
      [16, 'seize'],
      [17, 'dix-sept'],
      [20, 'vingt'],
      [21, 'vingt et un'],
      [22, 'vingt-deux'],
      [61, 'soixante et un'],
      [70, 'soixante-dix'],
      [71, 'soixante et onze'],
      [77, 'soixante-dix-sept'],
      [80, 'quatre-vingts'],
      [81, 'quatre-vingt-un'],
      [91, 'quatre-vingt-onze'],
      [99, 'quatre-vingt-dix-neuf'],
      [100, '100'],
    ])
    .run(({ assert }, [value, words]) => assert.equal(frenchNumber(value), words))

  test('a feminine number agrees', ({ assert }) => {
    assert.deepEqual(
      [1, 21, 61, 81, 2].map((value) => frenchNumber(value, 'feminine')),
      ['une', 'vingt et une', 'soixante et une', 'quatre-vingt-une', 'deux']
    )
  })

  test('a rate is written from its basis points', ({ assert }) => {
    assert.equal(frenchPercent(1215), '12,15\u00a0%')
    assert.equal(frenchPercent(905), '9,05\u00a0%')
  })
})
