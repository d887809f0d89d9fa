import { readFile } from 'node:fs/promises'
import type { HttpContext } from '@adonisjs/core/http'
import type { MultipartFile } from '@adonisjs/core/bodyparser'
import ConfigureAgency from '#agency/actions/configure_agency'
import Agency from '#agency/models/agency'
import { legalFilesValidator, legalValidator } from '#agency/validators'

const bytesOf = (file?: MultipartFile) => (file ? readFile(file.tmpPath!) : undefined)

/** Insurance, dedicated account and declaration (CPCE R124-2). */
export default class LegalStandingsController {
  async edit({ response, view }: HttpContext) {
    const agency = await Agency.current()
    if (!agency) return response.redirect('/settings/identity')
    return view.render('pages/agency/legal', { agency })
  }

  async update({ request, response, session, i18n }: HttpContext) {
    await Agency.currentOrFail()
    const settings = await request.validateUsing(legalValidator)
    const { insuranceFile, declarationFile } = await request.validateUsing(legalFilesValidator)
    await new ConfigureAgency().handle(settings, {
      insurance: await bytesOf(insuranceFile),
      declaration: await bytesOf(declarationFile),
    })
    session.flash('success', i18n.t('agency.saved'))
    return response.redirect('/settings')
  }
}
