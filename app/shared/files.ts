import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { storageDir } from '#config/app'
import { clock } from '#shared/clock'

export const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')

export const storedPath = (hash: string) => join(storageDir, hash.slice(0, 2), hash.slice(2, 4), hash)

/** A file whose bytes are on disk, to be recorded in a transaction. */
export interface KeptFile {
  sha256: string
  bytes: number
  mediaType: string
}

/**
 * Writes bytes under their SHA-256 and records them. The file is complete and
 * flushed before it gets its name, and the same content is written once.
 *
 * @returns the hash
 */
export async function storeFile(
  trx: TransactionClientContract,
  bytes: Uint8Array,
  mediaType: string
): Promise<string> {
  const kept = await keepFile(bytes, mediaType)
  await recordFiles(trx, [kept])
  return kept.sha256
}

/**
 * The first half of `storeFile`, for many files: the disk is waited for before
 * the transaction, not in it. A file never recorded is litter, not a defect.
 */
export async function keepFile(bytes: Uint8Array, mediaType: string): Promise<KeptFile> {
  const hash = sha256(bytes)
  await writeOnce(storedPath(hash), bytes)
  return { sha256: hash, bytes: bytes.byteLength, mediaType }
}

/** The second half: at most 500 at a time. */
export async function recordFiles(trx: TransactionClientContract, files: readonly KeptFile[]) {
  await trx
    .insertQuery()
    .table('stored_files')
    .knexQuery.insert(
      files.map((file) => ({
        sha256: file.sha256,
        bytes: file.bytes,
        media_type: file.mediaType,
        created_at: clock.now(),
      }))
    )
    .onConflict('sha256')
    .ignore()
}

/** @throws when the file is missing or its content no longer matches its name */
export async function readStoredFile(hash: string): Promise<Buffer> {
  const bytes = await readFile(storedPath(hash))
  if (sha256(bytes) !== hash) throw new Error(`stored file ${hash} was altered`)
  return bytes
}

async function writeOnce(path: string, bytes: Uint8Array) {
  const present = await stat(path).catch(() => null)
  if (present?.size === bytes.byteLength) return
  await mkdir(dirname(path), { recursive: true })
  const draft = `${path}.${randomUUID()}`
  const file = await open(draft, 'wx')
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, path)
}
