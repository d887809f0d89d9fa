import { EreCodeSchema } from '#database/schema'
import type { CodeChannel } from '#registered_mail/ere/codes'

/** A one-time code, of which only an HMAC is kept. */
export default class EreCode extends EreCodeSchema {
  static override table = 'ere_codes'
  declare channel: CodeChannel
}
