import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import { test } from '@japa/runner'
import type { ApiClient } from '@japa/api-client'
import db from '@adonisjs/lucid/services/db'
import { machineNow } from '#shared/clock'
import { deliverDue } from '#deliveries/deliver_due'
import { closePrinter } from '#letters/rendering/printer'
import { PATHS } from '#registered_mail/evidence/bundle/paths'
import { sealManifest, zipOf } from '#registered_mail/evidence/bundle/zip'
import { currentSeal } from '#registered_mail/evidence/seal/current_seal'
import { requestTimestamp } from '#registered_mail/evidence/timestamp_client'
import { verifyBundle } from '#registered_mail/evidence/verification/read_bundle'
import Ere from '#registered_mail/ere/models/ere'
import type User from '#users/models/user'
import type { TimestampAuthority } from '#tests/fakes/timestamp_authority'
import { givenAgency, givenClaim, givenUser } from '#tests/fixtures/domain'
import { chainOf, contactTime, emailOf, eventsOf, givenEre, givenNotified } from '#tests/fixtures/ere'
import { endAuthority, exported, givenAuthority } from '#tests/fixtures/evidence'
import { forgetLimits } from '#tests/fixtures/limits'
import { signed } from '#tests/fixtures/recipient'
import { WITHOUT_OPENSSL, WITHOUT_SIGNATURE_READERS } from '#tests/fixtures/tools'
import { filesOf } from '#tests/harness/proofs/files'

const post = (client: ApiClient, user: User, path: string, form: Record<string, string> = {}) =>
  client.post(path).form(form).withCsrfToken().loginAs(user).redirects(0)

