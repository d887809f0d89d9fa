import { splitByWeights, sum } from '#shared/money'
import { between, seeded, type Random } from '#tests/fakes/stripe/random'
import { startApplication } from '#tests/harness/application'
import type { Harness } from '#tests/harness/harness'

const SPLITS_PER_SEQUENCE = 10

/**
 * Bar 6: splits that sum exactly (ten for each sequence), and sequences of payments, returns,
 * credit notes, grace and their cancellations, of any day and in any order, after each of which
 * the derived balance is the one that is shown and the postings sum to zero.
 */
export default {
  short: 60,
  long: 10_000,
  async run({ seed, size }) {
    const random = seeded(seed)
    const problems: string[] = []
    const splits = size * SPLITS_PER_SEQUENCE
    for (let split = 0; split < splits; split++) problems.push(...wrongSplit(random))
    const application = await startApplication()
    try {
      const { givenAgency, givenCreditor, givenUser } = await import('#tests/fixtures/domain')
      const { playSequence } = await import('#tests/harness/ledger/sequence')
      await givenAgency()
      const by = await givenUser('admin')
      const creditor = await givenCreditor()
      for (let sequence = 0; sequence < size; sequence++) {
        problems.push(...(await playSequence(random, creditor, by)))
      }
    } finally {
      await application.stop()
    }
    return { problems, splits, sequences: size }
  },
} satisfies Harness

function wrongSplit(random: Random): string[] {
  const amount = between(random, 0, 1_000_000_000)
  const weights = Array.from({ length: between(random, 1, 40) }, () => between(random, 0, 1_000_000))
  if (sum(weights) === 0) return []
  const parts = splitByWeights(amount, weights)
  return sum(parts) === amount && parts.every((part) => part >= 0)
    ? []
    : [`${amount} split by ${weights.join()} gives ${parts.join()}`]
}
