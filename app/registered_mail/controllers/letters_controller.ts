import type { HttpContext } from '@adonisjs/core/http'
import { queryOf, saneFilters } from '#shared/sane_filters'
import Letter from '#letters/models/letter'
import { LETTER_VIEWS } from '#letters/queries/letter_filters'
import { LetterList } from '#registered_mail/queries/letter_list'
import { ereOf } from '#registered_mail/ere/queries/ere_of'
import { ERE_STATES } from '#registered_mail/ere/states'
import { mailingOf } from '#registered_mail/queries/mailing_of'
import { lettersToNumber } from '#registered_mail/queries/letters_to_number'
import { MAILING_STATES } from '#registered_mail/providers/provider'
import { letterFilters } from '#registered_mail/validators'

/** Courriers: what was written, what is to print, what failed and why, what became of each. */
export default class LettersController {
  async index({ request, view }: HttpContext) {
    const { page = 1, ...asked } = await saneFilters(letterFilters, request.qs())
    const list = new LetterList(asked)
    const tabHref = (state: string) =>
      `/letters${queryOf({ ...asked, state: state === 'all' ? undefined : state })}`
    return view.render('pages/letters/index', {
      found: await list.page(page),
      counts: await list.countsByState(),
      toNumber: await lettersToNumber.count(),
      views: LETTER_VIEWS,
      mailingStates: MAILING_STATES,
      ereStates: ERE_STATES,
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
    const known = await mailingOf(letter)
    const sending = await ereOf(letter)
    return view.render('pages/letters/show', { letter, claim: letter.claim, ...known, sending })
  }
}
