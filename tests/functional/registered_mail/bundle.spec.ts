import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from '@japa/runner'
import { timestampSettings } from '#config/evidence'
import { transaction } from '#shared/transaction'
import { ExportProof } from '#registered_mail/evidence/actions/export_proof'
import { appendEvents } from '#registered_mail/evidence/append_events'
import { verifyBundle } from '#registered_mail/evidence/verification/read_bundle'
import type Letter from '#letters/models/letter'
import { givenAgency, givenClaim, givenUser } from '#tests/fixtures/domain'
import { aDepositedLetter, endAuthority, exported, givenAuthority } from '#tests/fixtures/evidence'
import { WITHOUT_OPENSSL, WITHOUT_SIGNATURE_READERS } from '#tests/fixtures/tools'
import type { TimestampAuthority } from '#tests/fakes/timestamp_authority'

const sh = (folder: string, command: string) =>
  execFileSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

function unpacked(zip: Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), 'amiable-bundle-'))
  writeFileSync(join(folder, 'bundle.zip'), zip)
  execFileSync('unzip', ['-q', 'bundle.zip', '-d', 'bundle'], { cwd: folder })
  return join(folder, 'bundle')
}

async function aPostedLetter(): Promise<Letter> {
  await givenAgency()
  const letter = await aDepositedLetter(await givenClaim())
  await letter.dispatch({ registeredNumber: '2C12345678901', by: await givenUser() })
  return letter
}

test.group('the bundle of a letter, with an authority', (group) => {
  let authority: TimestampAuthority
  group.setup(async () => {
    authority = await givenAuthority()
  })
  group.teardown(() => endAuthority(authority))

  test('verifies by our own check and by verifier.sh, with the authorities obtained elsewhere or not', async ({
    assert,
  }) => {
    const letter = await aPostedLetter()
    const { zip, events, level, waiting } = await exported(letter.ref)
    assert.deepEqual([events, level, waiting], [2, 'B-LTA', 0])

    const alone = await verifyBundle(zip)
    assert.deepEqual(alone.problems, [])
    assert.isTrue(alone.ok)
    assert.deepEqual(alone.notes.toSorted(), ['authority_not_compared', 'seal_not_compared'])
    const folder = unpacked(zip)
    const trust = {
      timestampAuthority: readFileSync(authority.caFile, 'utf8'),
      sealAuthority: readFileSync(join(folder, 'cert/seal-ca.pem'), 'utf8'),
    }
    const trusting = await verifyBundle(zip, trust)
    assert.deepEqual([trusting.ok, trusting.notes, trusting.events], [true, [], 2])

    const told = sh(folder, `sh verifier.sh --autorite-horodatage ${authority.caFile}`)
    assert.include(told, 'RIEN NE MANQUE NI NE DIFFÈRE (2 événements).')
    assert.include(sh('/', `sh ${folder}/verifier.sh`), 'RIEN NE MANQUE')
    rmSync(folder, { recursive: true })
  }).skip(...WITHOUT_SIGNATURE_READERS)

  test("an expert's own tools agree: cms, ts, sha256sum, qpdf, pdfsig", async ({ assert }) => {
    const letter = await aPostedLetter()
    const { zip } = await exported(letter.ref)
    const folder = unpacked(zip)
    sh(
      folder,
      'openssl cms -verify -cades -binary -inform DER -in MANIFEST.sha256.p7s -content MANIFEST.sha256 -CAfile cert/seal-ca.pem -purpose any -out /dev/null'
    )
    sh(folder, 'sha256sum --strict -c MANIFEST.sha256')
    for (const line of [1, 2]) {
      const digest = sh(
        folder,
        `sed -n ${line}p log/events.jsonl | tr -d '\\n' | sha256sum | cut -c1-64`
      ).trim()
      const stamped = sh(
        folder,
        `openssl ts -verify -digest ${digest} -in tsr/000${line}.tsr -CAfile cert/tsa-ca.pem`
      )
      assert.include(stamped, 'Verification: OK')
    }
    sh(folder, 'openssl ts -verify -data anchor/root.bin -in anchor/root.tsr -CAfile cert/tsa-ca.pem')
    sh(folder, 'openssl crl -in cert/crl.pem -CAfile cert/seal-ca.pem -noout')
    assert.include(sh(folder, 'qpdf --check dossier-de-preuve.pdf'), 'No syntax or stream encoding errors')

    const seals = spawnSync('pdfsig', ['-no-ocsp', 'dossier-de-preuve.pdf'], {
      cwd: folder,
      encoding: 'utf8',
    }).stdout
    assert.include(seals, 'Signature Type: ETSI.CAdES.detached')
    assert.include(seals, 'Signature Validation: Signature is Valid.')
    assert.include(seals, 'Cabinet Amiable - cachet')
    sh(folder, 'pdfdetach -saveall -o . dossier-de-preuve.pdf')
    assert.equal(
      readFileSync(join(folder, 'events.jsonl'), 'utf8'),
      readFileSync(join(folder, 'log/events.jsonl'), 'utf8')
    )
    const read = sh(folder, 'pdftotext -layout dossier-de-preuve.pdf -').replace(/\s+/g, ' ')
    assert.include(read, 'sous le numéro de recommandé 2C12345678901')
    assert.include(read, 'Ce que ce dossier ne prouve pas')
    assert.include(read, 'PAdES B-LTA')
    assert.notInclude(read, 'LRE')
    rmSync(folder, { recursive: true })
  }).skip(...WITHOUT_SIGNATURE_READERS)

  test('with the authority down it says so, and the next bundle has what was missing', async ({ assert }) => {
    const letter = await aPostedLetter()
    authority.behaviour = 'down'
    const first = await exported(letter.ref)
    assert.equal(first.waiting, 3)
    assert.equal(first.level, 'B-B')
    const report = await verifyBundle(first.zip)
    assert.isFalse(report.ok)
    const codes = report.problems.map(({ code }) => code)
    assert.includeMembers(codes, ['stamp_missing', 'anchor_not_stamped', 'seal_not_stamped'])
    authority.behaviour = 'honest'
    const second = await exported(letter.ref)
    assert.deepEqual([second.waiting, (await verifyBundle(second.zip)).problems], [0, []])
  }).skip(...WITHOUT_OPENSSL)

  test('a second event after the anchor is anchored by the next export', async ({ assert }) => {
    const letter = await aPostedLetter()
    await exported(letter.ref)
    await transaction((trx) =>
      appendEvents(trx, [
        {
          letterId: letter.id,
          type: 'letter.cancelled',
          actor: { kind: 'system' },
          data: { reason: 'essai' },
        },
      ])
    )
    const { zip, events } = await exported(letter.ref)
    assert.deepEqual([events, (await verifyBundle(zip)).problems], [3, []])
  }).skip(...WITHOUT_OPENSSL)
})

