import db from '@adonisjs/lucid/services/db'
import { daysBetween } from '#shared/calendar'
import { clock } from '#shared/clock'
import { sum, type Cents } from '#shared/money'
import { isPrescribed, limitationPeriod, type LimitationBasis } from '#claims/limitation'
import type Claim from '#claims/models/claim'
import CreditNote from '#claims/models/credit_note'
import DebtorRequest from '#claims/models/debtor_request'
import ContractTerm from '#creditors/models/contract_term'
import Dispute from '#claims/models/dispute'
import GracePeriod from '#claims/models/grace_period'
import LimitationInterruption from '#claims/models/limitation_interruption'
import { GRACE_PAUSE } from '#claims/models/pause'
import { dailyIncrement, loadOwed, type Owed } from '#claims/owed'
import { CURRENT_RECEIPT } from '#payments/queries/receipts_to_dispatch'
import Plan from '#payments/plans/models/plan'
import PromiseToPay from '#payments/plans/models/promise'
import SettlementOffer from '#payments/plans/models/settlement_offer'
import { deliveriesOfClaim } from '#deliveries/queries/delivery_list'
import { standingConsents } from '#registered_mail/ere/consents'
import { timelineOf } from '#reporting/timeline'
import { recipientOf, upcomingActions, whyNext } from '#reporting/upcoming'

/**
 * Everything about one debtor's file on one page (P1): who owes what to whom, the balance split,
 * the next action, the timeline, invoices, documents, contacts. Reads only, across domains.
 */
export async function loadDossier(claim: Claim) {
  const today = clock.today()
  await claim.load('debtor', (debtor) =>
    debtor
      .preload('addresses', (addresses) => addresses.whereNull('replacedAt').orderBy('id', 'desc'))
      .preload('contactPoints', (points) => points.orderBy('id'))
  )
  await claim.load('creditor')
  await claim.load('documents', (documents) => documents.orderBy('id', 'desc'))
  const owed = await loadOwed(claim.id, today)
  const upcoming = await upcomingActions(claim.id)
  const [next] = upcoming
  const basis = limitationPeriod(claim.limitationBasis as LimitationBasis)
  return {
    claim,
    debtor: claim.debtor,
    address: claim.debtor.addresses[0] ?? null,
    creditor: claim.creditor,
    mandate: await claim.creditor.mandateOn(today),
    owed,
    terms: owed.terms.id
      ? await ContractTerm.query().where('id', owed.terms.id).preload('mandate').first()
      : null,
    balance: balanceOf(owed, claim.paidCents),
    daysOverdue: Math.max(0, daysBetween(claim.oldestDueOn, today)),
    limitation: { on: claim.limitationOn, ...basis, prescribed: isPrescribed(claim.limitationOn, today) },
    upcoming,
    next: next ? { action: next, to: recipientOf(next, claim), why: whyNext(next, claim, today) } : null,
    timeline: await timelineOf(claim.id),
    documents: claim.documents,
    letters: await db
      .from('letters')
      .leftJoin('mailings', 'mailings.letter_id', 'letters.id')
      .leftJoin('eres', 'eres.letter_id', 'letters.id')
      .where('claim_id', claim.id)
      .orderBy('letters.id', 'desc')
      .select('letters.*', 'mailings.state as mailing', 'eres.state as ere'),
    consents: await standingConsents(claim.debtorId),
    messages: await deliveriesOfClaim(claim.id),
    payments: await paymentsOf(claim.id),
    pause: await db
      .from('pauses')
      .where('claim_id', claim.id)
      .whereNull('lifted_at')
      .whereNot('reason', GRACE_PAUSE)
      .first(),
    creditNotes: await CreditNote.query().where('claimId', claim.id).orderBy('id', 'desc'),
    interruptions: await LimitationInterruption.query()
      .where('claimId', claim.id)
      .whereNull('cancelledAt')
      .orderBy('occurredOn', 'desc'),
    graces: await GracePeriod.query()
      .where('claimId', claim.id)
      .whereNull('cancelledAt')
      .orderBy('startsOn', 'desc'),
    disputes: await Dispute.query().where('claimId', claim.id).preload('invoices').orderBy('id', 'desc'),
    requests: await DebtorRequest.query().where('claimId', claim.id).whereNull('handledAt').orderBy('id'),
    plan: await Plan.query()
      .where('claimId', claim.id)
      .preload('instalments')
      .preload('acknowledgement')
      .orderBy('id', 'desc')
      .first(),
    promise: await PromiseToPay.query().where('claimId', claim.id).orderBy('id', 'desc').first(),
    offer: await SettlementOffer.query().where('claimId', claim.id).orderBy('id', 'desc').first(),
    closure: await db.from('closures').where('claim_id', claim.id).first(),
  }
}

export type Dossier = Awaited<ReturnType<typeof loadDossier>>

/** Widths of the balance bar in per mille, so that the page draws and does not calculate. */
function balanceOf(owed: Owed, receivedCents: Cents) {
  const whole = Math.max(1, owed.totalCents + receivedCents)
  const share = (cents: Cents) => Math.round((1000 * cents) / whole)
  const rates = [...new Set(owed.invoices.flatMap((line) => line.segments.map((segment) => segment.rateBps)))]
  return {
    principal: share(owed.principalCents),
    interestAt: share(owed.principalCents),
    interest: share(owed.interestCents),
    indemnityAt: share(owed.principalCents + owed.interestCents),
    indemnity: share(owed.indemnityCents),
    paid: share(receivedCents),
    receivedCents,
    overpaidInterestCents: sum(owed.invoices.map((line) => line.overpaidInterestCents)),
    ratesBps: rates,
    invoiceCount: owed.invoices.reduce((total, line) => total + line.numberCount, 0),
    dailyCents: dailyIncrement(owed),
  }
}

async function paymentsOf(claimId: number) {
  return db
    .from('payments')
    .joinRaw(`left join receipts q on q.payment_id = payments.id and ${CURRENT_RECEIPT}`)
    .where('payments.claim_id', claimId)
    .orderBy('payments.id', 'desc')
    .select(
      'payments.*',
      'q.number as receipt_number',
      db.raw(
        '(select sum(r.amount_cents) from payment_returns r where r.payment_id = payments.id) as returned_cents'
      )
    )
}
