import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from '@japa/runner'
import { PATHS } from '#registered_mail/evidence/bundle/paths'
import { zipOf } from '#registered_mail/evidence/bundle/zip'
import { assertAccessible, assertNoHorizontalScroll, DESKTOP, openPage, PHONE } from '#tests/browser/support'
import { givenAgency, givenClaim } from '#tests/fixtures/domain'
import { aDepositedLetter, exported } from '#tests/fixtures/evidence'
import { forgetLimits } from '#tests/fixtures/limits'
import { filesOf } from '#tests/harness/proofs/files'

test.group('Checking a bundle of evidence', (group) => {
  group.each.setup(() => forgetLimits())

  test('one that holds and one that does not: {size}, {scheme}')
    .with([
      { size: 'phone', scheme: 'dark', scripts: true, options: PHONE },
      { size: 'desktop', scheme: 'light', scripts: true, options: DESKTOP },
      { size: 'phone without JavaScript', scheme: 'light', scripts: false, options: PHONE },
    ] as const)
    .run(async ({ cleanup }, { options, scheme, scripts }) => {
      await givenAgency()
      const letter = await aDepositedLetter(await givenClaim())
      const { zip } = await exported(letter.ref)
      const files = filesOf(zip)
      files.set(PATHS.letter, Buffer.from('%PDF-1.7'))
      const folder = await mkdtemp(join(tmpdir(), 'amiable-verify-'))
      const [good, bad] = [join(folder, 'good.zip'), join(folder, 'bad.zip')]
      await writeFile(good, zip)
      await writeFile(bad, zipOf(files, new Date()))
      const { page, close } = await openPage({ ...options, colorScheme: scheme, javaScriptEnabled: scripts })
      cleanup(async () => {
        await close()
        await rm(folder, { recursive: true })
      })
      const looksRight = async () => {
        // What axe does needs scripts.
        if (scripts) await assertAccessible(page)
        await assertNoHorizontalScroll(page, 390)
        await assertNoHorizontalScroll(page, 320)
      }
      await page.goto('/verify')
      await looksRight()
      for (const [file, heading] of [
        [good, 'Rien ne manque ni ne diffère'],
        [bad, 'Ce dossier ne tient pas'],
      ] as const) {
        await page.goto('/verify')
        await page.setInputFiles('input[name="bundle"]', file)
        await page.click('main button[type="submit"]')
        await page.getByRole('heading', { name: heading }).waitFor({ timeout: 30_000 })
        await looksRight()
      }
    })
})