test.group('the bundle of a letter, without an authority', () => {
  test('stands on the seal alone, and says that nobody else vouches for its dates', async ({ assert }) => {
    const letter = await aPostedLetter()
    assert.isNull(timestampSettings.url)
    const { zip, level } = await exported(letter.ref)
    assert.equal(level, 'B-B')
    const report = await verifyBundle(zip)
    assert.deepEqual(report.problems, [])
    assert.includeMembers(report.notes, ['no_authority'])
  })

  test('is refused where an authority is expected: its tokens may have been taken out', async ({
    assert,
  }) => {
    const letter = await aPostedLetter()
    const { zip } = await exported(letter.ref)
    const folder = unpacked(zip)
    const report = await verifyBundle(zip, {
      timestampAuthority: readFileSync(join(folder, 'cert/seal-ca.pem'), 'utf8'),
    })
    assert.includeMembers(
      report.problems.map(({ code }) => code),
      ['authority_missing', 'seal_not_stamped', 'anchor_not_stamped']
    )
    rmSync(folder, { recursive: true })
  }).skip(...WITHOUT_SIGNATURE_READERS)

  test('a letter that is not registered has none', async ({ assert }) => {
    await givenAgency()
    const letter = await aDepositedLetter(await givenClaim(), { kind: 'simple' })
    assert.deepEqual(await new ExportProof().handle(letter.ref), { outcome: 'no_chain' })
    assert.deepEqual(await new ExportProof().handle('D-0'), { outcome: 'no_letter' })
  })
})
