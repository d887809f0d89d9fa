import type { HttpContext } from '@adonisjs/core/http'
import { NumberLetters, readPasted, type NumberedRow } from '#registered_mail/actions/number_letters'
import { lettersToNumber } from '#registered_mail/queries/letters_to_number'
import { numbersForm } from '#registered_mail/validators'

/** The registered letters of a pile, each waiting for the number on its slip. */
export default class RegisteredNumbersController {
  async index({ view }: HttpContext) {
    const rows = await lettersToNumber.rows()
    return view.render('pages/mailings/numbers', { rows, total: await lettersToNumber.count() })
  }

  /** The rows in error are shown again at once, with what was typed: a session could not hold them all. */
  async store({ auth, request, response, session, view, i18n }: HttpContext) {
    const { refs = [], numbers = [], pasted = '' } = await request.validateUsing(numbersForm)
    const typed = refs.map((ref, index) => ({ ref, typed: numbers[index] ?? '' }))
    const { done, problems } = await new NumberLetters().handle({
      rows: together(typed, pasted),
      by: auth.getUserOrFail(),
    })
    session.flash('success', i18n.t('letters.flash.dispatched', { count: done.length }))
    if (problems.size === 0) return response.redirect().toPath('/mailings/numbers')
    response.status(422)
    return view.render('pages/mailings/numbers', {
      ...(await stillWaiting(together(typed, pasted))),
      done: done.length,
      problems: Object.fromEntries(problems),
    })
  }
}

/** What was typed in the table, then what was pasted for the rows left empty. */
function together(typed: NumberedRow[], pasted: string): NumberedRow[] {
  const empty = typed.filter(({ typed: number }) => !number.trim()).map(({ ref }) => ref)
  const given = readPasted(pasted, empty)
  return [...typed.filter(({ ref }) => !given.some((one) => one.ref === ref)), ...given]
}

async function stillWaiting(rows: NumberedRow[]) {
  return {
    rows: await lettersToNumber.rows(),
    total: await lettersToNumber.count(),
    typed: Object.fromEntries(rows.map(({ ref, typed }) => [ref, typed])),
  }
}
