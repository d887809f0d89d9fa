import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Pieces of the set-up; plain JavaScript for Node 20 or later. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
export const inRoot = (...parts) => join(ROOT, ...parts)

/** The Node that comes with the packages. */
export const NODE_24 = inRoot('node_modules/node/bin/node')

/** Something that only the person at the machine can put right. */
export class Obstacle extends Error {}

export function hashOf(files, salt = '') {
  const hash = createHash('sha256').update(salt)
  for (const file of files) hash.update(file.slice(ROOT.length)).update('\0').update(readFileSync(file))
  return hash.digest('hex')
}

export function filesUnder(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort()
}

export function readOrNull(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : null
}
