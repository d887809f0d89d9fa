import { createHash } from 'node:crypto'
import db from '@adonisjs/lucid/services/db'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { timestampSettings } from '#config/evidence'
import { civilDateAt, machineNow } from '#shared/clock'
import { dialect, transaction } from '#shared/transaction'
import {
  headsUpTo,
  lastAnchor,
  leavesOf,
  NO_ANCHOR_BEFORE,
  rootOf,
  type Anchor,
} from '#registered_mail/evidence/anchors'

/**
 * One Merkle root over the heads of all chains, and over the root before it, to be stamped like an
 * event: whatever is taken away or written again below it then shows.
 */
export class AnchorChains {
  /**
   * The anchor of the day, when there is something it would cover and none of today does.
   *
   * @returns null when there is nothing to do
   */
  async daily(): Promise<Anchor | null> {
    const last = await lastAnchor(db.connection())
    if (last && civilDateAt(last.madeAt) === civilDateAt(machineNow())) return null
    const made = await this.handle()
    return made?.id === last?.id ? null : made
  }

  /**
   * An anchor over everything that is committed; the last one when nothing was added since, unless it
   * is to be made again for its date.
   */
  async handle({ again = false } = {}): Promise<Anchor | null> {
    return transaction(async (trx) => {
      // Whoever is adding an event ends first: what is under the root is what anybody finds there later.
      if (dialect() === 'postgres')
        await trx.rawQuery('lock table evidence_events in share row exclusive mode')
      const [{ last: lastEventId }] = await trx.from('evidence_events').max('id as last')
      const before = await lastAnchor(trx)
      if (lastEventId === null) return null
      if (!again && Number(lastEventId) === before?.lastEventId) return before
      return make(trx, before?.root ?? NO_ANCHOR_BEFORE, Number(lastEventId))
    })
  }
}

async function make(trx: TransactionClientContract, previous: string, lastEventId: number): Promise<Anchor> {
  const heads = await headsUpTo(trx, lastEventId)
  const root = rootOf(leavesOf(previous, heads))
  const now = machineNow()
  await trx
    .table('evidence_anchors')
    .insert({ root, previous, chains: heads.length, last_event_id: lastEventId, made_at: now })
  const anchor = (await lastAnchor(trx))!
  if (timestampSettings.url) {
    const digest = rootDigest(root)
    await trx
      .table('evidence_stamps')
      .insert({ anchor_id: anchor.id, digest, not_before_at: now, created_at: now })
  }
  return anchor
}

/** The authority dates the file that the bundle carries: the 32 bytes of the root. */
const rootDigest = (root: string) => createHash('sha256').update(Buffer.from(root, 'hex')).digest('hex')
