import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import Agency from '#agency/models/agency'
import Claim from '#claims/models/claim'
import { lockClaim } from '#claims/ledger'
import type { ElectronicKind } from '#letters/letter_content'
import Letter from '#letters/models/letter'
import { RenderLetters } from '#letters/actions/render_letters'
import { depositEres } from '#registered_mail/ere/deposit_eres'
import Ere from '#registered_mail/ere/models/ere'
import { addresseeOf, keepAddressee } from '#registered_mail/electronic/addressees'
import { electronicRouteOf, OWN } from '#registered_mail/routing'
import { mobileOf } from '#registered_mail/ere/draft'
import { recipientFor, type EreRefusal } from '#registered_mail/ere/refusals'

export interface EreOrder {
  /** Ours or a provider's ERE unless it says a qualified letter. */
  kind?: ElectronicKind
  /** The step's own; null for that of the kind. */
  route?: string | null
  claimId: number
  /** What writes it: a built-in letter or a published template. */
  template: string
  email: string
  userId: number
  actionId?: number | null
  /** The same from two clicks. */
  requestKey?: string | null
}

export type Queued = { outcome: 'queued'; letterId: number } | { outcome: 'refused'; reason: EreRefusal }

export type Sent =
  | { outcome: 'sent'; letter: Letter }
  | { outcome: 'already_sent'; letter: Letter }
  | { outcome: 'refused'; reason: EreRefusal }
  | { outcome: 'not_written'; letter: Letter; reason: string }

/** "Envoyer courrier" (D16): the letter is written, sealed and deposited, and its notice waits for its hour. */
export class SendEre {
  async handle(order: EreOrder): Promise<Sent> {
    const queued = await transaction(async (trx) => {
      await lockClaim(trx, order.claimId)
      const before = order.requestKey ? await askedBefore(trx, order.requestKey) : null
      return before ? { outcome: 'already' as const, letterId: before.letterId } : queueEre(trx, order)
    })
    if (queued.outcome === 'refused') return queued
    if (queued.outcome === 'already')
      return { outcome: 'already_sent', letter: await Letter.findOrFail(queued.letterId) }
    return writeAndDeposit(queued.letterId)
  }
}

async function askedBefore(trx: TransactionClientContract, requestKey: string) {
  const ours = await Ere.query({ client: trx }).where('requestKey', requestKey).first()
  return ours ?? addresseeOf(trx, { request_key: requestKey })
}

/**
 * The letter and its ERE, or who a provider takes it to, in the caller's transaction, which holds the file. The rules
 * are the same whoever carries it.
 */
export async function queueEre(trx: TransactionClientContract, order: EreOrder): Promise<Queued> {
  const claim = await Claim.findOrFail(order.claimId, { client: trx })
  const today = clock.today()
  const recipient = await recipientFor(trx, claim, order.email, today)
  if (typeof recipient === 'string') return { outcome: 'refused', reason: recipient }
  const now = clock.now()
  const { kind = 'ere', requestKey = null, userId } = order
  const agency = await Agency.query({ client: trx }).orderBy('id').first()
  const route = order.route ?? electronicRouteOf(kind, agency)
  const [{ count }] = await trx.from('letters').where('claim_id', claim.id).count('* as count')
  const letter = await Letter.create(
    {
      ref: `${claim.ref}-L${Number(count) + 1}`,
      claimId: claim.id,
      actionId: order.actionId ?? null,
      kind,
      route,
      template: order.template,
      datedOn: today,
      state: 'queued',
      createdAt: now,
    },
    { client: trx }
  )
  if (route !== OWN) {
    await keepAddressee(trx, { ...recipient, letterId: letter.id, requestKey, userId })
    return { outcome: 'queued', letterId: letter.id }
  }
  await Ere.create(
    {
      ...recipient,
      ...(await mobileOf(trx, claim.debtorId)),
      letterId: letter.id,
      requestKey,
      userId,
      state: 'draft',
      createdAt: now,
      updatedAt: now,
    },
    { client: trx }
  )
  return { outcome: 'queued', letterId: letter.id }
}

/** What the tick would do next, at once: a person waits for it. What fails here waits for the tick. */
export async function writeAndDeposit(letterId: number): Promise<Sent> {
  await new RenderLetters().handle({ letterIds: [letterId] })
  const { failed } = await depositEres([letterId])
  const letter = await Letter.findOrFail(letterId)
  if (failed[0]) return { outcome: 'not_written', letter, reason: failed[0].reason }
  const written = letter.state === 'rendered' || letter.state === 'printed'
  return written
    ? { outcome: 'sent', letter }
    : { outcome: 'not_written', letter, reason: letter.failure ?? letter.state }
}
