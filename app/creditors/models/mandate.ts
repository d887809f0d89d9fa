import { hasOne } from '@adonisjs/lucid/orm'
import type { HasOne } from '@adonisjs/lucid/types/relations'
import { MandateSchema } from '#database/schema'
import ContractTerm from '#creditors/models/contract_term'

/**
 * The written agreement of CPCE R124-3. Its four statements (basis, guarantee,
 * fee, remittance) are required columns, so a mandate that exists holds them all.
 */
export default class Mandate extends MandateSchema {
  static override table = 'mandates'

  /** What the files taken under it take of late payment, when it says something of it. */
  @hasOne(() => ContractTerm)
  declare contract: HasOne<typeof ContractTerm>
}
