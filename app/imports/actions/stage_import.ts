import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import { checkRow } from '#imports/checking/check_row'
import type { CheckRules } from '#imports/checking/check_row'
import { tableOf } from '#imports/actions/receive_file'
import { Unreadable } from '#imports/reader/limits'
import type { ColumnChoice, StagedRow, TableHead } from '#imports/reader/protocol'
import { readSpreadsheet } from '#imports/reader/read_spreadsheet'
import Import from '#imports/models/import'
import ImportRow from '#imports/models/import_row'
import { placedRow, relateStagedRows, type PlacedRow } from '#imports/related_rows'
import { currentRules } from '#imports/rules'
import { insertStagedRows, updateStagedRow } from '#imports/staging'

const ROWS_PER_DELETION = 5_000

export type StageOutcome =
  | { outcome: 'staged'; rows: number; peakMb: number }
  | { outcome: 'refused'; code: Unreadable['code'] }
  /** Another process reads it, or it is committed, undone or refused already. */
  | { outcome: 'busy' }

/**
 * Reads the whole table and stores every row, checked. Rows go in by batches, each in its own
 * transaction: the import counts as staged only once all are in and related, and reading again
 * starts over, but for the rows that a person has corrected.
 */
export default class StageImport {
  async handle({ importId, columns }: { importId: number; columns: ColumnChoice }): Promise<StageOutcome> {
    const staged = await this.begin(importId)
    if (!staged) return { outcome: 'busy' }
    try {
      return await this.read(staged, columns)
    } catch (error) {
      await this.end(staged, { state: 'uploaded' })
      throw error
    }
  }

  private async read(staged: Import, columns: ColumnChoice): Promise<StageOutcome> {
    const corrections = await correctedRows(staged.id)
    await clearRows(staged.id)
    const rules = await currentRules(staged.creditorId)
    const placed: PlacedRow[] = []
    try {
      const { head, rows, peakMb } = await readSpreadsheet(
        staged.path,
        { columns, rules },
        async (batch, found) => {
          const checked = batch.map((row) => corrected(row, corrections, found, rules))
          await this.store(staged, checked, corrections)
          for (const row of checked)
            if (row.outcome === 'ready') placed.push(placedRow(row, corrections.get(row.row)?.decision))
        }
      )
      await relateStagedRows(staged, placed)
      await this.end(staged, { state: 'staged', ...tableOf(head) })
      return { outcome: 'staged', rows, peakMb }
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      await clearRows(staged.id)
      await this.end(staged, { state: 'refused', refusal: error.code, rowsRead: 0 })
      return { outcome: 'refused', code: error.code }
    }
  }

  /** Takes the reading for this process, or null when it is not to be taken. */
  private begin(importId: number): Promise<Import | null> {
    return transaction(async (trx) => {
      const staged = await Import.findOrFail(importId, { client: trx })
      if (staged.isSettled || staged.isBeingRead) return null
      staged.merge({ state: 'uploaded', readingSinceAt: clock.now(), rowsRead: 0 })
      return staged.useTransaction(trx).save()
    })
  }

  private async store(staged: Import, rows: StagedRow[], corrections: Corrections) {
    await transaction(async (trx) => {
      await insertStagedRows(
        trx,
        staged.id,
        rows.filter((row) => !corrections.has(row.row))
      )
      for (const row of rows.filter((one) => corrections.has(one.row))) {
        await updateStagedRow(trx, staged.id, row)
      }
      await trx.from('imports').where('id', staged.id).increment('rows_read', rows.length)
    })
  }

  private async end(staged: Import, values: Partial<Import>) {
    await transaction(async (trx) => {
      const last = await Import.findOrFail(staged.id, { client: trx })
      await last
        .merge({ ...values, readingSinceAt: null })
        .useTransaction(trx)
        .save()
    })
  }
}

type Corrections = ReadonlyMap<number, Pick<ImportRow, 'cells' | 'decision' | 'correctedAt'>>

async function correctedRows(importId: number): Promise<Corrections> {
  const rows = await ImportRow.query()
    .where('importId', importId)
    .where((some) => some.whereNotNull('correctedAt').orWhereNotNull('decision'))
  return new Map(rows.map((row) => [row.row, row]))
}

function corrected(row: StagedRow, corrections: Corrections, head: TableHead, rules: CheckRules): StagedRow {
  const correction = corrections.get(row.row)
  if (!correction?.correctedAt) return row
  return { row: row.row, cells: correction.cells, ...checkRow(correction.cells, head, rules) }
}

/**
 * All rows but those a person has touched, by ranges, so that neither the lock nor the event
 * loop is held for long.
 */
async function clearRows(importId: number) {
  const last = await ImportRow.query().where('importId', importId).max('row as last').firstOrFail()
  for (let from = 0; from <= Number(last.$extras.last ?? -1); from += ROWS_PER_DELETION) {
    await transaction((trx) =>
      ImportRow.query({ client: trx })
        .where('importId', importId)
        .whereBetween('row', [from, from + ROWS_PER_DELETION - 1])
        .whereNull('correctedAt')
        .whereNull('decision')
        .delete()
    )
  }
}
