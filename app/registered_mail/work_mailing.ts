import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock } from '#shared/clock'
import { recordEvent } from '#claims/events'
import { isElectronic } from '#letters/letter_content'
import Letter from '#letters/models/letter'
import { flagAddress, flagEmail, liftFlag } from '#registered_mail/address_flag'
import { carrierActor, recordCarriage } from '#registered_mail/evidence/carriage'
import { foldFacts, heardElectronically, type Folded } from '#registered_mail/fold'
import { noticeReceived } from '#registered_mail/notice'
import type Mailing from '#registered_mail/models/mailing'
import MailingFact from '#registered_mail/models/mailing_fact'
import type { MailingState } from '#registered_mail/providers/provider'
import { hasLeft, isEnd } from '#registered_mail/states'

/** States that are ours to know, and not worth a line of the timeline: the outbox has written one. */
const UNTOLD: readonly MailingState[] = ['queued', 'provider_accepted', 'sent', 'cancelled']

/**
 * Makes a mailing what all the facts told of it say, with what follows from that. Worked
 * again it changes nothing. The caller holds the row.
 */
export async function workMailing(trx: TransactionClientContract, mailing: Mailing) {
  const facts = mailing.providerRef
    ? await MailingFact.query({ client: trx })
        .where({ provider: mailing.provider, providerRef: mailing.providerRef })
        .orderBy('id')
    : []
  const told = isElectronic(mailing.kind) ? heardElectronically(facts) : facts
  const folded = foldFacts(baseOf(mailing), told)
  const before = mailing.state
  await write(trx, mailing, folded, tell)
  if (mailing.state !== before) await proveChange(trx, mailing, told)
  const waiting = facts.filter(({ workedAt }) => !workedAt).map(({ id }) => id)
  if (waiting.length > 0) {
    await trx.from('mailing_facts').whereIn('id', waiting).update({ worked_at: clock.now() })
  }
}

/** What a letter has become goes in its chain, as it was told; what nobody told of is the outbox's. */
async function proveChange(trx: TransactionClientContract, mailing: Mailing, facts: readonly MailingFact[]) {
  const fact = facts.findLast(({ state }) => state === mailing.state)
  if (!fact) return
  const { letterId, provider, state } = mailing
  await recordCarriage(trx, {
    letterId,
    type: 'carrier.told',
    actor: carrierActor(provider, fact.userId),
    data: {
      carrier: provider,
      state,
      ...(fact.occurredAt ? { occurredAt: fact.occurredAt } : {}),
      ...(fact.reason ? { reason: fact.reason } : {}),
    },
  })
}

/** A folder says nothing more once it has taken a letter; what a person posted is in the post. */
const baseOf = ({ provider }: Mailing): MailingState =>
  provider === 'manual' ? 'handed_over' : provider === 'folder' ? 'sent' : 'provider_accepted'

/** Our own word on it, when nothing else can be known; the outbox has told the timeline. */
export async function become(
  trx: TransactionClientContract,
  mailing: Mailing,
  state: MailingState,
  reason: string | null
) {
  await write(trx, mailing, { ...foldFacts(state, []), reason })
}

async function write(
  trx: TransactionClientContract,
  mailing: Mailing,
  folded: Folded,
  told: typeof tell | null = null
) {
  const before = mailing.state
  const now = clock.now()
  const { contradicted, registeredNumber, handedOverOn, ...columns } = folded
  const free = registeredNumber && (await isFree(trx, mailing, registeredNumber)) ? registeredNumber : null
  mailing.useTransaction(trx).merge({
    ...columns,
    reason: columns.reason?.slice(0, 255) ?? null,
    handedOverOn: handedOverOn ?? mailing.handedOverOn,
    registeredNumber: mailing.registeredNumber ?? free,
    contradictedAt: contradicted ? (mailing.contradictedAt ?? now) : null,
    updatedAt: now,
  })
  await mailing.save()
  const letter = await Letter.findOrFail(mailing.letterId, { client: trx })
  await followLetter(letter, mailing)
  if (['lrar', 'lre'].includes(mailing.kind) && mailing.firstPresentedOn)
    await noticeReceived(trx, letter.claimId)
  if (mailing.state === before) return
  await told?.(trx, letter, mailing)
  if (mailing.state === 'notification_failed') await flagEmail(trx, mailing)
  if (mailing.state === 'undeliverable') await flagAddress(trx, mailing)
  else if (before === 'undeliverable') await liftFlag(trx, mailing)
}

/** A number told twice for two letters is a provider's mistake: the first keeps it. */
async function isFree(trx: TransactionClientContract, { id }: Mailing, number: string) {
  return !(await trx.from('mailings').where('registered_number', number).whereNot('id', id).first())
}

/** The letter itself: posted from the moment it has left, under its number. */
async function followLetter(letter: Letter, mailing: Mailing) {
  if (letter.state === 'rendered' && hasLeft(mailing.state)) {
    letter.merge({ state: 'printed', printedAt: clock.now() })
  }
  // Rule 6: nobody has it, so nothing may recall it.
  if (letter.state === 'printed' && mailing.state === 'notification_failed') {
    letter.merge({ state: 'rendered', printedAt: null })
  }
  if (mailing.registeredNumber) letter.registeredNumber = mailing.registeredNumber
  if (letter.$isDirty) await letter.save()
}

async function tell(trx: TransactionClientContract, letter: Letter, mailing: Mailing) {
  if (UNTOLD.includes(mailing.state)) return
  const on = isEnd(mailing.state) ? mailing.endedOn : (mailing.deliveredOn ?? mailing.firstPresentedOn)
  await recordEvent(trx, {
    claimId: letter.claimId,
    type: `mailings.${mailing.state}`,
    actor: 'system',
    detail: { letter: letter.ref, toldOn: on, kind: mailing.kind },
  })
}
