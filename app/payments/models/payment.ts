import { belongsTo, hasMany, hasOne } from '@adonisjs/lucid/orm'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import type { BelongsTo, HasMany, HasOne } from '@adonisjs/lucid/types/relations'
import { PaymentSchema } from '#database/schema'
import Claim from '#claims/models/claim'
import PaymentReturn from '#payments/models/payment_return'
import Receipt from '#payments/models/receipt'

/** `online` is whatever else Stripe offered the debtor. */
export const PAYMENT_METHODS = [
  'card',
  'sepa_debit',
  'paypal',
  'online',
  'transfer',
  'cheque',
  'cash',
] as const
export type PaymentMethod = (typeof PAYMENT_METHODS)[number]

/** The destination of what a creditor says that it received itself, by another way than Stripe. */
export const REPORTED = 'reported'

/** Money that was received, once: `source` says where from and is unique. */
export default class Payment extends PaymentSchema {
  static override table = 'payments'
  declare method: PaymentMethod

  @belongsTo(() => Claim)
  declare claim: BelongsTo<typeof Claim>

  /** The one it had at first; those of its returns replace it. */
  @hasOne(() => Receipt, { onQuery: (query) => void query.whereNull('replacesId') })
  declare receipt: HasOne<typeof Receipt>

  @hasMany(() => PaymentReturn)
  declare returns: HasMany<typeof PaymentReturn>

  /** It went to the creditor's own account: it is not held. */
  get isDirect() {
    return Boolean(this.destinationAccount)
  }

  /** The one that is worth something. */
  currentReceipt(trx?: TransactionClientContract): Promise<Receipt> {
    return Receipt.query({ client: trx }).where('paymentId', this.id).orderBy('id', 'desc').firstOrFail()
  }
}
