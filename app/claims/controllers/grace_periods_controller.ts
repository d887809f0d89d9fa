import type { HttpContext } from '@adonisjs/core/http'
import { addDays, addMonths } from '#shared/calendar'
import { refuseField } from '#shared/forms'
import GrantGrace from '#claims/actions/grant_grace'
import { LONGEST_GRACE_MONTHS } from '#claims/models/grace_period'
import { attachmentOf } from '#claims/uploaded'
import { graceForm } from '#claims/validators'
import { findClaim } from '#claims/visible_claims'

/** The time that a judge gave the debtor (C. civ. 1343-5). */
export default class GracePeriodsController {
  async store(ctx: HttpContext) {
    const { auth, params, request, response, session, i18n } = ctx
    const by = auth.getUserOrFail()
    const claim = await findClaim(by, params.ref)
    const { starts_on: startsOn, ends_on: endsOn, file } = await request.validateUsing(graceForm)
    if (endsOn > addDays(addMonths(startsOn, LONGEST_GRACE_MONTHS), -1)) {
      return refuseField(ctx, 'ends_on', 'claims.grace.too_long')
    }
    const decision = await attachmentOf(file)
    const done = await new GrantGrace().handle({ claim, startsOn, endsOn, decision, by })
    session.flash(done === 'granted' ? 'success' : 'error', i18n.t(`claims.grace.${done}`))
    return response.redirect().toPath(`/claims/${claim.ref}#legal`)
  }
}
