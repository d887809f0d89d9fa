import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { civilDateAt, type CivilDate } from '#shared/clock'
import { limitationOn, restartedBy, type LimitationBasis } from '#claims/limitation'
import { REVERSED_CENTS } from '#claims/reversals'

/**
 * Works out anew the day after which a claim is prescribed, from its oldest due date and all
 * that restarted the period (rule 38): payments that did not go back in full, acknowledgements
 * signed with a plan, and what a person recorded with its document. In the order of their days, whenever they were written down.
 */
export async function refreshLimitation(trx: TransactionClientContract, claimId: number) {
  const claim = await trx.from('claims').where('id', claimId).firstOrFail()
  const basis = claim.limitation_basis as LimitationBasis
  const endsOn = (await restarts(trx, claimId)).reduce(
    (end, on) => restartedBy(end, basis, on),
    limitationOn(basis, claim.oldest_due_on)
  )
  await trx.from('claims').where('id', claimId).update({ limitation_on: endsOn })
}

async function restarts(trx: TransactionClientContract, claimId: number): Promise<CivilDate[]> {
  const payments = await trx
    .from('postings as p')
    .where({ claim_id: claimId, kind: 'payment' })
    .whereRaw(`p.amount_cents > ${REVERSED_CENTS}`)
    .distinct('p.effective_on as on')
  const acts = await trx
    .from('limitation_interruptions')
    .where('claim_id', claimId)
    .whereNull('cancelled_at')
    .select('occurred_on as on')
  const deeds = await trx.from('acknowledgements').where('claim_id', claimId).select('created_at')
  const signed = deeds.map(({ created_at: at }) => ({ on: civilDateAt(at) }))
  return [...payments, ...acts, ...signed].map(({ on }): CivilDate => on).sort()
}
