import { transaction } from '#shared/transaction'
import Scenario from '#campaigns/models/scenario'

/** Both versions go, unless a campaign was launched from one, or no other scenario would be left. */
export class RemoveScenario {
  handle(slug: string): Promise<'removed' | 'served' | 'last'> {
    return transaction(async (trx) => {
      // All of them are held: of two removed at once, one could leave nothing.
      const all = await Scenario.query({ client: trx }).orderBy('id').forUpdate()
      const versions = await Scenario.versionsOrFail(slug, trx)
      if (versions.length === all.length) return 'last'
      if (await Scenario.haveServed(versions, trx)) return 'served'
      const ids = versions.map(({ id }) => id)
      await trx.from('scenario_steps').whereIn('scenario_id', ids).delete()
      await trx.from('scenarios').whereIn('id', ids).delete()
      return 'removed'
    })
  }
}
