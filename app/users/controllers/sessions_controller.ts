import type { HttpContext } from '@adonisjs/core/http'
import { homeOf } from '#middleware/navigation'
import User from '#users/models/user'
import { signIn, signOut } from '#users/session'
import { SignInLimit } from '#users/sign_in_limit'
import { signInValidator } from '#users/validators'

/** Sign-in and sign-out. */
export default class SessionsController {
  async create({ auth, response, view }: HttpContext) {
    if (await auth.check()) return response.redirect(homeOf(auth.user!.role))
    if (!(await User.any())) return response.redirect('/setup')
    return view.render('pages/users/sign_in')
  }

  async store(ctx: HttpContext) {
    const { email, password } = await ctx.request.validateUsing(signInValidator)
    const limit = new SignInLimit(email, ctx.request.ip())
    if (!(await limit.take())) return this.#refuse(ctx, 'users.sign_in.too_many')

    const user = await User.identify(email, password)
    if (!user) return this.#refuse(ctx, 'users.sign_in.unknown')

    await limit.giveBack()
    await signIn(ctx, user)
    return ctx.response.redirect().toIntended(homeOf(user.role))
  }

  async destroy(ctx: HttpContext) {
    await signOut(ctx)
    return ctx.response.redirect('/sign-in')
  }

  #refuse({ request, response, session, i18n }: HttpContext, message: string) {
    session.flash('error', i18n.t(message))
    session.flash('email', request.input('email'))
    return response.redirect('/sign-in')
  }
}
