import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import type { Instant } from '#shared/clock'
import type Delivery from '#deliveries/models/delivery'
import type { Guard } from '#deliveries/recipes'
import { ELECTRONIC_KINDS, type ElectronicKind } from '#letters/letter_content'
import { ERE_NOTICE, ERE_REMINDER } from '#registered_mail/ere/recipe_names'
import { MAILING } from '#registered_mail/recipe_names'
import { capLiftedAt, isSkip, judgeAgain, type ContactKey, type Verdict } from '#campaigns/due/judge'
import { policyAt } from '#campaigns/due/policy'
import { FIRST_LETTER, REMINDER } from '#campaigns/recipe_names'

/** A file that stops between the queue and the wire: what was queued for it does not leave. */
const CANCELS: readonly Verdict[] = ['disputed', 'paused']

/** These are about the paper letter, or were settled before the message was queued. */
const PASSES: readonly Verdict[] = ['go', 'confirm', 'early', 'address_missing', 'address_undeliverable']

/**
 * Judges a campaign's message again as it leaves, by the rules that queued it: a payment
 * committed since then stops it (U3), and hours and cap hold at the true time (rule 13).
 */
export const guardDebtorMessages: Guard = async (trx, delivery, at) => {
  if (!delivery.actionId || ![REMINDER, FIRST_LETTER].includes(delivery.recipe)) return null
  const policy = await policyAt(trx, at)
  const { verdict, personId } = await judgeAgain(trx, policy, delivery.actionId)
  if (isSkip(verdict) || CANCELS.includes(verdict)) return { cancel: verdict }
  if (!PASSES.includes(verdict)) return { deferUntil: policy.nextContactDayAt, reason: verdict }
  if (!policy.contactTime) return { deferUntil: policy.contactFrom, reason: 'outside_hours' }
  if (delivery.recipe === FIRST_LETTER) return null

  if (await wasFollowed(trx, delivery.actionId)) return { cancel: 'superseded' }
  const deferUntil = await capLiftedAt(trx, policy, personId, ofAction(delivery.actionId))
  if (deferUntil) return { deferUntil, reason: 'contact_cap' }
  await countContact(trx, { personId, channel: 'email', at }, ofAction(delivery.actionId))
  return null
}

/**
 * An ERE's notices and reminders, and an electronic letter whose provider notifies at once, leave within hours
 * and under the cap like any contact (rule 13). The first of a campaign's step was counted with the step.
 */
export const guardEreContacts: Guard = async (trx, delivery, at) => {
  const { kind, actionId, personId } = await contactedBy(trx, delivery)
  if (!kind) return null
  const policy = await policyAt(trx, at)
  if (!policy.contactTime) return { deferUntil: policy.contactFrom, reason: 'outside_hours' }
  const isFirst =
    delivery.recipe === MAILING || (delivery.recipe === ERE_NOTICE && delivery.parameters.number === 1)
  if (actionId && isFirst) return null
  const own: ContactKey = { column: 'delivery_id', id: delivery.id }
  const deferUntil = await capLiftedAt(trx, policy, personId, own)
  if (deferUntil) return { deferUntil, reason: 'contact_cap' }
  await countContact(trx, { personId, channel: kind, at }, own)
  return null
}

/** Who an electronic letter reaches by this delivery; no kind for any other. */
async function contactedBy(trx: TransactionClientContract, { recipe, letterId }: Delivery) {
  if (![ERE_NOTICE, ERE_REMINDER, MAILING].includes(recipe)) return NOBODY
  const row = await trx
    .from('letters')
    .join('claims', 'claims.id', 'letters.claim_id')
    .join('debtors', 'debtors.id', 'claims.debtor_id')
    .where('letters.id', letterId!)
    .whereIn('letters.kind', [...ELECTRONIC_KINDS])
    .select('letters.action_id', 'letters.kind')
    .select(trx.raw('(select min(p.id) from debtors p where p.person_key = debtors.person_key) as person_id'))
    .first()
  if (!row) return NOBODY
  const kind = row.kind as ElectronicKind
  return { kind, actionId: row.action_id ? Number(row.action_id) : null, personId: Number(row.person_id) }
}

const NOBODY = { kind: null, actionId: null, personId: 0 } as const

/** Counted when it was queued; not any more when it failed, and is now sent again. */
async function countContact(
  trx: TransactionClientContract,
  { personId, channel, at }: { personId: number; channel: 'email' | ElectronicKind; at: Instant },
  own: ContactKey
) {
  const counted: unknown = await contactOf(trx, personId, own).update({ occurred_at: at })
  if (Number(counted) > 0) return
  await trx.table('contacts').insert({ person_id: personId, [own.column]: own.id, channel, occurred_at: at })
}

/** After an outage a reminder that a later one has followed is not sent: one message, not four at once. */
async function wasFollowed(trx: TransactionClientContract, actionId: number): Promise<boolean> {
  const later = await trx
    .from('actions as own')
    .join('actions as later', (join) => {
      join
        .on('later.campaign_id', 'own.campaign_id')
        .andOn('later.claim_id', 'own.claim_id')
        .andOn('later.position', '>', 'own.position')
    })
    .where('own.id', actionId)
    .where('later.state', 'done')
    .select('later.id')
    .first()
  return later !== null
}

/**
 * What a reminder that did not leave makes of its action: nobody was contacted. One that a
 * person sent again after a refusal, and that left, is done after all.
 */
export async function reminderSettled(trx: TransactionClientContract, delivery: Delivery) {
  if (!delivery.actionId) return
  if (delivery.state === 'sent') return leftAfterAll(trx, delivery)
  if (delivery.state !== 'cancelled' && delivery.state !== 'failed') return
  const cancelled = delivery.state === 'cancelled'
  await trx
    .from('actions')
    .where({ id: delivery.actionId, state: 'done' })
    .update({
      state: cancelled ? 'skipped' : 'failed',
      reason: cancelled ? (delivery.reason ?? 'cancelled').slice(0, 64) : 'delivery_failed',
      done_at: null,
    })
  const action = await trx.from('actions').where('id', delivery.actionId).select('person_id').firstOrFail()
  await contactOf(trx, Number(action.person_id), ofAction(delivery.actionId)).delete()
}

const leftAfterAll = async (trx: TransactionClientContract, { actionId, sentAt }: Delivery) => {
  await trx
    .from('actions')
    .where({ id: actionId, state: 'failed', reason: 'delivery_failed' })
    .update({ state: 'done', reason: null, done_at: sentAt })
}

/** Found by the person first: that is the index. */
const contactOf = (trx: TransactionClientContract, personId: number, { column, id }: ContactKey) =>
  trx.from('contacts').where({ person_id: personId, [column]: id })

const ofAction = (id: number): ContactKey => ({ column: 'action_id', id })
