import type { HttpContext } from '@adonisjs/core/http'
import { pageAsked } from '#shared/pages'
import { workInBackground } from '#letters/batches/background'
import { CreateBatch } from '#letters/batches/create_batch'
import LetterBatch from '#letters/models/letter_batch'
import { batchList } from '#letters/queries/batch_list'
import { batchPage } from '#letters/queries/batch_page'
import { selectLetters } from '#letters/queries/letter_selection'
import { batchForm, MOST_IN_A_BATCH, selectionOf } from '#letters/validators'

/** D11: letters by the thousand, written behind the page, then one PDF of all or one each. */
export default class LetterBatchesController {
  async index({ request, view }: HttpContext) {
    const found = await batchList(pageAsked(request.input('page')))
    return view.render('pages/letters/batches/index', found)
  }

  async store({ auth, request, response, session, i18n }: HttpContext) {
    const form = await request.validateUsing(batchForm)
    const letters = await selectLetters(selectionOf(form))
    if (letters.length === 0 || letters.length > MOST_IN_A_BATCH) {
      const reason = letters.length === 0 ? 'nothing_chosen' : 'too_many'
      session.flash('error', i18n.t(`letters.batches.flash.${reason}`, { most: MOST_IN_A_BATCH }))
      return response.redirect().back()
    }
    const options = { duplex: form.duplex ?? false, addressSheets: form.address_sheets ?? false }
    const batch = await new CreateBatch().handle({ letters, ...options, userId: auth.getUserOrFail().id })
    await workInBackground()
    return response.redirect().toPath(`/letters/batches/${batch.ref}`)
  }

  async show({ params, view }: HttpContext) {
    const batch = await LetterBatch.query().where('ref', params.ref).preload('user').firstOrFail()
    return view.render('pages/letters/batches/show', { batch, ...(await batchPage(batch)) })
  }
}
