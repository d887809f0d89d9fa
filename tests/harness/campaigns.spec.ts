import { test } from '@japa/runner'
import { shortRun } from '#tests/harness/harness'

test.group('Campaigns under fault', () => {
  test('bar 7: of 50 debtors who pay at any moment, none is reminded after the payment', async ({
    assert,
  }) => {
    const report = await shortRun('paid_not_reminded')
    assert.deepEqual(report.problems, [], `seed ${report.seed}`)
    assert.isAtLeast(Number(report.reminded), 18, 'those who paid too late, or never, were reminded')
    assert.isAtLeast(Number(report.paidInTime), 25)
  })

  test('bar 10: three processes tick through both DST nights and an outage, killed; each slot once', async ({
    assert,
  }) => {
    const report = await shortRun('ticks')
    assert.deepEqual(report.problems, [], `seed ${report.seed}`)
    assert.equal(report.killed, 8)
  })
})
