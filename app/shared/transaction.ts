import { setTimeout as sleep } from 'node:timers/promises'
import db from '@adonisjs/lucid/services/db'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'

const ATTEMPTS = 12

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
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction(work)
    } catch (error) {
      if (attempt === ATTEMPTS || !RETRIABLE.has((error as { code?: string }).code ?? '')) throw error
      await sleep(10 * attempt + Math.random() * 40 * attempt)
    }
  }
}

/** 'sqlite' or 'postgres'. */
export const dialect = () => db.primaryConnectionName as 'sqlite' | 'postgres'
