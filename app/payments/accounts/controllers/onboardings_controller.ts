import type { HttpContext } from '@adonisjs/core/http'
import { appUrl } from '#config/app'
import { accountPage } from '#payments/accounts/account_page'
import { accountSpace } from '#payments/accounts/controllers/account_space'
import { OpenOnboarding } from '#payments/accounts/open_onboarding'

/** A creditor's own account at Stripe: how it stands, and the way to Stripe's page (R1). */
export default class OnboardingsController {
  async show(ctx: HttpContext) {
    const space = await accountSpace(ctx)
    return ctx.view.render('pages/creditors/account', {
      ...(await accountPage(space.creditor, space.own)),
      path: space.path,
      own: space.own,
      expired: ctx.request.input('link') === 'expired',
    })
  }

  async store(ctx: HttpContext) {
    const { creditor, path } = await accountSpace(ctx)
    const opened = await new OpenOnboarding().handle(creditor, ctx.auth.getUserOrFail(), {
      returnUrl: `${appUrl}${path}/return`,
      refreshUrl: `${appUrl}${path}?link=expired`,
    })
    if (opened.outcome === 'page') return ctx.response.redirect().status(303).toPath(opened.url)
    const code = opened.outcome === 'refused' ? opened.code : ''
    ctx.session.flash('error', ctx.i18n.t(`creditors.account.outcomes.${opened.outcome}`, { code }))
    return ctx.response.redirect().status(303).toPath(path)
  }
}
