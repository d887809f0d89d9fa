import { test } from '@japa/runner'
import { eurosInWords } from '#shared/euros_in_words'

test.group('eurosInWords', () => {
  test('{cents} cents: {words}')
    .with([
      { cents: 0, words: 'zéro euro' },
      { cents: 1, words: 'un centime' },
      { cents: 50, words: 'cinquante centimes' },
      { cents: 100, words: 'un euro' },
      { cents: 101, words: 'un euro et un centime' },
      { cents: 2_100, words: 'vingt et un euros' },
      { cents: 7_100, words: 'soixante et onze euros' },
      { cents: 8_000, words: 'quatre-vingts euros' },
      { cents: 8_100, words: 'quatre-vingt-un euros' },
      { cents: 9_199, words: 'quatre-vingt-onze euros et quatre-vingt-dix-neuf centimes' },
      { cents: 10_000, words: 'cent euros' },
      { cents: 20_000, words: 'deux cents euros' },
      { cents: 20_300, words: 'deux cent trois euros' },
      { cents: 28_000, words: 'deux cent quatre-vingts euros' },
      { cents: 100_000, words: 'mille euros' },
      { cents: 123_456, words: 'mille deux cent trente-quatre euros et cinquante-six centimes' },
      { cents: 8_000_000, words: 'quatre-vingt mille euros' },
      { cents: 20_000_000, words: 'deux cent mille euros' },
      { cents: 20_020_000, words: 'deux cent mille deux cents euros' },
      { cents: 100_000_000, words: 'un million d’euros' },
      { cents: 200_000_000, words: 'deux millions d’euros' },
      { cents: 8_000_000_000, words: 'quatre-vingts millions d’euros' },
      { cents: 100_000_200, words: 'un million deux euros' },
      {
        cents: 99_999_999_999,
        words:
          'neuf cent quatre-vingt-dix-neuf millions neuf cent quatre-vingt-dix-neuf mille neuf cent quatre-vingt-dix-neuf euros et quatre-vingt-dix-neuf centimes',
      },
    ])
    .run(({ assert }, { cents, words }) => assert.equal(eurosInWords(cents), words))

  test('refuses what cannot be an amount received', ({ assert }) => {
    assert.throws(() => eurosInWords(-1), RangeError)
    assert.throws(() => eurosInWords(100_000_000_000), RangeError)
  })
})
