import { test } from '@japa/runner'
import { shortRun } from '#tests/harness/harness'

test.group('Instalment plans under fault', () => {
  test('bar 5: three ticks at once charge each instalment once', async ({ assert }) => {
    const report = await shortRun('plans')
    assert.deepEqual(report.problems, [], `seed ${report.seed}`)
    assert.equal(report.charged, report.plans)
  })
})
