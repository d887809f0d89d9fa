import type { HttpContext } from '@adonisjs/core/http'
import { queryOf, saneFilters } from '#shared/sane_filters'
import Letter from '#letters/models/letter'
import { LetterList } from '#letters/queries/letter_list'
import { letterFilters } from '#letters/validators'

/** Courriers: what was written, what is to print, what failed and why. */
export default class LettersController {
  async index({ request, view }: HttpContext) {
    const { page = 1, ...asked } = await saneFilters(letterFilters, request.qs())
    const list = new LetterList(asked)
    const tabHref = (state: string) =>
      `/letters${queryOf({ ...asked, state: state === 'all' ? undefined : state })}`
    return view.render('pages/letters/index', {
      found: await list.page(page),
      counts: await list.countsByState(),
      asked,
      tabHref,
    })
  }

  async show({ params, view }: HttpContext) {
    const letter = await Letter.query()
      .where('ref', params.ref)
      .preload('claim', (claim) => claim.preload('debtor').preload('creditor'))
      .preload('templateVersion', (version) => version.preload('template'))
      .firstOrFail()
    return view.render('pages/letters/show', { letter, claim: letter.claim })
  }
}
