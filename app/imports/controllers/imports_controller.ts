import { readFile } from 'node:fs/promises'
import type { HttpContext } from '@adonisjs/core/http'
import { pageAsked } from '#shared/pages'
import type Creditor from '#creditors/models/creditor'
import DiscardImport from '#imports/actions/discard_import'
import ReceiveFile from '#imports/actions/receive_file'
import { usualColumns } from '#imports/column_choice'
import { depositFor, depositors } from '#imports/depositors'
import Import from '#imports/models/import'
import { importList } from '#imports/queries/import_list'
import { importPage } from '#imports/queries/import_page'
import { uploadForm } from '#imports/validators'

/** Creditors' tables: deposited, read, verified, then claims. */
export default class ImportsController {
  async index({ auth, request, view }: HttpContext) {
    const page = pageAsked(request.input('page'))
    return view.render('pages/imports/index', { found: await importList(auth.getUserOrFail(), page) })
  }

  async create({ auth, request, view }: HttpContext) {
    const creditors = await depositors(auth.getUserOrFail())
    return view.render('pages/imports/create', { creditors, chosen: request.input('creditor') })
  }

  async store({ auth, request, response, session }: HttpContext) {
    const user = auth.getUserOrFail()
    const { file, creditor: ref } = await request.validateUsing(uploadForm)
    const creditor: Creditor = await depositFor(user, ref)
    const received = await new ReceiveFile().handle({
      creditor,
      userId: user.id,
      filename: file.clientName,
      bytes: await readFile(file.tmpPath!),
      mediaType: `${file.type}/${file.subtype}`,
      columns: await usualColumns(creditor.id),
    })
    session.flash('unreadSheets', received.unreadSheets.join(', '))
    const next = received.state === 'refused' ? '' : '/columns'
    return response.redirect().toPath(`/imports/${received.ref}${next}`)
  }

  async show(ctx: HttpContext) {
    const { auth, params, request, response, view } = ctx
    const found = await Import.visibleTo(auth.getUserOrFail()).where('ref', params.ref).firstOrFail()
    if (found.isBeingRead) {
      response.header('Refresh', '2')
      return view.render('pages/imports/reading', { found })
    }
    if (found.state === 'uploaded') return response.redirect().toPath(`/imports/${found.ref}/columns`)
    await found.load('creditor')
    if (found.state !== 'staged') return view.render('pages/imports/settled', { found })
    return view.render('pages/imports/show', await importPage(found, request.qs(), ctx.i18n))
  }

  async destroy({ auth, params, response, session, i18n }: HttpContext) {
    const found = await Import.visibleTo(auth.getUserOrFail()).where('ref', params.ref).firstOrFail()
    const outcome = await new DiscardImport().handle(found.id)
    session.flash(outcome === 'discarded' ? 'success' : 'error', i18n.t(`imports.flash.${outcome}`))
    return response.redirect().toPath('/imports')
  }
}
