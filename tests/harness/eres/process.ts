import { application } from '../../../bin/application.js'
import type { Instant } from '#shared/clock'
import type { About, OrderName } from '#tests/harness/eres/orders'

/** What the parent asks: to do something, and to die before its nth query from then on. */
export interface Order {
  id: number
  name: OrderName | null
  about: About
  at: Instant | null
  dieAtQuery: number | null
}

/** One of the processes of an installation: it serves every page, and does what it is told as staff or as its tick. */
await application().httpServer().start()
const { default: db } = await import('@adonisjs/lucid/services/db')
const { mailboxDriver } = await import('#deliveries/drivers/mailbox')
const { useDriver } = await import('#deliveries/drivers/registry')
const { obey } = await import('#tests/harness/eres/orders')
useDriver('email', mailboxDriver)
useDriver('sms', mailboxDriver)

let queriesLeft = 0
db.connection()
  .getWriteClient()
  .on('query', () => {
    if (queriesLeft > 0 && --queriesLeft === 0) process.kill(process.pid, 'SIGKILL')
  })

process.on('message', async ({ id, name, about, at, dieAtQuery }: Order) => {
  queriesLeft = dieAtQuery ?? queriesLeft
  if (name === null) return
  const answer = await obey(name, about, at).then(
    (outcome) => ({ outcome: outcome ?? null }),
    (error: Error) => ({ error: error.stack })
  )
  process.send!({ id, ...answer })
})
// A parent that is gone leaves nothing running behind it.
process.on('disconnect', () => process.exit(1))
process.send!({ listening: true })
