import { appUrl } from '#config/app'
import { transaction } from '#shared/transaction'
import { mintLink } from '#claims/portal_link'
import { loadOwed } from '#claims/owed'
import { clock } from '#shared/clock'
import { composeMail } from '#deliveries/mails/compose_mail'
import { agencyCard, debtorMail } from '#deliveries/mails/debtor_mail'
import type Delivery from '#deliveries/models/delivery'
import { registerRecipe } from '#deliveries/recipes'
import type { CreditorPlanEvent, DebtorPlanEvent } from '#payments/plans/announcements'
import Plan, { type PlanState } from '#payments/plans/models/plan'
import SettlementOffer from '#payments/plans/models/settlement_offer'

/** What is said only while it is so: money that came since has made it untrue. */
const ONLY_WHILE: Partial<Record<DebtorPlanEvent, PlanState>> = {
  proposed: 'proposed',
  offered: 'proposed',
  reminder: 'active',
  refused_charge: 'active',
  missed: 'active',
  card_expiring: 'active',
}

/** What becomes of a plan, to the debtor; the deed is attached when it was made. */
async function planMail(delivery: Delivery) {
  const event = delivery.parameters.event as DebtorPlanEvent
  const plan = await planOf(delivery)
  const expected = ONLY_WHILE[event]
  if (expected && plan.state !== expected) return { cancel: 'plan_changed' }
  const known = await debtorMail(plan.claimId)
  if (!known) return { cancel: 'first_letter_pending' }
  const next = plan.instalments.find(({ openCents }) => openCents > 0)
  if (expected === 'active' && !next) return { cancel: 'plan_changed' }
  const { url } = await transaction((trx) => mintLink(trx, plan.claimId, 'email'))
  const mail = await composeMail(
    'plan',
    { ...known.mail, link: url, event, on: next?.dueOn ?? null },
    known.locale
  )
  if (event === 'offered') return { ...mail, attachments: [await offerFile(plan.id)] }
  const isDeed = event === 'proposed' || event === 'accepted'
  return isDeed ? { ...mail, attachments: [await deedFile(plan.id)] } : mail
}

async function offerFile(planId: number) {
  const { RenderOffer } = await import('#payments/plans/actions/render_offer')
  const { name, sha256 } = await new RenderOffer().handle(planId)
  return { name, mediaType: 'application/pdf', content: { fileSha256: sha256 } }
}

async function deedFile(planId: number) {
  const { RenderAcknowledgement } = await import('#payments/plans/actions/render_acknowledgement')
  const { name, sha256 } = await new RenderAcknowledgement().handle(planId)
  return { name, mediaType: 'application/pdf', content: { fileSha256: sha256 } }
}

/** Rule 35: a proposal to pay otherwise than at once, and what becomes of it, to the creditor's team. */
async function planNotice(delivery: Delivery) {
  const plan = await planOf(delivery)
  const { claim, instalments } = plan
  const { totalCents: remainingCents } = await loadOwed(claim.id, clock.today())
  return composeMail('plan_notice', {
    agency: await agencyCard(),
    url: `${appUrl}/claims/${claim.ref}`,
    event: delivery.parameters.event as CreditorPlanEvent,
    claimRef: claim.ref,
    debtorName: claim.debtor.displayName,
    totalCents: plan.totalCents,
    months: plan.months,
    monthlyCents: instalments.at(-1)!.amountCents,
    lastOn: instalments.at(-1)!.dueOn,
    remainingCents,
    beyondReason: plan.beyondReason,
  })
}

async function offerNotice(delivery: Delivery) {
  const offer = await SettlementOffer.query()
    .where('id', Number(delivery.parameters.offerId))
    .preload('claim', (claim) => claim.preload('debtor'))
    .firstOrFail()
  return composeMail('offer_notice', {
    agency: await agencyCard(),
    url: `${appUrl}/claims/${offer.claim.ref}`,
    claimRef: offer.claim.ref,
    debtorName: offer.claim.debtor.displayName,
    amountCents: offer.amountCents,
    waivedCents: offer.waivedCents ?? 0,
  })
}

/** What settles the file for less, to the debtor; the sum is on the page. */
async function offerMail(delivery: Delivery) {
  const offer = await SettlementOffer.findOrFail(Number(delivery.parameters.offerId))
  if (offer.state !== 'open' || offer.expiresOn < clock.today()) return { cancel: 'plan_changed' }
  const known = await debtorMail(offer.claimId)
  if (!known) return { cancel: 'first_letter_pending' }
  const { url } = await transaction((trx) => mintLink(trx, offer.claimId, 'email'))
  return composeMail('offer', { ...known.mail, link: url, on: offer.expiresOn }, known.locale)
}

const planOf = (delivery: Delivery) =>
  Plan.query()
    .where('id', Number(delivery.parameters.planId))
    .preload('instalments')
    .preload('claim', (claim) => claim.preload('debtor'))
    .firstOrFail()

registerRecipe('payments.plan', planMail)
registerRecipe('payments.plan_notice', planNotice)
registerRecipe('payments.offer', offerMail)
registerRecipe('payments.offer_notice', offerNotice)
