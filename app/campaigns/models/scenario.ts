import { hasMany } from '@adonisjs/lucid/orm'
import type { QueryClientContract, TransactionClientContract } from '@adonisjs/lucid/types/database'
import type { HasMany } from '@adonisjs/lucid/types/relations'
import { errors } from '@adonisjs/lucid'
import db from '@adonisjs/lucid/services/db'
import { ScenarioSchema } from '#database/schema'
import type { DebtorKind } from '#debtors/models/debtor'
import ScenarioStep from '#campaigns/models/scenario_step'

/** What is done, on which day, for businesses or for consumers; the two versions share a slug. */
export default class Scenario extends ScenarioSchema {
  static override table = 'scenarios'
  declare kind: DebtorKind

  @hasMany(() => ScenarioStep, { onQuery: (query) => query.orderBy('position') })
  declare steps: HasMany<typeof ScenarioStep>

  /** Both versions with their steps, businesses first: whoever holds them holds them in that order. */
  static versions(slug: string, client?: QueryClientContract) {
    return this.query({ client }).where({ slug }).orderBy('kind').preload('steps')
  }

  /** @param hold nobody else changes, or nobody else launches, before the transaction ends */
  static async versionsOrFail(
    slug: string,
    trx?: TransactionClientContract,
    hold?: 'forShare' | 'forUpdate'
  ): Promise<Scenario[]> {
    const query = this.versions(slug, trx)
    const versions = await (hold ? query[hold]() : query)
    if (versions.length === 0) throw new errors.E_ROW_NOT_FOUND(this)
    return versions
  }

  /** Never empty, and the first is the one to propose: the built-in one while it is there. */
  static async slugs(): Promise<string[]> {
    const rows = await db
      .from('scenarios')
      .groupBy('slug')
      .orderByRaw(`case slug when 'amiable' then 0 else 1 end, slug`)
      .select('slug')
    return rows.map(({ slug }) => slug)
  }

  /** A campaign was launched from one of them: positions of steps and actions then stay as they are, for good. */
  static async haveServed(
    versions: readonly Scenario[],
    client: QueryClientContract = db.connection()
  ): Promise<boolean> {
    const ids = versions.map(({ id }) => id)
    return (await client.from('campaigns').whereIn('scenario_id', ids).select('id').first()) !== null
  }
}
