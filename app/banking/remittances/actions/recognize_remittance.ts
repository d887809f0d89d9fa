import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock } from '#shared/clock'
import { sum } from '#shared/money'
import { transaction } from '#shared/transaction'
import BankLine from '#banking/models/bank_line'
import { ConfirmRemittance } from '#banking/remittances/actions/confirm_remittance'
import { attemptOf, RefuseTransfer } from '#banking/remittances/actions/refuse_transfer'
import type Remittance from '#banking/remittances/models/remittance'
import RemittanceMovement from '#banking/remittances/models/remittance_movement'
import { comingBack, leaving } from '#banking/remittances/queries/remittances_of_line'

export type LineOfRemittances = { lineId: number; refs: readonly string[]; userId: number }

export type RecognizedRemittance = {
  outcome: 'paid' | 'returned' | 'not_open' | 'not_these' | 'date_refused'
}

/**
 * A person says that a line of the bank is remittances: leaving, they are paid on its day; coming
 * back, the one it was is due again (RefuseTransfer). What was said before by hand is only linked.
 */
export class RecognizeRemittance {
  async handle({ lineId, refs, userId }: LineOfRemittances): Promise<RecognizedRemittance> {
    try {
      return await transaction(async (trx) => {
        const line = await BankLine.locked(trx, lineId)
        if (!line.isUndecided) return { outcome: 'not_open' }
        const known = line.amountCents < 0 ? await leaving(line, trx) : await comingBack(line, trx)
        const chosen = known.filter(({ ref }) => refs.includes(ref))
        const fits = sum(chosen.map(({ netCents }) => netCents)) === Math.abs(line.amountCents)
        if (!fits || chosen.length !== refs.length || chosen.length === 0) return { outcome: 'not_these' }
        for (const remittance of chosen) await this.#link(trx, line, remittance, userId)
        await line.merge({ state: 'matched', userId }).save()
        return { outcome: line.amountCents < 0 ? 'paid' : 'returned' }
      })
    } catch (error) {
      if (error instanceof DayRefused) return { outcome: 'date_refused' }
      throw error
    }
  }

  async #link(trx: TransactionClientContract, line: BankLine, remittance: Remittance, userId: number) {
    const { id, netCents, state } = remittance
    const isLeaving = line.amountCents < 0
    let attempt = await attemptOf(trx, id)
    if (isLeaving && state !== 'paid') {
      const { outcome } = await new ConfirmRemittance().handle({ id, paidOn: line.bookedOn, userId }, trx)
      if (outcome !== 'paid') throw new DayRefused()
    }
    if (!isLeaving && state === 'paid') {
      const reason = line.label.slice(0, 200) || line.operation || '-'
      const refusal = { id, orderId: remittance.orderId, reason, refusedOn: line.bookedOn, userId }
      if ((await new RefuseTransfer().handle(refusal, trx)) !== 'refused') throw new DayRefused()
    } else if (!isLeaving) attempt -= 1
    await RemittanceMovement.create(
      {
        lineId: line.id,
        remittanceId: id,
        kind: isLeaving ? 'paid' : 'returned',
        attempt,
        amountCents: isLeaving ? -netCents : netCents,
        userId,
        createdAt: clock.now(),
      },
      { client: trx }
    )
  }
}

/** Nothing of the line is kept then: the remittance cannot have left, or come back, on its day. */
class DayRefused extends Error {}
