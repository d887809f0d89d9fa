import type { HttpContext } from '@adonisjs/core/http'
import AppointFirstAdmin from '#agency/actions/appoint_first_admin'
import Agency from '#agency/models/agency'
import { signIn } from '#users/session'
import { firstAdminValidator } from '#users/validators'

/** First run, third step: the first administrator, who is then signed in. */
export default class SetupAdminController {
  async create({ response, view }: HttpContext) {
    const agency = await Agency.current()
    if (!agency) return response.redirect('/setup')
    return view.render('pages/agency/setup/admin', { agency })
  }

  async store(ctx: HttpContext) {
    const input = await ctx.request.validateUsing(firstAdminValidator)
    if (!(await Agency.current())) return ctx.response.redirect('/setup')
    const admin = await new AppointFirstAdmin().handle(input)
    if (!admin) return ctx.response.redirect('/sign-in')
    await signIn(ctx, admin)
    return ctx.response.redirect('/setup/done')
  }
}
