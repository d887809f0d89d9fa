import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock, type CivilDate } from '#shared/clock'
import { sum, type Cents } from '#shared/money'
import { transaction } from '#shared/transaction'
import { recordEvent } from '#claims/events'
import { lockClaim, reversePayment } from '#claims/ledger'
import Pause, { GRACE_PAUSE } from '#claims/models/pause'
import { loadOwed } from '#claims/owed'
import { refreshStatus } from '#claims/status'
import { announceReturn } from '#payments/announcements'
import type Payment from '#payments/models/payment'
import PaymentReturn, { type ReturnKind } from '#payments/models/payment_return'
import { issueReceipt } from '#payments/receipts/issue_receipt'
import { followPayments } from '#payments/plans/follow_payments'
import { undoOffer } from '#payments/plans/offers'

export interface MoneyTakenBack {
  payment: Payment
  how: ReturnKind
  /** What took it back, for example one dispute of the bank. */
  source: string
  /** In all, from that source: the same total again takes nothing more. */
  totalCents: Cents
  returnedOn: CivilDate
  /** The person who says so, when it is not a provider. */
  userId?: number | null
}

export type TakenBack = { outcome: 'taken_back' | 'already_taken_back' | 'more_than_received' }

/**
 * Money of a payment that went back (rule 32), in one transaction: the balance reopens, a new
 * receipt replaces the former one, and the file waits for a person, because whoever refunds or
 * disputes may have a reason not to owe any more. A surplus given back (rule 30) reopens nothing.
 */
export class TakeBackPayment {
  handle(money: MoneyTakenBack, open?: TransactionClientContract): Promise<TakenBack> {
    return transaction((trx) => this.#takeBack(trx, money), open)
  }

  async #takeBack(trx: TransactionClientContract, money: MoneyTakenBack): Promise<TakenBack> {
    const { payment, source } = money
    await lockClaim(trx, payment.claimId)
    const before = await PaymentReturn.query({ client: trx }).where('paymentId', payment.id)
    const fromSource = sum(before.filter((one) => one.source === source).map((one) => one.amountCents))
    const amountCents = money.totalCents - fromSource
    if (amountCents <= 0) return { outcome: 'already_taken_back' }
    if (amountCents > payment.amountCents - sum(before.map((one) => one.amountCents))) {
      return { outcome: 'more_than_received' }
    }
    const today = clock.today()
    const returnedOn = within(payment.receivedOn, money.returnedOn, today)
    const split = await reversePayment(trx, payment, returnedOn, money.how, amountCents)
    if (amountCents + sum(before.map((one) => one.amountCents)) === payment.amountCents) {
      await undoOffer(trx, payment.id, returnedOn)
    }
    if (split.suspenseCents < amountCents) await this.#pause(trx, payment.claimId)
    const receipt = await this.#replaceReceipt(trx, payment, returnedOn, today)
    const taken = await PaymentReturn.create(
      {
        ...split,
        paymentId: payment.id,
        how: money.how,
        source,
        amountCents,
        returnedOn,
        receiptId: receipt.id,
        createdAt: clock.now(),
      },
      { client: trx }
    )
    await recordEvent(trx, {
      claimId: payment.claimId,
      type: 'payment.taken_back',
      actor: money.userId ? 'user' : 'provider',
      userId: money.userId,
      detail: { payment: payment.ref, how: money.how, amountCents, receipt: receipt.number },
    })
    await announceReturn(trx, payment, taken)
    await followPayments(trx, payment.claimId)
    return { outcome: 'taken_back' }
  }

  async #pause(trx: TransactionClientContract, claimId: number) {
    const paused = await Pause.query({ client: trx })
      .where('claimId', claimId)
      .whereNull('liftedAt')
      .whereNot('reason', GRACE_PAUSE)
      .first()
    if (paused) return
    await Pause.create(
      { claimId, reason: 'payment_taken_back', untilOn: null, userId: null, createdAt: clock.now() },
      { client: trx }
    )
    await refreshStatus(trx, 'claims.id = ?', [claimId])
  }

  async #replaceReceipt(
    trx: TransactionClientContract,
    payment: Payment,
    returnedOn: CivilDate,
    today: CivilDate
  ) {
    const former = await payment.currentReceipt(trx)
    const { id: paymentId, claimId } = payment
    const { totalCents: remainingCents } = await loadOwed(claimId, returnedOn, trx)
    const of = { paymentId, claimId, on: returnedOn, replacesId: former.id }
    return issueReceipt(trx, { ...of, remainingCents }, today)
  }
}

/** Nothing goes back before it came, nor later than today, whatever the gateway's clock says. */
const within = (from: CivilDate, on: CivilDate, until: CivilDate): CivilDate =>
  on < from ? from : on > until ? until : on
