import type { HttpContext } from '@adonisjs/core/http'
import { tagReference } from '#letters/templates/tag_reference'

/** D3: the reference of tags, made from the code that replaces them. */
export default class TemplateTagsController {
  async index({ i18n, view }: HttpContext) {
    const language = i18n.locale === 'en' ? 'en' : 'fr'
    return view.render('pages/letters/templates/tags', { groups: tagReference(language) })
  }
}
