import db from '@adonisjs/lucid/services/db'
import { timestampSettings } from '#config/evidence'
import { addMinutes, machineNow } from '#shared/clock'
import { transaction } from '#shared/transaction'
import {
  AuthorityUnavailable,
  requestTimestamp,
  type Stamped,
} from '#registered_mail/evidence/timestamp_client'
import { BadSignature } from '#registered_mail/evidence/crypto/signed_data'

export interface StampOutcome {
  stamped: number
  /** Still waiting after this, and what the authority last did. */
  waiting: number
  problem: string | null
}

export interface StampInput {
  /** Only what this letter waits for, at once whatever was to be waited. */
  letterId?: number
  anchorId?: number
  signal?: AbortSignal
}

type Row = { id: number; digest: string; attempts: number }

const AT_ONCE = 200
const LANES = 4
const LONGEST_WAIT_MINUTES = 30
/** So many answers in a row that are not to be believed: the authority is left alone until next time. */
const MOST_REFUSED = 5

/**
 * Has dated what waits for it. A row leaves the queue only with an answer that was checked to the end;
 * an authority that is down, or answers badly, leaves it waiting, longer each time.
 */
export class StampWaiting {
  async handle(input: StampInput = {}): Promise<StampOutcome> {
    const outcome: StampOutcome = { stamped: 0, waiting: 0, problem: null }
    if (timestampSettings.url) {
      for (let after = 0; ;) {
        const rows = await waiting(input, after)
        if (rows.length === 0 || input.signal?.aborted) break
        after = rows.at(-1)!.id
        if (!(await this.#batch(rows, outcome, input.signal))) break
      }
    }
    outcome.waiting = await countWaiting(input)
    return outcome
  }

  /** @returns false when the authority is better left alone */
  async #batch(rows: Row[], outcome: StampOutcome, signal?: AbortSignal): Promise<boolean> {
    const queue = [...rows]
    let [reachable, refused] = [true, 0]
    const lane = async () => {
      while (queue.length > 0 && reachable && refused < MOST_REFUSED && !signal?.aborted) {
        const row = queue.shift()!
        try {
          const stamp = await requestTimestamp(Buffer.from(row.digest, 'hex'))
          // Read after the wait: other lanes count meanwhile.
          const kept = await keep(row, stamp)
          outcome.stamped += kept
          refused = 0
        } catch (error) {
          if (!(error instanceof AuthorityUnavailable || error instanceof BadSignature)) throw error
          if (error instanceof AuthorityUnavailable) reachable = false
          else refused += 1
          outcome.problem = error.message
          await putOff(row, error.message)
        }
      }
    }
    await Promise.all(Array.from({ length: LANES }, lane))
    return reachable && refused < MOST_REFUSED
  }
}

async function waiting(input: StampInput, after: number): Promise<Row[]> {
  const query = selection(input).where('s.id', '>', after).orderBy('s.id').limit(AT_ONCE)
  if (!input.letterId && !input.anchorId) query.where('s.not_before_at', '<=', machineNow())
  const rows = await query.select('s.id', 's.digest', 's.attempts')
  return rows.map(({ id, digest, attempts }) => ({ id: Number(id), digest, attempts }))
}

export async function countWaiting(input: StampInput): Promise<number> {
  const [{ count }] = await selection(input).count('* as count')
  return Number(count)
}

function selection({ letterId, anchorId }: StampInput) {
  const query = db.from('evidence_stamps as s').where('s.state', 'waiting')
  if (anchorId) query.where('s.anchor_id', anchorId)
  if (letterId) query.join('evidence_events as e', 'e.id', 's.event_id').where('e.letter_id', letterId)
  return query
}

/** Two processes may have asked for the same digest: the first answer stays. */
async function keep(row: Row, stamp: Stamped): Promise<number> {
  return transaction(async (trx) => {
    const changed = await trx
      .from('evidence_stamps')
      .where('id', row.id)
      .where('state', 'waiting')
      .update({
        state: 'stamped',
        response: stamp.response.toString('base64'),
        dated_at: stamp.at,
        authority: stamp.authority.slice(0, 300),
        problem: null,
      })
    return Number(changed)
  })
}

function putOff(row: Row, problem: string) {
  const minutes = Math.min(2 ** row.attempts, LONGEST_WAIT_MINUTES)
  return transaction((trx) =>
    trx
      .from('evidence_stamps')
      .where('id', row.id)
      .where('state', 'waiting')
      .update({
        attempts: row.attempts + 1,
        not_before_at: addMinutes(machineNow(), minutes),
        problem: problem.slice(0, 200),
      })
  )
}
