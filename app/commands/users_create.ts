import { flags } from '@adonisjs/core/ace'
import { AmiableCommand } from '#shared/command'
import { readInput } from '#shared/command_input'

export default class UsersCreate extends AmiableCommand {
  static override commandName = 'users:create'
  static override description = 'Create a user; without a password, print an invitation link'

  @flags.string({ description: 'Address to sign in with', required: true })
  declare email: string

  @flags.string({ description: 'Full name', required: true })
  declare name: string

  @flags.string({ description: 'admin, collector, accountant or creditor', required: true })
  declare role: string

  @flags.string({ description: 'For the role creditor: the reference of the creditor' })
  declare creditor?: string

  @flags.string({ description: 'At least 12 characters; a process list may show it' })
  declare password?: string

  override async run() {
    const { userCommandValidator } = await import('#users/validators')
    const { default: CreateUser } = await import('#users/actions/create_user')
    const { invitationUrl } = await import('#users/invitation_link')

    const input = await readInput(userCommandValidator, {
      email: this.email,
      fullName: this.name,
      role: this.role,
      password: this.password,
    })
    const creditorId = await this.#creditorId(input.role)
    const created = await new CreateUser().handle({ ...input, creditorId })
    if (created.outcome === 'email_taken') this.refuse(`A user already has the address ${input.email}`)

    const inviteUrl = created.invitationToken && invitationUrl(created.invitationToken)
    this.answer({ id: created.user.id, inviteUrl })
  }

  async #creditorId(role: string): Promise<number | null> {
    const { default: Creditor } = await import('#creditors/models/creditor')
    if (role !== 'creditor') {
      if (this.creditor) this.refuse('--creditor goes with --role=creditor only')
      return null
    }
    if (!this.creditor) this.refuse('--role=creditor needs --creditor=REF')
    const creditor = await Creditor.findBy('ref', this.creditor)
    return creditor?.id ?? this.refuse(`There is no creditor ${this.creditor}`)
  }
}
