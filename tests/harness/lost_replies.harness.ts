import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startApplication } from '#tests/harness/application'
import type { Harness } from '#tests/harness/harness'
import { between, seeded } from '#tests/fakes/stripe/random'

/** Files that a process tries to have paid before it is killed. */
const FILES = 6

/** Between two processes the world's clock moves on by this, so that the first counts as dead. */
const MINUTES_BETWEEN = 2

/**
 * Bar 4: processes that open checkouts are killed at random points, and a third
 * of the gateway's answers are cut after the work is done. The debtor pays
 * wherever they are sent. No file is charged twice, and every attempt is settled
 * by asking the gateway.
 */
export default {
  short: 6,
  long: 200,
  async run({ seed, size }) {
    const random = seeded(seed)
    const application = await startApplication()
    const world = await import('#tests/harness/payments/world')
    const { clock } = await import('#shared/clock')
    const { givenClaim } = await import('#tests/fixtures/domain')
    const { payOnPage } = await import('#tests/fixtures/stripe')
    let offsetMs = 0
    const { simulator, stop } = await world.startGateway(seed, () => Date.now() + offsetMs)
    const problems: string[] = []
    const refs: string[] = []
    let sentTo = 0
    try {
      let claims: { id: number; cents: number }[] = []
      for (let life = 0; life < size; life++) {
        if (life % 2 === 0) {
          const made = await Promise.all(
            Array.from({ length: FILES }, async () => {
              const cents = between(random, 200, 90_000)
              return { claim: await givenClaim({ kind: 'b2c', invoices: [{ amountCents: cents }] }), cents }
            })
          )
          refs.push(...made.map(({ claim }) => claim.ref))
          claims = made.map(({ claim, cents }) => ({ id: claim.id, cents }))
        }
        simulator.apiFaults = {
          dropReplyRate: 0.3,
          serverErrorRate: 0.05,
          brokenReplyRate: 0.05,
          slowMs: between(random, 0, 60),
        }
        const worker = startWorker(new Date(Date.now() + offsetMs).toISOString(), claims)
        const paying: Promise<unknown>[] = []
        const reading = createInterface({ input: worker.stdout! })
        const ready = new Promise<void>((resolve) => {
          reading.on('line', (line) => {
            if (line === 'ready') return resolve()
            sentTo += 1
            if (random() < 0.7) paying.push(payOnPage(line))
          })
          worker.once('exit', () => resolve())
        })
        await ready
        await sleep(between(random, 0, 900))
        await killed(worker)
        await Promise.all(paying)
        offsetMs += MINUTES_BETWEEN * 60_000
      }
      simulator.apiFaults = { dropReplyRate: 0, serverErrorRate: 0, brokenReplyRate: 0, slowMs: 0 }
      const later = new Date(Date.now() + offsetMs + 90 * 60_000).toISOString()
      const reconciled = await clock.at(later, () => world.reconcile())
      for (const ref of refs) {
        const charges = world.chargesOf(simulator, ref).length
        if (charges > 1) problems.push(`${ref} was charged ${charges} times`)
      }
      const charged = refs.reduce((all, ref) => all + world.chargesOf(simulator, ref).length, 0)
      const posted = await world.paymentsPosted()
      if (posted !== charged) problems.push(`${charged} charges and ${posted} payments`)
      problems.push(...(await world.bookProblems()))
      return { problems, kills: size, files: refs.length, sentTo, charged, ...reconciled }
    } finally {
      await stop()
      await application.stop()
    }
  },
} satisfies Harness

function startWorker(at: string, claims: { id: number; cents: number }[]): ChildProcess {
  const script = fileURLToPath(new URL('./payments/worker.ts', import.meta.url))
  return spawn(process.execPath, ['--import=@poppinss/ts-exec', script, at, JSON.stringify(claims)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

function killed(child: ChildProcess) {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  return ended
}
