import { hasMany } from '@adonisjs/lucid/orm'
import type { QueryClientContract } from '@adonisjs/lucid/types/database'
import type { HasMany } from '@adonisjs/lucid/types/relations'
import { CreditorSchema } from '#database/schema'
import type { CivilDate } from '#shared/clock'
import ConnectedAccount from '#creditors/models/connected_account'
import Mandate from '#creditors/models/mandate'
import User from '#users/models/user'

/** C2: what follows when the amicable stage fails. */
export const COLLECTION_OPTIONS = ['judicial', 'termination'] as const
export type CollectionOption = (typeof COLLECTION_OPTIONS)[number]

/** What decides the prescription of its claims when it is known (law.md §2). */
export const SECTORS = ['general', 'goods_transport'] as const

/** What keeps a creditor's files from being launched (R21, rule 2). */
export type LaunchGap = 'iban_missing' | 'mandate_missing'

/** The agency's dedicated account, the creditor's own, or nowhere for now. */
export type OnlineDestination = 'dedicated' | 'own' | 'suspended'

export default class Creditor extends CreditorSchema {
  static override table = 'creditors'
  declare collectionOption: CollectionOption

  @hasMany(() => Mandate)
  declare mandates: HasMany<typeof Mandate>

  @hasMany(() => User)
  declare users: HasMany<typeof User>

  /** @throws when there is no creditor of that reference */
  static ofRef(ref: string) {
    return this.findByOrFail('ref', ref)
  }

  /** The mandate in force on a day, newest first; null when there is none (rule 2: then nothing may be sent). */
  mandateOn(on: CivilDate, client?: QueryClientContract) {
    return Mandate.query(client ? { client } : {})
      .where('creditorId', this.id)
      .where('signedOn', '<=', on)
      .where((open) => open.whereNull('endsOn').orWhere('endsOn', '>=', on))
      .orderBy('signedOn', 'desc')
      .orderBy('id', 'desc')
      .first()
  }

  /** What must still be given before a campaign may start; empty when all is there. */
  async launchGaps(on: CivilDate): Promise<LaunchGap[]> {
    const mandate = await this.mandateOn(on)
    return [...(this.iban ? [] : ['iban_missing' as const]), ...(mandate ? [] : ['mandate_missing' as const])]
  }

  /**
   * Where what is paid online for it goes now. Nowhere while its own account may not receive: the money never
   * falls back on the agency's. An account of which Stripe said nothing yet is tried.
   */
  async onlineDestination(client?: QueryClientContract): Promise<OnlineDestination> {
    if (!this.stripeAccount) return 'dedicated'
    const account = await ConnectedAccount.of(this.id, client)
    return account?.stripeAccount !== this.stripeAccount || account.mayReceive ? 'own' : 'suspended'
  }

  async takesOnline(client?: QueryClientContract): Promise<boolean> {
    return (await this.onlineDestination(client)) !== 'suspended'
  }
}
