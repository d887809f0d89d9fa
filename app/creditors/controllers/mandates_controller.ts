import { readFile } from 'node:fs/promises'
import type { HttpContext } from '@adonisjs/core/http'
import SignMandate from '#creditors/actions/sign_mandate'
import { readFeeGrid } from '#creditors/fee_grid'
import Creditor from '#creditors/models/creditor'
import { mandateValidator } from '#creditors/validators'
import { clock } from '#shared/clock'
import { readStoredFile } from '#shared/files'
import { refuseField } from '#shared/forms'

/** A creditor's mandates (CPCE R124-3): a new version each time the terms change. */
export default class MandatesController {
  async show({ params, response }: HttpContext) {
    const creditor = await Creditor.ofRef(params.ref)
    const mandate = await creditor.related('mandates').query().where('id', params.id).firstOrFail()
    if (!mandate.fileSha256) return response.abort('No document', 404)
    response
      .type('application/pdf')
      .header('Content-Disposition', `inline; filename="mandat-${creditor.ref}-${mandate.signedOn}.pdf"`)
    return response.send(await readStoredFile(mandate.fileSha256))
  }

  async create({ params, view }: HttpContext) {
    const creditor = await Creditor.ofRef(params.ref)
    const inForce = await creditor.mandateOn(clock.today())
    return view.render('pages/creditors/mandate', { creditor, inForce })
  }

  async store(ctx: HttpContext) {
    const { params, request, response, session, i18n } = ctx
    const creditor = await Creditor.ofRef(params.ref)
    const { file, gridAgeDays, gridPrincipal, gridFee, ...terms } =
      await request.validateUsing(mandateValidator)
    const rows = Array.from({ length: gridFee?.length ?? 0 }, (_, row) => ({
      ageDays: gridAgeDays?.[row] ?? '',
      principal: gridPrincipal?.[row] ?? '',
      fee: gridFee?.[row] ?? '',
    }))
    const feeGrid = readFeeGrid(rows)
    if (!feeGrid) return refuseField(ctx, 'gridFee', 'creditors.mandate.grid_refused')
    const signed = file ? await readFile(file.tmpPath!) : null
    await new SignMandate().handle(creditor, { ...terms, feeGrid }, signed)
    session.flash('success', i18n.t('creditors.mandate.added'))
    return response.redirect(`/creditors/${creditor.ref}`)
  }
}
