import { test } from '@japa/runner'
import { shortRun } from '#tests/harness/harness'

test.group('Rendering under fault', (group) => {
  group.tap((one) => one.timeout(240_000))

  test('killed over and over, rendering loses no letter, changes none and leaves no browser behind', async ({
    assert,
  }) => {
    const report = await shortRun('letter_kills')
    assert.deepEqual(report.problems, [], `seed ${report.seed}`)
    assert.equal(report.rendered, report.letters)
  })
})
