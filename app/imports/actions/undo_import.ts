import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock } from '#shared/clock'
import { rowsOf } from '#shared/sql'
import { transaction } from '#shared/transaction'
import { recordEvents } from '#claims/events'
import { reverseOpenings } from '#claims/ledger'
import { refreshStatus } from '#claims/status'
import Import from '#imports/models/import'

export type UndoImportInput = { importId: number; userId: number | null }

/**
 * Undoes an import whose files nothing has touched yet. The ledger only grows: openings are
 * reversed and the claims closed as `import_undone`, so the table may be deposited again.
 */
export default class UndoImport {
  handle({ importId, userId }: UndoImportInput): Promise<'undone' | 'not_committed' | 'launched'> {
    return transaction(async (trx) => {
      const taken = await Import.query({ client: trx })
        .where({ id: importId, state: 'committed' })
        .update({ state: 'undone', undoneAt: clock.now() })
      if (Number(taken) === 0) return 'not_committed'
      if ((await touched(trx, importId)) > 0) {
        await Import.query({ client: trx })
          .where('id', importId)
          .update({ state: 'committed', undoneAt: null })
        return 'launched'
      }
      await reverseOpenings(trx, importId, clock.today())
      await closeAll(trx, importId, userId)
      return 'undone'
    })
  }
}

/** Files that were launched, paid in part, written to, or disputed: these are no mere rows any more. */
async function touched(trx: TransactionClientContract, importId: number): Promise<number> {
  const [found] = await rowsOf<{ files: number }>(
    trx,
    `select count(*) as files from claims c
     where c.import_id = :importId and (c.launched_on is not null or c.first_letter_on is not null
       or c.status not in ('new', 'paused')
       or exists (select 1 from postings p where p.claim_id = c.id and p.kind <> 'opening')
       or exists (select 1 from actions a where a.claim_id = c.id))`,
    { importId }
  )
  return Number(found!.files)
}

async function closeAll(trx: TransactionClientContract, importId: number, userId: number | null) {
  await trx.rawQuery(
    `insert into closures (claim_id, reason, user_id, created_at)
     select id, 'import_undone', ?, ? from claims where import_id = ?`,
    [userId, clock.now(), importId] as never[]
  )
  await refreshStatus(trx, 'claims.import_id = ?', [importId])
  await recordEvents(
    trx,
    { sql: 'claims.import_id = ?', bindings: [importId] },
    { type: 'claim.import_undone', actor: userId === null ? 'system' : 'user', userId }
  )
}
