import { test } from '@japa/runner'
import { shortRun } from '#tests/harness/harness'

test.group('Sending under fault', () => {
  test('bar 8: 40 SIGKILLs over 600 letters lose none and send none twice, with a keyed provider', async ({
    assert,
  }) => {
    const report = await shortRun('kills')
    assert.deepEqual(report.problems, [], `seed ${report.seed}`)
    assert.deepEqual(report.states, { sent: 600 })
    assert.isAbove(Number(report.repeats), 0, 'without the key there would have been duplicates')
  })

  test('bar 8: by SMTP nothing is lost in silence, nothing goes twice, what may have left is listed', async ({
    assert,
  }) => {
    const report = await shortRun('smtp_kills')
    assert.deepEqual(report.problems, [], `seed ${report.seed}`)
    assert.isAbove(Number(report.uncertain), 0)
  })

  test('bar 8: by SMS nothing is lost in silence, nothing goes twice, what may have left is listed', async ({
    assert,
  }) => {
    const report = await shortRun('sms_kills')
    assert.deepEqual(report.problems, [], `seed ${report.seed}`)
    assert.isAbove(Number(report.uncertain), 0)
  })

  test('bar 9: a process frozen for twice its lease completes nothing when it wakes', async ({ assert }) => {
    const report = await shortRun('freezes')
    assert.deepEqual(report.problems, [], `seed ${report.seed}`)
    assert.sameMembers(Object.keys(report.frozenAt as object), ['composed', 'departed', 'handed_over'])
    assert.isAtLeast(Number(report.uncertain), 3, 'frozen on its way, a message is told to a person')
  })

  test('bar 12: three processes write the same SQLite file; none fails and no update is lost', async ({
    assert,
  }) => {
    const report = await shortRun('contention')
    assert.deepEqual(report.problems, [])
    assert.equal(report.rows, 600)
  }).skip(process.env.DB_CONNECTION === 'postgres', 'is about the lock of a SQLite file')
})
