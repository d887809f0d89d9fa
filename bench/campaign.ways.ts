import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { civilDateAt, clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import { recordEvent } from '#claims/events'
import Claim from '#claims/models/claim'
import { enqueue } from '#deliveries/outbox'
import Letter from '#letters/models/letter'
import { firstLookAt } from '#campaigns/calendar'
import { carryOutDue } from '#campaigns/due/work'
import { planSteps } from '#campaigns/launch/plan_actions'
import Action from '#campaigns/models/action'
import type Campaign from '#campaigns/models/campaign'
import type ScenarioStep from '#campaigns/models/scenario_step'
import { REMINDER } from '#campaigns/recipe_names'
import { AT } from './campaign.sample.ts'

/** `cpu` tells what a loaded machine hides: seconds of processor, all threads of the process. */
export type Measured = { plan: number; execute: number; seconds: number; cpu: number }

const TODAY = civilDateAt(AT)
const CHUNK = 5000

function stopwatch() {
  const began = performance.now()
  const cpu = process.cpuUsage()
  const laps: number[] = []
  return {
    lap: () => laps.push((performance.now() - began) / 1000),
    read: (): Measured => {
      const { user, system } = process.cpuUsage(cpu)
      const [plan = 0, total = 0] = laps
      return { plan, execute: total - plan, seconds: total, cpu: (user + system) / 1_000_000 }
    },
  }
}

/** The product's own way: set-based statements, a transaction for each batch. */
export async function ours(campaign: Campaign, steps: number): Promise<Measured> {
  const planned = await campaign.related('scenario').query().preload('steps').firstOrFail()
  const watch = stopwatch()
  await clock.at(AT, () => transaction((trx) => planAll(trx, campaign, planned.steps, steps)))
  watch.lap()
  const carried = await clock.at(AT, () => carryOutDue(AT))
  if (carried.letters + carried.emails !== steps) throw new Error(`carried out ${JSON.stringify(carried)}`)
  watch.lap()
  return watch.read()
}

/** As a launch does: by chunks, in one transaction. */
async function planAll(
  trx: TransactionClientContract,
  campaign: Campaign,
  scenario: ScenarioStep[],
  files: number
) {
  for (let after = 0; after < files; after += CHUNK) {
    for (const { id, position, mode } of scenario) {
      const sql = `select claim_id, person_id from sorted_files
        where claim_id > :after and claim_id <= :last and claim_id % 2 = ${position - 1}`
      await planSteps(trx, campaign, [{ stepId: id, position, mode, on: TODAY }], {
        sql,
        bindings: { after, last: after + CHUNK },
      })
    }
  }
}

/** The same rows one by one through models, 500 files to a transaction. */
export async function lucid(campaign: Campaign, steps: number): Promise<Measured> {
  const planned = await campaign.related('scenario').query().preload('steps').firstOrFail()
  const watch = stopwatch()
  await clock.at(AT, async () => {
    for (let after = 0; after < steps; after += 500) {
      await transaction(async (trx) => {
        for (let id = after + 1; id <= Math.min(steps, after + 500); id++) {
          const step = planned.steps[id % 2]!
          await Action.create(
            {
              campaignId: campaign.id,
              claimId: id,
              stepId: step.id,
              personId: id,
              position: step.position,
              channel: step.channel,
              mode: step.mode,
              plannedOn: TODAY,
              state: 'planned',
              dueAt: firstLookAt(TODAY),
            },
            { client: trx }
          )
        }
      })
    }
  })
  watch.lap()
  await clock.at(AT, () => executeOneByOne(campaign))
  watch.lap()
  return watch.read()
}

async function executeOneByOne(campaign: Campaign) {
  for (;;) {
    const due = await transaction(async (trx) => {
      const actions = await Action.query({ client: trx })
        .where('campaignId', campaign.id)
        .where('dueAt', '<=', AT)
        .orderBy('dueAt')
        .limit(500)
      for (const action of actions) await executeOne(trx, action)
      return actions.length
    })
    if (due === 0) return
  }
}

async function executeOne(trx: TransactionClientContract, action: Action) {
  const claim = await Claim.query({ client: trx })
    .where('id', action.claimId)
    .preload('debtor', (debtor) => debtor.preload('contactPoints'))
    .firstOrFail()
  Object.assign(action, { state: 'done', dueAt: null, doneAt: AT })
  await action.useTransaction(trx).save()
  await trx.table('contacts').insert({
    person_id: claim.debtorId,
    action_id: action.id,
    channel: action.channel,
    occurred_at: AT,
  })
  if (action.channel === 'email') {
    await enqueue(trx, {
      key: `action:${action.id}`,
      recipe: REMINDER,
      recipient: claim.debtor.contactPoints[0]!.value,
      claimId: claim.id,
      creditorId: claim.creditorId,
      actionId: action.id,
    })
  } else {
    await Letter.create(
      {
        ref: `${claim.ref}-L1`,
        claimId: claim.id,
        actionId: action.id,
        kind: 'simple',
        template: 'first_letter',
        datedOn: TODAY,
        createdAt: AT,
      },
      { client: trx }
    )
  }
  await recordEvent(trx, { claimId: claim.id, type: `campaign.${action.channel}_queued`, actor: 'system' })
}
