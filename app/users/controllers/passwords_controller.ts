import type { HttpContext } from '@adonisjs/core/http'
import { clock } from '#shared/clock'
import { refuseField } from '#shared/forms'
import { transaction } from '#shared/transaction'
import { signIn } from '#users/session'
import { SignInLimit } from '#users/sign_in_limit'
import { newPasswordValidator } from '#users/validators'

/** A user chooses another password; whoever is signed in elsewhere under the former one is out. */
export default class PasswordsController {
  async update(ctx: HttpContext) {
    const { currentPassword, password } = await ctx.request.validateUsing(newPasswordValidator)
    const user = ctx.auth.getUserOrFail()
    const limit = new SignInLimit(user.email, ctx.request.ip())
    if (!(await limit.take())) return refuseField(ctx, 'currentPassword', 'users.sign_in.too_many')
    if (!user.password || !(await user.verifyPassword(currentPassword))) {
      return refuseField(ctx, 'currentPassword', 'users.account.password_wrong')
    }
    await limit.giveBack()
    await transaction((trx) => user.useTransaction(trx).merge({ password, updatedAt: clock.now() }).save())
    await signIn(ctx, user)
    ctx.session.flash('success', ctx.i18n.t('users.account.password_changed'))
    return ctx.response.redirect('/account')
  }
}
