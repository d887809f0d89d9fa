import { test } from '@japa/runner'
import { shortRun } from '#tests/harness/harness'

test.group('Hostile forms', () => {
  test('bar 19: hostile multipart names on every address that takes a body', async ({ assert }) => {
    const report = await shortRun('multipart')
    assert.deepEqual(report.problems, [], `seed ${report.seed}`)
    assert.isAtLeast(Number(report.names), 50)
    assert.isAbove(Number(report.addresses), 10)
  })
})