test.group('ERE, for the agency', (group) => {
  group.teardown(() => closePrinter())
  group.each.setup(() => forgetLimits())

  test('D16: from the file’s page: preview, recipient, one act, whatever the clicks', async ({
    assert,
    client,
  }) => {
    await givenAgency()
    const user = await givenUser()
    const claim = await givenClaim({ claim: { status: 'active' } })
    const file = await client.get(`/claims/${claim.ref}`).loginAs(user)
    assert.include(file.text(), `/claims/${claim.ref}/ere`)
    const page = await client.get(`/claims/${claim.ref}/ere`).loginAs(user)
    page.assertStatus(200)
    const email = await emailOf(claim)
    assert.include(page.text(), email)
    const preview = await client
      .get(`/claims/${claim.ref}/letter-preview?template=electronic_letter`)
      .loginAs(user)
    preview.assertHeader('content-type', 'application/pdf')

    const form = { email, template: 'electronic_letter', key: randomUUID() }
    const first = await post(client, user, `/claims/${claim.ref}/ere`, form)
    const again = await post(client, user, `/claims/${claim.ref}/ere`, form)
    const eres = await Ere.all()
    assert.lengthOf(eres, 1)
    assert.equal(eres[0]!.state, 'deposited')
    assert.equal(first.header('location'), again.header('location'))
    const letter = await client.get(first.header('location')!).loginAs(user)
    letter.assertTextIncludes('Envoi électronique avec accusé de réception')
    letter.assertTextIncludes('Déposé, avis à partir')
    await deliverDue(contactTime())
    assert.equal((await eres[0]!.refresh()).state, 'notified')
  })

  test('rule 46: recorded on the file’s page, refused without it with the reason, withdrawn there', async ({
    assert,
    client,
  }) => {
    await givenAgency()
    const user = await givenUser()
    const claim = await givenClaim({ kind: 'b2c', claim: { status: 'active' } })
    const email = await emailOf(claim)
    const form = { email, template: 'electronic_letter', key: randomUUID() }
    const refused = await post(client, user, `/claims/${claim.ref}/ere`, form)
    assert.equal(refused.header('location'), `/claims/${claim.ref}/ere`)
    assert.lengthOf(await Ere.all(), 0)
    refused.assertFlashMessage(
      'error',
      'Rien n’est parti\u00a0: le consentement du destinataire n’est pas noté pour cette adresse'
    )

    const consent = {
      consent_email: email,
      given_on: '2026-11-02',
      consent_text: 'J’accepte de recevoir mes courriers par e-mail.',
      source: 'formulaire signé',
    }
    await post(client, user, `/claims/${claim.ref}/consents`, consent)
    const row = await db.from('ere_consents').firstOrFail()
    assert.equal(row.text, consent.consent_text)
    const page = await client.get(`/claims/${claim.ref}`).loginAs(user)
    page.assertTextIncludes('formulaire signé')
    await post(client, user, `/claims/${claim.ref}/consents/${row.id}?_method=DELETE`)
    assert.lengthOf(await db.from('ere_consent_withdrawals'), 1)
    const other = await givenClaim()
    const stranger = await post(client, user, `/claims/${other.ref}/consents/${row.id}?_method=DELETE`)
    stranger.assertStatus(404)
  })

  test('D20: the state on the file and in the list, a filter, and a click that tells the whole story', async ({
    assert,
    client,
  }) => {
    const user = await givenUser()
    const given = await givenNotified()
    const other = await givenEre()
    await signed(given)
    const list = await client.get('/letters?ere=signed&kind=ere').loginAs(user)
    list.assertTextIncludes('Le destinataire a signé le courrier')
    list.assertTextIncludes(given.letter.ref)
    assert.notInclude(list.text(), `/letters/${other.letter.ref}"`)
    const file = await client.get(`/claims/${given.claim.ref}`).loginAs(user)
    assert.include(
      file.text(),
      `<a href="/letters/${given.letter.ref}/evidence">Le destinataire a signé le courrier</a>`
    )
    const story = await client.get(`/letters/${given.letter.ref}/evidence`).loginAs(user)
    for (const words of [
      'Lettre déposée et figée',
      'Avis parti à',
      'Code exact',
      'Envoi accepté',
      'Lettre remise',
      'Accusé de réception signé par Hélène Brume (signature tracée)',
    ]) {
      story.assertTextIncludes(words)
    }
    const page = await client.get(`/letters/${given.letter.ref}`).loginAs(user)
    page.assertTextIncludes('Hélène Brume')
    const paper = await client.get(`/eres/${given.letter.ref}/acknowledgement.pdf`).loginAs(user)
    paper.assertHeader('content-type', 'application/pdf')
  })

  test('U4: a refusal, an unclaimed letter and a bounce are in the agenda until they were seen', async ({
    assert,
    client,
  }) => {
    const user = await givenUser()
    const given = await givenNotified()
    for (const [state, words] of [
      ['refused', 'Envoi électronique refusé'],
      ['expired', 'Envoi électronique non réclamé'],
      ['notification_failed', 'Avis électronique non remis'],
    ]) {
      await Ere.query().where('id', given.ere.id).update({ state, seenAt: null })
      const agenda = await client.get('/').loginAs(user)
      agenda.assertTextIncludes(words!)
      const letter = await client.get(`/letters/${given.letter.ref}`).loginAs(user)
      letter.assertTextIncludes('Passer au recommandé')
      await post(client, user, `/eres/${given.letter.ref}/sighting`)
      assert.notInclude((await client.get('/').loginAs(user)).text(), words!)
    }
  })

  test('a bounce is noted, the notice sent again, or paper taken instead, from the letter’s page', async ({
    assert,
    client,
  }) => {
    const user = await givenUser()
    const { ere, letter, email } = await givenNotified()
    await post(client, user, `/eres/${letter.ref}/bounce`, { code: '550 5.1.1 unknown', nature: 'hard' })
    assert.equal((await ere.refresh()).state, 'notification_failed')
    const [bounced] = await eventsOf(ere, 'notification.bounced')
    assert.deepEqual(bounced!.actor, { kind: 'user', id: String(user.id) })
    await post(client, user, `/eres/${letter.ref}/notice`, { email })
    assert.equal((await ere.refresh()).notices, 2)
    await db
      .from('deliveries')
      .whereLike('key', `ere:${ere.id}:notice:2`)
      .update({ state: 'cancelled', reason: 'abandoned' })
    const paper = await post(client, user, `/eres/${letter.ref}/paper`, { reason: 'adresse morte' })
    assert.equal((await ere.refresh()).state, 'replaced')
    assert.match(paper.header('location')!, /-L2$/)
  })

  test('an ERE is not to be printed, posted by hand or put in a batch', async ({ assert, client }) => {
    const user = await givenUser()
    const { letter } = await givenEre()
    const agenda = await client.get('/').loginAs(user)
    assert.notInclude(agenda.text(), `value="${letter.ref}"`)
    const dispatched = await letter.dispatch({ registeredNumber: null, by: user })
    assert.equal(dispatched, 'with_provider')
  })
})

