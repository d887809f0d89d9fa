import type { HttpContext } from '@adonisjs/core/http'
import { saneFilters } from '#shared/sane_filters'
import BankLine, { LINE_STATES } from '#banking/models/bank_line'
import { lineList } from '#banking/queries/line_list'
import { linePage } from '#banking/queries/line_page'
import { lineFilters } from '#banking/validators'
import { ignoredText } from '#banking/wording'

/** What the bank says came and went, and whose money each line is. */
export default class BankLinesController {
  async index({ request, view, i18n }: HttpContext) {
    const asked = await saneFilters(lineFilters, request.qs())
    const { page = 1, ...filters } = asked
    return view.render('pages/banking/lines', {
      ...(await lineList(filters, page)),
      asked,
      filtered: Boolean(asked.statement || asked.from || asked.to || asked.q),
      states: LINE_STATES,
      ignoredBecause: (reason: string | null) => ignoredText(i18n, reason),
    })
  }

  async show({ params, request, view, i18n }: HttpContext) {
    const line = await BankLine.findOrFail(params.id)
    const q = String(request.input('q') ?? '').slice(0, 120)
    return view.render('pages/banking/line', {
      ...(await linePage(line, q)),
      ignoredBecause: ignoredText(i18n, line.ignoredReason),
    })
  }
}
