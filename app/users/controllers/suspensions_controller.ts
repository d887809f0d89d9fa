import type { HttpContext } from '@adonisjs/core/http'
import ChangeUser from '#users/actions/change_user'

/** A user who may no longer sign in (store), or may again (destroy). */
export default class SuspensionsController {
  async store(ctx: HttpContext) {
    return this.#change(ctx, true)
  }

  async destroy(ctx: HttpContext) {
    return this.#change(ctx, false)
  }

  async #change({ params, response, session, i18n }: HttpContext, disabled: boolean) {
    const changed = await new ChangeUser().handle(Number(params.id), { disabled })
    if (changed.outcome === 'last_admin') session.flash('error', i18n.t('users.last_admin'))
    else {
      const message = disabled ? 'users.suspended' : 'users.reinstated'
      session.flash('success', i18n.t(message, { name: changed.user.fullName }))
    }
    return response.redirect(`/settings/users/${params.id}/edit`)
  }
}
