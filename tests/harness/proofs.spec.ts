import { test } from '@japa/runner'
import { shortRun } from '#tests/harness/harness'
import { WITHOUT_OPENSSL } from '#tests/fixtures/tools'

test.group('Evidence under attack', () => {
  test('bar 25: every mutation of a bundle is found, by our check and by verifier.sh', async ({ assert }) => {
    const report = await shortRun('proofs')
    assert.deepEqual(report.problems, [], `seed ${report.seed}`)
    assert.equal(report.mutations, 108)
    assert.isAtLeast(report.scripted as number, 5)
  }).skip(...WITHOUT_OPENSSL)
})
