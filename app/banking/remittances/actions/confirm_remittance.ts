import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { addDays } from '#shared/calendar'
import { civilDateAt, clock, type CivilDate } from '#shared/clock'
import { numbered, takeNumbers } from '#shared/numbering'
import { transaction } from '#shared/transaction'
import { postRemittance } from '#claims/ledger'
import FeeInvoice from '#banking/fees/fee_invoice'
import { VAT } from '#banking/fees/vat'
import { announceRemittance } from '#banking/remittances/announcement'
import { attemptOf } from '#banking/remittances/actions/refuse_transfer'
import Remittance from '#banking/remittances/models/remittance'
import { recordOnFiles } from '#banking/remittances/record_on_files'

export type Confirmed = { outcome: 'paid' | 'already_paid' | 'cancelled' | 'date_refused' }

/** A creditor pays the fee within this, when it is not kept. */
const FEE_TERM_DAYS = 30

/**
 * A remittance has left the dedicated account: a person says so, or a line of the bank's statement.
 * In one transaction, once: the ledger, the fee's invoice with its number, and what tells the creditor.
 */
export class ConfirmRemittance {
  handle(
    confirmation: { id: number; paidOn: CivilDate; userId?: number | null },
    open?: TransactionClientContract
  ): Promise<Confirmed> {
    return transaction(async (trx) => {
      const { id, paidOn, userId = null } = confirmation
      const remittance = await Remittance.query({ client: trx })
        .where('id', id)
        .preload('creditor')
        .preload('order')
        .forUpdate()
        .firstOrFail()
      if (remittance.state === 'paid') return { outcome: 'already_paid' }
      if (remittance.state === 'cancelled') return { outcome: 'cancelled' }
      if (paidOn > clock.today() || paidOn < civilDateAt(remittance.createdAt)) {
        return { outcome: 'date_refused' }
      }
      await remittance.merge({ state: 'paid', paidOn, userId, updatedAt: clock.now() }).save()
      const attempt = await attemptOf(trx, id)
      if (!remittance.direct) await this.#leave(trx, remittance, attempt)
      await this.#invoiceFee(trx, remittance)
      await announceRemittance(trx, remittance, attempt)
      return { outcome: 'paid' }
    }, open)
  }

  /** The money moves in the ledger, and each file says that its part has left. */
  async #leave(trx: TransactionClientContract, remittance: Remittance, attempt: number) {
    const { id, ref, order, userId } = remittance
    const paidOn = remittance.paidOn!
    await postRemittance(trx, toPost(remittance, attempt), paidOn)
    await recordOnFiles(trx, id, {
      type: 'remittance.paid',
      userId,
      detail: { remittance: ref, paidOn, order: order ? order.ref : ref },
    })
  }

  /** Success only: without a fee there is no invoice; after a transfer that came back there is one already. */
  async #invoiceFee(trx: TransactionClientContract, remittance: Remittance) {
    if (remittance.feeCents === 0 && remittance.vatCents === 0) return
    if (await FeeInvoice.findBy('remittanceId', remittance.id, { client: trx })) return
    const today = clock.today()
    const year = Number(today.slice(0, 4))
    await FeeInvoice.create(
      {
        number: numbered('F', year, await takeNumbers(trx, 'fee_invoice', year)),
        remittanceId: remittance.id,
        creditorId: remittance.creditorId,
        feeCents: remittance.feeCents,
        vatCents: remittance.vatCents,
        vatBps: VAT.bps,
        issuedOn: today,
        dueOn: remittance.netting ? today : addDays(today, FEE_TERM_DAYS),
        createdAt: clock.now(),
      },
      { client: trx }
    )
  }
}

const toPost = ({ id, creditorId, netCents, keptCents }: Remittance, attempt: number) => ({
  id,
  creditorId,
  netCents,
  keptCents,
  attempt,
})
