import type { HttpContext } from '@adonisjs/core/http'
import { FallBackToPaper } from '#registered_mail/ere/actions/fall_back_to_paper'
import { findEre } from '#registered_mail/ere/find_ere'
import { paperForm } from '#registered_mail/ere/validators'

/** The same demand as a registered letter on paper. */
export default class PapersController {
  async store({ auth, params, request, response, session, i18n }: HttpContext) {
    const { ere, letter } = await findEre(params.ref)
    const { reason } = await request.validateUsing(paperForm)
    const paper = await new FallBackToPaper().handle({ ereId: ere.id, reason, by: auth.getUserOrFail() })
    if (paper) session.flash('success', i18n.t('ere.flash.paper', { ref: paper.ref }))
    else session.flash('error', i18n.t('ere.flash.no_paper'))
    return response.redirect().toPath(`/letters/${(paper ?? letter).ref}`)
  }
}
