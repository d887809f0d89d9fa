import { readFile } from 'node:fs/promises'
import type { HttpContext } from '@adonisjs/core/http'
import { pageAsked } from '#shared/pages'
import { countsOf, ImportStatement } from '#banking/actions/import_statement'
import BankPeriod from '#banking/models/bank_period'
import BankStatement from '#banking/models/bank_statement'
import { breaksOf } from '#banking/queries/continuity'
import { statementUpload } from '#banking/validators'
import { refusalText } from '#banking/wording'
import { STATEMENT_FORMATS } from '#banking/statements/statement'

const PAGE_SIZE = 20

/** A file of many days has a balance for each: a few of them are shown. */
const MOST_PERIODS = 4

/** The bank's files: deposited, read whole or refused, and what became of their lines. */
export default class BankStatementsController {
  async index({ request, view, i18n }: HttpContext) {
    const found = await BankStatement.query()
      .orderBy('id', 'desc')
      .paginate(pageAsked(request.input('page')), PAGE_SIZE)
    const ids = found.all().map(({ id }) => id)
    const breaks = await breaksOf(ids)
    const periods = Map.groupBy(
      await BankPeriod.query().whereIn('statementId', ids).orderBy('id'),
      ({ statementId }) => statementId
    )
    const rows = await Promise.all(
      found.all().map(async (statement) => ({
        statement,
        counts: await countsOf(statement),
        periods: (periods.get(statement.id) ?? []).slice(0, MOST_PERIODS),
        breaks: breaks.get(statement.id) ?? [],
        refusal:
          statement.refusal &&
          refusalText(i18n, {
            code: statement.refusal,
            at: statement.refusedAt,
            text: statement.refusedText,
          }),
      }))
    )
    return view.render('pages/banking/statements', { found, rows, formats: STATEMENT_FORMATS })
  }

  async store({ auth, request, response, session, i18n }: HttpContext) {
    const { file, format } = await request.validateUsing(statementUpload)
    const imported = await new ImportStatement().handle({
      bytes: await readFile(file.tmpPath!),
      filename: file.clientName,
      format,
      userId: auth.getUserOrFail().id,
    })
    if (imported.outcome === 'refused') {
      session.flash('error', refusalText(i18n, imported.problem))
      return response.redirect().toPath('/payments/statements')
    }
    const { counts, statement } = imported
    session.flash('success', i18n.t('statements.imported', counts))
    if ((await breaksOf([statement.id])).size > 0) session.flash('error', i18n.t('statements.not_continuous'))
    const state = counts.suggested > 0 ? 'suggested' : counts.matched > 0 ? 'matched' : 'open'
    return response.redirect().toPath(`/payments/lines?statement=${statement.ref}&state=${state}`)
  }
}
