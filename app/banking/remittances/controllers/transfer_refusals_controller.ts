import type { HttpContext } from '@adonisjs/core/http'
import { clock } from '#shared/clock'
import { RefuseOrder } from '#banking/remittances/actions/refuse_order'
import { RefuseTransfer } from '#banking/remittances/actions/refuse_transfer'
import { refusal } from '#banking/remittances/validators'
import { visibleRemittances } from '#banking/remittances/visible_remittances'

/** A person says that the bank refused a transfer, or all of its order. */
export default class TransferRefusalsController {
  async store(ctx: HttpContext) {
    const user = ctx.auth.getUserOrFail()
    const remittance = await visibleRemittances(user)
      .where('ref', ctx.params.ref)
      .preload('order')
      .firstOrFail()
    const { reason, order, whole } = await ctx.request.validateUsing(refusal)
    const given = { reason, userId: user.id }
    // What the page showed: the same remittance may be in another order by now.
    const isShown = (remittance.order?.ref ?? null) === (order ?? null)
    const outcome = !isShown
      ? 'not_ordered'
      : whole && order
        ? (await new RefuseOrder().whole({ ...given, orderRef: order })).outcome
        : await new RefuseTransfer().handle({
            ...given,
            id: remittance.id,
            orderId: remittance.orderId,
            refusedOn: clock.today(),
          })
    const tone = outcome === 'refused' ? 'success' : 'error'
    ctx.session.flash(tone, ctx.i18n.t(`remittances.refusal.${outcome}`, { ref: remittance.ref }))
    return ctx.response.redirect().toPath(`/remittances/${remittance.ref}`)
  }
}
