import type { HttpContext } from '@adonisjs/core/http'
import { appUrl } from '#config/app'
import { clock } from '#shared/clock'
import { StartPayment } from '#payments/actions/start_payment'
import { chosenPayment } from '#portal/payment_choice'
import { readPayment } from '#portal/payment_page'
import { overviewPage } from '#portal/overview'
import { problemsOf } from '#portal/problems'
import { readStatement } from '#portal/statement'
import { paymentChoice } from '#portal/validators'
import { money } from '#portal/wording'

/** "Payer". */
export default class PaymentsController {
  async store(ctx: HttpContext) {
    const { i18n, portal, request, response } = ctx
    const statement = await readStatement(portal.claim, clock.today())
    if (statement.standing !== 'due') return response.redirect().toPath('/p')
    const [report, choice] = await request.tryValidateUsing(paymentChoice)
    if (report) return overviewPage(ctx, problemsOf(report))
    const chosen = chosenPayment(statement, choice, (amount) => money(amount, i18n.locale))
    if ('field' in chosen) return overviewPage(ctx, [chosen])
    if (choice.means === 'transfer') {
      return response.redirect().status(303).withQs({ cents: chosen.amountCents }).toPath('/p/transfer')
    }
    return this.#openCheckout(ctx, chosen)
  }

  /** Where the debtor comes back from the till: the answer may still be on its way. */
  async show({ portal, response, view }: HttpContext) {
    const page = await readPayment(portal, clock.today())
    if (!page) return response.redirect().toPath('/p')
    return view.render(`pages/portal/payment_${page.state}`, page)
  }

  async #openCheckout(ctx: HttpContext, chosen: { amountCents: number; invoiceIds: number[] }) {
    const started = await new StartPayment().handle({
      ...chosen,
      claimId: ctx.portal.claim.id,
      successUrl: `${appUrl}/p/payment`,
      cancelUrl: `${appUrl}/p?payment=cancelled`,
      locale: ctx.i18n.locale === 'en' ? 'en' : 'fr',
    })
    switch (started.outcome) {
      case 'checkout':
        return ctx.response.redirect().status(303).toPath(started.url)
      case 'settled':
        return ctx.response.redirect().status(303).toPath('/p/payment')
      case 'unavailable':
        return overviewPage(ctx, [{ field: 'means', key: 'unavailable' }])
      case 'in_progress':
        return overviewPage(ctx, [{ field: 'means', key: 'in_progress' }])
      case 'amount_out_of_range': {
        const values = {
          least: money(started.leastCents, ctx.i18n.locale),
          most: money(started.mostCents, ctx.i18n.locale),
        }
        // The whole of what is due may be less than what a card can pay.
        return started.mostCents < started.leastCents
          ? overviewPage(ctx, [{ field: 'means', key: 'below_card', values }])
          : overviewPage(ctx, [{ field: 'amount', key: 'amount_out_of_range', values }])
      }
      case 'nothing_due':
      case 'closed':
        return ctx.response.redirect().toPath('/p')
    }
  }
}
