import type { HttpContext } from '@adonisjs/core/http'
import { saneFilters } from '#shared/sane_filters'
import Creditor from '#creditors/models/creditor'
import type { PaymentFilters } from '#payments/queries/payment_list'
import { paymentFilters } from '#payments/validators'
import type User from '#users/models/user'

/** The filters of the list from the URL; a creditor is always held to its own. */
export async function readPaymentFilters(request: HttpContext['request'], user: User) {
  const sane = await saneFilters(paymentFilters, request.qs())
  const { from, to, method } = sane
  const filters: PaymentFilters = { from, to, method, creditorId: await creditorId(sane.creditor, user) }
  return { filters, page: sane.page ?? 1, asked: sane }
}

async function creditorId(ref: string | undefined, user: User): Promise<number | undefined> {
  if (user.role === 'creditor') return user.creditorId!
  if (!ref) return undefined
  return (await Creditor.findBy('ref', ref))?.id
}
