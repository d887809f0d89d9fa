import type { HttpContext } from '@adonisjs/core/http'
import { refuseField } from '#shared/forms'
import Creditor from '#creditors/models/creditor'
import { CreateTemplate } from '#letters/actions/create_template'
import LetterTemplate from '#letters/models/letter_template'
import { templateList } from '#letters/queries/template_list'
import { templateForm } from '#letters/validators'

/** D1: the letters and messages that the agency writes itself. */
export default class TemplatesController {
  async index({ view }: HttpContext) {
    return view.render('pages/letters/templates/index', { items: await templateList() })
  }

  async create({ request, view }: HttpContext) {
    const creditors = await Creditor.query().orderBy('name').select('id', 'ref', 'name')
    const templates = await LetterTemplate.query().orderBy('name')
    return view.render('pages/letters/templates/create', { creditors, templates, copyOf: request.qs().copy })
  }

  async store(ctx: HttpContext) {
    const { auth, request, response, session, i18n } = ctx
    const { creditor, copy, ...values } = await request.validateUsing(templateForm)
    const created = await new CreateTemplate().handle(
      {
        ...values,
        creditorId: creditor ? (await Creditor.ofRef(creditor)).id : null,
        copyOf: copy ? await LetterTemplate.findOrFail(copy) : null,
      },
      auth.getUserOrFail()
    )
    if (created.outcome === 'name_taken') return refuseField(ctx, 'slug', 'templates.errors.name_taken')
    session.flash('success', i18n.t('templates.flash.created', { name: created.template.name }))
    return response.redirect().toPath(`/letters/templates/${created.template.id}/draft`)
  }

  async show({ params, view }: HttpContext) {
    const template = await LetterTemplate.query()
      .where('id', params.id)
      .preload('creditor')
      .preload('versions', (versions) => versions.orderBy('number', 'desc').preload('publishedBy'))
      .firstOrFail()
    return view.render('pages/letters/templates/show', { template })
  }
}
