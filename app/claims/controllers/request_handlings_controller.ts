import type { HttpContext } from '@adonisjs/core/http'
import HandleRequest from '#claims/actions/handle_request'
import Claim from '#claims/models/claim'
import DebtorRequest from '#claims/models/debtor_request'

/** A debtor's request (time, a call) that a person has answered. */
export default class RequestHandlingsController {
  async store({ auth, i18n, params, response, session }: HttpContext) {
    const claim = await Claim.findByOrFail('ref', params.ref)
    const request = await DebtorRequest.query()
      .where('claimId', claim.id)
      .where('id', params.id)
      .firstOrFail()
    const done = await new HandleRequest().handle({ request, userId: auth.getUserOrFail().id })
    session.flash('success', i18n.t(`claims.requests.${done}`))
    return response.redirect().toPath(`/claims/${claim.ref}`)
  }
}
