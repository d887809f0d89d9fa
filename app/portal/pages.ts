import type { HttpContext } from '@adonisjs/core/http'
import Agency from '#agency/models/agency'
import { wording } from '#portal/wording'
import type PortalSession from '#portal/session'

/**
 * One answer for every link that opens nothing: unknown, malformed, expired,
 * revoked, and for a page asked for without a session.
 */
export async function closedPage(ctx: HttpContext) {
  await letterhead(ctx, null)
  return ctx.response.status(404).send(await ctx.view.render('pages/portal/closed'))
}

/** Gives every portal page who writes, for whom, and the letter's reference and date (rule 7). */
export async function letterhead(ctx: HttpContext, portal: PortalSession | null) {
  const agency = await Agency.current()
  discreet(ctx)
  ctx.view.share({
    agency,
    portal: portal && {
      claim: portal.claim,
      creditor: portal.claim.creditor,
      debtor: portal.claim.debtor,
    },
    ere: null,
    words: wording(ctx.i18n),
    otherLanguage: otherLanguage(ctx),
  })
}

/** The same page in the other language, with what its address already asks for. */
function otherLanguage({ i18n, request }: HttpContext) {
  const code = i18n.locale === 'fr' ? 'en' : 'fr'
  return { code, query: new URLSearchParams({ ...request.qs(), lang: code }).toString() }
}

/** Nothing of a debtor's address leaves with a request, stays in a cache or enters an index. */
export function discreet({ response }: HttpContext) {
  response.header('Referrer-Policy', 'no-referrer')
  response.header('Cache-Control', 'private, no-store')
  response.header('X-Robots-Tag', 'noindex')
}
