import { setTimeout as sleep } from 'node:timers/promises'
import db from '@adonisjs/lucid/services/db'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'

/** Tried again for this long; a lock held longer than that is not contention any more. */
const PATIENCE_MS = 15_000
const LONGEST_WAIT_MS = 400

/** SQLite's lock held by another process; PostgreSQL's serialization failure and deadlock. */
const RETRIABLE = new Set(['SQLITE_BUSY', 'SQLITE_BUSY_SNAPSHOT', '40001', '40P01'])

/**
 * Runs `work` in one transaction and returns its result. Every write goes
 * through here: when another process holds the lock the whole of `work` is run
 * again, after a short random wait that leaves the event loop free, so `work`
 * must have no effect outside the database.
 *
 * Given a transaction already open, joins it.
 */
export async function transaction<T>(
  work: (trx: TransactionClientContract) => Promise<T>,
  open?: TransactionClientContract
): Promise<T> {
  if (open) return work(open)
  const startedAt = performance.now()
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptOnce(work)
    } catch (error) {
      const patient = performance.now() - startedAt < PATIENCE_MS
      if (!patient || !RETRIABLE.has((error as { code?: string }).code ?? '')) throw error
      await sleep(Math.random() * Math.min(40 * attempt, LONGEST_WAIT_MS))
    }
  }
}

/**
 * When BEGIN is refused because another process holds the lock, Knex may still
 * hand out the transaction, already over: nothing has run, so it is tried again
 * like any busy one. (Lucid's own `db.transaction(callback)` would run the
 * callback on it and report "Transaction query already complete".)
 */
async function attemptOnce<T>(work: (trx: TransactionClientContract) => Promise<T>): Promise<T> {
  const trx = await db.transaction()
  if (trx.isCompleted) throw Object.assign(new Error('the database is locked'), { code: 'SQLITE_BUSY' })
  try {
    const result = await work(trx)
    if (!trx.isCompleted) await trx.commit()
    return result
  } catch (error) {
    if (!trx.isCompleted) await trx.rollback()
    throw error
  }
}

/** 'sqlite' or 'postgres'. */
export const dialect = () => db.primaryConnectionName as 'sqlite' | 'postgres'
