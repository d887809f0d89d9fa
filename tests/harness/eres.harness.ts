import { seeded } from '#tests/fakes/stripe/random'
import type { Harness } from '#tests/harness/harness'
import { startApplication } from '#tests/harness/application'
import type { About } from '#tests/harness/eres/orders'

const PROCESSES = 3
const AT_ONCE = 2
/** One bundle in so many is verified to the end. */
const SAMPLE = 5

/**
 * EREs by several processes that serve and tick on one database: both parties, their browsers and the clock act at
 * once, over real HTTP, and processes die between any two queries. Whatever came first, each chain is
 * whole and says what its row says, nothing happened twice, and an end stays an end.
 */
export default {
  short: 8,
  long: 500,
  async run({ seed, size }) {
    const application = await startApplication()
    const { Party } = await import('#tests/harness/eres/installation')
    const { play } = await import('#tests/harness/eres/scenario')
    const { deadlockProblems, printedCodeProblems, problemsOf } = await import('#tests/harness/eres/check')
    const { obey } = await import('#tests/harness/eres/orders')
    const { givenAgency } = await import('#tests/fixtures/domain')
    const { default: db } = await import('@adonisjs/lucid/services/db')
    // This process asks SQLite for its lock as patiently as the others, though not by transactions.
    if (process.env.DB_CONNECTION === 'sqlite') await db.rawQuery('pragma busy_timeout = 15000')
    await givenAgency()
    const parties = await Promise.all(Array.from({ length: PROCESSES }, () => Party.start()))
    const world = { parties, random: seeded(seed), figures: { rivals: 0, unanswered: 0 } }
    const problems: string[] = []
    const sendings: About[] = []
    try {
      const waiting = Array.from({ length: size }, (_, index) => index)
      const lane = async () => {
        for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
          const played = await play(world, index)
          for (const problem of played.problems) {
            console.error(`scenario ${index}: ${problem}`)
            problems.push(`scenario ${index}: ${problem}`)
          }
          sendings.push(...played.sendings)
          if (index % 20 === 19) console.error(`${index + 1} scenarios, ${problems.length} problems`)
        }
      }
      await Promise.all(Array.from({ length: AT_ONCE }, lane))
      for (const about of sendings) problems.push(...(await problemsOf(about)))
      const sample = sendings.filter((_, index) => index % SAMPLE === 0)
      for (const about of sample) await obey('prove', about, null)
      problems.push(...(await printedCodeProblems()), ...(await deadlockProblems()))
      const states = await db.from('eres').groupBy('state').select('state').count('* as count')
      return {
        problems: [...problems, ...parties.flatMap(({ errors }) => errors)],
        sendings: sendings.length,
        states: Object.fromEntries(states.map(({ state, count }) => [state, Number(count)])),
        killed: parties.reduce((sum, { deadPids }) => sum + deadPids.length, 0),
        bundles: sample.length,
        ...world.figures,
      }
    } finally {
      await Promise.all(parties.map((party) => party.stop()))
      await application.stop()
    }
  },
} satisfies Harness
