import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startApplication } from '#tests/harness/application'
import type { Harness } from '#tests/harness/harness'
import type { PayableFile } from '#tests/harness/payments/world'
import { between, seeded, type Random } from '#tests/fakes/stripe/random'
import type { StripeSimulator } from '#tests/fakes/stripe_simulator'

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
    let offsetMs = 0
    const { simulator, stop } = await world.startGateway(seed, () => Date.now() + offsetMs)
    const refs: string[] = []
    let sentTo = 0
    try {
      let files: PayableFile[] = []
      for (let life = 0; life < size; life++) {
        if (life % 2 === 0) {
          files = await Promise.all(Array.from({ length: FILES }, () => world.aPayableFile(random)))
          refs.push(...files.map(({ ref }) => ref))
        }
        const slowMs = between(random, 0, 60)
        simulator.apiFaults = { dropReplyRate: 0.3, serverErrorRate: 0.05, brokenReplyRate: 0.05, slowMs }
        sentTo += await oneLife(random, simulator, new Date(Date.now() + offsetMs).toISOString(), files)
        offsetMs += MINUTES_BETWEEN * 60_000
      }
      simulator.apiFaults = { dropReplyRate: 0, serverErrorRate: 0, brokenReplyRate: 0, slowMs: 0 }
      const later = new Date(Date.now() + offsetMs + 90 * 60_000).toISOString()
      const reconciled = await clock.at(later, () => world.reconcile())
      const charges = refs.map((ref) => ({ ref, count: world.chargesOf(simulator, ref).length }))
      const charged = charges.reduce((all, { count }) => all + count, 0)
      const posted = await world.paymentsPosted()
      const problems = [
        ...charges
          .filter(({ count }) => count > 1)
          .map(({ ref, count }) => `${ref} was charged ${count} times`),
        ...(posted === charged ? [] : [`${charged} charges and ${posted} payments`]),
        ...(await world.bookProblems()),
      ]
      return { problems, kills: size, files: refs.length, sentTo, charged, ...reconciled }
    } finally {
      await stop()
      await application.stop()
    }
  },
} satisfies Harness

/**
 * One process, from its start to its death, some requests later; debtors pay most of the pages
 * they are sent to.
 *
 * @returns how many pages that was
 */
async function oneLife(
  random: Random,
  { requests }: StripeSimulator,
  at: string,
  files: PayableFile[]
): Promise<number> {
  const { payOnPage } = await import('#tests/fixtures/stripe')
  const worker = startWorker(at, files)
  const paying: Promise<unknown>[] = []
  let sentTo = 0
  await new Promise<void>((ready) => {
    createInterface({ input: worker.stdout! }).on('line', (line) => {
      if (line === 'ready') return ready()
      sentTo += 1
      if (random() < 0.7) paying.push(payOnPage(line))
    })
    worker.once('exit', () => ready())
  })
  const last = requests.length + between(random, 1, 3 * FILES)
  while (requests.length < last && isAlive(worker)) await sleep(2)
  await sleep(between(random, 0, 30))
  await killed(worker)
  await Promise.all(paying)
  return sentTo
}

function startWorker(at: string, files: PayableFile[]): ChildProcess {
  const script = fileURLToPath(new URL('./payments/worker.ts', import.meta.url))
  return spawn(process.execPath, ['--import=./bin/loader.js', script, at, JSON.stringify(files)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

const isAlive = ({ exitCode, signalCode }: ChildProcess) => exitCode === null && signalCode === null

function killed(child: ChildProcess) {
  if (!isAlive(child)) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  return ended
}
