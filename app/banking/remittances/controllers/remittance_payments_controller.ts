import type { HttpContext } from '@adonisjs/core/http'
import { refuseField } from '#shared/forms'
import { ConfirmRemittance } from '#banking/remittances/actions/confirm_remittance'
import { confirmation } from '#banking/remittances/validators'
import { visibleRemittances } from '#banking/remittances/visible_remittances'

/** A person says that a remittance has left the dedicated account. */
export default class RemittancePaymentsController {
  async store(ctx: HttpContext) {
    const user = ctx.auth.getUserOrFail()
    const { id, ref } = await visibleRemittances(user).where('ref', ctx.params.ref).firstOrFail()
    const { paidOn } = await ctx.request.validateUsing(confirmation)
    const { outcome } = await new ConfirmRemittance().handle({ id, paidOn, userId: user.id })
    if (outcome === 'date_refused') return refuseField(ctx, 'paidOn', 'remittances.payment.date_refused')
    ctx.session.flash(
      outcome === 'paid' ? 'success' : 'error',
      ctx.i18n.t(`remittances.payment.${outcome}`, { ref })
    )
    return ctx.response.redirect().toPath(`/remittances/${ref}`)
  }
}
