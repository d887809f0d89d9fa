import type { HttpContext } from '@adonisjs/core/http'
import BankMatchingRules, { RULE_COLUMNS } from '#banking/models/bank_matching_rules'
import { rulesForm } from '#banking/validators'

/** Which ways of knowing a file may post money without a person. */
export default class MatchingRulesController {
  async edit({ view }: HttpContext) {
    return view.render('pages/banking/rules', {
      columns: RULE_COLUMNS,
      rules: await BankMatchingRules.columns(),
    })
  }

  async update({ request, response, session, i18n }: HttpContext) {
    await BankMatchingRules.set(await request.validateUsing(rulesForm))
    session.flash('success', i18n.t('statements.rules.saved'))
    return response.redirect().toPath('/payments/lines')
  }
}
