import { readFile } from 'node:fs/promises'
import type { HttpContext } from '@adonisjs/core/http'
import type { Infer } from '@vinejs/vine/types'
import SignMandate, { type MandateTerms } from '#creditors/actions/sign_mandate'
import { readFeeGrid } from '#creditors/fee_grid'
import { ALLOCATION_ORDERS, DAY_COUNTS, STATUTORY_TERMS } from '#creditors/models/contract_term'
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
    await inForce?.load('contract')
    return view.render('pages/creditors/mandate', {
      creditor,
      inForce,
      contract: inForce?.contract ?? STATUTORY_TERMS,
      dayCounts: DAY_COUNTS,
      orders: ALLOCATION_ORDERS,
    })
  }

  async store(ctx: HttpContext) {
    const { params, request, response, session, i18n } = ctx
    const creditor = await Creditor.ofRef(params.ref)
    const { file, ...form } = await request.validateUsing(mandateValidator)
    const terms = mandateOf(form)
    if (!terms) return refuseField(ctx, 'gridFee', 'creditors.mandate.grid_refused')
    const signed = file ? await readFile(file.tmpPath!) : null
    const done = await new SignMandate().handle(creditor, terms, signed)
    if (done === 'clause_required') return refuseField(ctx, 'clause', 'creditors.contract.clause_required')
    session.flash('success', i18n.t('creditors.mandate.added'))
    return response.redirect(`/creditors/${creditor.ref}`)
  }
}

type MandateForm = Omit<Infer<typeof mandateValidator>, 'file'>

/** @returns null when the grid cannot be read */
function mandateOf(form: MandateForm): MandateTerms | null {
  const { gridAgeDays, gridPrincipal, gridFee, dayCount, rateBps, allocationOrder, clause, ...terms } = form
  const rows = Array.from({ length: gridFee?.length ?? 0 }, (_, row) => ({
    ageDays: gridAgeDays?.[row] ?? '',
    principal: gridPrincipal?.[row] ?? '',
    fee: gridFee?.[row] ?? '',
  }))
  const feeGrid = readFeeGrid(rows)
  const contract = {
    dayCount: dayCount ?? STATUTORY_TERMS.dayCount,
    rateBps: rateBps || null,
    allocationOrder: allocationOrder ?? STATUTORY_TERMS.allocationOrder,
    clause: clause ?? null,
  }
  return feeGrid && { ...terms, feeGrid, contract }
}
