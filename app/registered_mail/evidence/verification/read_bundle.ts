import { Archive, ArchiveRefused } from '#shared/archive'
import { isPiecePath } from '#registered_mail/evidence/bundle/pieces'
import { isStampPath, PATHS } from '#registered_mail/evidence/bundle/paths'
import { checkBundle } from '#registered_mail/evidence/verification/check_bundle'
import { blankReport, type Report, type Trust } from '#registered_mail/evidence/verification/report'

export const LARGEST_BUNDLE = 40 * 1024 * 1024
const LARGEST_INFLATED = 80 * 1024 * 1024
const MOST_FILES = 2_000

/** Checks a ZIP of unknown origin: nothing of it is believed before it is counted. */
export async function verifyBundle(zip: Buffer, trust: Trust = {}): Promise<Report> {
  try {
    return checkBundle(await filesIn(zip), trust)
  } catch (error) {
    if (error instanceof ArchiveRefused) {
      return blankReport([{ code: `archive_${error.code}`, where: 'ZIP', detail: error.message }])
    }
    if (error instanceof NotABundle) return blankReport([{ code: 'not_a_bundle', where: error.message }])
    throw error
  }
}

class NotABundle extends Error {}

const KNOWN = new Set<string>(Object.values(PATHS))

async function filesIn(zip: Buffer): Promise<Map<string, Buffer>> {
  if (zip.length > LARGEST_BUNDLE) throw new ArchiveRefused('too_large', `${zip.length} bytes`)
  const archive = new Archive(zip, LARGEST_INFLATED)
  const names = archive.names().filter((name) => !name.endsWith('/'))
  if (names.length > MOST_FILES) throw new NotABundle(`${names.length} files`)
  if (!names.includes(PATHS.manifest) && !names.includes(PATHS.log)) throw new NotABundle(PATHS.manifest)
  const files = new Map<string, Buffer>()
  for (const name of names) {
    // What is not of a bundle is told by its name; there is no need to open it.
    files.set(
      name,
      KNOWN.has(name) || isStampPath(name) || isPiecePath(name)
        ? Buffer.concat(await Array.fromAsync(archive.stream(name)))
        : Buffer.alloc(0)
    )
  }
  return files
}
