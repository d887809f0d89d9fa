import { BaseSchema } from '@adonisjs/lucid/schema'
import { widenOneOf } from '#database/widen_check'

export default class extends BaseSchema {
  override async up() {
    this.defer((client) => widenOneOf(client, 'deliveries', 'channel', ['sms']))
  }

  /** The word stays: what left by SMS did. */
  override async down() {}
}
