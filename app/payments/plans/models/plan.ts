import { belongsTo, hasMany, hasOne } from '@adonisjs/lucid/orm'
import type { BelongsTo, HasMany, HasOne } from '@adonisjs/lucid/types/relations'
import { PlanSchema } from '#database/schema'
import Claim from '#claims/models/claim'
import Acknowledgement from '#payments/plans/models/acknowledgement'
import PlanInstalment from '#payments/plans/models/plan_instalment'

export const PLAN_STATES = [
  'proposed',
  'accepted',
  'active',
  'completed',
  'broken',
  'lapsed',
  'refused',
  'cancelled',
] as const
export type PlanState = (typeof PLAN_STATES)[number]

/** Those in which it is not over; one at most for a file. */
export const LIVE_PLANS = ['proposed', 'accepted', 'active'] as const
/** Those that hold the reminders, and count what is paid. */
export const AGREED_PLANS = ['accepted', 'active'] as const

/** An instalment plan (U5): what is owed on a day, paid month by month and for no fee. */
export default class Plan extends PlanSchema {
  static override table = 'plans'
  declare state: PlanState
  declare locale: 'fr' | 'en'
  declare methodKind: 'card' | 'sepa_debit' | null

  /** Put to the debtor by a person of the agency, and not answered yet. */
  get isOffer() {
    return this.state === 'proposed' && this.offeredById !== null
  }

  @belongsTo(() => Claim)
  declare claim: BelongsTo<typeof Claim>

  @hasMany(() => PlanInstalment, { onQuery: (query) => void query.orderBy('seq') })
  declare instalments: HasMany<typeof PlanInstalment>

  @hasOne(() => Acknowledgement)
  declare acknowledgement: HasOne<typeof Acknowledgement>
}
