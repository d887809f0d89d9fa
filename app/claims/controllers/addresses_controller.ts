import type { HttpContext } from '@adonisjs/core/http'
import { transaction } from '#shared/transaction'
import ReplaceAddress from '#debtors/actions/replace_address'
import { recordEvent } from '#claims/events'
import { findClaim } from '#claims/visible_claims'
import { addressForm } from '#claims/validators'

/** The debtor's postal address, corrected from the file. */
export default class AddressesController {
  async update({ auth, params, request, response, session, i18n }: HttpContext) {
    const user = auth.getUserOrFail()
    const claim = await findClaim(user, params.ref)
    const { complement, ...lines } = await request.validateUsing(addressForm)
    await new ReplaceAddress().handle({ debtorId: claim.debtorId, ...lines, complement: complement ?? null })
    await transaction((trx) =>
      recordEvent(trx, { claimId: claim.id, type: 'debtor.address_replaced', actor: 'user', userId: user.id })
    )
    session.flash('success', i18n.t('claims.flash.address'))
    return response.redirect().toPath(`/claims/${claim.ref}#contacts`)
  }
}
