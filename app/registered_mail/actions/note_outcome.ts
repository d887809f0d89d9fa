import { clock, instantOn, type CivilDate } from '#shared/clock'
import { transaction } from '#shared/transaction'
import type Letter from '#letters/models/letter'
import { recordFacts } from '#registered_mail/inbox'
import { letterPosted } from '#registered_mail/letter_posted'
import Mailing from '#registered_mail/models/mailing'
import type { MailingState } from '#registered_mail/providers/provider'
import { mayBeNoted } from '#registered_mail/queries/mailing_of'
import { workMailing } from '#registered_mail/work_mailing'
import type User from '#users/models/user'

interface Input {
  letter: Letter
  state: MailingState
  on: CivilDate
  by: User
}

export type Noted = 'noted' | 'not_ours' | 'date_impossible'

/** What came back by post, said by the person who holds the slip: a fact like any other. */
export class NoteOutcome {
  async handle({ letter, state, on, by }: Input): Promise<Noted> {
    if (letter.kind !== 'lrar') return 'not_ours'
    if (on < letter.datedOn || on > clock.today()) return 'date_impossible'
    return transaction(async (trx) => {
      const find = () => Mailing.query({ client: trx }).where('letterId', letter.id).forUpdate().first()
      const before = await find()
      if (!mayBeNoted(letter, before)) return 'not_ours'
      // Posted before mailings were kept.
      if (!before) await letterPosted(trx, { letterId: letter.id })
      const mailing = (await find())!
      const fact = {
        providerRef: mailing.providerRef!,
        factKey: `person:${letter.ref}:${state}:${on}`,
        state,
        proof: null,
        at: instantOn(on, 12),
        registeredNumber: null,
        reason: null,
      }
      const heard = { provider: mailing.provider, heardBy: 'person', raw: '', userId: by.id } as const
      await recordFacts(heard, [fact], trx)
      mailing.heardAt = clock.now()
      await workMailing(trx, mailing)
      return 'noted'
    })
  }
}
