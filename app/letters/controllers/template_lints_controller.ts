import type { HttpContext } from '@adonisjs/core/http'
import LetterTemplate from '#letters/models/letter_template'
import { isPlainChannel } from '#letters/templates/channels'
import { plainTemplate, sanitise } from '#letters/templates/html'
import { lintTemplate } from '#letters/templates/lint'
import { draftForm } from '#letters/validators'

/** N4, while typing: what the linter says of what is in the form, as a part of the page. Nothing is stored. */
export default class TemplateLintsController {
  async store({ params, request, view }: HttpContext) {
    const template = await LetterTemplate.findOrFail(params.id)
    const { subject = '', body = '' } = await request.validateUsing(draftForm)
    const kept = isPlainChannel(template.channel) ? plainTemplate(body) : sanitise(body)
    const messages = lintTemplate(template.textOf({ subject, body: kept }))
    return view.render('pages/letters/templates/lint', { messages })
  }
}
