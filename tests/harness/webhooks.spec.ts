import { test } from '@japa/runner'
import { shortRun } from '#tests/harness/harness'

test.group('Payments under fault', () => {
  test('bar 1: webhooks shuffled, repeated and lost, then reconciled, leave the ledger exact', async ({
    assert,
  }) => {
    const report = await shortRun('webhooks')
    assert.deepEqual(report.problems, [], `seed ${report.seed}`)
    assert.isAbove(Number(report.sent), Number(report.events))
    assert.isAbove(Number(report.dropped), 0)
  })

  test('bar 2: forged and replayed webhooks leave no row', async ({ assert }) => {
    const report = await shortRun('forgeries')
    assert.deepEqual(report.problems, [], `seed ${report.seed}`)
  })

  test('bar 3: fifty wishes to pay at once make at most one charge', async ({ assert }) => {
    const report = await shortRun('double_clicks')
    assert.deepEqual(report.problems, [], `seed ${report.seed}`)
    assert.isAbove(Number(report.charged), 0)
  })

  test('bar 4: kills and replies lost after the work never charge twice', async ({ assert }) => {
    const report = await shortRun('lost_replies')
    assert.deepEqual(report.problems, [], `seed ${report.seed}`)
    assert.isAbove(Number(report.sentTo), 0)
  })
})
