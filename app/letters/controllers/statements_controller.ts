import type { HttpContext } from '@adonisjs/core/http'
import { clock } from '#shared/clock'
import { saneFilters } from '#shared/sane_filters'
import { MissingRateError } from '#claims/rates'
import { linesOf } from '#letters/statements/lines'
import { loadStatement } from '#claims/statement'
import { statementDay } from '#claims/validators'
import { findClaim } from '#claims/visible_claims'

/** What is owed on a file on a day, and how it is worked out (décompte). */
export default class StatementsController {
  async show({ auth, params, request, view }: HttpContext) {
    const claim = await findClaim(auth.getUserOrFail(), params.ref)
    await claim.load('debtor')
    await claim.load('creditor')
    const { on = clock.today() } = await saneFilters(statementDay, request.qs())
    const page = { claim, on, href: `/claims/${claim.ref}/statement.pdf?on=${on}` }
    try {
      const statement = await loadStatement(claim, on)
      return await view.render('pages/letters/statement', {
        ...page,
        statement,
        lines: linesOf(statement),
        missing: null,
      })
    } catch (error) {
      if (!(error instanceof MissingRateError)) throw error
      return view.render('pages/letters/statement', { ...page, statement: null, missing: error.semester })
    }
  }
}
