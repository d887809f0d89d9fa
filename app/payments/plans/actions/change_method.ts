import { transaction } from '#shared/transaction'
import { recordEvent } from '#claims/events'
import { lockClaim } from '#claims/ledger'
import Claim from '#claims/models/claim'
import { stripeGateway } from '#payments/gateway'
import type { MethodChange } from '#payments/gateway_requests'
import { keepMethod } from '#payments/plans/keep_method'
import type Plan from '#payments/plans/models/plan'

/** Another card, or another account, for the instalments to come; no money moves. */
export class ChangeMethod {
  /** @returns where the debtor goes, or null when the gateway does not answer */
  async open(
    plan: Plan,
    page: Omit<MethodChange, 'planRef' | 'customerId' | 'destination'>
  ): Promise<string | null> {
    if (!plan.stripeCustomerId) return null
    const { creditor } = await Claim.query().where('id', plan.claimId).preload('creditor').firstOrFail()
    if (!(await creditor.takesOnline())) return null
    const request = {
      ...page,
      planRef: plan.ref,
      customerId: plan.stripeCustomerId,
      ...(creditor.stripeAccount && { destination: creditor.stripeAccount }),
    }
    const answer = await stripeGateway()?.openMethodChange(request)
    return answer?.ok ? answer.value.url : null
  }

  /** Keeps what was left on a page that was opened for this plan. Asking twice changes nothing. */
  async keep(plan: Plan, sessionId: string): Promise<boolean> {
    const answer = await stripeGateway()?.methodChange(sessionId)
    if (!answer?.ok || !answer.value || answer.value.planRef !== plan.ref) return false
    const { saved } = answer.value
    if (saved.customerId !== plan.stripeCustomerId) return false
    return transaction(async (trx) => {
      await lockClaim(trx, plan.claimId)
      const { stripe_method_id: former } = await trx.from('plans').where('id', plan.id).firstOrFail()
      if (former === saved.methodId) return true
      await keepMethod(trx, plan.id, saved)
      await recordEvent(trx, {
        claimId: plan.claimId,
        type: 'plan.method_changed',
        actor: 'debtor',
        detail: { plan: plan.ref },
      })
      return true
    })
  }
}
