import { Readable } from 'node:stream'
import type { HttpContext } from '@adonisjs/core/http'
import { clock } from '#shared/clock'
import { letterFile } from '#letters/letter_file'
import { selectLetters } from '#letters/queries/letter_selection'
import { printForm } from '#letters/validators'

/** D11: one PDF of the letters chosen, to send to a printer. */
export default class LetterPrintsController {
  async store({ request, response, session, i18n }: HttpContext) {
    const { refs, duplex } = await request.validateUsing(printForm)
    const letters = (await selectLetters({ refs })).filter(({ fileSha256 }) => fileSha256)
    if (letters.length === 0) {
      session.flash('error', i18n.t('letters.flash.nothing_to_print'))
      return response.redirect().back()
    }
    const stopped = letters.filter(({ stop }) => stop).map(({ ref }) => ref)
    if (stopped.length > 0) {
      session.flash(
        'error',
        i18n.t('letters.flash.stopped', { count: stopped.length, refs: stopped.join(', ') })
      )
      return response.redirect().back()
    }
    const title = i18n.t('letters.print.title', { count: letters.length, date: clock.today() })
    response.header('Content-Type', 'application/pdf')
    response.header('Content-Disposition', `inline; filename="courriers-${clock.today()}.pdf"`)
    return response.stream(Readable.from(letterFile(letters, { title, duplex: duplex ?? false })))
  }
}
