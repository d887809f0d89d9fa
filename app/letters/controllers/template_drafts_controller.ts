import type { HttpContext } from '@adonisjs/core/http'
import LetterTemplate from '#letters/models/letter_template'
import { templateEditor } from '#letters/queries/template_editor'
import { draftForm, previewFile } from '#letters/validators'

/** What is being written. Published words stay as they are until the draft is published. */
export default class TemplateDraftsController {
  async edit({ params, request, view }: HttpContext) {
    const template = await LetterTemplate.findOrFail(params.id)
    const version = (await template.draft()) ?? (await template.published())!
    const { claim = null } = await previewFile.validate(request.qs())
    return view.render('pages/letters/templates/edit', await templateEditor(template, version, claim))
  }

  async update({ auth, params, request, response, session, i18n }: HttpContext) {
    const template = await LetterTemplate.findOrFail(params.id)
    const { claim, name, subject = '', body } = await request.validateUsing(draftForm)
    await template.write({ name, subject, body, by: auth.getUserOrFail() })
    if (request.header('x-requested-with') === 'fetch') return response.noContent()
    session.flash('success', i18n.t('templates.flash.saved'))
    const file = claim ? `?claim=${encodeURIComponent(claim)}` : ''
    return response.redirect().toPath(`/letters/templates/${template.id}/draft${file}`)
  }

  async destroy({ params, response, session, i18n }: HttpContext) {
    const template = await LetterTemplate.findOrFail(params.id)
    const done = await template.discardDraft()
    session.flash(done ? 'success' : 'error', i18n.t(`templates.flash.${done ? 'discarded' : 'kept'}`))
    return response.redirect().toPath(`/letters/templates/${template.id}`)
  }
}
