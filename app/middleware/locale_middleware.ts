import { I18n } from '@adonisjs/i18n'
import i18nManager from '@adonisjs/i18n/services/main'
import { RequestValidator, type HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'

/** Validation speaks the page's language (validator.json of each language). */
RequestValidator.messagesProvider = (ctx) => ctx.i18n.createMessagesProvider()

/** French unless the person chose otherwise (`?lang=en`, then the session). */
export default class LocaleMiddleware {
  async handle(ctx: HttpContext, next: NextFn) {
    const asked = ctx.request.input('lang')
    if (asked === 'fr' || asked === 'en') ctx.session.put('locale', asked)
    ctx.i18n = i18nManager.locale(ctx.session.get('locale') ?? 'fr')
    ctx.containerResolver.bindValue(I18n, ctx.i18n)
    ctx.view.share({ i18n: ctx.i18n, t: ctx.i18n.t.bind(ctx.i18n), locale: ctx.i18n.locale })
    return next()
  }
}

declare module '@adonisjs/core/http' {
  export interface HttpContext {
    i18n: I18n
  }
}
