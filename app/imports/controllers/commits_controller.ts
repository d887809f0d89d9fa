import type { HttpContext } from '@adonisjs/core/http'
import CommitImport from '#imports/actions/commit_import'
import UndoImport from '#imports/actions/undo_import'
import Import from '#imports/models/import'
import { commitPage } from '#imports/queries/commit_page'
import { commitForm } from '#imports/validators'

/** A verified table becomes claims, once the conditions are accepted; undone while nothing was launched. */
export default class CommitsController {
  async create({ auth, params, response, view }: HttpContext) {
    const staged = await Import.visibleTo(auth.getUserOrFail()).where('ref', params.ref).firstOrFail()
    if (staged.state !== 'staged') return response.redirect().toPath(`/imports/${staged.ref}`)
    return view.render('pages/imports/commit', await commitPage(staged))
  }

  async store({ auth, params, request, response, session, i18n }: HttpContext) {
    const user = auth.getUserOrFail()
    const staged = await Import.visibleTo(user).where('ref', params.ref).firstOrFail()
    await request.validateUsing(commitForm)
    const done = await new CommitImport().handle({
      importId: staged.id,
      partial: true,
      acceptTerms: true,
      userId: user.id,
      ip: request.ip(),
    })
    const claims = 'summary' in done ? done.summary.claims : 0
    const tone = done.outcome === 'committed' ? 'success' : 'error'
    session.flash(tone, i18n.t(`imports.flash.${done.outcome}`, { claims }))
    return response.redirect().toPath(`/imports/${staged.ref}`)
  }

  async destroy({ auth, params, response, session, i18n }: HttpContext) {
    const user = auth.getUserOrFail()
    const found = await Import.visibleTo(user).where('ref', params.ref).firstOrFail()
    const outcome = await new UndoImport().handle({ importId: found.id, userId: user.id })
    session.flash(outcome === 'undone' ? 'success' : 'error', i18n.t(`imports.flash.${outcome}`))
    return response.redirect().toPath(`/imports/${found.ref}`)
  }
}
