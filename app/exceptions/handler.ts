import app from '@adonisjs/core/services/app'
import { ExceptionHandler, type HttpContext } from '@adonisjs/core/http'
import type { StatusPageRange, StatusPageRenderer } from '@adonisjs/core/types/http'
import i18nManager from '@adonisjs/i18n/services/main'
import { errors as limits } from '@adonisjs/limiter'
import { isPortal, problemPage } from '#portal/problem_page'

/** Errors also happen before any middleware ran, so the page brings its own words. */
const page =
  (name: string): StatusPageRenderer =>
  (_, ctx) => {
    const i18n = ctx.i18n ?? i18nManager.locale('fr')
    ctx.view.share({ t: i18n.t.bind(i18n), locale: i18n.locale })
    return ctx.view.render(`pages/errors/${name}`)
  }

/** A stack trace is for who is writing the code, and only where the code is what failed. */
export default class HttpExceptionHandler extends ExceptionHandler {
  protected override debug = app.inDev
  protected override renderStatusPages = true
  protected override statusPages: Record<StatusPageRange, StatusPageRenderer> = {
    '403': page('forbidden'),
    '404': page('not_found'),
    '413': page('too_large'),
    '429': page('too_many'),
    ...(!this.debug && { '500..599': page('server_error') }),
  }

  override async handle(error: unknown, ctx: HttpContext) {
    if (isPortal(ctx) && !(this.debug && isOurs(error))) return problemPage(error, ctx)
    if (error instanceof limits.E_TOO_MANY_REQUESTS) {
      for (const [name, value] of Object.entries(error.getDefaultHeaders())) ctx.response.header(name, value)
      return ctx.response.status(429).send(await page('too_many')(error, ctx))
    }
    return super.handle(error, ctx)
  }
}

/** True of what nobody asked for: an error without a status, or one of 500 and above. */
const isOurs = (error: unknown) => ((error as { status?: number }).status ?? 500) >= 500
