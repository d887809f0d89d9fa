import { EreCodeSchema } from '#database/schema'

/** A one-time code, of which only an HMAC is kept. */
export default class EreCode extends EreCodeSchema {
  static override table = 'ere_codes'
}
