import type User from '#users/models/user'
import Claim from '#claims/models/claim'

/** The claims a user may see: a creditor only its own, staff all. Every page finds through here. */
export function visibleClaims(user: User) {
  const query = Claim.query()
  return user.role === 'creditor' ? query.where('creditorId', user.creditorId!) : query
}

/** @throws the framework's 404 when the claim does not exist or is not the user's to see */
export function findClaim(user: User, ref: string) {
  return visibleClaims(user).where('ref', ref).firstOrFail()
}
