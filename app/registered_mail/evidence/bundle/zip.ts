import { createHash } from 'node:crypto'
import { zipSync, type Zippable } from 'fflate'
import { DateTime } from 'luxon'
import { PARIS } from '#shared/clock'
import { signDetached, type Sealer } from '#registered_mail/evidence/crypto/sign'
import { PATHS } from '#registered_mail/evidence/bundle/paths'

const UNIX = 3
const EXECUTABLE = 0o100755
const PLAIN = 0o100644

/** The list of the files with their hashes, in the order of their names, as sha256sum reads it. */
export function manifestOf(files: ReadonlyMap<string, Uint8Array>): Buffer {
  const lines = [...files.keys()]
    .filter((path) => path !== PATHS.manifest && path !== PATHS.manifestSeal)
    .sort()
    .map((path) => `${createHash('sha256').update(files.get(path)!).digest('hex')}  ${path}\n`)
  return Buffer.from(lines.join(''))
}

/** Puts the sealed manifest among the files. */
export async function sealManifest(
  files: Map<string, Buffer>,
  sealer: Sealer,
  signingTime: Date,
  timestamp?: (digest: Buffer) => Promise<Buffer>
) {
  const manifest = manifestOf(files)
  const digest = createHash('sha256').update(manifest).digest()
  files.set(PATHS.manifest, manifest)
  files.set(
    PATHS.manifestSeal,
    await signDetached(sealer, digest, { signingTime, ...(timestamp ? { timestamp } : {}) })
  )
}

export function zipOf(files: ReadonlyMap<string, Uint8Array>, madeAt: Date): Buffer {
  // A ZIP has no zone: what a person sees in its list is the time in Paris.
  const mtime = DateTime.fromJSDate(madeAt)
    .setZone(PARIS)
    .setZone('local', { keepLocalTime: true })
    .toJSDate()
  const entries: Zippable = {}
  for (const [path, bytes] of files) {
    const mode = path === PATHS.verifier ? EXECUTABLE : PLAIN
    entries[path] = [
      new Uint8Array(bytes),
      { mtime, os: UNIX, attrs: mode << 16, level: path.endsWith('.pdf') ? 1 : 6 },
    ]
  }
  return Buffer.from(zipSync(entries))
}
