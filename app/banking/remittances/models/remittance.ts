import { belongsTo, hasMany, hasOne } from '@adonisjs/lucid/orm'
import type { BelongsTo, HasMany, HasOne } from '@adonisjs/lucid/types/relations'
import { RemittanceSchema } from '#database/schema'
import type { CivilDate } from '#shared/clock'
import { daysBetween } from '#shared/calendar'
import Creditor from '#creditors/models/creditor'
import FeeInvoice from '#banking/fees/fee_invoice'
import RemittanceLine from '#banking/remittances/models/remittance_line'
import TransferOrder from '#banking/remittances/models/transfer_order'

/**
 * prepared: its payments are drawn · exported: in an order to the bank · paid: it left, and the
 * ledger says so · cancelled: its payments can be drawn again.
 */
export const REMITTANCE_STATES = ['prepared', 'exported', 'paid', 'cancelled'] as const
export type RemittanceState = (typeof REMITTANCE_STATES)[number]

/** What is paid to a creditor at once (CPCE R124-6), numbered without gaps. */
export default class Remittance extends RemittanceSchema {
  static override table = 'remittances'
  declare state: RemittanceState

  @belongsTo(() => Creditor)
  declare creditor: BelongsTo<typeof Creditor>

  @belongsTo(() => TransferOrder, { foreignKey: 'orderId' })
  declare order: BelongsTo<typeof TransferOrder>

  @hasMany(() => RemittanceLine)
  declare lines: HasMany<typeof RemittanceLine>

  @hasOne(() => FeeInvoice)
  declare feeInvoice: HasOne<typeof FeeInvoice>

  /** Fee and VAT kept from what was collected: nothing unless the mandate lets the agency (rule 37). */
  get keptCents() {
    return this.netting ? this.feeCents + this.vatCents : 0
  }

  /** Rule 36: how near its day is; null once it is paid or cancelled. */
  alertOn(today: CivilDate): DueAlert | null {
    return this.state === 'paid' || this.state === 'cancelled' ? null : dueAlert(this.dueOn, today)
  }
}

export type DueAlert = 'late' | 'near' | 'later'

/** A week is what a bank, a week-end and a public holiday can take. */
const NEAR_DAYS = 7

/** The most urgent first. */
export const byDueOn = (one: { dueOn: CivilDate }, other: { dueOn: CivilDate }) =>
  one.dueOn < other.dueOn ? -1 : one.dueOn > other.dueOn ? 1 : 0

/** How near the day is on which a sum must have been remitted (rule 36). */
export function dueAlert(dueOn: CivilDate, today: CivilDate): DueAlert {
  if (dueOn < today) return 'late'
  return daysBetween(today, dueOn) <= NEAR_DAYS ? 'near' : 'later'
}
