import { belongsTo, hasOne } from '@adonisjs/lucid/orm'
import type { BelongsTo, HasOne } from '@adonisjs/lucid/types/relations'
import { DeliverySchema } from '#database/schema'
import Claim from '#claims/models/claim'
import Creditor from '#creditors/models/creditor'
import SentMessage from '#deliveries/models/sent_message'

export type Channel = 'email' | 'print' | 'sms'

/** What a driver is chosen by: the channel, and which of its carriers when it has several. */
export type Way = Pick<Delivery, 'channel' | 'route'>

/**
 * queued: waits for its hour · leased: a worker has taken it, nothing left yet ·
 * sending: it may have left · sent, failed, cancelled: settled · uncertain: it
 * may have left and nobody can tell; a person settles it.
 */
export const DELIVERY_STATES = [
  'queued',
  'leased',
  'sending',
  'sent',
  'failed',
  'uncertain',
  'cancelled',
] as const
export type DeliveryState = (typeof DELIVERY_STATES)[number]

/** One thing that leaves once. */
export default class Delivery extends DeliverySchema {
  static override table = 'deliveries'
  declare channel: Channel
  declare state: DeliveryState

  @belongsTo(() => Claim)
  declare claim: BelongsTo<typeof Claim>

  @belongsTo(() => Creditor)
  declare creditor: BelongsTo<typeof Creditor>

  @hasOne(() => SentMessage)
  declare message: HasOne<typeof SentMessage>

  /** Its way in a word: `email`, `print:folder`. */
  get way(): string {
    return wayName(this)
  }

  /** The recipe as a name that language files can select on: `campaigns_reminder`. */
  get subjectMatter(): string {
    return this.recipe.replaceAll('.', '_')
  }
}

export const wayName = ({ channel, route }: Way) => (route ? `${channel}:${route}` : channel)
