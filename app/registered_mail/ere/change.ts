import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import { recordEvent } from '#claims/events'
import { lockClaim } from '#claims/ledger'
import Letter from '#letters/models/letter'
import { appendEvents } from '#registered_mail/evidence/append_events'
import type { EvidenceActor, EvidenceData, EvidenceType } from '#registered_mail/evidence/event_types'
import Ere from '#registered_mail/ere/models/ere'
import { consentData } from '#registered_mail/ere/consents'
import EreConsent from '#registered_mail/ere/models/ere_consent'
import { mayBecome, type EreState } from '#registered_mail/ere/states'

/** An ERE while its row is held: what is done to it goes in its chain, its row and its file's timeline at once. */
export class HeldEre {
  constructor(
    readonly trx: TransactionClientContract,
    readonly ere: Ere,
    readonly letter: Letter
  ) {}

  /** Adds an event to the letter's chain. */
  async prove<Type extends EvidenceType>(type: Type, actor: EvidenceActor, data: EvidenceData[Type]) {
    const event = { letterId: this.letter.id, type, actor, data }
    const [hash] = await appendEvents(this.trx, [event as Parameters<typeof appendEvents>[1][number]])
    return hash!
  }

  /** Rule 46: the consent that this sending rests on. */
  async proveConsent(consentId: number, by: { id: number }) {
    const consent = await EreConsent.findOrFail(consentId, { client: this.trx })
    await this.prove('consent.recorded', { kind: 'user', id: String(by.id) }, consentData(consent))
  }

  /** @throws for a step that is never taken: whoever asks has looked at the state first */
  async become(state: EreState, values: Partial<Ere> = {}) {
    if (!mayBecome(this.ere.state, state))
      throw new Error(`an ERE that is ${this.ere.state} never becomes ${state}`)
    await this.set({ ...values, state })
  }

  async set(values: Partial<Ere>) {
    await this.ere.merge({ ...values, updatedAt: clock.now() } as never).save()
  }

  /** A line on the file's timeline, as `ere.<what>`. */
  tell(what: string, by: { actor: 'system' | 'debtor' } | { actor: 'user'; userId: number }, detail = {}) {
    return recordEvent(this.trx, {
      claimId: this.letter.claimId,
      type: `ere.${what}`,
      ...by,
      detail: { letter: this.letter.ref, ...detail },
    })
  }
}

/**
 * Does something to an ERE with its file and its row held, in that order, as it is by then: of two who
 * click at once, the second sees what the first did.
 */
export function holdEre<T>(
  ereId: number,
  work: (held: HeldEre) => Promise<T>,
  open?: TransactionClientContract
): Promise<T> {
  return transaction(async (trx) => {
    const { letterId } = await Ere.findOrFail(ereId, { client: trx })
    const letter = await Letter.findOrFail(letterId, { client: trx })
    await lockClaim(trx, letter.claimId)
    await trx.from('eres').where('id', ereId).forUpdate().select('id')
    return work(new HeldEre(trx, await Ere.findOrFail(ereId, { client: trx }), letter))
  }, open)
}

export const SYSTEM = { kind: 'system' } as const
