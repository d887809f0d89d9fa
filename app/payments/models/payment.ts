import { belongsTo, hasOne } from '@adonisjs/lucid/orm'
import type { BelongsTo, HasOne } from '@adonisjs/lucid/types/relations'
import { PaymentSchema } from '#database/schema'
import Claim from '#claims/models/claim'
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

/** Money that was received, once: `source` says where from and is unique. */
export default class Payment extends PaymentSchema {
  static override table = 'payments'
  declare method: PaymentMethod

  @belongsTo(() => Claim)
  declare claim: BelongsTo<typeof Claim>

  @hasOne(() => Receipt)
  declare receipt: HasOne<typeof Receipt>
}
