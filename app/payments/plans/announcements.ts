import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { contactInstantFrom } from '#shared/calendar'
import { clock, type Instant } from '#shared/clock'
import { recordEvent } from '#claims/events'
import Claim from '#claims/models/claim'
import type { MailData } from '#deliveries/mails/data'
import { enqueue } from '#deliveries/outbox'
import { collectionEmail, creditorTeam } from '#payments/announcements'

/** What a debtor is told of, each time with a link to the page that shows it. */
export type DebtorPlanEvent = MailData['plan']['event']

/** What a creditor is told of (rule 35, and what becomes of it). */
export type CreditorPlanEvent = MailData['plan_notice']['event']

type Named = { id: number; claimId: number; ref: string }

/**
 * Puts a word to the debtor in the outbox, once for each event and `about`; with nowhere to write,
 * it is written on the file.
 */
export async function tellDebtor(
  trx: TransactionClientContract,
  plan: Named,
  event: DebtorPlanEvent,
  { about = '', notBeforeAt }: { about?: string; notBeforeAt?: Instant } = {}
) {
  const claim = await Claim.findOrFail(plan.claimId, { client: trx })
  const recipient = await collectionEmail(trx, claim.debtorId)
  if (!recipient) return unreachable(trx, plan, 'plan.debtor_no_email')
  await enqueue(trx, {
    key: debtorKey(plan.id, event, about),
    recipe: 'payments.plan',
    parameters: { planId: plan.id, event },
    recipient,
    claimId: claim.id,
    creditorId: claim.creditorId,
    notBeforeAt,
  })
}

export const debtorKey = (planId: number, event: DebtorPlanEvent, about = '') =>
  ['plan', planId, event, about].filter((part) => part !== '').join(':')

/** @returns false when no address of the creditor is known: it then knows nothing of the plan */
export async function tellCreditor(
  trx: TransactionClientContract,
  plan: Named,
  event: CreditorPlanEvent
): Promise<boolean> {
  const claim = await Claim.query({ client: trx }).where('id', plan.claimId).preload('creditor').firstOrFail()
  const team = await creditorTeam(trx, claim.creditorId, claim.creditor.email)
  for (const recipient of team) {
    await enqueue(trx, {
      key: `plan:${plan.id}:${event}:creditor:${recipient}`,
      recipe: 'payments.plan_notice',
      parameters: { planId: plan.id, event },
      recipient,
      claimId: claim.id,
      creditorId: claim.creditorId,
    })
  }
  if (team.length === 0) await unreachable(trx, plan, 'plan.creditor_no_email')
  return team.length > 0
}

const unreachable = async (trx: TransactionClientContract, plan: Named, type: string) => {
  await recordEvent(trx, { claimId: plan.claimId, type, actor: 'system', detail: { plan: plan.ref } })
}

/** A settlement that was paid in time: the creditor gave up the rest. */
export async function tellCreditorOfOffer(
  trx: TransactionClientContract,
  offer: { id: number; claimId: number }
) {
  const claim = await Claim.query({ client: trx })
    .where('id', offer.claimId)
    .preload('creditor')
    .firstOrFail()
  for (const recipient of await creditorTeam(trx, claim.creditorId, claim.creditor.email)) {
    await enqueue(trx, {
      key: `offer:${offer.id}:creditor:${recipient}`,
      recipe: 'payments.offer_notice',
      parameters: { offerId: offer.id },
      recipient,
      claimId: claim.id,
      creditorId: claim.creditorId,
    })
  }
}

export async function tellDebtorOfOffer(
  trx: TransactionClientContract,
  offer: { id: number; claimId: number }
) {
  const claim = await Claim.findOrFail(offer.claimId, { client: trx })
  const recipient = await collectionEmail(trx, claim.debtorId)
  if (!recipient) {
    await recordEvent(trx, { claimId: claim.id, type: 'offer.debtor_no_email', actor: 'system' })
    return
  }
  await enqueue(trx, {
    key: `offer:${offer.id}:debtor`,
    recipe: 'payments.offer',
    parameters: { offerId: offer.id },
    recipient,
    claimId: claim.id,
    creditorId: claim.creditorId,
    notBeforeAt: contactInstantFrom(clock.now()),
  })
}
