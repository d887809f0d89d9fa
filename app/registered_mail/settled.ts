import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock } from '#shared/clock'
import type Delivery from '#deliveries/models/delivery'
import { letterListeners } from '#letters/outcomes'
import { become, workMailing } from '#registered_mail/work_mailing'
import { carrierActor, recordCarriage } from '#registered_mail/evidence/carriage'
import Mailing from '#registered_mail/models/mailing'
import { NEVER_LEFT } from '#registered_mail/states'

/** What a delivery that ended makes of its mailing, in the transaction that settles it. */
export async function mailingSettled(trx: TransactionClientContract, delivery: Delivery) {
  const mailing = await Mailing.query({ client: trx })
    .where({ letterId: delivery.letterId!, provider: delivery.route! })
    .first()
  if (!mailing) return
  const waits = mailing.state === 'queued' || (NEVER_LEFT as readonly string[]).includes(mailing.state)
  if (!waits) return
  if (delivery.state === 'sent') await taken(trx, mailing, delivery)
  else if (delivery.state === 'failed') await become(trx, mailing, 'provider_rejected', delivery.reason)
  else if (delivery.state === 'cancelled') await withdrawn(trx, mailing, delivery.reason ?? 'abandoned')
}

/** The carrier has it; what it said meanwhile, before we knew its name for it, counts from now on. */
async function taken(trx: TransactionClientContract, mailing: Mailing, { providerRef, sentAt }: Delivery) {
  mailing.merge({ providerRef, heardAt: sentAt ?? clock.now() })
  const { letterId, provider } = mailing
  const data = { carrier: provider, reference: providerRef ?? 'aucune' }
  await recordCarriage(trx, { letterId, type: 'carrier.took', actor: carrierActor(provider), data })
  await workMailing(trx, mailing)
}

/** Stopped or returned, it is no letter any more: its action is told, and another is made when it can be. */
async function withdrawn(trx: TransactionClientContract, mailing: Mailing, reason: string) {
  await become(trx, mailing, 'cancelled', reason)
  await withdrawLetter(trx, mailing.letterId, reason)
}

/** A written letter that will not leave, because its file stopped or it is outdated. */
export async function withdrawLetter(trx: TransactionClientContract, letterId: number, reason: string) {
  const stopped = reason.startsWith('claim_')
  const outdated = ['address_undeliverable', 'letter_too_old', 'consent_withdrawn', 'email_bounced'].includes(
    reason
  )
  if (!stopped && !outdated) return
  const state = stopped ? 'cancelled' : 'failed'
  const changed: unknown = await trx
    .from('letters')
    .where({ id: letterId, state: 'rendered' })
    .update({ state, failure: reason })
  if (Number(changed) !== 1) return
  await forgetFirstLetter(trx, letterId)
  for (const listener of letterListeners()) {
    await (stopped ? listener.cancelled : listener.failed)?.(trx, letterId)
  }
}

/** Rule 6: a letter that reached nobody is not the one that later approaches recall. */
const forgetFirstLetter = (trx: TransactionClientContract, letterId: number) =>
  trx
    .from('claims')
    .whereIn('first_letter_ref', trx.from('letters').where('id', letterId).select('ref'))
    .whereNotExists(
      trx
        .from('deliveries')
        .where({ letter_id: letterId, channel: 'email' })
        .whereNotIn('state', ['failed', 'cancelled'])
        .select('id')
    )
    .update({ first_letter_ref: null, first_letter_on: null })
