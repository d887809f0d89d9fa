import { test } from '@japa/runner'
import { shortRun } from '#tests/harness/harness'

test.group('The ledger under any sequence', () => {
  test('bar 6: balances derived are those shown, postings sum to zero, earlier statements stay', async ({
    assert,
  }) => {
    const report = await shortRun('ledger')
    assert.deepEqual(report.problems, [], `seed ${report.seed}`)
    assert.equal(report.splits, 10 * Number(report.sequences))
  })
})
