import type { HttpContext } from '@adonisjs/core/http'
import Creditor from '#creditors/models/creditor'
import { ownCreditor } from '#creditors/own_creditor'

/** Whose account, and the page about it: the creditor's own, or that of the creditor whom the agency names. */
export async function accountSpace(ctx: HttpContext) {
  const ref: string | undefined = ctx.params.ref
  return ref === undefined
    ? { creditor: await ownCreditor(ctx), path: '/home/stripe', own: true }
    : { creditor: await Creditor.ofRef(ref), path: `/creditors/${ref}/stripe`, own: false }
}
