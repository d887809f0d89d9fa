import { flags } from '@adonisjs/core/ace'
import { AmiableCommand } from '#shared/command'

export default class RemittancesPrepare extends AmiableCommand {
  static override commandName = 'remittances:prepare'
  static override description = 'Prepare what is owed to creditors, one remittance each'

  @flags.string({ description: 'Payments received until that day (YYYY-MM-DD); today by default' })
  declare until?: string

  override async run() {
    const { clock } = await import('#shared/clock')
    const until = this.until === undefined ? clock.today() : this.day('until', this.until)
    const { PrepareRemittances } = await import('#banking/remittances/actions/prepare_remittances')
    const { remittanceShapes } = await import('#banking/remittances/shape')
    const prepared = await new PrepareRemittances().handle({ until })
    const remittances = await remittanceShapes(prepared)
    this.answer({ remittances }, [
      ...remittances.map(({ ref, creditor, netCents }) => `${ref}  ${creditor}  ${netCents}`),
      `${remittances.length} prepared`,
    ])
  }
}
