import { test } from '@japa/runner'
import { shortRun } from '#tests/harness/harness'
import { WITHOUT_PDF_READERS } from '#tests/fixtures/tools'

test.group('Letters by the thousand', () => {
  test('each letter, read by other tools, says what the ledger says and what the law asks', async ({
    assert,
  }) => {
    const report = await shortRun('ten_thousand_letters')
    assert.deepEqual(report.problems, [], `seed ${report.seed}`)
    assert.equal(report.letters, report.size)
  }).skip(...WITHOUT_PDF_READERS)
})

test.group('Rendering under fault', () => {
  test('killed over and over, rendering loses no letter, changes none and leaves no browser behind', async ({
    assert,
  }) => {
    const report = await shortRun('letter_kills')
    assert.deepEqual(report.problems, [], `seed ${report.seed}`)
    assert.equal(report.rendered, report.letters)
  })
})
