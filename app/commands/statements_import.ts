import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { args, flags } from '@adonisjs/core/ace'
import { AmiableCommand } from '#shared/command'
import type { StatementFormat } from '#banking/statements/statement'

/** A bank statement: its lines enter once, and those that are certain are posted. */
export default class StatementsImport extends AmiableCommand {
  static override commandName = 'statements:import'
  static override description = 'Import a bank statement (camt.053, CFONB 120 or CSV) and match its lines'

  @args.string({ description: 'The statement' })
  declare file: string

  @flags.string({ description: 'camt053, cfonb120 or csv; found in the file by default' })
  declare format?: string

  override async run() {
    const { STATEMENT_FORMATS } = await import('#banking/statements/statement')
    const { ImportStatement } = await import('#banking/actions/import_statement')
    const { refusalText } = await import('#banking/wording')
    const { default: i18nManager } = await import('@adonisjs/i18n/services/main')
    const format = STATEMENT_FORMATS.find((one) => one === this.format)
    if (this.format && !format) {
      this.refuse(`--format takes ${STATEMENT_FORMATS.join(', ')}, not "${this.format}"`)
    }
    const imported = await new ImportStatement().handle({
      bytes: await this.bytes(),
      filename: basename(this.file),
      format: format as StatementFormat | undefined,
      userId: null,
    })
    if (imported.outcome === 'refused') this.refuse(refusalText(i18nManager.locale('en'), imported.problem))
    this.answer(imported.counts)
  }

  private async bytes(): Promise<Buffer> {
    const { MAX_FILE_BYTES } = await import('#banking/statements/statement')
    const { stat } = await import('node:fs/promises')
    try {
      const found = await stat(this.file)
      if (!found.isFile()) this.refuse(`${this.file} cannot be read: it is not a file`)
      if (found.size > MAX_FILE_BYTES) this.refuse(`${this.file} is larger than a statement may be`)
      return await readFile(this.file)
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      if (!code) throw error
      return this.refuse(
        `${this.file} cannot be read: ${code === 'ENOENT' ? 'there is no such file' : (code ?? message)}`
      )
    }
  }
}
