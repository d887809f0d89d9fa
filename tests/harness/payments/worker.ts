/**
 * A process that has debtors sent to the till, for as long as it lives: given an
 * instant and the files, it prints "ready", then each address it may send a
 * debtor to. Its parent kills it.
 */
import { application } from '../../../bin/application.js'

const [at, files] = process.argv.slice(2)
const claims = JSON.parse(files!) as { id: number; cents: number }[]

const app = application().createApp('console')
await app.init()
await app.boot()
await app.start(async () => {
  const { clock } = await import('#shared/clock')
  const { StartPayment } = await import('#payments/actions/start_payment')
  process.stdout.write('ready\n')
  await clock.at(at!, () =>
    Promise.all(
      claims.map(async ({ id, cents }) => {
        for (;;) {
          const started = await new StartPayment().handle({
            claimId: id,
            amountCents: cents,
            successUrl: 'http://127.0.0.1:9/merci?session={CHECKOUT_SESSION_ID}',
            cancelUrl: 'http://127.0.0.1:9/dossier',
          })
          if (started.outcome === 'checkout') process.stdout.write(`${started.url}\n`)
          if (started.outcome !== 'unavailable') return
        }
      })
    )
  )
})
await app.terminate()
