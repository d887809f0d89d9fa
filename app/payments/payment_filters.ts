import type { HttpContext } from '@adonisjs/core/http'
import Creditor from '#creditors/models/creditor'
import type { PaymentFilters } from '#payments/queries/payment_list'
import { paymentFilters } from '#payments/validators'
import type User from '#users/models/user'

/** The filters of the list from the URL; a creditor is always held to its own. */
export async function readPaymentFilters(request: HttpContext['request'], user: User) {
  const asked = request.qs()
  const [error, values] = await paymentFilters.tryValidate(asked)
  const sane = error
    ? await paymentFilters.validate(without(asked, error.messages as { field: string }[]))
    : values!
  const { from, to, method } = sane
  const filters: PaymentFilters = { from, to, method, creditorId: await creditorId(sane.creditor, user) }
  return { filters, page: sane.page ?? 1, asked: sane }
}

async function creditorId(ref: string | undefined, user: User): Promise<number | undefined> {
  if (user.role === 'creditor') return user.creditorId!
  if (!ref) return undefined
  return (await Creditor.findBy('ref', ref))?.id
}

function without(values: Record<string, unknown>, errors: { field: string }[]) {
  const refused = new Set(errors.map((error) => error.field))
  return Object.fromEntries(Object.entries(values).filter(([name]) => !refused.has(name)))
}
