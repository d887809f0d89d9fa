import { AmiableCommand } from '#shared/command'

export default class SealRenew extends AmiableCommand {
  static override commandName = 'seal:renew'
  static override description = "Issue a new certificate for the installation's own seal, for a year"

  override async run() {
    const { sealSettings } = await import('#config/evidence')
    if (sealSettings.file) this.refuse('SEAL_P12 names a bought seal: its issuer renews it')
    const { default: Agency } = await import('#agency/models/agency')
    if (!(await Agency.current())) this.refuse('There is no agency yet: run "agency:configure" first')
    const { renewSeal } = await import('#registered_mail/evidence/seal/current_seal')
    const { valid_until_at: validUntil } = await renewSeal()
    this.answer({ validUntil })
  }
}
