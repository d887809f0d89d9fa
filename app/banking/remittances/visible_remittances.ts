import type User from '#users/models/user'
import Remittance from '#banking/remittances/models/remittance'

/** The remittances that a person may see: a creditor only its own, and none that was cancelled. */
export function visibleRemittances(user: User) {
  const query = Remittance.query()
  if (user.role === 'creditor') query.where('creditorId', user.creditorId!).whereNot('state', 'cancelled')
  return query
}
