import { setImmediate as breathe } from 'node:timers/promises'
import type { I18n } from '@adonisjs/i18n'
import db from '@adonisjs/lucid/services/db'
import { fromJson } from '#database/columns'
import type { Cents } from '#shared/money'
import type { Columns } from '#imports/checking/check_row'
import { columnName } from '#imports/checking/sheet'
import type { ErrorCode, Problem, WarningCode } from '#imports/problems'

/** The contract's shape of an import's outcome; findings name the sheet's rows and headers. */
export type Summary = {
  rows: number
  claims: number
  b2b: number
  b2c: number
  merged: number
  principalCents: Cents
  rejected: Finding<ErrorCode>[]
  warnings: Finding<WarningCode>[]
}

export type Finding<Code = ErrorCode | WarningCode> = {
  row: number
  column: string
  code: Code
  hint?: string
}

/** What the summary needs of a row. */
export type CountedRow = {
  row: number
  outcome: 'ready' | 'rejected' | 'set_aside'
  kind: 'b2b' | 'b2c' | null
  fileRow: number | null
  duplicateOf: string | null
  dueCents: Cents | null
  problems: readonly Problem[]
}

/** Counts what enters as claims and lists what a person must know, in the order of the sheet. */
export function summarise(rows: readonly CountedRow[], columns: Columns): Summary {
  const summary: Summary = {
    rows: rows.length,
    claims: 0,
    b2b: 0,
    b2c: 0,
    merged: 0,
    principalCents: 0,
    rejected: [],
    warnings: [],
  }
  for (const row of rows) {
    for (const problem of findingsOf(row, columns)) {
      const { column, code, hint } = problem
      const finding = { row: row.row, column, ...(hint && { hint }) }
      if (problem.level === 'error') summary.rejected.push({ ...finding, code: code as ErrorCode })
      else summary.warnings.push({ ...finding, code: code as WarningCode })
    }
    if (row.outcome !== 'ready') continue
    summary.principalCents += row.dueCents!
    if (row.fileRow !== row.row) summary.merged += 1
    else {
      summary.claims += 1
      summary[row.kind!] += 1
    }
  }
  return summary
}

/** What is said of a row: its own problems and its duplicate; of a row set aside, only why it does not enter. */
export function findingsOf(
  { outcome, problems, duplicateOf }: Pick<CountedRow, 'outcome' | 'problems' | 'duplicateOf'>,
  columns: Columns
): Problem[] {
  const own = outcome === 'set_aside' ? [] : problems
  if (duplicateOf === null) return [...own]
  const column = columnName(columns, 'invoice_number')
  const duplicate = { field: 'invoice_number', column, level: 'warning', code: 'duplicate_invoice' } as const
  return [...own, { ...duplicate, hint: duplicateOf }]
}

const PAGE = 5_000

/** The rows of an import as the summary counts them. */
export async function countedRows(importId: number): Promise<CountedRow[]> {
  const rows: CountedRow[] = []
  for (let after = 0; ;) {
    const page = await db
      .from('import_rows')
      .where('import_id', importId)
      .where('row', '>', after)
      .orderBy('row')
      .limit(PAGE)
      .select(
        'row',
        'outcome',
        'kind',
        'file_row',
        'duplicate_of',
        'problems',
        'amount_cents',
        'down_payment_cents'
      )
    for (const found of page) {
      const known = found.amount_cents !== null && found.down_payment_cents !== null
      rows.push({
        row: found.row,
        outcome: found.outcome,
        kind: found.kind,
        fileRow: found.file_row,
        duplicateOf: found.duplicate_of,
        dueCents: known ? Number(found.amount_cents) - Number(found.down_payment_cents) : null,
        problems: found.problems === '[]' ? [] : (fromJson(found.problems) as Problem[]),
      })
    }
    if (page.length < PAGE) return rows
    after = page.at(-1)!.row
    await breathe()
  }
}

/** One sentence for a person, in their language. */
export function findingMessage({ code, hint }: Pick<Finding, 'code' | 'hint'>, i18n: I18n): string {
  if (code === 'duplicate_invoice' && hint) {
    const [where, ref] = hint.split(':') as [string, string]
    return i18n.t(`imports.problems.duplicate_of_${where}`, { ref })
  }
  return hint ? i18n.t(`imports.problems.${code}_hint`, { hint }) : i18n.t(`imports.problems.${code}`)
}
