import type { HttpContext } from '@adonisjs/core/http'
import { appUrl } from '#config/app'
import { clock } from '#shared/clock'
import { LEAST_CARD_CENTS, StartPayment } from '#payments/actions/start_payment'
import { readStatement } from '#portal/statement'
import { planPayment } from '#portal/validators'

/** The next instalment, paid by hand: its card is kept for those that follow. */
export default class PlanPaymentsController {
  async store({ i18n, portal, request, response, session }: HttpContext) {
    const plan = await portal.plan()
    const next = plan?.instalments.find(({ openCents }) => openCents > 0)
    const isWaiting = plan?.state === 'proposed' && !plan.isOffer
    if (!plan || !next || isWaiting) return response.redirect().status(303).toPath('/p')
    const { means } = await request.validateUsing(planPayment)
    const { payableCents } = await readStatement(portal.claim, clock.today())
    const amountCents = Math.min(next.openCents, payableCents)
    if (means === 'transfer' || amountCents < LEAST_CARD_CENTS) {
      return response.redirect().status(303).withQs({ cents: amountCents }).toPath('/p/transfer')
    }
    const started = await new StartPayment().handle({
      claimId: portal.claim.id,
      amountCents,
      successUrl: `${appUrl}/p/payment`,
      cancelUrl: `${appUrl}/p/plan`,
      locale: i18n.locale === 'en' ? 'en' : 'fr',
      plan: {
        id: plan.id,
        seq: next.seq,
        customerId: plan.stripeCustomerId,
        keep: plan.instalments.some(({ seq, openCents }) => seq !== next.seq && openCents > 0),
      },
    })
    if (started.outcome === 'checkout') return response.redirect().status(303).toPath(started.url)
    if (started.outcome === 'settled') return response.redirect().status(303).toPath('/p/payment')
    session.flash('problem', started.outcome === 'in_progress' ? 'in_progress' : 'unavailable')
    return response.redirect().status(303).toPath('/p/plan')
  }
}
