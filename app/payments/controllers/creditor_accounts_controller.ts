import type { HttpContext } from '@adonisjs/core/http'
import { clock } from '#shared/clock'
import { refuseField } from '#shared/forms'
import { transaction } from '#shared/transaction'
import ConnectedAccount from '#creditors/models/connected_account'
import Creditor from '#creditors/models/creditor'
import { stripeGateway } from '#payments/gateway'
import { creditorAccountValidator } from '#payments/validators'

/** The creditor's own Stripe account, to which what is paid online for it goes (law.md §1). */
export default class CreditorAccountsController {
  async edit({ params, view }: HttpContext) {
    return view.render('pages/creditors/stripe', { creditor: await Creditor.ofRef(params.ref) })
  }

  /** An account is kept once Stripe says that it exists and may receive; none is always possible. */
  async update(ctx: HttpContext) {
    const creditor = await Creditor.ofRef(ctx.params.ref)
    const { stripeAccount = null } = await ctx.request.validateUsing(creditorAccountValidator)
    const refusal = stripeAccount && (await refusalOf(stripeAccount))
    if (refusal) return refuseField(ctx, 'stripeAccount', `creditors.stripe.${refusal}`)
    if (stripeAccount !== creditor.stripeAccount) {
      await transaction(async (trx) => {
        const now = clock.now()
        await creditor.useTransaction(trx).merge({ stripeAccount, updatedAt: now }).save()
        await ConnectedAccount.end(trx, creditor.id, now)
        if (stripeAccount) await ConnectedAccount.follow(trx, creditor, now)
      })
    }
    ctx.session.flash('success', ctx.i18n.t(`creditors.stripe.${stripeAccount ? 'saved' : 'removed'}`))
    return ctx.response.redirect(`/creditors/${creditor.ref}`)
  }
}

async function refusalOf(account: string) {
  const answer = await stripeGateway()?.account(account)
  if (!answer?.ok) return 'unreachable'
  if (!answer.value) return 'unknown'
  return answer.value.mayReceive ? null : 'disabled'
}
