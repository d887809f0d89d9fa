import type { HttpContext } from '@adonisjs/core/http'
import RecordInterruption from '#claims/actions/record_interruption'
import { attachmentOf } from '#claims/uploaded'
import { interruptionForm } from '#claims/validators'
import { findClaim } from '#claims/visible_claims'

/** What restarts the limitation period of a file (rule 38), with the document that proves it. */
export default class InterruptionsController {
  async store({ auth, params, request, response, session, i18n }: HttpContext) {
    const by = auth.getUserOrFail()
    const claim = await findClaim(by, params.ref)
    const form = await request.validateUsing(interruptionForm)
    const proof = await attachmentOf(form.file)
    const { kind, occurred_on: occurredOn } = form
    const done = await new RecordInterruption().handle({ claim, kind, occurredOn, proof, by })
    session.flash('success', i18n.t(`claims.interruptions.${done}`))
    return response.redirect().toPath(`/claims/${claim.ref}#legal`)
  }
}
