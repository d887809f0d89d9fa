import type { HttpContext } from '@adonisjs/core/http'
import { formatEuros } from '#shared/money'
import { MatchLine } from '#banking/actions/match_line'
import { UndoMatch } from '#banking/actions/undo_match'
import BankLine from '#banking/models/bank_line'
import { matchForm, reasonForm } from '#banking/validators'

/** Whose money a line is, said by a person, and taken back when it was not so. */
export default class BankMatchesController {
  async store({ auth, params, request, response, session, i18n }: HttpContext) {
    const line = await BankLine.findOrFail(params.id)
    const { parts } = await request.validateUsing(matchForm)
    const matched = await new MatchLine().handle({
      lineId: line.id,
      parts: parts.flatMap(({ claim, amount }) =>
        claim ? [{ claimRef: claim, amountCents: amount ?? 0 }] : []
      ),
      userId: auth.getUserOrFail().id,
    })
    const done = matched.outcome === 'matched'
    const values = {
      claim: matched.outcome === 'unknown_claim' ? matched.claimRef : '',
      left: done ? formatEuros(matched.leftCents) : '',
    }
    const said = done && matched.leftCents > 0 ? 'matched_in_part' : matched.outcome
    session.flash(done ? 'success' : 'error', i18n.t(`statements.match.${said}`, values))
    if (!done) session.flashExcept(['_csrf'])
    return response.redirect().toPath(`/payments/lines/${line.id}`)
  }

  async destroy({ auth, params, request, response, session, i18n }: HttpContext) {
    const line = await BankLine.findOrFail(params.line)
    const match = await line.related('matches').query().where('id', params.id).firstOrFail()
    const { reason } = await request.validateUsing(reasonForm)
    const { outcome } = await new UndoMatch().handle({
      lineId: line.id,
      matchId: match.id,
      reason,
      userId: auth.getUserOrFail().id,
    })
    session.flash(outcome === 'undone' ? 'success' : 'error', i18n.t(`statements.undo.${outcome}`))
    return response.redirect().toPath(`/payments/lines/${line.id}`)
  }
}
