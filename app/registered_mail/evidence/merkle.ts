import { createHash } from 'node:crypto'

/** Trees of RFC 6962, 2.1: leaves and nodes are hashed apart, so that none passes for the other. */

const hash = (...parts: Uint8Array[]) => {
  const digest = createHash('sha256')
  for (const part of parts) digest.update(part)
  return digest.digest()
}
const LEAF = Buffer.from([0])
const NODE = Buffer.from([1])

export const leafHash = (text: string) => hash(LEAF, Buffer.from(text, 'utf8'))
const nodeHash = (left: Uint8Array, right: Uint8Array) => hash(NODE, left, right)

/** The root over leaf hashes. */
export function merkleRoot(leaves: readonly Buffer[]): Buffer {
  let level = [...leaves]
  if (level.length === 0) return hash()
  while (level.length > 1) level = above(level)
  return level[0]!
}

/** The sibling hashes from a leaf to the root: RFC 6962, 2.1.1. */
export function inclusionPath(leaves: readonly Buffer[], index: number): Buffer[] {
  const path: Buffer[] = []
  let level = [...leaves]
  for (let at = index; level.length > 1; at >>= 1) {
    const sibling = level[at ^ 1]
    if (sibling) path.push(sibling)
    level = above(level)
  }
  return path
}

/** A last node without a pair goes up as it is: the same root as splitting at powers of two. */
function above(level: Buffer[]): Buffer[] {
  const next: Buffer[] = []
  for (let at = 0; at < level.length; at += 2) {
    next.push(level[at + 1] ? nodeHash(level[at]!, level[at + 1]!) : level[at]!)
  }
  return next
}

/**
 * The root that a leaf and its path lead to (RFC 9162, 2.1.3.2).
 *
 * @returns null when the path cannot be one of a tree of that size
 */
export function rootFrom(leaf: Buffer, index: number, size: number, path: readonly Buffer[]): Buffer | null {
  if (!(index >= 0 && index < size)) return null
  let [at, last, root] = [index, size - 1, leaf]
  for (const sibling of path) {
    if (last === 0) return null
    if (at % 2 === 1 || at === last) {
      root = nodeHash(sibling, root)
      while (at % 2 === 0 && at !== 0) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
    } else {
      root = nodeHash(root, sibling)
    }
    ;[at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
  }
  return last === 0 ? root : null
}
