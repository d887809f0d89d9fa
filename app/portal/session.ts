import type { Session } from '@adonisjs/session'
import type { CivilDate } from '#shared/clock'
import Claim from '#claims/models/claim'
import DebtorRequest from '#claims/models/debtor_request'
import Dispute from '#claims/models/dispute'
import type PortalLink from '#claims/models/portal_link'
import { findOpenLink } from '#claims/portal_link'
import { ELECTRONIC_KINDS } from '#letters/letter_content'
import Letter from '#letters/models/letter'
import PaymentAttempt from '#payments/models/payment_attempt'
import Plan, { LIVE_PLANS } from '#payments/plans/models/plan'
import SettlementOffer from '#payments/plans/models/settlement_offer'
import Receipt from '#payments/models/receipt'

const KEY = 'portal'

/**
 * The file a debtor has opened, and the only way to anything of theirs: every
 * finder below starts from that one file, so no page can reach another's.
 */
export default class PortalSession {
  private constructor(
    readonly claim: Claim,
    readonly link: PortalLink
  ) {}

  /** Swaps a link for a session, under a new session id; the page speaks the debtor's language unless they chose. */
  static async open(session: Session, link: PortalLink) {
    session.regenerate()
    session.put(KEY, { claimId: link.claimId, linkId: link.id })
    if (session.has('locale')) return
    const claim = await Claim.query().where('id', link.claimId).preload('debtor').firstOrFail()
    session.put('locale', claim.debtor.locale)
  }

  /** Null without a session, and once its link has expired or been revoked. */
  static async current(session: Session): Promise<PortalSession | null> {
    const kept: unknown = session.get(KEY)
    if (!isKept(kept)) return null
    const link = await findOpenLink(kept.linkId, kept.claimId)
    if (!link) return null
    const claim = await Claim.query()
      .where('id', link.claimId)
      .preload('creditor')
      .preload('debtor', (debtor) => debtor.preload('contactPoints'))
      .firstOrFail()
    return new PortalSession(claim, link)
  }

  static close(session: Session) {
    session.forget(KEY)
    session.regenerate()
  }

  invoices() {
    return this.claim.related('invoices').query().orderBy('dueOn').orderBy('id')
  }

  /** What the creditor joined and let be shown, and what the debtor sent; letters and receipts have their own finders. */
  documents() {
    return this.claim
      .related('documents')
      .query()
      .where('shownToDebtor', true)
      .whereNotIn('kind', ['letter', 'receipt'])
      .orderBy('id')
  }

  /** Letters that are written, and electronic ones that were accepted; one that waits to be is not yet the debtor's. */
  letters() {
    return Letter.query()
      .where('claimId', this.claim.id)
      .whereIn('state', ['rendered', 'printed'])
      .where((open) =>
        open
          .whereNotIn('kind', [...ELECTRONIC_KINDS])
          .orWhereIn('id', (eres) => eres.from('eres').whereNotNull('accepted_at').select('letter_id'))
          .orWhereIn('id', (carried) =>
            carried.from('mailings').where('state', 'delivered_signed').select('letter_id')
          )
      )
      .orderBy('datedOn')
      .orderBy('id')
  }

  receipts() {
    return Receipt.query()
      .whereNotNull('fileSha256')
      .whereHas('payment', (payment) => payment.where('claimId', this.claim.id))
      .preload('payment')
      .preload('replacement')
      .orderBy('id', 'desc')
  }

  paymentAttempts() {
    return PaymentAttempt.query().where('claimId', this.claim.id).orderBy('id', 'desc')
  }

  /** The plan that is proposed or under way, if any. */
  plan() {
    return Plan.query()
      .where('claimId', this.claim.id)
      .whereIn('state', [...LIVE_PLANS])
      .preload('instalments')
      .first()
  }

  /** What the creditor offers to settle the file with, while it holds. */
  offer(on: CivilDate) {
    return SettlementOffer.query()
      .where('claimId', this.claim.id)
      .where('state', 'open')
      .where('expiresOn', '>=', on)
      .first()
  }

  disputes() {
    return Dispute.query().where('claimId', this.claim.id).orderBy('id', 'desc')
  }

  requests(kind: DebtorRequest['kind']) {
    return DebtorRequest.query().where('claimId', this.claim.id).where('kind', kind).orderBy('id', 'desc')
  }
}

function isKept(value: unknown): value is { claimId: number; linkId: number } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'claimId' in value &&
    'linkId' in value &&
    Number.isSafeInteger(value.claimId) &&
    Number.isSafeInteger(value.linkId)
  )
}
