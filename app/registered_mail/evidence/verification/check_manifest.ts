import { createHash, type X509Certificate } from 'node:crypto'
import { certificatesIn, chainTo, fingerprintOf } from '#registered_mail/evidence/crypto/certificates'
import {
  assertNothingBeside,
  readSigned,
  verifySigned,
  type SignedMessage,
} from '#registered_mail/evidence/crypto/signed_data'
import { verifyTimestamp } from '#registered_mail/evidence/crypto/timestamps'
import { PATHS } from '#registered_mail/evidence/bundle/paths'
import type { Examination } from '#registered_mail/evidence/verification/report'

const LINE = /^([0-9a-f]{64}) {2}([\w./-]+)$/
const OUTSIDE: string[] = [PATHS.manifest, PATHS.manifestSeal]

export interface CheckedSeal {
  signer: X509Certificate
  /** To whom a seal of this bundle may lead. */
  roots: X509Certificate[]
}

export interface CheckedManifest {
  seal: CheckedSeal | null
  stampedAt: string | null
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()

/** Every file is listed with its hash, nothing else is there, and the list is sealed and dated. */
export function checkManifest(examination: Examination, roots: readonly X509Certificate[]): CheckedManifest {
  const { files } = examination
  const manifest = files.get(PATHS.manifest)
  const message = files.get(PATHS.manifestSeal)
  if (manifest) checkFiles(examination, manifest.toString('utf8'))
  if (!manifest || !message) return { seal: null, stampedAt: null }
  return checkSeal(examination, manifest, message, roots)
}

function checkFiles({ files, problem }: Examination, manifest: string) {
  const listed = new Map<string, string>()
  for (const [index, line] of manifest.split('\n').slice(0, -1).entries()) {
    const [, hash, path] = LINE.exec(line) ?? []
    if (!hash || !path || listed.has(path)) problem('manifest_malformed', `${PATHS.manifest}:${index + 1}`)
    else listed.set(path, hash)
  }
  if (!manifest.endsWith('\n')) problem('manifest_malformed', PATHS.manifest)
  for (const [path, hash] of listed) {
    const bytes = files.get(path)
    if (!bytes) problem('file_missing', path)
    else if (sha256(bytes).toString('hex') !== hash) problem('file_altered', path)
  }
  for (const path of files.keys()) {
    if (!listed.has(path) && !OUTSIDE.includes(path)) problem('file_unexpected', path)
  }
}

function checkSeal(
  { files, trust, report, problem, note }: Examination,
  manifest: Buffer,
  der: Buffer,
  timestampRoots: readonly X509Certificate[]
): CheckedManifest {
  try {
    const message = readSigned(der)
    verifySigned(message, manifest)
    const brought = certificatesIn(files.get(PATHS.sealAuthority)?.toString('latin1') ?? '')
    const roots = trust.sealAuthority ? certificatesIn(trust.sealAuthority) : brought
    if (!trust.sealAuthority) note('seal_not_compared')
    const stampedAt = checkStamp(message, timestampRoots, problem)
    const at = new Date(stampedAt ?? message.signedAt ?? Date.now())
    const chain = chainTo(message.signer, message.certificates, roots, at)
    if (chain) assertNothingBeside(message, der, { version: 1, roots, at })
    else problem('seal_untrusted', PATHS.manifestSeal)
    report.sealedBy = message.signer.subject.replaceAll('\n', ', ')
    report.sealedAt = stampedAt ?? message.signedAt?.toISOString() ?? null
    report.sealAuthority = chain ? fingerprintOf(chain.at(-1)!) : null
    return { seal: { signer: message.signer, roots }, stampedAt }
  } catch (error) {
    problem('seal_invalid', PATHS.manifestSeal, (error as Error).message)
    return { seal: null, stampedAt: null }
  }
}

/** When the seal itself was dated. Where an authority dates, it dates the seal too. */
function checkStamp(
  message: SignedMessage,
  roots: readonly X509Certificate[],
  problem: Examination['problem']
): string | null {
  if (roots.length === 0) return null
  if (!message.timestamp) {
    problem('seal_not_stamped', PATHS.manifestSeal)
    return null
  }
  try {
    const { at, message: token } = verifyTimestamp(message.timestamp, sha256(message.signature), roots)
    assertNothingBeside(token, message.timestamp, { version: 3, roots, at: new Date(at) })
    return at
  } catch (error) {
    problem('seal_stamp_invalid', PATHS.manifestSeal, (error as Error).message)
    return null
  }
}
