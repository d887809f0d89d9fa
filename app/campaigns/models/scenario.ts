import { hasMany } from '@adonisjs/lucid/orm'
import type { HasMany } from '@adonisjs/lucid/types/relations'
import { ScenarioSchema } from '#database/schema'
import type { DebtorKind } from '#debtors/models/debtor'
import ScenarioStep from '#campaigns/models/scenario_step'

/** What is done, on which day, for businesses or for consumers; the two versions share a slug. */
export default class Scenario extends ScenarioSchema {
  static override table = 'scenarios'
  declare kind: DebtorKind

  @hasMany(() => ScenarioStep, { onQuery: (query) => query.orderBy('position') })
  declare steps: HasMany<typeof ScenarioStep>
}
