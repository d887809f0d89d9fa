import type { Harness } from '#tests/harness/harness'
import { killWithKeyedProvider, problemsOf } from '#tests/harness/deliveries/kills'

const LETTERS_PER_KILL = 15

/**
 * Bar 8: the processes that send a campaign are killed over and over, with a
 * provider that honours our key. Every letter leaves, and leaves once.
 */
export default {
  short: 40,
  long: 200,
  async run({ seed, size }) {
    const letters = size * LETTERS_PER_KILL
    const report = await killWithKeyedProvider({ seed, letters, kills: size, processes: 2 })
    const { killed, states, requests, repeats, conflicts } = report
    const problems = [
      ...problemsOf(report, size),
      ...conflicts.map((key) => `${key} was sent again with other bytes`),
      ...(states.sent === letters ? [] : [`of ${letters} letters: ${JSON.stringify(states)}`]),
    ]
    return { problems, letters, killed, states, requests, repeats }
  },
} satisfies Harness
