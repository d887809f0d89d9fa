import type { HttpContext } from '@adonisjs/core/http'
import { saneFilters } from '#shared/sane_filters'
import type User from '#users/models/user'
import Creditor from '#creditors/models/creditor'
import type { ClaimFilters, ClaimOrder } from '#claims/queries/claim_list'
import { claimFilters } from '#claims/validators'

/**
 * The filters of the list from the URL. A filter that makes no sense is left out, so that a
 * shared or mistyped address still shows a list; a creditor is always held to its own.
 */
export async function readClaimFilters(request: HttpContext['request'], user: User) {
  const sane = await saneFilters(claimFilters, request.qs())
  const filters: ClaimFilters = {
    status: sane.status,
    from: sane.from,
    to: sane.to,
    minCents: sane.min,
    maxCents: sane.max,
    q: sane.q,
    creditorId: await creditorId(sane.creditor, user),
  }
  return { filters, order: (sane.order ?? 'oldest') as ClaimOrder, page: sane.page ?? 1, asked: sane }
}

async function creditorId(ref: string | undefined, user: User): Promise<number | undefined> {
  if (user.role === 'creditor') return user.creditorId!
  if (!ref) return undefined
  const creditor = await Creditor.findBy('ref', ref)
  return creditor?.id
}
