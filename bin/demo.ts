/**
 * `npm run demo`: a whole agency in a minute, on data of its own (storage/demo), with the Stripe
 * simulator and the built-in mailbox. It ends with what to open, and serves; with `--once` it
 * prints one JSON line and stops.
 */
import 'reflect-metadata'
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:net'
import { mkdir, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { Ignitor } from '@adonisjs/core'
import { addMonths } from '#shared/calendar'
import { startStripeSimulator, type StripeSimulator } from '#tests/fakes/stripe_simulator'

const APP_ROOT = new URL('../', import.meta.url)
const FOLDER = fileURLToPath(new URL('storage/demo/', APP_ROOT))
const once = process.argv.includes('--once')
const startedAt = performance.now()

try {
  await main()
} catch (error) {
  console.error(`✘ The demo stopped: ${(error as Error).message}`)
  process.exit(1)
}

async function main() {
  if (process.env.NODE_ENV === 'production') {
    throw new Error('it uses a simulated Stripe and a simulated mailbox, and refuses NODE_ENV=production')
  }
  await playWhereRatesAreKnown()
  const port = await freePort(once ? 0 : Number(process.env.PORT ?? 3333))
  const stripe = await startStripeSimulator({ webhookUrl: `http://127.0.0.1:${port}/webhooks/stripe` })
  await prepare(port, stripe)

  const { tell } = await import('../demo/story.js')
  const story = await tell(FOLDER, say)

  process.env.SCHEDULER = once ? 'off' : 'inline'
  const app = await serve()
  app.terminating(() => stripe.stop())
  const { debtorsAnswer } = await import('../demo/debtors.js')
  const answers = await debtorsAnswer(say)
  const { accountantWorks } = await import('../demo/bank.js')
  await accountantWorks(FOLDER, say)
  const { letterToSign } = await import('../demo/ere.js')
  const ereUrl = await letterToSign(say)
  const { tick } = await import('#scheduler/tick')
  const { clock } = await import('#shared/clock')
  await tick(clock.now(), { untilIdle: true })
  const { tally } = await import('../demo/tally.js')
  const totals = await tally()
  const summary = {
    claims: story.claims,
    rejected: story.rejected,
    campaigns: story.campaigns,
    letters: story.letters,
    emails: totals.emails,
    portalUrl: answers.portalUrl,
    paidCents: totals.paidCents,
    receipts: totals.receipts,
    seconds: Math.round((performance.now() - startedAt) / 1000),
  }
  if (!once) return invite(summary, { ereUrl, lettersFolder: story.lettersFolder })
  await app.terminate()
  console.log(JSON.stringify(summary))
}

/**
 * A half-year begins before its rates can be recorded, and nothing is demanded then: the demo, and
 * every process that it starts, is played a month before the last known rates end.
 */
async function playWhereRatesAreKnown() {
  const { clock, instantOn } = await import('#shared/clock')
  const { hasRates, KNOWN_SEMESTERS, semesterEnd, semesterOf } = await import('#claims/rates')
  const semester = semesterOf(clock.today())
  if (hasRates(semester)) return
  const day = addMonths(semesterEnd(KNOWN_SEMESTERS.at(-1)!), -1)
  process.env.PLAYED_AT = instantOn(day, 10)
  await import(new URL('tests/day.js', APP_ROOT).href)
  say(`The rates of ${semester} are not recorded: the demo is played on ${day}`)
}

/** A database and folders of its own, made anew each time; the real data is never touched. */
async function prepare(port: number, stripe: StripeSimulator) {
  await rm(FOLDER, { recursive: true, force: true })
  await mkdir(join(FOLDER, 'files'), { recursive: true })
  Object.assign(process.env, {
    NODE_ENV: 'development',
    HOST: '127.0.0.1',
    PORT: String(port),
    APP_URL: `http://127.0.0.1:${port}`,
    APP_KEY: process.env.APP_KEY ?? randomBytes(32).toString('base64url'),
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'error',
    DB_CONNECTION: 'sqlite',
    DB_FILE: join(FOLDER, 'amiable.sqlite'),
    STORAGE_DIR: join(FOLDER, 'files'),
    SCHEDULER: 'off',
    SMTP_URL: '',
    SMS_DRIVER: 'none',
    STRIPE_API_BASE: stripe.url,
    STRIPE_SECRET_KEY: stripe.secretKey,
    STRIPE_WEBHOOK_SECRET: stripe.webhookSecret,
    STRIPE_CONNECT_WEBHOOK_SECRET: stripe.connectWebhookSecret,
  })
  const migrated = spawnSync(
    process.execPath,
    ['ace.js', 'migration:run', '--force', '--no-schema-generate'],
    {
      cwd: fileURLToPath(APP_ROOT),
      env: process.env,
      encoding: 'utf8',
    }
  )
  if (migrated.status !== 0) throw new Error(`the database could not be made: ${migrated.stderr}`)
}

async function serve() {
  const ignitor = new Ignitor(APP_ROOT, {
    importer: (path) => import(/^\.{1,2}\//.test(path) ? new URL(path, APP_ROOT).href : path),
  })
  ignitor.tap((app) => {
    app.booting(async () => {
      await import('#start/env')
    })
    app.listen('SIGTERM', () => app.terminate())
    app.listen('SIGINT', () => app.terminate())
  })
  await ignitor.httpServer().start()
  return ignitor.getApp()!
}

function freePort(wanted: number): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer()
    probe.once('error', () =>
      failed(new Error(`port ${wanted} is taken: stop what listens there, or choose another with PORT=…`))
    )
    probe.listen(wanted, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => found(port))
    })
  })
}

function say(line: string) {
  console.error(`· ${line}`)
}

function invite(
  summary: Record<string, unknown>,
  { ereUrl, lettersFolder }: { ereUrl: string; lettersFolder: string }
) {
  const base = process.env.APP_URL
  console.log(`
  ${JSON.stringify(summary)}

  Back-office      ${base}/
    administrator  admin@amiable.example      amiable-demo-2026
    collector      claire@amiable.example     amiable-demo-2026
    creditor       compta@studio-rivage.example  amiable-demo-2026
  Debtor's portal  ${summary.portalUrl}
  An ERE to sign   ${ereUrl}
                   (its code comes to the mailbox, which the administrator reads)
  Mailbox          ${base}/mailbox
  Letters (PDF)    ${lettersFolder}

  Cards: 4242 4242 4242 4242 pays, 4000 0000 0000 0002 is declined. Ctrl-C stops.
`)
}
