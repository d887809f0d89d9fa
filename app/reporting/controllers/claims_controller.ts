import type { HttpContext } from '@adonisjs/core/http'
import { addressWith } from '#shared/pages'
import Creditor from '#creditors/models/creditor'
import { readClaimFilters } from '#claims/claim_filters'
import { ClaimList } from '#claims/queries/claim_list'
import { CLOSURE_REASONS } from '#claims/models/closure'
import { findClaim } from '#claims/visible_claims'
import { loadDossier } from '#reporting/dossier'

/** The list of files (C7, C9) and one file on one page (P1). */
export default class ClaimsController {
  async index({ auth, request, response, view }: HttpContext) {
    const user = auth.getUserOrFail()
    const { filters, order, page, asked } = await readClaimFilters(request, user)
    const list = new ClaimList(filters, order)
    const found = await list.page(page)
    const only = found.total === 1 && page === 1 ? found.items[0] : undefined
    if (only && filters.q) return response.redirect().toPath(`/claims/${only.ref}`)
    const creditors = user.role === 'creditor' ? [] : await Creditor.query().orderBy('name')
    const counts = await list.countsByStatus()
    return view.render('pages/claims/index', { found, counts, asked, order, creditors, ...links(request) })
  }

  async show({ auth, params, view }: HttpContext) {
    const claim = await findClaim(auth.getUserOrFail(), params.ref)
    return view.render('pages/claims/show', {
      ...(await loadDossier(claim)),
      closureReasons: CLOSURE_REASONS,
    })
  }
}

/** The addresses of the tabs and of the export, the other filters kept. */
const links = (request: HttpContext['request']) => ({
  exportHref: addressWith(request, { page: null }, '/claims.csv'),
  tabHref: (status: string) => addressWith(request, { page: null, status: status === 'all' ? null : status }),
})
