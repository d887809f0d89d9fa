import { flags } from '@adonisjs/core/ace'
import { AmiableCommand } from '#shared/command'

export default class AccountingExport extends AmiableCommand {
  static override commandName = 'accounting:export'
  static override description = 'Write the accounting entries of a year (FEC) in a folder'

  @flags.string({ description: 'The year (YYYY)' })
  declare year?: string

  @flags.string({ description: 'The folder to write the file in' })
  declare out?: string

  override async run() {
    if (!this.year || !/^\d{4}$/.test(this.year)) this.refuse('Name the year with --year=YYYY')
    if (!this.out) this.refuse('Name the folder to write in with --out')
    const { ExportAccounting } = await import('#banking/accounting/export_accounting')
    const exported = await new ExportAccounting().handle({ year: Number(this.year), folder: this.out })
    if (exported.outcome === 'siren_missing') this.refuse('The agency has no SIREN: the file is named by it')
    const { file, lines, debitCents, creditCents } = exported
    this.answer({ lines, debitCents, creditCents, file })
  }
}
