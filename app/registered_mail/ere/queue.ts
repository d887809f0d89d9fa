import Agency from '#agency/models/agency'
import Claim from '#claims/models/claim'
import { enqueue, enqueueMany } from '#deliveries/outbox'
import type { HeldEre } from '#registered_mail/ere/change'
import type { CodeChannel } from '#registered_mail/ere/codes'
import { ERE_CODE, ERE_NOTICE, ERE_REMINDER, ERE_STEP } from '#registered_mail/ere/recipe_names'

/** What the sender, or the recipient, is told as it happens. */
export const STEPS = ['notified', 'bounced', 'accepted', 'refused', 'signed', 'expired'] as const
export type Step = (typeof STEPS)[number]

/** One notice more: it begins the period once it has left. */
export async function queueNotice(held: HeldEre) {
  const number = held.ere.notices + 1
  await held.set({ notices: number })
  await enqueue(held.trx, {
    ...common(held),
    key: `ere:${held.ere.id}:notice:${number}`,
    recipe: ERE_NOTICE,
    parameters: { number },
    recipient: held.ere.email,
  })
}

export async function queueReminder(held: HeldEre) {
  const number = held.ere.remindersAsked + 1
  await held.set({ remindersAsked: number })
  await enqueue(held.trx, {
    ...common(held),
    key: `ere:${held.ere.id}:notice:${held.ere.notices}:reminder:${number}`,
    recipe: ERE_REMINDER,
    parameters: { number, notice: held.ere.notices },
    recipient: held.ere.email,
  })
}

/** @returns the key of the row */
export async function queueCode(
  held: HeldEre,
  { channel, recipient, locale }: { channel: CodeChannel; recipient: string; locale: string }
): Promise<string> {
  const number = held.ere.codes + 1
  const key = `ere:${held.ere.id}:code:${number}`
  await enqueue(held.trx, {
    ...common(held),
    key,
    channel,
    recipe: ERE_CODE,
    parameters: { locale },
    recipient,
  })
  return key
}

/** D17: the creditor and the agency are told, and the recipient when it is about what they did. */
export async function queueStep(held: HeldEre, step: Step) {
  const { trx, ere, letter } = held
  const agency = await Agency.query({ client: trx }).orderBy('id').firstOrFail()
  const claim = await Claim.query({ client: trx })
    .where('id', letter.claimId)
    .preload('creditor')
    .firstOrFail()
  const senders = new Set([claim.creditor.email, agency.email].flatMap((email) => email ?? []))
  const key = `ere:${ere.id}:${step}:${ere.notices}`
  await enqueueMany(trx, [
    ...[...senders].map((recipient, index) => ({
      ...common(held),
      key: `${key}:sender:${index}`,
      recipe: ERE_STEP,
      parameters: { step, to: recipient === claim.creditor.email ? 'creditor' : 'agency' },
      recipient,
      creditorId: claim.creditorId,
    })),
    ...(['accepted', 'refused', 'signed'].includes(step)
      ? [
          {
            ...common(held),
            key: `${key}:recipient`,
            recipe: ERE_STEP,
            parameters: { step, to: 'recipient' },
            recipient: ere.email,
          },
        ]
      : []),
  ])
}

const common = ({ letter }: HeldEre) => ({ claimId: letter.claimId, letterId: letter.id })
