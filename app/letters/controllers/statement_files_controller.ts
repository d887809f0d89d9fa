import type { HttpContext } from '@adonisjs/core/http'
import { clock } from '#shared/clock'
import { saneFilters } from '#shared/sane_filters'
import { MissingRateError } from '#claims/rates'
import { statementDay } from '#claims/validators'
import { findClaim } from '#claims/visible_claims'
import { renderPdf } from '#letters/rendering/printer'
import { statementContent } from '#letters/statements/statement_content'
import { statementDocument } from '#letters/statements/statement_document'

/** The statement as PDF. Nothing is kept: the same day prints the same again. */
export default class StatementFilesController {
  async show({ auth, params, request, response }: HttpContext) {
    const claim = await findClaim(auth.getUserOrFail(), params.ref)
    const { on = clock.today() } = await saneFilters(statementDay, request.qs())
    try {
      const pdf = await renderPdf(statementDocument(await statementContent(claim, on)))
      response.header('Content-Type', 'application/pdf')
      response.header('Content-Disposition', `inline; filename="decompte-${claim.ref}-${on}.pdf"`)
      return response.send(Buffer.from(pdf))
    } catch (error) {
      if (!(error instanceof MissingRateError)) throw error
      return response.redirect().withQs({ on }).toPath(`/claims/${claim.ref}/statement`)
    }
  }
}
