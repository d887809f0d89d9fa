import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { transaction } from '#shared/transaction'
import type { DebtorKind } from '#debtors/models/debtor'
import Scenario from '#campaigns/models/scenario'
import type ScenarioStep from '#campaigns/models/scenario_step'
import { stepTemplates, type StepTemplate } from '#campaigns/queries/step_templates'
import type { WantedStep } from '#campaigns/scenarios/read_steps'

type Wanted = Record<DebtorKind, readonly WantedStep[]>

/**
 * Writes the steps of both versions anew. The versions are held, as a launch holds them to read them: it sees
 * the steps from before or those from after, and what it launched is not changed any more.
 */
export class ChangeSteps {
  async handle(slug: string, wanted: Wanted): Promise<'changed' | 'served'> {
    const templates = { b2b: await stepTemplates('b2b'), b2c: await stepTemplates('b2c') }
    return transaction(async (trx) => {
      const versions = await Scenario.versionsOrFail(slug, trx, 'forUpdate')
      if (await Scenario.haveServed(versions, trx)) return 'served'
      for (const version of versions) {
        const rows = wanted[version.kind].map((step, index) => ({
          scenario_id: version.id,
          position: index + 1,
          day: step.day,
          channel: step.channel,
          mode: step.mode,
          ...keptOf(step, version.steps, templates[version.kind][step.channel]),
        }))
        await replaceSteps(trx, version, rows)
      }
      return 'changed'
    })
  }
}

/** The template and route that it had, as long as they are for its channel. */
function keptOf({ id, channel }: WantedStep, former: readonly ScenarioStep[], fit: readonly StepTemplate[]) {
  const before = former.find((step) => step.id === id)
  if (before?.channel === channel) return { template: before.template, route: before.route }
  const kept = fit.find(({ slug }) => slug === before?.template) ?? fit[0]
  return { template: kept?.slug ?? 'hand_over', route: null }
}

async function replaceSteps(trx: TransactionClientContract, { id }: Scenario, rows: object[]) {
  await trx.from('scenario_steps').where('scenario_id', id).delete()
  await trx.table('scenario_steps').multiInsert(rows)
}
