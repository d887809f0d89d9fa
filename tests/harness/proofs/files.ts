import { createHash } from 'node:crypto'
import { unzipSync } from 'fflate'
import { PATHS } from '#registered_mail/evidence/bundle/paths'

export type Files = Map<string, Buffer>

export function filesOf(zip: Buffer): Files {
  return new Map(
    Object.entries(unzipSync(new Uint8Array(zip))).map(([path, bytes]) => [path, Buffer.from(bytes)])
  )
}

export const copyOf = (files: Files): Files =>
  new Map([...files].map(([path, bytes]) => [path, Buffer.from(bytes)]))

export const linesOf = (files: Files) => files.get(PATHS.log)!.toString('utf8').split('\n').slice(0, -1)

export function setLines(files: Files, lines: readonly string[]) {
  files.set(PATHS.log, Buffer.from(lines.map((line) => `${line}\n`).join('')))
}

export const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest()

export const stampPaths = (files: Files) => [...files.keys()].filter((path) => path.startsWith('tsr/')).sort()
