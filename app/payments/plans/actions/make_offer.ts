import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { addDays } from '#shared/calendar'
import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import { recordEvent } from '#claims/events'
import { lockClaim } from '#claims/ledger'
import Claim from '#claims/models/claim'
import { fallenDue, loadOwed } from '#claims/owed'
import { LEAST_CARD_CENTS } from '#payments/actions/start_payment'
import { tellDebtorOfOffer } from '#payments/plans/announcements'
import SettlementOffer from '#payments/plans/models/settlement_offer'
import { discountOf } from '#payments/plans/rules'

export type OfferInput = { claimId: number; discountBps: number; validDays: number; userId: number }

/**
 * Offers to settle a file for less, within what its creditor allows: the discount comes off the
 * principal, the offer holds until its day, and a new one takes the place of the former.
 */
export class MakeOffer {
  handle(input: OfferInput): Promise<'made' | 'beyond_rules' | 'rate_missing' | 'not_open'> {
    return transaction((trx) => this.#make(trx, input))
  }

  async #make(trx: TransactionClientContract, { claimId, discountBps, validDays, userId }: OfferInput) {
    await lockClaim(trx, claimId)
    const claim = await Claim.query({ client: trx }).where('id', claimId).preload('creditor').firstOrFail()
    const { settlementDiscountBps, settlementValidDays } = claim.creditor
    if (discountBps > settlementDiscountBps || validDays > settlementValidDays) return 'beyond_rules'
    const today = clock.today()
    const owed = await loadOwed(claimId, today, trx)
    if (owed.missingRates.length > 0) return 'rate_missing'
    const due = fallenDue(owed)
    const discountCents = Math.min(discountOf(due.totalCents, discountBps), due.principalCents)
    const amountCents = due.totalCents - discountCents
    const isOpen = ['new', 'active', 'paused'].includes(claim.status) && claim.limitationOn >= today
    if (
      !isOpen ||
      due.totalCents !== owed.totalCents ||
      discountCents <= 0 ||
      amountCents < LEAST_CARD_CENTS
    ) {
      return 'not_open'
    }
    await endOffers(trx, claimId, userId)
    const expiresOn = addDays(today, validDays)
    const facts = { claimId, amountCents, discountCents, expiresOn }
    const offer = await SettlementOffer.create(
      { ...facts, state: 'open', userId, createdAt: clock.now() },
      { client: trx }
    )
    await recordEvent(trx, {
      claimId,
      type: 'offer.made',
      actor: 'user',
      userId,
      detail: { amountCents, discountCents, expiresOn },
    })
    await tellDebtorOfOffer(trx, offer)
    return 'made'
  }
}

/** Takes back the open offer of a file, if any. */
export async function endOffers(trx: TransactionClientContract, claimId: number, userId: number) {
  const changed: unknown = await trx
    .from('settlement_offers')
    .where({ claim_id: claimId, state: 'open' })
    .update({ state: 'cancelled', ended_at: clock.now() })
  if (Number(changed) > 0) await recordEvent(trx, { claimId, type: 'offer.cancelled', actor: 'user', userId })
}
