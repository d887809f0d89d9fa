import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { recordEvents } from '#claims/events'
import { openClaims } from '#claims/ledger'
import Creditor from '#creditors/models/creditor'
import { acceptTerms, currentTerms } from '#creditors/terms'
import { enqueue } from '#deliveries/outbox'
import { createClaims } from '#imports/committing'
import Import from '#imports/models/import'
import { relateStagedRows } from '#imports/related_rows'
import { countedRows, summarise, type Summary } from '#imports/summary'
import User from '#users/models/user'

export type CommitImportInput = {
  importId: number
  /** Without it, one rejected row refuses the whole table. */
  partial: boolean
  /** R18: the operating conditions are accepted with this deposit. */
  acceptTerms: boolean
  userId: number | null
  ip: string | null
}

export type CommitOutcome =
  | { outcome: 'committed'; summary: Summary }
  | { outcome: 'rejected_rows' | 'nothing_to_import'; summary: Summary }
  /** It is not staged: being read, committed already, undone or refused. */
  | { outcome: 'not_staged' }

/**
 * Turns the staged rows that are ready into debtors, claims, invoices and opening postings: all
 * of it or nothing, in one transaction, with the acknowledgement to the creditor (R17) queued.
 */
export default class CommitImport {
  async handle(input: CommitImportInput): Promise<CommitOutcome> {
    for (;;) {
      const staged = await Import.findOrFail(input.importId)
      if (staged.state !== 'staged' || staged.isBeingRead) return { outcome: 'not_staged' }
      const entered = await importsEntered(staged.creditorId)
      // Another table may have brought some of these invoices since this one was checked.
      await relateStagedRows(staged)
      const summary = summarise(await countedRows(staged.id), staged.columns)
      if (summary.rejected.length > 0 && !input.partial) return { outcome: 'rejected_rows', summary }
      if (summary.claims === 0) return { outcome: 'nothing_to_import', summary }
      const outcome = await this.commit(staged, summary, entered, input)
      if (outcome !== 'overtaken') return outcome
    }
  }

  private async commit(
    staged: Import,
    summary: Summary,
    entered: number,
    input: CommitImportInput
  ): Promise<CommitOutcome | 'overtaken'> {
    const terms = input.acceptTerms ? await currentTerms() : null
    return transaction(async (trx) => {
      // Two tables of one creditor enter one after the other.
      await Creditor.query({ client: trx }).where('id', staged.creditorId).forUpdate().firstOrFail()
      if ((await importsEntered(staged.creditorId, trx)) !== entered) return 'overtaken'
      if (!(await this.take(trx, staged))) return { outcome: 'not_staged' }
      const created = await this.create(trx, staged, input)
      if (created !== summary.claims) {
        throw new Error(`import ${staged.ref} changed while it was committed`)
      }
      if (terms) await acceptTerms(trx, terms, { ...input, creditorId: staged.creditorId })
      await Import.query({ client: trx })
        .where('id', staged.id)
        .update({ summary: JSON.stringify(summary) })
      await this.acknowledge(trx, staged)
      return { outcome: 'committed', summary }
    })
  }

  /** Moves the import out of `staged`: of two commits, one finds it gone. */
  private async take(trx: TransactionClientContract, staged: Import): Promise<boolean> {
    const taken = await Import.query({ client: trx })
      .where({ id: staged.id, state: 'staged' })
      .whereNull('readingSinceAt')
      .update({ state: 'committed', committedAt: clock.now() })
    return Number(taken) === 1
  }

  private async create(trx: TransactionClientContract, staged: Import, { userId }: CommitImportInput) {
    const today = clock.today()
    await staged.useTransaction(trx).load('creditor')
    const created = await createClaims(trx, staged, today)
    await openClaims(trx, staged.id, today)
    const user = userId === null ? null : await User.findOrFail(userId, { client: trx })
    const where = { sql: 'claims.import_id = ?', bindings: [staged.id] }
    await recordEvents(trx, where, {
      type: 'claim.imported',
      actor: user === null ? 'system' : user.role === 'creditor' ? 'creditor' : 'user',
      userId,
      detail: { import: staged.ref, file: staged.filename },
    })
    return created
  }

  private async acknowledge(trx: TransactionClientContract, staged: Import) {
    if (!staged.creditor.email) return
    await enqueue(trx, {
      key: `imports.acknowledgement:${staged.id}`,
      recipe: 'imports.acknowledgement',
      parameters: { importId: staged.id },
      recipient: staged.creditor.email,
      creditorId: staged.creditorId,
    })
  }
}

/** How many tables of the creditor have ever entered: it tells that another one did meanwhile. */
async function importsEntered(creditorId: number, client?: TransactionClientContract): Promise<number> {
  const found = await Import.query({ client })
    .where('creditorId', creditorId)
    .whereNotNull('committedAt')
    .count('* as entered')
    .firstOrFail()
  return Number(found.$extras.entered)
}
