import type { HttpContext } from '@adonisjs/core/http'
import { NoteFetch } from '#registered_mail/ere/actions/note_fetch'
import { findEreLink } from '#registered_mail/ere/links'
import { actorOf } from '#portal/ere/pages'
import RecipientSession from '#portal/ere/session'
import { guarded } from '#portal/guesses'
import { closedPage, discreet } from '#portal/pages'

/** A recipient's link: it opens a session and leaves the address at once. Mail scanners open it too: it acts on nothing. */
export default class LinksController {
  async show(ctx: HttpContext) {
    const { params, request, response, session } = ctx
    const link = await guarded(request.ip(), () => findEreLink(String(params.token)))
    if (!link) return closedPage(ctx)
    if (request.method() === 'GET')
      await new NoteFetch().handle({ ereId: link.ereId, page: 'accueil', actor: actorOf(ctx) })
    await RecipientSession.open(session, link)
    discreet(ctx)
    return response.redirect().status(303).toPath('/ere')
  }
}
