import { flags } from '@adonisjs/core/ace'
import { AmiableCommand } from '#shared/command'

export default class RemittancesExport extends AmiableCommand {
  static override commandName = 'remittances:export'
  static override description = 'Write the prepared remittances as an order for the bank (pain.001)'

  @flags.string({ description: 'The file to write' })
  declare out?: string

  override async run() {
    if (!this.out) this.refuse('Name the file to write with --out')
    const { writeFile } = await import('node:fs/promises')
    const { ExportRemittances } = await import('#banking/remittances/actions/export_remittances')
    const { remittanceShapes } = await import('#banking/remittances/shape')
    const exported = await new ExportRemittances().handle()
    switch (exported.outcome) {
      case 'nothing_prepared':
        return this.refuse('No remittance is prepared: "remittances:prepare" comes first')
      case 'dedicated_account_missing':
        return this.refuse('The agency has no dedicated account: fill in its IBAN first')
      case 'iban_missing':
        return this.refuse(`No transfer without a valid IBAN: ${exported.creditors.join(', ')}`)
      case 'went_back':
        return this.refuse(
          `Money went back since these were prepared, cancel and prepare again: ${exported.remittances.join(', ')}`
        )
    }
    const { order, outcome, xml } = exported
    await writeFile(this.out, xml)
    const already = outcome === 'already_exported'
    if (already) this.logger.warning(`${order.ref} was exported before: this is the same order again`)
    return this.answer({
      order: order.ref,
      sha256: order.fileSha256,
      already,
      executeOn: order.executeOn,
      amountCents: order.amountCents,
      remittances: await remittanceShapes(exported.remittances),
    })
  }
}
