import { createHash } from 'node:crypto'
import { test } from '@japa/runner'
import { inclusionPath, leafHash, merkleRoot, rootFrom } from '#registered_mail/evidence/merkle'

const sha256 = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest()

/** RFC 6962, 2.1, word for word: split at the largest power of two below n. */
function byDefinition(leaves: Buffer[]): Buffer {
  if (leaves.length === 1) return leaves[0]!
  let k = 1
  while (k * 2 < leaves.length) k *= 2
  return sha256(Buffer.from([1]), byDefinition(leaves.slice(0, k)), byDefinition(leaves.slice(k)))
}

test.group('the tree of an anchor (RFC 6962)', () => {
  test('known roots: no leaf, and the one empty leaf', ({ assert }) => {
    const nothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
    assert.equal(merkleRoot([]).toString('hex'), nothing)
    const empty = '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'
    assert.equal(leafHash('').toString('hex'), empty)
  })

  test('every leaf of every tree up to 33 is shown to be in it, and nowhere else', ({ assert }) => {
    for (let size = 1; size <= 33; size++) {
      const leaves = Array.from({ length: size }, (_, index) => leafHash(`leaf ${index}`))
      const root = merkleRoot(leaves)
      assert.deepEqual(root, byDefinition(leaves))
      for (let index = 0; index < size; index++) {
        const path = inclusionPath(leaves, index)
        const leadsToRoot = (leaf: Buffer, nodes: Buffer[]) =>
          rootFrom(leaf, index, size, nodes)?.equals(root) ?? false
        assert.isTrue(leadsToRoot(leaves[index]!, path))
        assert.isFalse(leadsToRoot(leafHash('another'), path))
        assert.isFalse(leadsToRoot(leaves[index]!, [...path, root]))
        if (path.length > 0) assert.isFalse(leadsToRoot(leaves[index]!, path.slice(1)))
      }
    }
  })

  test('a place outside the tree has no root', ({ assert }) => {
    for (const index of [-1, 3, Number.NaN]) assert.isNull(rootFrom(leafHash('a'), index, 3, []))
  })
})
