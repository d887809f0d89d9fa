import { test } from '@japa/runner'
import { shortRun } from '#tests/harness/harness'

test.group('Letters by providers that misbehave', () => {
  test('each letter is made once, as it was written, whatever was lost on the way', async ({ assert }) => {
    const report = await shortRun('postal')
    assert.deepEqual(report.problems, [], `seed ${report.seed}`)
    const { repeats } = report.merci_facteur as { repeats: number }
    assert.isAbove(repeats, 0, 'without the key there would have been duplicates')
  })
})
