import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { storageDir } from '#config/app'
import { clock } from '#shared/clock'

export const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex')

export const storedPath = (hash: string) => join(storageDir, hash.slice(0, 2), hash.slice(2, 4), hash)

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
  const hash = sha256(bytes)
  await writeOnce(storedPath(hash), bytes)
  await trx
    .insertQuery()
    .table('stored_files')
    .knexQuery.insert({
      sha256: hash,
      bytes: bytes.byteLength,
      media_type: mediaType,
      created_at: clock.now(),
    })
    .onConflict('sha256')
    .ignore()
  return hash
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
