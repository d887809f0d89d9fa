import { args } from '@adonisjs/core/ace'
import { AmiableCommand } from '#shared/command'
import { clock } from '#shared/clock'

export default class AgencyConfigure extends AmiableCommand {
  static override commandName = 'agency:configure'
  static override description = 'Set the agency from a JSON file, and say what R124-2 still asks for'

  @args.string({ description: 'The JSON file', argumentName: 'file.json' })
  declare file: string

  override async run() {
    const { readJsonFile } = await import('#shared/command_input')
    const { agencyFileValidator } = await import('#agency/validators')
    const { default: ConfigureAgency } = await import('#agency/actions/configure_agency')

    const { address, insurance, policies, signatory, ...rest } = await readJsonFile(
      agencyFileValidator,
      this.file
    )
    const agency = await new ConfigureAgency().handle({
      ...rest,
      ...policies,
      addressLines: address,
      ...(signatory && { signatoryName: signatory.name, signatoryTitle: signatory.title }),
      ...(insurance && {
        insurer: insurance.insurer,
        insurancePolicy: insurance.policy,
        insuranceValidFromOn: insurance.validFrom ?? null,
        insuranceValidUntilOn: insurance.validUntil,
      }),
    })
    const missing = agency.legalGaps(clock.today())
    this.answer({ ok: missing.length === 0, missing })
  }
}
