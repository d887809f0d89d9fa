import { readFileSync } from 'node:fs'
import { test } from '@japa/runner'
import { PATHS } from '#registered_mail/evidence/bundle/paths'
import { certificatesIn } from '#registered_mail/evidence/crypto/certificates'
import { checkManifest } from '#registered_mail/evidence/verification/check_manifest'
import { blankReport, type Problem } from '#registered_mail/evidence/verification/report'
import { givenAgency, givenClaim } from '#tests/fixtures/domain'
import { aDepositedLetter, endAuthority, exported, givenAuthority } from '#tests/fixtures/evidence'
import { WITHOUT_OPENSSL } from '#tests/fixtures/tools'
import { filesOf } from '#tests/harness/proofs/files'

/** One byte in so many is tried: each takes tens of milliseconds. */
const STRIDE = 11

test.group('the seal of a bundle', () => {
  test('no byte of it may differ, in what is signed or beside it', async ({ assert, cleanup }) => {
    const authority = await givenAuthority()
    cleanup(() => endAuthority(authority))
    await givenAgency()
    const letter = await aDepositedLetter(await givenClaim())
    const files = filesOf((await exported(letter.ref)).zip)
    const roots = certificatesIn(readFileSync(authority.caFile, 'utf8'))
    const sealAuthority = files.get(PATHS.sealAuthority)!.toString()
    const problemsWith = (seal: Buffer): Problem[] => {
      const problems: Problem[] = []
      checkManifest(
        {
          files: new Map([...files, [PATHS.manifestSeal, seal]]),
          trust: { sealAuthority },
          report: blankReport(problems),
          problem: (code, where) => problems.push({ code, where }),
          note: () => {},
        },
        roots
      )
      return problems
    }

    const seal = files.get(PATHS.manifestSeal)!
    assert.deepEqual(problemsWith(seal), [])
    const unseen: number[] = []
    for (let at = 0; at < seal.length; at += STRIDE) {
      const changed = Buffer.from(seal)
      changed[at]! ^= 1 << (at % 8)
      if (problemsWith(changed).length === 0) unseen.push(at)
    }
    assert.deepEqual(unseen, [])
  }).skip(...WITHOUT_OPENSSL)
})
