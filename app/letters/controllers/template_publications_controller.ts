import type { HttpContext } from '@adonisjs/core/http'
import LetterTemplate from '#letters/models/letter_template'
import { draftForm } from '#letters/validators'

/** Rule 11: the draft, as it is in the form, is published when the linter has nothing to refuse. */
export default class TemplatePublicationsController {
  async store({ auth, params, request, response, session, i18n }: HttpContext) {
    const by = auth.getUserOrFail()
    const template = await LetterTemplate.findOrFail(params.id)
    const { name, subject = '', body } = await request.validateUsing(draftForm)
    if (body !== undefined) await template.write({ name, subject, body, by })
    const publication = await template.publish(by)
    if (publication.outcome === 'published') {
      session.flash('success', i18n.t('templates.flash.published', { number: publication.version.number }))
      return response.redirect().toPath(`/letters/templates/${template.id}`)
    }
    const count = publication.outcome === 'refused' ? publication.messages.length : 0
    session.flash('error', i18n.t(`templates.flash.${publication.outcome}`, { count }))
    return response.redirect().toPath(`/letters/templates/${template.id}/draft`)
  }
}
