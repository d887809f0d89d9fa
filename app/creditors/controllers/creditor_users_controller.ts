import type { HttpContext } from '@adonisjs/core/http'
import Creditor from '#creditors/models/creditor'
import { refuseField } from '#shared/forms'
import CreateUser from '#users/actions/create_user'
import { showInvitation } from '#users/invitation_link'
import { creditorUserValidator } from '#users/validators'

/** The creditor's own people, who see only its files. */
export default class CreditorUsersController {
  async create({ params, view }: HttpContext) {
    return view.render('pages/creditors/user', { creditor: await Creditor.ofRef(params.ref) })
  }

  async store(ctx: HttpContext) {
    const creditor = await Creditor.ofRef(ctx.params.ref)
    const input = await ctx.request.validateUsing(creditorUserValidator)
    const created = await new CreateUser().handle({ ...input, role: 'creditor', creditorId: creditor.id })
    if (created.outcome === 'email_taken') return refuseField(ctx, 'email', 'users.email_taken')
    showInvitation(ctx, created.user, created.invitationToken!)
    return ctx.response.redirect(`/creditors/${creditor.ref}`)
  }
}
