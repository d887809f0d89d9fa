import type { HttpContext } from '@adonisjs/core/http'
import { refuseField } from '#shared/forms'
import { SettleFeeInvoice } from '#banking/fees/settle_fee_invoice'
import { feeSettlement } from '#banking/remittances/validators'
import { visibleRemittances } from '#banking/remittances/visible_remittances'

/** A creditor has paid the invoice of the fee of a remittance. */
export default class FeeSettlementsController {
  async store(ctx: HttpContext) {
    const { user, invoice } = await this.find(ctx)
    const { paidOn, reference } = await ctx.request.validateUsing(feeSettlement)
    const settlement = { invoiceId: invoice.id, paidOn, reference: reference ?? null, userId: user.id }
    const outcome = await new SettleFeeInvoice().handle(settlement)
    if (outcome === 'date_refused') return refuseField(ctx, 'paidOn', 'remittances.settlement.date_refused')
    return this.back(ctx, outcome, invoice.number)
  }

  async destroy(ctx: HttpContext) {
    const { user, invoice } = await this.find(ctx)
    return this.back(ctx, await new SettleFeeInvoice().undo(invoice.id, user.id), invoice.number)
  }

  private async find({ auth, params }: HttpContext) {
    const user = auth.getUserOrFail()
    const remittance = await visibleRemittances(user).where('ref', params.ref).firstOrFail()
    return { user, invoice: await remittance.related('feeInvoice').query().firstOrFail() }
  }

  private back({ i18n, params, response, session }: HttpContext, outcome: string, number: string) {
    const done = outcome === 'settled' || outcome === 'undone'
    session.flash(done ? 'success' : 'error', i18n.t(`remittances.settlement.${outcome}`, { number }))
    return response.redirect().toPath(`/remittances/${params.ref}`)
  }
}
