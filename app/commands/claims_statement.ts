import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { args, flags } from '@adonisjs/core/ace'
import { AmiableCommand } from '#shared/command'

/** What a file owes on a day (décompte), and its PDF. */
export default class ClaimsStatement extends AmiableCommand {
  static override commandName = 'claims:statement'
  static override description = 'Say what a file owes on a day, and write its statement as PDF'

  @args.string({ description: 'The file, by its reference' })
  declare ref: string

  @flags.string({ description: 'The day, today without it (YYYY-MM-DD)' })
  declare on?: string

  @flags.string({ description: 'The PDF to write' })
  declare out?: string

  override async run() {
    const { clock } = await import('#shared/clock')
    const { default: Claim } = await import('#claims/models/claim')
    const { MissingRateError } = await import('#claims/rates')
    const { statementTotals } = await import('#claims/statement')
    const { statementContent } = await import('#letters/statements/statement_content')

    const on = this.on === undefined ? clock.today() : this.day('on', this.on)
    const claim = await Claim.findBy('ref', this.ref)
    if (!claim) this.refuse(`There is no file ${this.ref}`)
    try {
      const content = await statementContent(claim, on)
      if (this.out) await this.write(this.out, content)
      this.answer(statementTotals(content))
    } catch (error) {
      if (error instanceof MissingRateError) this.refuse(error.message)
      throw error
    }
  }

  private async write(
    path: string,
    content: import('#letters/statements/statement_content').StatementContent
  ) {
    const { renderPdf } = await import('#letters/rendering/printer')
    const { statementDocument } = await import('#letters/statements/statement_document')
    const pdf = await renderPdf(statementDocument(content))
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, pdf).catch((error: Error) =>
      this.refuse(`${path} cannot be written: ${error.message}`)
    )
  }
}
