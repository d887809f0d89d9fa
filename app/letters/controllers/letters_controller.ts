import type { HttpContext } from '@adonisjs/core/http'
import Letter from '#letters/models/letter'
import { LetterList } from '#letters/queries/letter_list'
import { letterFilters } from '#letters/validators'

/** Courriers: what was written, what is to print, what failed and why. */
export default class LettersController {
  async index({ request, view }: HttpContext) {
    const { page = 1, ...asked } = await saneFilters(request.qs())
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
      .firstOrFail()
    return view.render('pages/letters/show', { letter, claim: letter.claim })
  }
}

async function saneFilters(asked: Record<string, unknown>) {
  const [error, values] = await letterFilters.tryValidate(asked)
  if (!error) return values
  const refused = new Set((error.messages as { field: string }[]).map(({ field }) => field))
  return letterFilters.validate(
    Object.fromEntries(Object.entries(asked).filter(([name]) => !refused.has(name)))
  )
}

function queryOf(filters: Record<string, string | undefined>): string {
  const query = new URLSearchParams(
    Object.entries(filters).flatMap(([name, value]): [string, string][] => (value ? [[name, value]] : []))
  )
  return query.size > 0 ? `?${query}` : ''
}
