import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { daysBetween } from '#shared/calendar'
import { civilDateAt, clock, type CivilDate } from '#shared/clock'
import { sum } from '#shared/money'
import { numbered, takeNumbers } from '#shared/numbering'
import { dialect, transaction } from '#shared/transaction'
import { feeBpsOf } from '#creditors/fee_grid'
import { remitBy } from '#creditors/remit_by'
import Mandate from '#creditors/models/mandate'
import { feeOfLine } from '#banking/fees/fee'
import { ConfirmRemittance } from '#banking/remittances/actions/confirm_remittance'
import Remittance from '#banking/remittances/models/remittance'
import { owedPayments, type OwedPayment } from '#banking/remittances/queries/owed_payments'

type Line = {
  paymentId: number
  position: number
  collectedCents: number
  rateBps: number
  feeCents: number
  vatCents: number
  dueOn: CivilDate
}

/** SQLite takes so many values in one statement. */
const BATCH = 500

/**
 * One remittance for each creditor that is owed something, with its payments as lines (R124-6). What
 * went back since the last one is a negative line; a creditor that owes more than it is owed waits
 * for its next payments. What its own account got has an account of its own: nothing is
 * transferred, its fee is invoiced at once, and never kept from what is held. Each payment is drawn once: a second run right after prepares nothing.
 */
export class PrepareRemittances {
  handle({ until }: { until: CivilDate }, open?: TransactionClientContract): Promise<Remittance[]> {
    return transaction(async (trx) => {
      await oneAtATime(trx)
      const groups = Map.groupBy(await owedPayments(trx, until), (one) => `${one.creditorId} ${one.isDirect}`)
      const prepared: Remittance[] = []
      for (const payments of groups.values()) {
        if (sum(payments.map(({ cents }) => cents)) <= 0) continue
        const remittance = await this.#prepare(trx, payments, until)
        if (remittance.direct) {
          await new ConfirmRemittance().handle({ id: remittance.id, paidOn: clock.today() }, trx)
          await remittance.refresh()
        }
        prepared.push(remittance)
      }
      return prepared
    }, open)
  }

  async #prepare(
    trx: TransactionClientContract,
    payments: readonly OwedPayment[],
    until: CivilDate
  ): Promise<Remittance> {
    const [{ creditorId, isDirect: direct }] = payments as [OwedPayment]
    const mandates = await mandatesOf(trx, creditorId)
    const lines = payments.map((payment) => lineOf(payment, mandates(payment.receivedOn)))
    const collectedCents = sum(lines.map((line) => line.collectedCents))
    const feeCents = sum(lines.map((line) => line.feeCents))
    const vatCents = sum(lines.map((line) => line.vatCents))
    const today = clock.today()
    const year = Number(today.slice(0, 4))
    // A fee that would leave nothing to pay is invoiced whole instead.
    const netting = !direct && Boolean(mandates(today)?.netting) && collectedCents > feeCents + vatCents
    const now = clock.now()
    const remittance = await Remittance.create(
      {
        ref: numbered('R', year, await takeNumbers(trx, 'remittance', year)),
        creditorId,
        state: 'prepared',
        direct,
        untilOn: until,
        dueOn: lines
          .filter((line) => line.collectedCents > 0)
          .map(({ dueOn }) => dueOn)
          .sort()[0]!,
        collectedCents,
        feeCents,
        vatCents,
        netCents: collectedCents - (netting ? feeCents + vatCents : 0),
        netting,
        payments: lines.length,
        createdAt: now,
        updatedAt: now,
      },
      { client: trx }
    )
    const rows = lines.map((line) => ({
      remittance_id: remittance.id,
      payment_id: line.paymentId,
      position: line.position,
      collected_cents: line.collectedCents,
      rate_bps: line.rateBps,
      fee_cents: line.feeCents,
      vat_cents: line.vatCents,
      due_on: line.dueOn,
      created_at: now,
    }))
    for (let start = 0; start < rows.length; start += BATCH) {
      await trx.table('remittance_lines').multiInsert(rows.slice(start, start + BATCH))
    }
    return remittance
  }
}

/** Two preparations at once would draw the same payments: SQLite's transactions already wait. */
async function oneAtATime(trx: TransactionClientContract) {
  if (dialect() === 'postgres') await trx.rawQuery('lock table remittance_lines in share row exclusive mode')
}

/** The mandate in force on a day, else the last signed: its terms outlive it for what it brought in. */
async function mandatesOf(trx: TransactionClientContract, creditorId: number) {
  const mandates = await Mandate.query({ client: trx })
    .where('creditorId', creditorId)
    .orderBy('signedOn', 'desc')
    .orderBy('id', 'desc')
  return (on: CivilDate): Mandate | null =>
    mandates.find(({ signedOn, endsOn }) => signedOn <= on && (endsOn === null || endsOn >= on)) ??
    mandates[0] ??
    null
}

/** The rate of a payment is that of its first line, whatever was signed since. */
function lineOf(payment: OwedPayment, mandate: Mandate | null): Line {
  const { drawn, cents, receivedOn } = payment
  const file = {
    ageDays: daysBetween(payment.oldestDueOn, civilDateAt(payment.enteredAt)),
    principalCents: payment.principalCents,
  }
  const rateBps = drawn.nextPosition > 0 ? drawn.rateBps : mandate ? feeBpsOf(mandate, file) : 0
  return {
    paymentId: payment.paymentId,
    position: drawn.nextPosition,
    collectedCents: cents,
    rateBps,
    ...feeOfLine(drawn, cents, rateBps),
    dueOn: remitBy(receivedOn, mandate?.remittanceDays ?? null),
  }
}
