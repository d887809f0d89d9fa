import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import type { CellValue } from '#shared/cells'
import { checkRow } from '#imports/checking/check_row'
import { FIELDS, type Field } from '#imports/fields'
import type Import from '#imports/models/import'
import ImportRow from '#imports/models/import_row'
import { relateStagedRows } from '#imports/related_rows'
import { currentRules } from '#imports/rules'
import { updateStagedRow } from '#imports/staging'

export type CorrectRowInput = {
  staged: Import
  row: ImportRow
  /** What was typed, by field; fields without a column are ignored, empty text empties the cell. */
  typed: Partial<Record<Field, string | null>>
}

/**
 * Retypes cells of one row and checks it again, then the rules between rows: mending a row may
 * merge it with another, or free one that looked like its duplicate.
 */
export default class CorrectRow {
  async handle({ staged, row, typed }: CorrectRowInput) {
    if (staged.state !== 'staged' || staged.isBeingRead) return { outcome: 'settled' } as const
    const cells = retyped(row.cells, staged.columns.mapping, typed)
    const checked = checkRow(cells, staged.columns, await currentRules(staged.creditorId))
    await transaction(async (trx) => {
      await updateStagedRow(trx, staged.id, { row: row.row, cells, ...checked })
      await ImportRow.query({ client: trx })
        .where('id', row.id)
        .update({ correctedAt: clock.now(), decision: row.decision === 'leave' ? null : row.decision })
    })
    await relateStagedRows(staged)
    return { outcome: 'checked', ready: checked.outcome === 'ready' } as const
  }
}

function retyped(
  cells: readonly CellValue[],
  mapping: Import['mapping'],
  typed: CorrectRowInput['typed']
): CellValue[] {
  const copy = [...cells]
  for (const field of FIELDS) {
    const index = mapping?.[field]
    const text = typed[field]
    if (index === undefined || text === undefined) continue
    while (copy.length <= index) copy.push(null)
    // An untouched number or date cell keeps its nature.
    if (String(copy[index] ?? '') !== (text ?? '')) copy[index] = text || null
  }
  return copy
}
