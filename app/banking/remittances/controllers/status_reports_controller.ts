import { readFile } from 'node:fs/promises'
import type { HttpContext } from '@adonisjs/core/http'
import { RefuseOrder } from '#banking/remittances/actions/refuse_order'
import { statusReport } from '#banking/remittances/validators'
import { UnreadableStatement } from '#banking/statements/statement'
import { refusalText } from '#banking/wording'

/** The bank's answer to an order (pain.002): what it refuses is due again. */
export default class StatusReportsController {
  async store({ auth, request, response, session, i18n }: HttpContext) {
    const { file } = await request.validateUsing(statusReport)
    try {
      const bytes = await readFile(file.tmpPath!)
      const said = await new RefuseOrder().fromReport({ bytes, userId: auth.getUserOrFail().id })
      const count = said.outcome === 'refused' ? said.refused : 0
      const tone = said.outcome === 'refused' ? 'success' : 'error'
      session.flash(tone, i18n.t(`remittances.report.${said.outcome}`, { ref: said.orderRef, count }))
    } catch (error) {
      if (!(error instanceof UnreadableStatement)) throw error
      session.flash('error', refusalText(i18n, error))
    }
    return response.redirect().toPath('/remittances')
  }
}
