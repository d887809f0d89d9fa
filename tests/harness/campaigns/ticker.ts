import { setTimeout as sleep } from 'node:timers/promises'
import { bootApp, leave, plan, tell } from '#tests/harness/deliveries/boot'

export interface TickerPlan {
  /** The instants at which its minute comes round. */
  instants: string[]
  jitterMs: number
}

const { instants, jitterMs } = plan<TickerPlan>()
const app = await bootApp()
const { tick } = await import('#scheduler/tick')
const { TIMED_WORK } = await import('#scheduler/work')
/** Neither Chromium nor a mail server: what is counted is that each slot is done once. */
const work = TIMED_WORK.filter(({ name }) => name.startsWith('campaigns.') || name.startsWith('claims.'))

for (const [index, at] of instants.entries()) {
  await sleep(Math.random() * jitterMs)
  const { failed } = await tick(at, { work, untilIdle: true })
  if (failed.length > 0) throw new Error(JSON.stringify(failed))
  tell({ at: index })
}
await leave(app)
