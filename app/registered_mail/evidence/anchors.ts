import type { QueryClientContract } from '@adonisjs/lucid/types/database'
import type { Instant } from '#shared/clock'
import { NO_LINE_BEFORE } from '#registered_mail/evidence/event_types'
import { inclusionPath, leafHash, merkleRoot } from '#registered_mail/evidence/merkle'

export interface Anchor {
  id: number
  root: string
  previous: string
  lastEventId: number
  madeAt: Instant
}

/** That a chain's head is in an anchor. */
export interface Inclusion {
  ref: string
  seq: number
  head: string
  index: number
  size: number
  path: string[]
}

export const NO_ANCHOR_BEFORE = NO_LINE_BEFORE

/** What the leaves of the tree say: first the root before, then each chain's head. */
export const previousLeaf = (root: string) => `previous:${root}`
export const headLeaf = (ref: string, seq: number, hash: string) => `head:${ref}:${seq}:${hash}`

export type ChainHead = { letterId: number; ref: string; seq: number; hash: string }

/** The last event of every chain, up to an event, by letter. */
export async function headsUpTo(client: QueryClientContract, lastEventId: number): Promise<ChainHead[]> {
  const rows = await client
    .from('evidence_events as e')
    .join('letters as l', 'l.id', 'e.letter_id')
    .whereIn(
      'e.id',
      client.from('evidence_events').where('id', '<=', lastEventId).groupBy('letter_id').max('id') as never
    )
    .orderBy('e.letter_id')
    .select('e.letter_id', 'l.ref', 'e.seq', 'e.hash')
  return rows.map(({ letter_id: letterId, ref, seq, hash }) => ({
    letterId: Number(letterId),
    ref,
    seq,
    hash,
  }))
}

export function leavesOf(previous: string, heads: readonly ChainHead[]): Buffer[] {
  return [
    leafHash(previousLeaf(previous)),
    ...heads.map(({ ref, seq, hash }) => leafHash(headLeaf(ref, seq, hash))),
  ]
}

export const rootOf = (leaves: readonly Buffer[]) => merkleRoot(leaves).toString('hex')

let lastTree: {
  anchorId: number
  root: string
  heads: Map<number, { index: number; head: ChainHead }>
  leaves: Buffer[]
} | null = null

/**
 * The proof that an anchor covers a letter's chain, from the events themselves.
 *
 * @returns null when the chain began after it
 * @throws when the events no longer make the root that was stamped
 */
export async function inclusionIn(
  client: QueryClientContract,
  anchor: Anchor,
  letterId: number
): Promise<Inclusion | null> {
  const tree = await treeOf(client, anchor)
  const found = tree.heads.get(letterId)
  if (!found) return null
  const { index, head } = found
  const path = inclusionPath(tree.leaves, index).map((hash) => hash.toString('hex'))
  return { ref: head.ref, seq: head.seq, head: head.hash, index, size: tree.leaves.length, path }
}

/** Files exported one after the other are under the same anchor: its tree is built once. */
async function treeOf(client: QueryClientContract, anchor: Anchor) {
  if (lastTree?.anchorId === anchor.id && lastTree.root === anchor.root) return lastTree
  const heads = await headsUpTo(client, anchor.lastEventId)
  const leaves = leavesOf(anchor.previous, heads)
  if (rootOf(leaves) !== anchor.root)
    throw new Error(`the events no longer make the root of anchor ${anchor.id}`)
  const byLetter = new Map(heads.map((head, index) => [head.letterId, { index: index + 1, head }]))
  lastTree = { anchorId: anchor.id, root: anchor.root, heads: byLetter, leaves }
  return lastTree
}

export async function lastAnchor(client: QueryClientContract): Promise<Anchor | null> {
  const row = await client.from('evidence_anchors').orderBy('id', 'desc').first()
  if (!row) return null
  return {
    id: Number(row.id),
    root: row.root,
    previous: row.previous,
    lastEventId: Number(row.last_event_id),
    madeAt: row.made_at,
  }
}
