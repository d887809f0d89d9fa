import type Creditor from '#creditors/models/creditor'
import CommitImport from '#imports/actions/commit_import'
import DiscardImport from '#imports/actions/discard_import'
import ReceiveFile from '#imports/actions/receive_file'
import StageImport from '#imports/actions/stage_import'
import type Import from '#imports/models/import'
import { Unreadable } from '#imports/reader/limits'
import type { ColumnChoice } from '#imports/reader/protocol'
import { currentRules } from '#imports/rules'
import type { Summary } from '#imports/summary'
import { requireColumns, tableReport, type TableReport } from '#imports/table_report'

export type ImportTableInput = {
  creditor: Creditor
  columns: ColumnChoice
  bytes: Uint8Array
  filename: string
  partial: boolean
  acceptTerms: boolean
}

export type ImportTableOutcome = {
  importId: number
  outcome: 'committed' | 'rejected_rows' | 'nothing_to_import'
  report: TableReport
}

/**
 * All the steps in a row, for a command: receive, read, check, commit. A table that does not
 * enter leaves nothing behind.
 *
 * @throws {Unreadable} when the file cannot be read; {ColumnsMissing} when a column is missing
 */
export default class ImportTable {
  async handle(input: ImportTableInput): Promise<ImportTableOutcome> {
    const received = await new ReceiveFile().handle({
      ...input,
      userId: null,
      mediaType: 'application/octet-stream',
    })
    let entered = false
    try {
      const outcome = await this.enter(received, input)
      entered = outcome.outcome === 'committed'
      return outcome
    } finally {
      if (!entered) await new DiscardImport().handle(received.id)
    }
  }

  private async enter(received: Import, input: ImportTableInput): Promise<ImportTableOutcome> {
    if (received.refusal) throw new Unreadable(received.refusal)
    requireColumns(received.columns)
    const staged = await new StageImport().handle({ importId: received.id, columns: input.columns })
    if (staged.outcome === 'refused') throw new Unreadable(staged.code)
    const commit = await new CommitImport().handle({
      ...input,
      importId: received.id,
      userId: null,
      ip: null,
    })
    if (staged.outcome === 'busy' || commit.outcome === 'not_staged') {
      throw new Error(`import ${received.ref} was taken by another process`)
    }
    return {
      importId: received.id,
      outcome: commit.outcome,
      report: await this.report(received, commit.summary),
    }
  }

  private async report(received: Import, summary: Summary): Promise<TableReport> {
    const table = { sheet: received.sheet!, headerRow: received.headerRow!, ...received.columns }
    return tableReport(summary, {
      ...table,
      headers: [...table.headers],
      path: received.path,
      unread: received.unreadSheets,
      rules: await currentRules(received.creditorId),
    })
  }
}
