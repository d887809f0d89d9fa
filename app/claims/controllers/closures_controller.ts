import type { HttpContext } from '@adonisjs/core/http'
import { findClaim } from '#claims/visible_claims'
import { closureForm } from '#claims/validators'

/** R19: the file stops for good. A creditor may only say that it collected the debt itself. */
export default class ClosuresController {
  async store({ auth, params, request, response, session, i18n }: HttpContext) {
    const by = auth.getUserOrFail()
    const claim = await findClaim(by, params.ref)
    const { reason, note } = await request.validateUsing(closureForm)
    const allowed = by.role === 'creditor' ? ('collected_by_creditor' as const) : reason
    await claim.close({ reason: allowed, note: note ?? null, by })
    session.flash('success', i18n.t('claims.flash.closed'))
    return response.redirect().toPath(`/claims/${claim.ref}`)
  }
}
