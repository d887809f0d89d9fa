import { args } from '@adonisjs/core/ace'
import { AmiableCommand } from '#shared/command'

export default class CreditorsCreate extends AmiableCommand {
  static override commandName = 'creditors:create'
  static override description = 'Create a creditor, with its mandate, from a JSON file'

  @args.string({ description: 'The JSON file', argumentName: 'file.json' })
  declare file: string

  override async run() {
    const { readJsonFile } = await import('#shared/command_input')
    const { creditorFileValidator } = await import('#creditors/validators')
    const { default: CreateCreditor } = await import('#creditors/actions/create_creditor')
    const { STATUTORY_TERMS } = await import('#creditors/models/contract_term')

    const { address, mandate, option, portal, professional, ...rest } = await readJsonFile(
      creditorFileValidator,
      this.file
    )
    const creditor = await new CreateCreditor().handle(
      {
        ...rest,
        addressLines: address,
        professional: professional ?? true,
        collectionOption: option ?? 'judicial',
        plansAllowed: portal?.plansAllowed ?? true,
        firstDueDays: portal?.firstDueDays ?? 45,
        missedGraceDays: portal?.missedGraceDays ?? 8,
        settlementValidDays: portal?.settlementValidDays ?? 15,
        minInstalmentCents: portal?.minInstalmentCents ?? 5_000,
        maxMonths: portal?.maxMonths ?? 10,
        settlementDiscountBps: portal?.settlementDiscountBps ?? 0,
      },
      mandate && {
        ...mandate,
        netting: mandate.netting ?? false,
        plansBeyondRules: mandate.plansBeyondRules ?? false,
        contract: mandate.contract && { ...STATUTORY_TERMS, ...mandate.contract },
      }
    )
    this.answer({ ref: creditor.ref })
  }
}
