import type { HttpContext } from '@adonisjs/core/http'
import i18nManager from '@adonisjs/i18n/services/main'
import { letterhead } from '#portal/pages'

type Refusal = { code?: string; status?: number }

/** True for every address a debtor, or the recipient of a letter, is on. */
export const isPortal = ({ request }: HttpContext) => /^\/(p|ere)(\/|$)/.test(request.url())

/**
 * The page a debtor sees when something does not work: never the back-office's,
 * and never a way back through the referrer, which is not sent. It may be asked
 * for before any middleware ran.
 */
export async function problemPage(error: unknown, ctx: HttpContext) {
  const { code, status = 500 } = error as Refusal
  ctx.i18n ??= i18nManager.locale('fr')
  ctx.view.share({ t: ctx.i18n.t.bind(ctx.i18n), locale: ctx.i18n.locale })
  await letterhead(ctx, null)
  const page = await ctx.view.render('pages/portal/problem', {
    problem: problemOf(code, status),
    back: ctx.request.url().startsWith('/ere') ? '/ere' : '/p',
  })
  return ctx.response.status(status).send(page)
}

function problemOf(code: string | undefined, status: number) {
  if (code === 'E_BAD_CSRF_TOKEN') return 'expired'
  if (code === 'E_TOO_MANY_REQUESTS') return 'too_many'
  if (code === 'E_UPLOAD_REFUSED') return status === 413 || status === 422 ? 'too_large' : 'unreadable'
  if (status === 404) return 'not_found'
  return status < 500 ? 'unreadable' : 'server_error'
}
