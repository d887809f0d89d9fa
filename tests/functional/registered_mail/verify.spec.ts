import { readFileSync } from 'node:fs'
import { zipSync } from 'fflate'
import { test } from '@japa/runner'
import { storageDir } from '#config/app'
import { givenAgency, givenClaim } from '#tests/fixtures/domain'
import { aDepositedLetter, exported, listFiles } from '#tests/fixtures/evidence'
import { forgetLimits } from '#tests/fixtures/limits'
import { filesOf } from '#tests/harness/proofs/files'
import { VerificationLimit } from '#registered_mail/evidence/verification/limit'
import { zipOf } from '#registered_mail/evidence/bundle/zip'
import { PATHS } from '#registered_mail/evidence/bundle/paths'

const zipped = (files: Record<string, Uint8Array>) => Buffer.from(zipSync(files))

test.group('/verify', (group) => {
  group.each.setup(() => forgetLimits())

  test('a page that anybody may ask for, with one form', async ({ client }) => {
    const page = await client.get('/verify')
    page.assertStatus(200)
    page.assertTextIncludes('Vérifier un dossier de preuve')
    page.assertTextIncludes('name="bundle"')
  })

  test('a bundle that holds is told in words, and nothing of it is kept', async ({ client, assert }) => {
    await givenAgency()
    const letter = await aDepositedLetter(await givenClaim())
    const { zip } = await exported(letter.ref)
    const before = await listFiles(storageDir)
    const page = await client.post('/verify').withCsrfToken().file('bundle', zip, { filename: 'preuve.zip' })
    page.assertStatus(200)
    page.assertTextIncludes('Rien ne manque ni ne diffère')
    page.assertTextIncludes(letter.ref)
    page.assertTextIncludes('Lettre déposée')
    page.assertTextIncludes('seule l’agence répond des dates')
    assert.equal(page.header('cache-control'), 'no-store')
    assert.deepEqual(await listFiles(storageDir), before)
  })

  test('one that was changed says what is wrong', async ({ client }) => {
    await givenAgency()
    const letter = await aDepositedLetter(await givenClaim())
    const files = filesOf((await exported(letter.ref)).zip)
    files.set(PATHS.log, Buffer.from(files.get(PATHS.log)!.toString().replace('STUDIO', 'ATELIER')))
    const page = await client
      .post('/verify')
      .withCsrfToken()
      .file('bundle', zipOf(files, new Date()), { filename: 'preuve.zip' })
    page.assertTextIncludes('Ce dossier ne tient pas')
    page.assertTextIncludes('Un fichier n’est pas celui qui a été scellé.')
  })

  test('a hostile file is refused in words: {what}')
    .with([
      { what: 'no ZIP', bytes: () => Buffer.from('<html>'), says: 'Le ZIP est endommagé.' },
      {
        what: 'another ZIP',
        bytes: () => zipped({ 'a.txt': new Uint8Array(3) }),
        says: 'Ce ZIP n’est pas un dossier',
      },
      {
        what: 'a bomb',
        bytes: () =>
          zipped({ [PATHS.manifest]: new Uint8Array(1), [PATHS.letter]: new Uint8Array(90_000_000) }),
        says: 'trop volumineux',
      },
      {
        what: 'names that climb',
        bytes: () => zipped({ [PATHS.manifest]: new Uint8Array(1), '../../evil.sh': new Uint8Array(1) }),
        says: 'Un fichier est en trop.',
      },
      {
        what: 'rubbish under the right names',
        bytes: () =>
          zipped(
            Object.fromEntries(
              Object.values(PATHS).map((path) => [path, Buffer.from('{"__proto__":1}\n0 R [[[')])
            )
          ),
        says: 'Ce dossier ne tient pas',
      },
    ])
    .run(async ({ client }, { bytes, says }) => {
      const page = await client.post('/verify').withCsrfToken().file('bundle', bytes(), { filename: 'x.zip' })
      page.assertStatus(200)
      page.assertTextIncludes(says)
    })

  test('without a file, and too often, the form says so', async ({ client, assert }) => {
    const post = () => client.post('/verify').withCsrfToken().redirects(0)
    const refused = (text: string) => ({ bundle: [text] })
    const without = await post()
    without.assertFlashMessage('inputErrorsBag', refused('Choisissez le fichier ZIP du dossier de preuve.'))
    // The limit is taken before the file is looked at: rubbish counts like anything else.
    const limit = new VerificationLimit('127.0.0.1')
    for (let index = 0; index < 10; index++) assert.isTrue(await limit.take())
    const tooMany = await post().file('bundle', Buffer.from('x'), { filename: 'x.zip' })
    tooMany.assertFlashMessage(
      'inputErrorsBag',
      refused('Trop de vérifications depuis votre réseau\u00a0: réessayez dans un quart d’heure.')
    )
  })

  test('the script of a bundle is the one of the product', async ({ assert }) => {
    await givenAgency()
    const letter = await aDepositedLetter(await givenClaim())
    const files = filesOf((await exported(letter.ref)).zip)
    const script = new URL('../../../app/registered_mail/evidence/bundle/verifier.sh', import.meta.url)
    assert.deepEqual(files.get(PATHS.verifier), readFileSync(script))
  })
})
