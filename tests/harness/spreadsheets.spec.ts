import { test } from '@japa/runner'
import { shortRun } from '#tests/harness/harness'

test.group('Malformed spreadsheets', () => {
  test('bar 15: none ends a process or enters in part; each says what is wrong, and where', async ({
    assert,
  }) => {
    const report = await shortRun('spreadsheets')
    assert.deepEqual(report.problems, [], `seed ${report.seed}`)
    assert.isAtLeast(Number(report.refused), 10)
    assert.isAtLeast(Number(report.rejected), 1)
  })
})
