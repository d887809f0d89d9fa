import { transaction } from '#shared/transaction'
import type Import from '#imports/models/import'
import ImportRow from '#imports/models/import_row'
import { relateStagedRows } from '#imports/related_rows'

export type DecideRowInput = { staged: Import; row: ImportRow; decision: ImportRow['decision'] }

/** A person leaves a row out, takes one that looks like a duplicate, or lets the rules decide again. */
export default class DecideRow {
  async handle({ staged, row, decision }: DecideRowInput) {
    if (staged.state !== 'staged' || staged.isBeingRead) return { outcome: 'settled' } as const
    await transaction((trx) => ImportRow.query({ client: trx }).where('id', row.id).update({ decision }))
    await relateStagedRows(staged)
    return { outcome: 'decided' } as const
  }
}
