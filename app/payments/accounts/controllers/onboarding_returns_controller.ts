import type { HttpContext } from '@adonisjs/core/http'
import ConnectedAccount from '#creditors/models/connected_account'
import { accountSpace } from '#payments/accounts/controllers/account_space'
import { hearAccount } from '#payments/accounts/hear_account'
import { stripeGateway } from '#payments/gateway'

/** Where Stripe's page leads back: it proves nothing, not even that something was given, so Stripe is asked. */
export default class OnboardingReturnsController {
  async show(ctx: HttpContext) {
    const { creditor, path } = await accountSpace(ctx)
    const account = await ConnectedAccount.of(creditor.id)
    const gateway = stripeGateway()
    const heard = account?.stripeAccount && gateway && (await hearAccount(gateway, account))
    if (!heard) ctx.session.flash('error', ctx.i18n.t('creditors.account.unheard'))
    return ctx.response.redirect().toPath(path)
  }
}
