import { bootApp, leave, plan, tell } from '#tests/harness/deliveries/boot'

export interface ChargerPlan {
  at: string
  stripe: { key: string; url: string }
}

/** One process of several whose tick comes round at the same moment. */
const { at, stripe } = plan<ChargerPlan>()
const app = await bootApp()
const { default: env } = await import('#start/env')
env.set('STRIPE_SECRET_KEY', stripe.key)
env.set('STRIPE_API_BASE', stripe.url)
const { tick } = await import('#scheduler/tick')
const { TIMED_WORK } = await import('#scheduler/work')
/** Neither Chromium nor a mail server: what is counted is charges. */
const work = TIMED_WORK.filter(({ name }) => /^payments\.(attempts|instalments|plans)$/.test(name))
tell({ ready: true })
process.once('message', async () => {
  const { done, failed } = await tick(at, { work, untilIdle: true })
  if (failed.length > 0) throw new Error(JSON.stringify(failed))
  tell({ done })
  await leave(app)
})
