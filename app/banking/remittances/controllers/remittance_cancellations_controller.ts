import type { HttpContext } from '@adonisjs/core/http'
import { CancelRemittance } from '#banking/remittances/actions/cancel_remittance'
import { visibleRemittances } from '#banking/remittances/visible_remittances'

/** A remittance that the bank has not heard of is taken back. */
export default class RemittanceCancellationsController {
  async store({ auth, params, response, session, i18n }: HttpContext) {
    const user = auth.getUserOrFail()
    const { id, ref } = await visibleRemittances(user).where('ref', params.ref).firstOrFail()
    const outcome = await new CancelRemittance().handle({ id, userId: user.id })
    session.flash(
      outcome === 'cancelled' ? 'success' : 'error',
      i18n.t(`remittances.cancellation.${outcome}`, { ref })
    )
    return response.redirect().toPath(`/remittances/${ref}`)
  }
}
