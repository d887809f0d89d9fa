import type User from '#users/models/user'
import Creditor from '#creditors/models/creditor'

/** For whom a user may deposit a table: staff for any creditor, a creditor for itself. */
export function depositors(user: User): Promise<Creditor[]> {
  const query = Creditor.query().orderBy('name').orderBy('id')
  return user.role === 'creditor' ? query.where('id', user.creditorId!) : query
}

/**
 * The creditor named in the form, among those the user may deposit for; a creditor's own user
 * names none.
 *
 * @throws the framework's 404
 */
export function depositFor(user: User, ref: string | undefined): Promise<Creditor> {
  if (user.role === 'creditor') return Creditor.findOrFail(user.creditorId)
  return Creditor.findByOrFail('ref', ref ?? '')
}
