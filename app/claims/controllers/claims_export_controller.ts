import { Readable } from 'node:stream'
import type { HttpContext } from '@adonisjs/core/http'
import { clock } from '#shared/clock'
import { readClaimFilters } from '#claims/claim_filters'
import { claimsCsv } from '#claims/claims_csv'
import { ClaimList } from '#claims/queries/claim_list'

/** C8: what is filtered, as CSV, whatever its length. */
export default class ClaimsExportController {
  async show({ auth, request, response, i18n }: HttpContext) {
    const { filters, order } = await readClaimFilters(request, auth.getUserOrFail())
    const lines = claimsCsv(new ClaimList(filters, order), i18n)
    response.header('Content-Type', 'text/csv; charset=utf-8')
    response.header('Content-Disposition', `attachment; filename="dossiers-${clock.today()}.csv"`)
    return response.stream(Readable.from(lines))
  }
}
