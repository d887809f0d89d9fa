import { test } from '@japa/runner'
import { ENOUGH_FILES, quote, type Experience } from '#banking/fees/quote'

const known = (values: Partial<Experience>): Experience => ({
  kind: 'b2b',
  ageDays: 90,
  principalCents: 50_000,
  files: ENOUGH_FILES,
  entrustedCents: 1_000_000,
  collectedCents: 500_000,
  ...values,
})

const at = (gridBps: number) => (history: Experience[]) => quote(history, () => gridBps)

test.group('fee quote', () => {
  test('a file as hard as all costs what the mandate says', ({ assert }) => {
    const [one] = at(1200)([known({})])
    assert.deepInclude(one, { recoveryBps: 5000, gridBps: 1200, feeBps: 1200, basis: 'history' })
  })

  test('a euro entrusted brings the same from easy files and from hard ones', ({ assert }) => {
    const [easy, hard] = at(1500)([known({ collectedCents: 600_000 }), known({ collectedCents: 400_000 })])
    assert.equal(easy!.feeBps, 1250)
    assert.equal(hard!.feeBps, 1900)
    assert.closeTo(easy!.feeBps * 0.6, hard!.feeBps * 0.4, 50)
  })

  test('never less than half of the mandate’s, nor more than twice, nor above half of what is recovered')
    .with([
      { grid: 1000, collected: 990_000, others: 10_000, fee: 500 },
      { grid: 1000, collected: 10_000, others: 990_000, fee: 2000 },
      { grid: 3000, collected: 10_000, others: 990_000, fee: 5000 },
      { grid: 6000, collected: 10_000, others: 990_000, fee: 6000 },
    ])
    .run(({ assert }, { grid, collected, others, fee }) => {
      const [one] = at(grid)([known({ collectedCents: collected }), known({ collectedCents: others })])
      assert.equal(one!.feeBps, fee)
    })

  test('the mandate stands with {name}')
    .with([
      { name: 'too few files', values: { files: ENOUGH_FILES - 1 } },
      { name: 'nothing recovered', values: { collectedCents: 0 } },
    ])
    .run(({ assert }, { values }) => {
      const [one] = at(1200)([known(values), known({ collectedCents: 100_000 })])
      assert.deepInclude(one, { feeBps: 1200, basis: 'grid' })
    })

  test('nothing entrusted has no rate', ({ assert }) => {
    assert.isNull(at(1200)([known({ entrustedCents: 0, collectedCents: 0 })])[0]!.recoveryBps)
    assert.deepEqual(at(1200)([]), [])
  })
})
