import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import { lockClaim } from '#claims/ledger'
import { queueEre, writeAndDeposit, type Sent } from '#registered_mail/ere/actions/send_ere'
import { capLiftedAt, judgeAgain } from '#campaigns/due/judge'
import { policyAt } from '#campaigns/due/policy'
import Action from '#campaigns/models/action'
import type { Reason } from '#campaigns/reasons'
import type User from '#users/models/user'

export type SentAction =
  Exclude<Sent, { outcome: 'refused' }> | { outcome: 'refused'; reason: string } | { outcome: 'over' }

/**
 * D16, "Envoyer courrier + Terminer l'action": the recipient is chosen, the letter deposited and the step
 * over, in one act. What the policy would hold back is refused with its reason; the notice itself
 * leaves within hours.
 */
export class SendEreAction {
  async handle({ actionId, email, by }: { actionId: number; email: string; by: User }): Promise<SentAction> {
    const queued = await transaction(async (trx) => {
      const { claimId } = await Action.findOrFail(actionId, { client: trx })
      await lockClaim(trx, claimId)
      const action = await Action.query({ client: trx })
        .where('id', actionId)
        .forUpdate()
        .preload('step')
        .firstOrFail()
      const kind = action.channel
      if ((kind !== 'ere' && kind !== 'lre') || !action.isOpen || action.state === 'planned')
        return { outcome: 'over' as const }
      const policy = await policyAt(trx, clock.now())
      const { verdict, personId } = await judgeAgain(trx, policy, action.id)
      // The address and the consent of the one chosen are judged below.
      if (!PASSES.includes(verdict as Reason | 'go' | 'confirm'))
        return { outcome: 'refused' as const, reason: verdict }
      if (await capLiftedAt(trx, policy, personId, { column: 'action_id', id: action.id }))
        return { outcome: 'refused' as const, reason: 'contact_cap' }
      const { template, route } = action.step
      const order = { kind, route, claimId, template, email, userId: by.id, actionId: action.id }
      const ordered = await queueEre(trx, order)
      if (ordered.outcome === 'queued') await action.finishBySending(trx, by)
      return ordered
    })
    return queued.outcome === 'queued' ? writeAndDeposit(queued.letterId) : queued
  }
}

const PASSES: readonly (Reason | 'go' | 'confirm')[] = [
  'go',
  'confirm',
  'consent_missing',
  'email_bounced',
  'email_missing',
]
