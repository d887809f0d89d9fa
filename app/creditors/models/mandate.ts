import { MandateSchema } from '#database/schema'

/**
 * The written agreement of CPCE R124-3. Its four statements (basis, guarantee,
 * fee, remittance) are required columns, so a mandate that exists holds them all.
 */
export default class Mandate extends MandateSchema {
  static override table = 'mandates'
}
