import type { HttpContext } from '@adonisjs/core/http'
import LetterTemplate from '#letters/models/letter_template'

/** Rule 12: the words of one version, as they were published. */
export default class TemplateVersionsController {
  async show({ params, view }: HttpContext) {
    const template = await LetterTemplate.findOrFail(params.id)
    const version = await template
      .related('versions')
      .query()
      .where('number', params.number)
      .preload('publishedBy')
      .firstOrFail()
    return view.render('pages/letters/templates/version', { template, version })
  }
}
