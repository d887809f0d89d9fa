import type { HttpContext } from '@adonisjs/core/http'
import SetBankDetails from '#creditors/actions/set_bank_details'
import { ownCreditor } from '#creditors/own_creditor'
import { bankDetailsValidator } from '#creditors/validators'

/** R1, R21: the creditor gives its bank details first. Changing them afterwards is the agency's to do. */
export default class OwnBankDetailsController {
  async edit(ctx: HttpContext) {
    return ctx.view.render('pages/creditors/bank_details', { creditor: await ownCreditor(ctx) })
  }

  async update(ctx: HttpContext) {
    const creditor = await ownCreditor(ctx)
    const details = await ctx.request.validateUsing(bankDetailsValidator)
    const set = await new SetBankDetails().handle(creditor.id, details)
    if (set) ctx.session.flash('success', ctx.i18n.t('creditors.bank.saved'))
    else ctx.session.flash('error', ctx.i18n.t('creditors.bank.already_set'))
    return ctx.response.redirect('/home')
  }
}
