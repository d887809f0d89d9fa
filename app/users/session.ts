import type { HttpContext } from '@adonisjs/core/http'
import type User from '#users/models/user'

const CREDENTIAL = 'credential'

/** Opens a session for a user; its id is renewed, so one planted beforehand is worth nothing. */
export async function signIn(ctx: HttpContext, user: User) {
  await ctx.auth.use('web').login(user)
  ctx.session.put(CREDENTIAL, user.credential)
  if (!ctx.session.has('locale')) ctx.session.put('locale', user.locale)
}

/** Ends the session and whatever it held. */
export async function signOut(ctx: HttpContext) {
  await ctx.auth.use('web').logout()
  ctx.session.clear()
}

/** False once the user was disabled, or chose another password elsewhere. */
export function sessionHolds(ctx: HttpContext, user: User): boolean {
  const credential = ctx.session.get(CREDENTIAL)
  return !user.disabledAt && (credential === undefined || credential === user.credential)
}