test.group('the proof of an ERE', (group) => {
  let authority: TimestampAuthority
  group.setup(async () => {
    authority = await givenAuthority()
  })
  group.teardown(() => endAuthority(authority))
  group.each.setup(() => forgetLimits())

  test('D21: its bundle verifies, and the evidence file quotes every step, each key one dated by a third party', async ({
    assert,
    client,
  }) => {
    const given = await givenNotified({ kind: 'b2c' })
    await signed(given)
    const { zip, waiting } = await exported(given.letter.ref)
    const report = await verifyBundle(zip)
    assert.deepEqual(report.problems, [])
    assert.isTrue(report.ok)
    assert.equal(waiting, 0)
    const stamped = report.log.filter(({ line }) => line.tsa).map(({ line }) => line.type)
    assert.deepEqual(stamped, [
      'consent.recorded',
      'letter.deposited',
      'notification.sent',
      'letter.accepted',
      'content.handed_over',
      'letter.signed',
    ])
    const user = await givenUser()
    const download = await client.get(`/eres/${given.letter.ref}/evidence.zip`).loginAs(user)
    download.assertHeader('content-type', 'application/zip')
  }).skip(...WITHOUT_OPENSSL)

  test('rule 53: its bundle holds the acknowledgement and the image signed, to the byte, and both checks miss neither', async ({
    assert,
  }) => {
    const given = await givenNotified()
    await signed(given)
    const files = filesOf((await exported(given.letter.ref)).zip)
    const [piece] = [...files.keys()].filter((path) => path.startsWith('pieces/'))
    assert.equal(piece, `pieces/${String((await chainOf(given.ere)).length).padStart(4, '0')}.png`)
    assert.deepEqual(await problemsOf(files), [[], true])

    const without = (path: string) => new Map([...files].filter(([name]) => name !== path))
    const changed = (path: string, bytes: Buffer) => new Map([...files, [path, bytes]])
    const acknowledgement = Buffer.from(files.get(PATHS.acknowledgement)!)
    acknowledgement[acknowledgement.indexOf('/Title')]! ^= 1
    assert.deepEqual(await problemsOf(without(piece!)), [['piece_missing'], false])
    assert.deepEqual(await problemsOf(changed(piece!, Buffer.from('autre'))), [['piece_differs'], false])
    assert.deepEqual(await problemsOf(changed('pieces/0001.png', files.get(piece!)!)), [
      ['piece_unexpected'],
      false,
    ])
    const [found] = await problemsOf(changed(PATHS.acknowledgement, acknowledgement))
    assert.deepEqual(found, ['acknowledgement_seal_invalid'])
  }).skip(...WITHOUT_SIGNATURE_READERS)
})

/** What our check finds, and whether verifier.sh is content, of files that the agency itself sealed again. */
async function problemsOf(files: ReadonlyMap<string, Buffer>): Promise<[string[], boolean]> {
  const resealed = new Map(
    [...files].filter(([path]) => path !== PATHS.manifest && path !== PATHS.manifestSeal)
  )
  const stamp = async (digest: Buffer) => (await requestTimestamp(digest)).token
  await sealManifest(resealed, await currentSeal(), new Date(machineNow()), stamp)
  const zip = zipOf(resealed, new Date(machineNow()))
  const { problems } = await verifyBundle(zip)
  const folder = mkdtempSync(join(tmpdir(), 'amiable-bundle-'))
  writeFileSync(join(folder, 'bundle.zip'), zip)
  execFileSync('unzip', ['-q', 'bundle.zip', '-d', 'bundle'], { cwd: folder })
  const { status } = spawnSync('sh', ['verifier.sh'], { cwd: join(folder, 'bundle') })
  rmSync(folder, { recursive: true })
  return [problems.map(({ code }) => code), status === 0]
}
