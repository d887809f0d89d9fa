import { clock } from '#shared/clock'
import Agency from '#agency/models/agency'
import type { EvidenceActor } from '#registered_mail/evidence/event_types'
import { holdEre, type HeldEre } from '#registered_mail/ere/change'
import { expireIfOver } from '#registered_mail/ere/expiry'
import { queueStep } from '#registered_mail/ere/queue'
import { statementOf, type Statement } from '#registered_mail/ere/statements'
import { isAnswerable } from '#registered_mail/ere/states'

export interface AnswerInput {
  ereId: number
  answer: 'accept' | 'refuse'
  /** Why it is refused, when the recipient says. */
  reason?: string | null
  locale: string
  /** Of the words that were on the page. */
  statementSha256: string
  actor: EvidenceActor
}

/**
 * - done: it is the answer
 * - over: it was answered before, or the period is over; the page says which
 * - not_identified: no code was entered
 * - statement_changed: what was on the page is no longer what would be kept: it is shown again
 */
export type Answered = 'done' | 'over' | 'not_identified' | 'statement_changed'

/** Accepts or refuses, once: to receive a letter is not to agree with it. */
export class AnswerEre {
  handle(input: AnswerInput): Promise<Answered> {
    return holdEre(input.ereId, async (held): Promise<Answered> => {
      if ((await expireIfOver(held)) || !isAnswerable(held.ere.state)) return 'over'
      if (held.ere.state !== 'identified') return 'not_identified'
      const agency = await Agency.query({ client: held.trx }).orderBy('id').firstOrFail()
      const statement = statementOf(input.answer, held.letter, { agency: agency.name, locale: input.locale })
      if (statement.sha256 !== input.statementSha256) return 'statement_changed'
      if (input.answer === 'accept') await accept(held, statement, input.actor)
      else await refuse(held, statement, input)
      return 'done'
    })
  }
}

async function accept(held: HeldEre, { text, sha256 }: Statement, actor: EvidenceActor) {
  await held.prove('letter.accepted', actor, { statement: text, statementSha256: sha256 })
  await held.become('accepted', { acceptedAt: clock.now() })
  await held.tell('accepted', { actor: 'debtor' })
  await queueStep(held, 'accepted')
}

async function refuse(held: HeldEre, { text }: Statement, { reason, actor }: AnswerInput) {
  await held.prove('letter.refused', actor, { statement: text, reason: reason || 'non précisé' })
  await held.become('refused', { endedAt: clock.now() })
  await held.tell('refused', { actor: 'debtor' }, { reason: reason || null })
  await queueStep(held, 'refused')
}
