import emitter from '@adonisjs/core/services/emitter'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock, type CivilDate } from '#shared/clock'
import type { Cents } from '#shared/money'
import { numbered, takeNumbers } from '#shared/numbering'
import { transaction } from '#shared/transaction'
import { recordEvent } from '#claims/events'
import { allocatePayment, lockClaim, postPayment } from '#claims/ledger'
import Payment, { type PaymentMethod } from '#payments/models/payment'
import type Receipt from '#payments/models/receipt'
import { issueReceipt } from '#payments/receipts/issue_receipt'
import { announcePayment } from '#payments/announcements'
import { followPayments, isForeseen } from '#payments/plans/follow_payments'
import { honourOffer } from '#payments/plans/offers'

export interface MoneyReceived {
  /** Where it came from, once: `stripe:pi_…`, `manual:…`, `bank:…`. */
  source: string
  claimId: number
  attemptId?: number | null
  method: PaymentMethod
  amountCents: Cents
  /** The day the debtor is freed of it; a later day than today counts as today. */
  receivedOn: CivilDate
  invoiceIds?: readonly number[]
  /** The creditor's own account, when the money went there: it is then neither held nor remitted. */
  destinationAccount?: string | null
  userId?: number | null
  note?: string | null
}

export type Received = { outcome: 'posted' | 'already_posted'; payment: Payment }

declare module '@adonisjs/core/types' {
  interface EventsList {
    /** After the commit: a payment is in the ledger. */
    'payment:posted': { paymentId: number; claimId: number; remainingCents: number }
  }
}

/**
 * Money received for a claim, once for each source, in one transaction: the
 * payment, its postings, the claim's balance and status, its event, a numbered
 * receipt (R124-6, rule 33) and what tells the debtor and the creditor (R124-5,
 * rule 34). What nobody owes goes to suspense (rule 30).
 *
 * Given an open transaction it joins it; `payment:posted` waits for its commit.
 */
export class ReceivePayment {
  handle(money: MoneyReceived, open?: TransactionClientContract): Promise<Received> {
    return transaction(async (trx) => {
      await lockClaim(trx, money.claimId)
      const known = await Payment.query({ client: trx }).where('source', money.source).first()
      if (known) return { outcome: 'already_posted', payment: known }

      const today = clock.today()
      const received = { on: money.receivedOn > today ? today : money.receivedOn, cents: money.amountCents }
      const foreseen = await isForeseen(trx, money.claimId, received)
      const accepted = await honourOffer(trx, money.claimId, { ...received, attemptId: money.attemptId })
      const { payment, remainingCents } = await this.#post(trx, money, today)
      await accepted?.paidBy(payment)
      const receipt = await issueReceipt(
        trx,
        { paymentId: payment.id, claimId: payment.claimId, on: payment.receivedOn, remainingCents },
        today
      )
      await this.#tellTheFile(trx, payment, receipt)
      await announcePayment(trx, payment, { tellCreditor: !foreseen })
      await followPayments(trx, money.claimId)
      trx.after('commit', () =>
        emitter.emit('payment:posted', { paymentId: payment.id, claimId: payment.claimId, remainingCents })
      )
      return { outcome: 'posted', payment }
    }, open)
  }

  async #post(trx: TransactionClientContract, money: MoneyReceived, today: CivilDate) {
    const receivedOn = money.receivedOn > today ? today : money.receivedOn
    const { claimId, amountCents } = money
    const year = Number(today.slice(0, 4))
    const { owed, allocation } = await allocatePayment(trx, {
      claimId,
      amountCents,
      receivedOn,
      chosenInvoiceIds: money.invoiceIds,
    })
    const payment = await Payment.create(
      {
        ref: numbered('E', year, await takeNumbers(trx, 'payment', year)),
        source: money.source,
        claimId,
        attemptId: money.attemptId ?? null,
        method: money.method,
        amountCents,
        interestCents: allocation.interestCents,
        principalCents: allocation.principalCents,
        indemnityCents: allocation.indemnityCents,
        suspenseCents: allocation.suspenseCents,
        receivedOn,
        destinationAccount: money.destinationAccount ?? null,
        userId: money.userId ?? null,
        note: money.note ?? null,
        createdAt: clock.now(),
      },
      { client: trx }
    )
    const posted = { id: payment.id, claimId, amountCents, receivedOn, isDirect: payment.isDirect }
    return { payment, remainingCents: await postPayment(trx, posted, { owed, allocation }) }
  }

  async #tellTheFile(trx: TransactionClientContract, payment: Payment, receipt: Receipt) {
    await recordEvent(trx, {
      claimId: payment.claimId,
      type: 'payment.received',
      actor: payment.userId ? 'user' : 'debtor',
      userId: payment.userId,
      detail: {
        payment: payment.ref,
        receipt: receipt.number,
        method: payment.method,
        amountCents: payment.amountCents,
        remainingCents: receipt.remainingCents,
      },
    })
  }
}
