import type { HttpContext } from '@adonisjs/core/http'
import ChangeUser from '#users/actions/change_user'
import CreateUser from '#users/actions/create_user'
import { refuseField } from '#shared/forms'
import { pageAsked } from '#shared/pages'
import { showInvitation } from '#users/invitation_link'
import User from '#users/models/user'
import UserList from '#users/queries/user_list'
import { newUserValidator, userValidator } from '#users/validators'

/** The people who may sign in: list, add, change. */
export default class UsersController {
  async index({ request, view }: HttpContext) {
    const users = await new UserList().page(pageAsked(request.input('page')))
    return view.render('pages/users/index', { users })
  }

  async create({ view }: HttpContext) {
    return view.render('pages/users/create')
  }

  async store(ctx: HttpContext) {
    const created = await new CreateUser().handle(await ctx.request.validateUsing(newUserValidator))
    if (created.outcome === 'email_taken') return refuseField(ctx, 'email', 'users.email_taken')
    showInvitation(ctx, created.user, created.invitationToken!)
    return ctx.response.redirect('/settings/users')
  }

  async edit({ params, view }: HttpContext) {
    return view.render('pages/users/edit', { person: await User.findOrFail(params.id) })
  }

  async update({ params, request, response, session, i18n }: HttpContext) {
    const user = await User.findOrFail(params.id)
    const change = await request.validateUsing(userValidator)
    const changed = await new ChangeUser().handle(user.id, change)
    if (changed.outcome === 'last_admin') session.flash('error', i18n.t('users.last_admin'))
    else session.flash('success', i18n.t('users.changed', { name: changed.user.fullName }))
    return response.redirect('/settings/users')
  }
}
