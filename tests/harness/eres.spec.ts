import { test } from '@japa/runner'
import { shortRun } from '#tests/harness/harness'

test.group('EREs with everybody at once', () => {
  test('whoever comes first, and whatever is killed, each chain is whole and each end is one', async ({
    assert,
  }) => {
    const report = await shortRun('eres')
    assert.deepEqual(report.problems, [], `seed ${report.seed}`)
    assert.isAbove(Number(report.rivals), 100)
    assert.isAbove(Number(report.bundles), 0)
  })
})
