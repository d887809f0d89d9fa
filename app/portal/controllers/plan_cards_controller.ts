import type { HttpContext } from '@adonisjs/core/http'
import { appUrl } from '#config/app'
import { ChangeMethod } from '#payments/plans/actions/change_method'

/** "Changer de carte": on the gateway's page, so that no card number is ever ours. */
export default class PlanCardsController {
  async store({ i18n, portal, response, session }: HttpContext) {
    const plan = await portal.plan()
    if (!plan) return response.redirect().status(303).toPath('/p')
    const url = await new ChangeMethod().open(plan, {
      claimRef: portal.claim.ref,
      successUrl: `${appUrl}/p/plan/card?session={CHECKOUT_SESSION_ID}`,
      cancelUrl: `${appUrl}/p/plan`,
      locale: i18n.locale === 'en' ? 'en' : 'fr',
    })
    if (url) return response.redirect().status(303).toPath(url)
    session.flash('problem', 'unavailable')
    return response.redirect().status(303).toPath('/p/plan')
  }

  /** Where the debtor comes back: the gateway is asked what was left there, and for which plan. */
  async show({ portal, request, response, session }: HttpContext) {
    const plan = await portal.plan()
    const id = String(request.input('session'))
    const isSession = /^cs_\w{10,120}$/.test(id)
    if (plan && isSession && !(await new ChangeMethod().keep(plan, id)))
      session.flash('problem', 'unavailable')
    return response.redirect().status(303).toPath('/p/plan')
  }
}
