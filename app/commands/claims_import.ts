import { constants, createWriteStream } from 'node:fs'
import { access, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { args, flags } from '@adonisjs/core/ace'
import { AmiableCommand } from '#shared/command'
import type Creditor from '#creditors/models/creditor'
import type { RefusalCode } from '#imports/reader/limits'
import type { ColumnChoice } from '#imports/reader/protocol'
import type { TableReport } from '#imports/table_report'

/** A creditor's table becomes claims, by the same steps as the pages. */
export default class ClaimsImport extends AmiableCommand {
  static override commandName = 'claims:import'
  static override description = 'Import a creditor’s table (.xlsx, .csv or .ods) as claims'

  @args.string({ description: 'The table' })
  declare file: string

  @flags.string({ description: 'Reference of the creditor' })
  declare creditor?: string

  @flags.string({ description: 'Name of a saved mapping of the creditor’s columns' })
  declare mapping?: string

  @flags.boolean({ description: 'Check the table and write nothing' })
  declare dryRun: boolean

  @flags.boolean({ description: 'Import the good rows and leave the rejected ones' })
  declare partial: boolean

  @flags.string({ description: 'Write the same sheet, with a column of errors, to this .xlsx' })
  declare errors?: string

  @flags.boolean({ description: 'Record that the creditor accepts the operating conditions' })
  declare acceptTerms: boolean

  override async run() {
    const creditor = await this.namedCreditor()
    const columns = await this.columns(creditor)
    await this.checkFile()
    // Found out before the table enters: what is done must not end as refused.
    const draft = this.errors ? await this.openDraft(this.errors) : null
    try {
      await (this.dryRun ? this.check(creditor, columns, draft) : this.import(creditor, columns, draft))
    } finally {
      if (draft) await rm(draft, { force: true })
    }
  }

  private async checkFile() {
    const { LIMITS } = await import('#imports/reader/limits')
    const found = await stat(this.file).catch((error: NodeJS.ErrnoException) => this.unreadable(error))
    if (!found.isFile()) this.refuse(`${this.file} cannot be read: it is not a file`)
    await access(this.file, constants.R_OK).catch((error: NodeJS.ErrnoException) => this.unreadable(error))
    if (found.size > LIMITS.fileBytes) this.refuse(await this.sentence('too_large'))
  }

  private unreadable({ code, message }: NodeJS.ErrnoException): never {
    const reason = code === 'ENOENT' ? 'there is no such file' : (code ?? message)
    return this.refuse(`${this.file} cannot be read: ${reason}`)
  }

  private async openDraft(path: string): Promise<string> {
    if (resolve(path) === resolve(this.file)) this.refuse('--errors takes another file than the table itself')
    const found = await stat(path).catch(() => null)
    if (found && !found.isFile()) this.refuse(`${path} cannot be written: it is not a file`)
    const draft = `${path}.${process.pid}.draft`
    await writeFile(draft, '', { flag: 'wx' }).catch((error: NodeJS.ErrnoException) =>
      this.refuse(`${path} cannot be written: ${error.code ?? error.message}`)
    )
    return draft
  }

  private async check(creditor: Creditor, columns: ColumnChoice, draft: string | null) {
    const { checkTable } = await import('#imports/table_report')
    const report = await this.readable(() =>
      checkTable({ path: this.file, creditorId: creditor.id, columns })
    )
    await this.writeErrors(report, draft)
    this.report(null, report)
  }

  private async import(creditor: Creditor, columns: ColumnChoice, draft: string | null) {
    const { default: ImportTable } = await import('#imports/actions/import_table')
    const bytes = await readFile(this.file)
    const { importId, report, outcome } = await this.readable(() =>
      new ImportTable().handle({
        creditor,
        columns,
        bytes,
        filename: basename(this.file),
        partial: this.partial,
        acceptTerms: this.acceptTerms,
      })
    )
    await this.writeErrors(report, draft)
    if (outcome === 'committed') return this.report(importId, report)
    const nothing = { claims: 0, b2b: 0, b2c: 0, merged: 0, principalCents: 0 }
    this.answerAndRefuse(
      { importId: null, ...this.worded(report), ...nothing },
      outcome === 'rejected_rows'
        ? `${report.summary.rejected.length} error(s) in the table: nothing was imported. Correct them, or import the good rows with --partial`
        : 'No row of the table can be imported'
    )
  }

  private report(importId: number | null, report: TableReport) {
    const { claims, b2b, b2c, merged, rejected, warnings } = report.summary
    this.answer({ importId, ...this.worded(report) }, [
      `${claims} files (${b2b} businesses, ${b2c} private persons), ${merged} rows merged`,
      `${rejected.length} errors, ${warnings.length} warnings`,
      ...[...rejected, ...warnings].map(({ row, column, code }) => `row ${row}, ${column}: ${code}`),
    ])
  }

  private worded({ summary, message }: TableReport) {
    const worded = (findings: TableReport['summary']['warnings'] | TableReport['summary']['rejected']) =>
      findings.map((finding) => {
        const { row, column, code } = finding
        return { row, column, code, message: message(finding) }
      })
    return { ...summary, rejected: worded(summary.rejected), warnings: worded(summary.warnings) }
  }

  private async writeErrors({ annotated, sheet, unread }: TableReport, draft: string | null) {
    if (unread.length > 0) {
      this.logger.warning(
        `Only the sheet "${sheet}" is read, not ${unread.map((name) => `"${name}"`).join(', ')}: import one file per sheet`
      )
    }
    if (!draft) return
    await pipeline(Readable.fromWeb(annotated() as never), createWriteStream(draft))
    await rename(draft, this.errors!)
  }

  /** Turns "this file cannot be read" into the command's one line. */
  private async readable<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      const { Unreadable } = await import('#imports/reader/limits')
      const { ColumnsMissing } = await import('#imports/table_report')
      if (error instanceof Unreadable) this.refuse(await this.sentence(error.code))
      if (error instanceof ColumnsMissing) {
        const i18n = await english()
        const columns = error.fields.map((field) => i18n.t(`imports.fields.${field}`)).join(', ')
        this.refuse(i18n.t('imports.columns.missing', { columns }))
      }
      throw error
    }
  }

  private async sentence(refusal: RefusalCode): Promise<string> {
    return (await english()).t(`imports.refusals.${refusal}`)
  }

  private async namedCreditor(): Promise<Creditor> {
    if (!this.creditor) this.refuse('Name the creditor with --creditor')
    const { default: Found } = await import('#creditors/models/creditor')
    return (
      (await Found.findBy('ref', this.creditor)) ??
      this.refuse(`No creditor has the reference "${this.creditor}"`)
    )
  }

  private async columns(creditor: Creditor): Promise<ColumnChoice> {
    const { usualColumns } = await import('#imports/column_choice')
    if (!this.mapping) return usualColumns(creditor.id)
    const { default: ImportMapping } = await import('#imports/models/import_mapping')
    const saved = await ImportMapping.findBy({ creditorId: creditor.id, name: this.mapping })
    if (!saved) this.refuse(`${creditor.ref} has no saved mapping "${this.mapping}"`)
    return { by: 'saved', fields: saved.fields }
  }
}

/** Commands speak English, whatever the pages speak. */
async function english() {
  const { default: i18nManager } = await import('@adonisjs/i18n/services/main')
  return i18nManager.locale('en')
}
