import { setTimeout as sleep } from 'node:timers/promises'
import type { Checkpoint } from '#deliveries/checkpoints'
import type { BrevoSettings } from '#deliveries/drivers/brevo'
import type { SmtpSettings } from '#deliveries/drivers/smtp'
import { bootApp, leave, plan, tell } from '#tests/harness/deliveries/boot'

export interface DelivererPlan {
  letters: number
  provider:
    | { kind: 'keyed'; url: string }
    | { kind: 'smtp'; settings: SmtpSettings }
    | { kind: 'sms'; settings: BrevoSettings }
  leaseMs: number
  lanes: number
  /** Dies by itself when it reaches this checkpoint for the nth time. */
  dieAt: { checkpoint: Checkpoint; nth: number } | null
  /** Stands still for a moment at these checkpoints, one for each row in turn, for its parent to freeze it. */
  pauseAt: Checkpoint[]
  /** How many rows it takes at once, and how long it rests after them. */
  limit: number
  restMs: number
  /** Does nothing more once nothing is left to do. */
  untilIdle: boolean
}

/** Long enough for the parent's signal to arrive. */
const PAUSE_MS = 500

const asked = plan<DelivererPlan>()
const app = await bootApp()
const { addMinutes } = await import('#shared/clock')
const { storeFile } = await import('#shared/files')
const { transaction } = await import('#shared/transaction')
const { default: Delivery } = await import('#deliveries/models/delivery')
const { listenAtCheckpoints } = await import('#deliveries/checkpoints')
const { deliverDue } = await import('#deliveries/deliver_due')
const { brevoDriver } = await import('#deliveries/drivers/brevo')
const { keyedHttpDriver } = await import('#deliveries/drivers/keyed_http')
const { useDriver } = await import('#deliveries/drivers/registry')
const { smtpDriver } = await import('#deliveries/drivers/smtp')
const { enqueueMany } = await import('#deliveries/outbox')
const { registerRecipe } = await import('#deliveries/recipes')

const { provider } = asked
const channel = ({ keyed: 'print', smtp: 'email', sms: 'sms' } as const)[provider.kind]
useDriver(channel, driver())

function driver() {
  if (provider.kind === 'keyed') return keyedHttpDriver({ url: provider.url, apiKey: 'harness' }, 5000)
  if (provider.kind === 'sms') return brevoDriver(provider.settings, 5000)
  return smtpDriver(provider.settings, 5000)
}

/** Like a real one: composing again would give other bytes (another link), which a keyed provider refuses. */
registerRecipe('harness.letter', async (delivery) => {
  const link = crypto.randomUUID()
  const words = `Lettre ${delivery.key}, ${link}`
  if (channel === 'email') return { subject: `Dossier ${delivery.key}`, text: words, html: `<p>${words}</p>` }
  if (channel === 'sms') return { sms: words }
  const fileSha256 = await transaction((trx) => storeFile(trx, Buffer.from(words), 'application/pdf'))
  return { subject: delivery.key, to: [delivery.key, '75004 PARIS'], fileSha256 }
})

let reachedTimes = 0
let rows = 0
listenAtCheckpoints(async (checkpoint, deliveryId) => {
  if (checkpoint === asked.dieAt?.checkpoint && ++reachedTimes === asked.dieAt.nth) {
    process.kill(process.pid, 'SIGKILL')
  }
  if (checkpoint === 'leased') rows += 1
  if (checkpoint === asked.pauseAt[rows % asked.pauseAt.length]) {
    tell({ paused: { deliveryId, checkpoint } })
    await sleep(PAUSE_MS)
  }
})

const FIRST_AT = '2026-11-23T08:00:00.000Z'
const letters = Array.from({ length: asked.letters }, (_, index) => ({
  key: `letter:${index}`,
  recipe: 'harness.letter',
  channel,
  recipient: recipientOf(index),
  notBeforeAt: FIRST_AT,
})) satisfies Parameters<typeof enqueueMany>[1]

function recipientOf(index: number) {
  if (channel === 'email') return `debtor${index}@x.example`
  return channel === 'sms' ? `+336${12_000_000 + index}` : `letter:${index}`
}

const ending = () => app.isTerminating || app.isTerminated

tell({ ready: true })

/** The campaign is queued bit by bit, again after each death: keys make it once. */
for (let start = 0; start < letters.length && !ending(); start += 60) {
  await transaction((trx) => enqueueMany(trx, letters.slice(start, start + 60)))
}

/** Simulated time runs fast, so that what waits after a failure comes due; leases run on real time. */
let at = FIRST_AT
const { leaseMs, lanes, limit, restMs } = asked
while (!ending()) {
  await deliverDue(at, { leaseMs, lanes, limit })
  if (ending()) break
  const open = await Delivery.query().whereIn('state', ['queued', 'leased', 'sending']).first()
  if (!open && asked.untilIdle) break
  at = addMinutes(at, 13 * 60)
  await sleep(restMs)
}
tell({ done: true })
await leave(app)
