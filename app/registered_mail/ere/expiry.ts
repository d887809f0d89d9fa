import { clock } from '#shared/clock'
import { SYSTEM, type HeldEre } from '#registered_mail/ere/change'
import { queueStep } from '#registered_mail/ere/queue'
import { RUNNING, type EreState } from '#registered_mail/ere/states'

/**
 * Ends an ERE whose period is over, unclaimed (rule 48); a notice that bounced runs no period.
 *
 * @returns true when it is over by this
 */
export async function expireIfOver(held: HeldEre): Promise<boolean> {
  const { state, notifiedAt, deadlineAt, reminders } = held.ere
  const now = clock.now()
  if (!(RUNNING as readonly EreState[]).includes(state) || !deadlineAt || now < deadlineAt) return false
  await held.prove('letter.expired', SYSTEM, { sentAt: notifiedAt!, deadlineAt, reminders })
  await held.become('expired', { endedAt: now })
  await held.tell('expired', { actor: 'system' })
  await queueStep(held, 'expired')
  return true
}
