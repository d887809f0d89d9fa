import type { HttpContext } from '@adonisjs/core/http'
import { findClaim } from '#claims/visible_claims'
import { pauseForm } from '#claims/validators'

/** U3: a file is put on hold with a reason and, if known, an end. */
export default class PausesController {
  async store({ auth, params, request, response, session, i18n }: HttpContext) {
    const by = auth.getUserOrFail()
    const claim = await findClaim(by, params.ref)
    const { reason, until_on: untilOn } = await request.validateUsing(pauseForm)
    await claim.pause({ reason, untilOn: untilOn ?? null, by })
    session.flash('success', i18n.t('claims.flash.paused'))
    return response.redirect().toPath(`/claims/${claim.ref}`)
  }

  async destroy({ auth, params, response, session, i18n }: HttpContext) {
    const by = auth.getUserOrFail()
    const claim = await findClaim(by, params.ref)
    await claim.resume({ by })
    session.flash('success', i18n.t('claims.flash.resumed'))
    return response.redirect().toPath(`/claims/${claim.ref}`)
  }
}
