import type { HttpContext } from '@adonisjs/core/http'
import { FRAMED_HTML_POLICY } from '#shared/framed_html'
import { findClaim } from '#claims/visible_claims'
import { PreviewTemplate } from '#letters/actions/preview_template'
import LetterTemplate from '#letters/models/letter_template'
import { previewFile } from '#letters/validators'

/** D6: the draft, or a version, as it would be on a file; for the frame beside the editor. */
export default class TemplatePreviewsController {
  async show({ auth, params, request, response, i18n }: HttpContext) {
    const user = auth.getUserOrFail()
    const template = await LetterTemplate.findOrFail(params.id)
    const { claim: ref, version: number } = await previewFile.validate(request.qs())
    const version = number
      ? await template.related('versions').query().where({ number }).firstOrFail()
      : ((await template.draft()) ?? (await template.published())!)
    const claim = ref ? await findClaim(user, ref) : null
    const preview = await new PreviewTemplate().handle({ template, version, claim, by: user })
    response.header('Cache-Control', 'no-store')
    if (preview.kind === 'pdf') {
      response.header('Content-Type', 'application/pdf')
      response.header('Content-Disposition', `inline; filename="apercu-${template.slug}.pdf"`)
      return response.send(preview.bytes)
    }
    response.header('Content-Security-Policy', FRAMED_HTML_POLICY)
    if (preview.kind === 'email') {
      response.header('Content-Type', 'text/html; charset=utf-8')
      return response.send(preview.html)
    }
    response.header('Content-Type', 'text/plain; charset=utf-8')
    return response.send(preview.kind === 'text' ? preview.text : i18n.t(`letters.failure.${preview.reason}`))
  }
}
