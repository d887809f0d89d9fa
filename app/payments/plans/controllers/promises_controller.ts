import type { HttpContext } from '@adonisjs/core/http'
import { refuseField } from '#shared/forms'
import { transaction } from '#shared/transaction'
import { lockClaim } from '#claims/ledger'
import { findClaim } from '#claims/visible_claims'
import { RecordPromise } from '#payments/plans/actions/record_promise'
import PromiseToPay from '#payments/plans/models/promise'
import { endPromise, seeBroken } from '#payments/plans/promises'
import { promiseForm } from '#payments/plans/validators'

/** What a debtor said they would pay, and when. */
export default class PromisesController {
  async store(ctx: HttpContext) {
    const { auth, i18n, params, request, response, session } = ctx
    const user = auth.getUserOrFail()
    const claim = await findClaim(user, params.ref)
    const { amount, due_on: dueOn } = await request.validateUsing(promiseForm)
    const promise = { claimId: claim.id, amountCents: amount, dueOn, userId: user.id }
    if ((await new RecordPromise().handle(promise)) === 'not_open') {
      return refuseField(ctx, 'amount', 'payments.promises.not_open')
    }
    session.flash('success', i18n.t('payments.promises.recorded'))
    return response.redirect().toPath(`/claims/${claim.ref}`)
  }

  /** Ends the open one; for one that was broken, a person has seen it. */
  async destroy({ auth, params, response }: HttpContext) {
    const user = auth.getUserOrFail()
    const claim = await findClaim(user, params.ref)
    await transaction(async (trx) => {
      await lockClaim(trx, claim.id)
      const open = await PromiseToPay.query({ client: trx })
        .where({ claimId: claim.id, state: 'open' })
        .first()
      if (open) await endPromise(trx, open, 'cancelled', user.id)
      await seeBroken(trx, claim.id)
    })
    return response.redirect().toPath(`/claims/${claim.ref}`)
  }
}
