import type { HttpContext } from '@adonisjs/core/http'
import { readStoredFile } from '#shared/files'
import { ExportRemittances, type Exported } from '#banking/remittances/actions/export_remittances'
import TransferOrder from '#banking/remittances/models/transfer_order'

/** The order of transfers for the bank: made of what is prepared, then always the same file. */
export default class TransferOrdersController {
  async store({ auth, response, session, i18n }: HttpContext) {
    const exported = await new ExportRemittances().handle({ userId: auth.getUserOrFail().id })
    if (exported.outcome === 'exported' || exported.outcome === 'already_exported') {
      const { ref, transfers } = exported.order
      session.flash('success', i18n.t(`remittances.order.${exported.outcome}`, { ref, count: transfers }))
    } else {
      session.flash('error', i18n.t(`remittances.order.${exported.outcome}`, { which: culprits(exported) }))
    }
    return response.redirect().toPath('/remittances')
  }

  async show({ params, response }: HttpContext) {
    const order = await TransferOrder.findByOrFail('ref', params.ref)
    response.header('Content-Type', 'application/xml')
    response.header('Content-Disposition', `attachment; filename="${order.ref}.xml"`)
    return response.send(await readStoredFile(order.fileSha256))
  }
}

/** What keeps the order from being made. */
function culprits(refused: Exported): string {
  if (refused.outcome === 'iban_missing') return refused.creditors.join(', ')
  return refused.outcome === 'went_back' ? refused.remittances.join(', ') : ''
}
