import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock, type CivilDate } from '#shared/clock'
import type { Cents } from '#shared/money'
import { transaction } from '#shared/transaction'
import type User from '#users/models/user'
import { actorOf, recordEvent } from '#claims/events'
import { lockClaim, reducePrincipal, settleToday } from '#claims/ledger'
import type Claim from '#claims/models/claim'
import CreditNote from '#claims/models/credit_note'
import { allocateReduction } from '#claims/principal_reductions'

export type CreditNoteInput = {
  claim: Claim
  /** The creditor's own number. */
  number: string
  /** The day of the document: the principal is reduced from then on. */
  issuedOn: CivilDate
  amountCents: Cents
  /** The invoice it is about; without one the oldest are reduced first. */
  invoiceId: number | null
  by: User
}

export type CreditNoteOutcome =
  | { outcome: 'recorded'; note: CreditNote }
  /** The same number is already on the file: a double click is one credit note. */
  | { outcome: 'already_recorded' }
  /** What was paid above what is owed is the debtor's to have back: a person refunds it first. */
  | { outcome: 'more_than_due'; mostCents: Cents }
  | { outcome: 'closed' }

/** Rule 27: a credit note reduces the principal from its own day on. It is no payment, and gives no receipt. */
export default class RecordCreditNote {
  handle(input: CreditNoteInput): Promise<CreditNoteOutcome> {
    return transaction((trx) => this.#record(trx, input))
  }

  async #record(trx: TransactionClientContract, input: CreditNoteInput): Promise<CreditNoteOutcome> {
    const { claim, by, number, issuedOn, amountCents, invoiceId } = input
    await lockClaim(trx, claim.id)
    await claim.useTransaction(trx).refresh()
    if (claim.status === 'closed') return { outcome: 'closed' }
    const known = await CreditNote.query({ client: trx })
      .where({ claimId: claim.id, number })
      .whereNull('cancelledAt')
      .first()
    if (known) return { outcome: 'already_recorded' }

    const facts = { claimId: claim.id, invoiceId, number, issuedOn, amountCents }
    const reduction = { claimId: claim.id, invoiceId, cents: amountCents, on: issuedOn }
    const { lines, excessCents } = await allocateReduction(trx, reduction)
    if (excessCents > 0) return { outcome: 'more_than_due', mostCents: amountCents - excessCents }
    const note = await CreditNote.create({ ...facts, userId: by.id, createdAt: clock.now() }, { client: trx })
    await recordEvent(trx, {
      claimId: claim.id,
      type: 'credit_note.recorded',
      actor: actorOf(by),
      userId: by.id,
      detail: { number, amountCents, issuedOn },
    })
    const { key, id: creditNoteId } = note
    await reducePrincipal(trx, { ...reduction, key, creditNoteId, reason: 'credit_note' }, lines)
    await settleToday(trx, claim.id)
    return { outcome: 'recorded', note }
  }
}
