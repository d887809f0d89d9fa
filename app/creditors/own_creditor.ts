import type { HttpContext } from '@adonisjs/core/http'
import Creditor from '#creditors/models/creditor'

/** The creditor of the signed-in user: the only door from a creditor's space to its data. */
export function ownCreditor({ auth }: HttpContext): Promise<Creditor> {
  return Creditor.findOrFail(auth.getUserOrFail().creditorId)
}
