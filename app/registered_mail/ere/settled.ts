import type Delivery from '#deliveries/models/delivery'
import type { Recipe } from '#deliveries/recipes'
import { holdEre, SYSTEM, type HeldEre } from '#registered_mail/ere/change'
import Ere from '#registered_mail/ere/models/ere'
import { channelOf, maskedContact } from '#registered_mail/ere/code_channels'
import { bounced, type Bounce } from '#registered_mail/ere/bounce'
import { deadlineAfter } from '#registered_mail/ere/period'
import { queueStep } from '#registered_mail/ere/queue'
import { isAnswerable, mayBecome, type EreState } from '#registered_mail/ere/states'
import { withdrawLetter } from '#registered_mail/settled'

type Settled = NonNullable<Recipe['settled']>

const WAITS_FOR_NOTICE: readonly EreState[] = ['deposited', 'notified', 'notification_failed']

/** What the outbox knows of a notice is what the chain says of it. */
export const noticeSettled: Settled = async (trx, delivery) => {
  const { id } = await Ere.query({ client: trx }).where('letterId', delivery.letterId!).firstOrFail()
  await holdEre(
    id,
    async (held) => {
      if (delivery.state === 'sent') await left(held, delivery)
      else if (delivery.state === 'failed') await bounced(held, bounceOf(delivery), SYSTEM)
      else if (delivery.state === 'cancelled') await withdrawn(held, delivery)
      if (delivery.state === 'failed' || delivery.state === 'cancelled')
        await trx.from('contacts').where('delivery_id', delivery.id).delete()
    },
    trx
  )
}

/** The period begins with the dispatch; a notice sent again begins it again. */
async function left(held: HeldEre, delivery: Delivery) {
  const { ere, letter, trx } = held
  const { recipient, sentAt } = delivery
  await held.prove('notification.sent', SYSTEM, { ...dispatchOf(delivery), attempt: ere.notices })
  if (!isAnswerable(ere.state)) return
  const period = { notifiedAt: sentAt!, deadlineAt: deadlineAfter(sentAt!), remindersAsked: 0, reminders: 0 }
  if (mayBecome(ere.state, 'notified')) await held.become('notified', period)
  else await held.set(period)
  await trx
    .from('letters')
    .where({ id: letter.id, state: 'rendered' })
    .update({ state: 'printed', printed_at: sentAt })
  await held.tell('notified', { actor: 'system' }, { to: recipient })
  await queueStep(held, 'notified')
}

const dispatchOf = ({ recipient, messageId, messageSha256, providerRef, provider }: Delivery) => ({
  to: recipient,
  messageId: messageId!,
  messageSha256: messageSha256!,
  reply: providerRef ?? `aucune réponse (${provider})`,
})

/** A code of the 4xx family may work another day; anything else will not. */
const bounceOf = ({ reason, recipient }: Delivery): Bounce => ({
  to: recipient,
  code: reason ?? 'inconnu',
  nature: /\b4\d\d\b/.test(reason ?? '') ? 'soft' : 'hard',
})

/** The file stopped before the notice left: the recipient has heard nothing, and will not. */
async function withdrawn(held: HeldEre, delivery: Delivery) {
  const { ere, letter, trx } = held
  const reason = delivery.reason ?? 'abandoned'
  if (!WAITS_FOR_NOTICE.includes(ere.state) || reason === 'superseded') return
  if (Number(delivery.parameters.number) !== ere.notices) return
  if (ere.state !== 'deposited' || reason === 'abandoned') {
    await bounced(held, { to: delivery.recipient, code: reason, nature: 'soft' }, SYSTEM)
    return
  }
  await held.prove('letter.cancelled', SYSTEM, { reason })
  await held.become('cancelled', { endedAt: delivery.updatedAt })
  await held.tell('cancelled', { actor: 'system' }, { reason })
  await withdrawLetter(trx, letter.id, reason)
}

/** Reminders are proved and counted; one that finds no mailbox says that the notice has none either. */
export const reminderSettled: Settled = async (trx, delivery) => {
  const { id } = await Ere.query({ client: trx }).where('letterId', delivery.letterId!).firstOrFail()
  await holdEre(
    id,
    async (held) => {
      const { ere } = held
      if (delivery.state === 'sent') {
        await held.prove('notification.reminded', SYSTEM, dispatchOf(delivery))
        await held.set({ reminders: ere.reminders + 1 })
        await held.tell('reminded', { actor: 'system' })
      } else if (delivery.state === 'failed' && bounceOf(delivery).nature === 'hard') {
        await bounced(held, bounceOf(delivery), SYSTEM)
      }
      if (delivery.state === 'failed' || delivery.state === 'cancelled')
        await trx.from('contacts').where('delivery_id', delivery.id).delete()
    },
    trx
  )
}

export const codeSettled: Settled = async (trx, delivery) => {
  if (delivery.state !== 'sent') return
  const channel = channelOf(delivery)
  const { id } = await Ere.query({ client: trx }).where('letterId', delivery.letterId!).firstOrFail()
  await holdEre(
    id,
    async (held) => {
      await held.prove('identity.code_sent', SYSTEM, {
        channel,
        address: maskedContact(channel, delivery.recipient),
        contactSource: channel === 'sms' ? held.ere.mobileSource! : held.ere.contactSource,
      })
    },
    trx
  )
}
