import type { HttpContext } from '@adonisjs/core/http'
import { overviewPage } from '#portal/overview'
import PortalSession from '#portal/session'

/** The debtor's file: who writes, what is owed, what they can do. */
export default class FilesController {
  show(ctx: HttpContext) {
    return overviewPage(ctx)
  }

  /** Leaves the file on a borrowed telephone. */
  destroy({ response, session }: HttpContext) {
    PortalSession.close(session)
    return response.redirect().status(303).toPath('/p')
  }
}
