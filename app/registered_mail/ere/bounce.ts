import type { EvidenceActor } from '#registered_mail/evidence/event_types'
import type { HeldEre } from '#registered_mail/ere/change'
import { queueStep } from '#registered_mail/ere/queue'
import { isAnswerable, mayBecome } from '#registered_mail/ere/states'

export interface Bounce {
  to: string
  /** As the mail server or the person who read its report says it. */
  code: string
  nature: 'hard' | 'soft'
}

/**
 * A notice did not arrive. The period no longer runs: such a sending never becomes unclaimed (rule 48),
 * unless the recipient is notified again. Who has been identified meanwhile has it, and goes on.
 */
export async function bounced(held: HeldEre, { to, code, nature }: Bounce, by: EvidenceActor) {
  const { ere, letter, trx } = held
  await held.prove('notification.bounced', by, { to, code, nature })
  if (!isAnswerable(ere.state)) return
  if (mayBecome(ere.state, 'notification_failed'))
    await held.become('notification_failed', { deadlineAt: null })
  else await held.set({ deadlineAt: null })
  // Rule 6: nobody has it, so nothing may recall it yet.
  if (ere.state !== 'identified') {
    await trx
      .from('letters')
      .where({ id: letter.id, state: 'printed' })
      .update({ state: 'rendered', printed_at: null })
  }
  const actor =
    by.kind === 'user' ? { actor: 'user' as const, userId: Number(by.id) } : { actor: 'system' as const }
  await held.tell('bounced', actor, { to, code })
  await queueStep(held, 'bounced')
}
