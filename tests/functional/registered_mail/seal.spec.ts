import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { sealSettings } from '#config/evidence'
import { readStoredFile } from '#shared/files'
import { DepositLetter } from '#registered_mail/evidence/actions/deposit_letter'
import { linesOf } from '#registered_mail/evidence/chains'
import { currentSeal, renewSeal, sealEndsSoon } from '#registered_mail/evidence/seal/current_seal'
import { sealPdf } from '#registered_mail/evidence/seal/seal_pdf'
import type { EvidenceLine } from '#registered_mail/evidence/event_types'
import { givenAgency, givenClaim } from '#tests/fixtures/domain'
import { aDepositedLetter, endAuthority, givenAuthority } from '#tests/fixtures/evidence'
import { aPdf } from '#tests/fixtures/pdf'
import { backToTestDate, toMachineDate } from '#tests/fixtures/machine_date'
import { WITHOUT_OPENSSL, WITHOUT_SIGNATURE_READERS } from '#tests/fixtures/tools'

const openssl = (...args: string[]) => execFileSync('openssl', args, { encoding: 'utf8', stdio: 'pipe' })

test.group('the seal', (group) => {
  let folder: string
  group.setup(() => {
    folder = mkdtempSync(join(tmpdir(), 'amiable-seal-'))
    return () => rmSync(folder, { recursive: true })
  })
  group.each.setup(() => toMachineDate())
  group.each.teardown(() => {
    backToTestDate()
    Object.assign(sealSettings, { file: null, password: '' })
  })

  test('of the installation is made once, its keys encrypted; renewed under the same authority', async ({
    assert,
  }) => {
    await givenAgency()
    const first = await currentSeal()
    assert.equal((await currentSeal()).certificate.fingerprint256, first.certificate.fingerprint256)
    const rows = await db.from('seal_certificates')
    assert.sameMembers(
      rows.map(({ kind }) => kind),
      ['authority', 'seal']
    )
    for (const { key_encrypted: key } of rows) assert.notInclude(key, 'PRIVATE KEY')
    assert.isFalse(await sealEndsSoon())
    await renewSeal()
    const second = await currentSeal()
    assert.notEqual(second.certificate.fingerprint256, first.certificate.fingerprint256)
    assert.equal(second.chain[0]!.fingerprint256, first.chain[0]!.fingerprint256)
  })

  test('OpenSSL finds the certificates and the list of revoked ones in order', async ({ assert }) => {
    await givenAgency({
      name: 'Cabinet Élan & Fils, société d’avocats et de recouvrement amiable à Saint-Étienne',
    })
    const { certificate, chain, revocations } = await currentSeal()
    const at = (name: string, content: string | Buffer) => {
      writeFileSync(join(folder, name), content)
      return join(folder, name)
    }
    const [ca, leaf] = [at('ca.pem', chain[0]!.toString()), at('leaf.pem', certificate.toString())]
    const list = at('list.der', revocations!)
    assert.include(openssl('verify', '-x509_strict', '-CAfile', ca, leaf), 'OK')
    assert.include(
      openssl('crl', '-inform', 'DER', '-in', list, '-CAfile', ca, '-noout', '-nextupdate'),
      'nextUpdate'
    )
    assert.include(openssl('x509', '-in', leaf, '-noout', '-text'), 'Digital Signature, Non Repudiation')
  }).skip(...WITHOUT_OPENSSL)

  test('a bought one is taken from its file; a wrong password is told in one line', async ({ assert }) => {
    const [key, pem, p12] = ['p12.key', 'p12.pem', 'seal.p12'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ]
    openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '90',
      '-subj',
      '/O=Prestataire/CN=Cachet acheté',
      '-keyout',
      key,
      '-out',
      pem
    )
    openssl('pkcs12', '-export', '-inkey', key, '-in', pem, '-out', p12, '-passout', 'pass:motdepasse')
    Object.assign(sealSettings, { file: p12, password: 'autre' })
    await assert.rejects(() => currentSeal(), /SEAL_P12 cannot be opened with SEAL_PASSWORD/)
    Object.assign(sealSettings, { password: 'motdepasse' })
    const { bytes, level } = await sealPdf(aPdf('bonjour'), await currentSeal(), { reason: 'essai' })
    assert.equal(level, 'B-B')
    writeFileSync(join(folder, 'bought.pdf'), bytes)
    const seals = execFileSync('pdfsig', ['-no-ocsp', join(folder, 'bought.pdf')], {
      encoding: 'utf8',
      stdio: 'pipe',
    })
    assert.include(seals, 'Signature is Valid')
    assert.include(seals, 'Prestataire')
  }).skip(...WITHOUT_SIGNATURE_READERS)

  test('what is sealed stays, byte for byte, below the seal; PAdES forbids a signing time in the message', async ({
    assert,
  }) => {
    await givenAgency()
    const plain = aPdf('bonjour')
    const { bytes } = await sealPdf(plain, await currentSeal(), { reason: 'essai' })
    assert.deepEqual(bytes.subarray(0, plain.length), plain)
    const hex = /\/Contents <([0-9a-f]+)>/.exec(bytes.toString('latin1'))![1]!
    assert.notInclude(hex, '06092a864886f70d010905')
    assert.include(hex, '060b2a864886f70d010910022f')
  })

  test('an authority gives the long-term level only with the lists of revoked certificates', async ({
    assert,
  }) => {
    await givenAgency()
    const authority = await givenAuthority()
    try {
      const seal = await currentSeal()
      assert.equal((await sealPdf(aPdf('un'), seal, { reason: 'essai' })).level, 'B-LTA')
      const pem = readFileSync(authority.caFile, 'utf8')
      writeFileSync(authority.caFile, pem.replace(/-----BEGIN X509 CRL-----[^]+/, ''))
      assert.equal((await sealPdf(aPdf('deux'), seal, { reason: 'essai' })).level, 'B-T')
      authority.behaviour = 'down'
      assert.equal((await sealPdf(aPdf('trois'), seal, { reason: 'essai' })).level, 'B-B')
    } finally {
      await endAuthority(authority)
    }
  }).skip(...WITHOUT_OPENSSL)

  test('a deposited letter is a new file, sealed, that every event names; doing it again changes nothing', async ({
    assert,
  }) => {
    await givenAgency()
    // A plain letter stands for the electronic one: what leaves electronically is deposited by a call.
    const letter = await aDepositedLetter(await givenClaim(), { kind: 'simple' })
    const input = {
      letterId: letter.id,
      kind: 'simple',
      email: 'helene@brume.example',
      actor: { kind: 'system' },
    } as const
    const deposited = await new DepositLetter().handle(input)
    if (deposited.outcome !== 'deposited') throw new Error(deposited.outcome)
    assert.notEqual(deposited.contentSha256, letter.fileSha256)
    const [rendered, sealed] = [
      await readStoredFile(letter.fileSha256!),
      await readStoredFile(deposited.contentSha256),
    ]
    assert.deepEqual(sealed.subarray(0, rendered.length), rendered)
    const [line] = (await linesOf(db.connection(), letter.id)).map(
      (one) => JSON.parse(one) as EvidenceLine<'letter.deposited'>
    )
    assert.equal(line!.letter.sha256, deposited.contentSha256)
    assert.deepInclude(line!.data, { channel: 'ere', seal: 'B-B', renderedSha256: letter.fileSha256 })
    assert.deepEqual(await new DepositLetter().handle(input), { ...deposited, outcome: 'already_deposited' })
    const other = { ...input, letterId: letter.id + 1000 }
    assert.deepEqual(await new DepositLetter().handle(other), { outcome: 'not_rendered' })
  })
})
