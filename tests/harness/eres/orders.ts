import { clock, type Instant } from '#shared/clock'
import { transaction } from '#shared/transaction'
import RaiseDispute from '#claims/actions/raise_dispute'
import Claim from '#claims/models/claim'
import { deliverDue } from '#deliveries/deliver_due'
import { ReceivePayment } from '#payments/actions/receive_payment'
import { FallBackToPaper } from '#registered_mail/ere/actions/fall_back_to_paper'
import { NotifyAgain } from '#registered_mail/ere/actions/notify_again'
import { RecordBounce } from '#registered_mail/ere/actions/record_bounce'
import { WithdrawConsent } from '#registered_mail/ere/actions/withdraw_consent'
import { standingConsents } from '#registered_mail/ere/consents'
import { depositEres } from '#registered_mail/ere/deposit_eres'
import { workEres } from '#registered_mail/ere/work_eres'
import { ExportProof } from '#registered_mail/evidence/actions/export_proof'
import { verifyBundle } from '#registered_mail/evidence/verification/read_bundle'
import User from '#users/models/user'

/** Which sending it is about, and who asks. */
export interface About {
  ereId: number
  letterId: number
  ref: string
  claimId: number
  userId: number
  email: string
}

/** What one process does when it is told to: the agency's people, and its minute that comes round. */
export const ORDERS = {
  deposit: ({ letterId }: About) => depositEres([letterId]),
  tick: () => workEres(clock.now()),
  deliver: () => deliverDue(clock.now()),
  bounce: async ({ ereId, userId }: About) =>
    new RecordBounce().handle({
      ereId,
      code: '550 5.1.1',
      nature: 'hard',
      by: await User.findOrFail(userId),
    }),
  notify: async ({ ereId, email, userId }: About) =>
    new NotifyAgain().handle({ ereId, email, by: await User.findOrFail(userId) }),
  paper: async ({ ereId, userId }: About) =>
    new FallBackToPaper().handle({ ereId, reason: 'non distribué', by: await User.findOrFail(userId) }),
  withdraw: async ({ claimId, userId }: About) => {
    const [claim, by] = [await Claim.findOrFail(claimId), await User.findOrFail(userId)]
    for (const { id } of await standingConsents(claim.debtorId))
      await new WithdrawConsent().handle({ claim, consentId: id, by })
  },
  pause: async ({ claimId, userId }: About) =>
    (await Claim.findOrFail(claimId)).pause({
      reason: 'demande du créancier',
      untilOn: null,
      by: await User.findOrFail(userId),
    }),
  close: async ({ claimId, userId }: About) =>
    (await Claim.findOrFail(claimId)).close({
      reason: 'collected_by_creditor',
      note: null,
      by: await User.findOrFail(userId),
    }),
  dispute: ({ claimId }: About) =>
    new RaiseDispute().handle({
      claimId,
      reason: 'other',
      message: 'Je ne dois rien',
      invoiceIds: [],
      evidence: [],
      raisedBy: 'debtor',
    }),
  pay: ({ claimId }: About) => payInFull(claimId),
  /** @throws when the bundle does not hold */
  prove: async ({ ref }: About) => {
    const proof = await new ExportProof().handle(ref)
    if (proof.outcome !== 'exported') throw new Error(`${ref}: ${proof.outcome}`)
    const { problems } = await verifyBundle(proof.zip)
    if (problems.length > 0) throw new Error(`the bundle of ${ref}: ${JSON.stringify(problems)}`)
  },
} satisfies Record<string, (about: About) => Promise<unknown>>

export type OrderName = keyof typeof ORDERS

/** @param at an instant to play; the machine's own without it */
export const obey = (name: OrderName, about: About, at: Instant | null): Promise<unknown> =>
  at ? clock.at(at, () => ORDERS[name](about)) : ORDERS[name](about)

/** Its receipt, which only Chromium prints, is put off. */
const payInFull = (claimId: number) =>
  transaction(async (trx) => {
    const money = { claimId, method: 'cheque', amountCents: 10_000_000, receivedOn: clock.today() } as const
    await new ReceivePayment().handle({ ...money, source: `manual:${claimId}` }, trx)
    await trx
      .from('deliveries')
      .where({ claim_id: claimId, state: 'queued' })
      .where('recipe', 'not like', 'ere.%')
      .update({ not_before_at: '2099-01-01T00:00:00.000Z' })
  })
