import type { HttpContext } from '@adonisjs/core/http'
import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import { accountValidator } from '#users/validators'

/** What a user may change about themself. */
export default class AccountsController {
  async edit({ view }: HttpContext) {
    return view.render('pages/users/account')
  }

  async update({ auth, request, response, session, i18n }: HttpContext) {
    const { fullName, locale } = await request.validateUsing(accountValidator)
    const user = auth.getUserOrFail()
    await transaction((trx) =>
      user.useTransaction(trx).merge({ fullName, locale, updatedAt: clock.now() }).save()
    )
    session.put('locale', locale)
    i18n.switchLocale(locale)
    session.flash('success', i18n.t('users.account.saved'))
    return response.redirect('/account')
  }
}
