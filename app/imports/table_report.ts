import i18nManager from '@adonisjs/i18n/services/main'
import type { CheckRules, Columns } from '#imports/checking/check_row'
import type { ColumnChoice, StagedRow, TableHead } from '#imports/reader/protocol'
import { readSpreadsheet } from '#imports/reader/read_spreadsheet'
import { missingFields, type Field } from '#imports/fields'
import { claimedInvoices, placedRow } from '#imports/related_rows'
import { relateRows } from '#imports/relate_rows'
import { currentRules } from '#imports/rules'
import { annotatedSheet } from '#imports/sheets/annotated_sheet'
import { findingMessage, summarise, type CountedRow, type Finding, type Summary } from '#imports/summary'

/** What a table holds, without anything stored: its summary, its sentences, its annotated copy. */
export type TableReport = {
  summary: Summary
  /** The sheet that was read, and the others that hold a whole table. */
  sheet: string
  unread: readonly string[]
  message(finding: Pick<Finding, 'code' | 'hint'>): string
  annotated(): ReadableStream<Uint8Array>
}

/** The dry run: reads and checks a whole table, against the creditor's claims too, and writes nothing. */
export async function checkTable(input: {
  path: string
  creditorId: number
  columns: ColumnChoice
}): Promise<TableReport> {
  const rules = await currentRules(input.creditorId)
  const rows: StagedRow[] = []
  const { head } = await readSpreadsheet(input.path, { columns: input.columns, rules }, (batch, found) => {
    requireColumns(found)
    for (const row of batch) rows.push({ ...row, cells: [] })
  })
  const ready = rows.filter((row) => row.outcome === 'ready')
  const relations = relateRows(
    ready.map((row) => placedRow(row)),
    await claimedInvoices(input.creditorId)
  )
  const counted = rows.map((row): CountedRow => {
    const relation = relations.get(row.row) ?? {
      outcome: 'rejected' as const,
      fileRow: null,
      duplicateOf: null,
    }
    const known = row.amountCents !== null && row.downPaymentCents !== null
    return { ...row, ...relation, dueCents: known ? row.amountCents! - row.downPaymentCents! : null }
  })
  return tableReport(summarise(counted, head), { path: input.path, ...head, rules })
}

/** No column holds what no claim can do without. */
export class ColumnsMissing extends Error {
  readonly fields: Field[]

  constructor(fields: Field[]) {
    super(`no column for ${fields.join(', ')}`)
    this.fields = fields
  }
}

/** @throws {ColumnsMissing} */
export function requireColumns({ mapping }: Pick<Columns, 'mapping'>) {
  const missing = missingFields(mapping)
  if (missing.length > 0) throw new ColumnsMissing(missing)
}

export function tableReport(
  summary: Summary,
  table: Pick<TableHead, 'sheet' | 'headerRow' | 'headers' | 'mapping'> & {
    path: string
    rules: CheckRules
    unread: readonly string[]
  }
): TableReport {
  const i18n = i18nManager.locale('fr')
  const message = (finding: Pick<Finding, 'code' | 'hint'>) => findingMessage(finding, i18n)
  return {
    summary,
    sheet: table.sheet,
    unread: table.unread,
    message,
    annotated: () => annotatedSheet({ ...table, said: saidByRow(summary, message) }),
  }
}

/** One cell of sentences per row, errors first. */
export function saidByRow(
  { rejected, warnings }: Pick<Summary, 'rejected' | 'warnings'>,
  message: (finding: Finding) => string
): Map<number, string> {
  const said = new Map<number, string>()
  for (const finding of [...rejected, ...warnings]) {
    const line = `${finding.column} : ${message(finding)}`
    said.set(finding.row, [said.get(finding.row), line].filter(Boolean).join('\n'))
  }
  return said
}
