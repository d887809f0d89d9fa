import type { HttpContext } from '@adonisjs/core/http'
import { findClaim } from '#claims/visible_claims'
import { PreviewLetter } from '#letters/actions/preview_letter'
import { previewQuery } from '#letters/validators'

/** "Aperçu du courrier" (D6): the letter as it would be today, in the browser. */
export default class LetterPreviewsController {
  async show({ auth, params, request, response, session, i18n }: HttpContext) {
    const claim = await findClaim(auth.getUserOrFail(), params.ref)
    const { template = 'first_letter', kind } = await previewQuery.validate(request.qs())
    const preview = await new PreviewLetter().handle({ claim, template, ...(kind ? { kind } : {}) })
    if (preview.outcome === 'refused') {
      session.flash('error', i18n.t(`letters.failure.${preview.reason}`))
      return response.redirect().toPath(`/claims/${claim.ref}`)
    }
    response.header('Content-Type', 'application/pdf')
    response.header('Content-Disposition', `inline; filename="apercu-${claim.ref}.pdf"`)
    return response.send(preview.bytes)
  }
}
