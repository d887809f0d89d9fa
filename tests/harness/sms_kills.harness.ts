import type { Harness } from '#tests/harness/harness'
import { killWithSms, problemsOf } from '#tests/harness/deliveries/kills'

const SMS_PER_KILL = 15

/**
 * Bar 8 by SMS, whose providers honour no key: nothing is lost in silence and nothing
 * goes twice; whatever may have left is listed for a person.
 */
export default {
  short: 12,
  long: 200,
  async run({ seed, size }) {
    const letters = size * SMS_PER_KILL
    const report = await killWithSms({ seed, letters, kills: size, processes: 2 })
    const { killed, states, uncertain } = report
    const settled = (states.sent ?? 0) + uncertain
    const problems = [
      ...problemsOf(report, size),
      ...(settled === letters ? [] : [`of ${letters} SMS: ${JSON.stringify(states)}`]),
    ]
    return { problems, letters, killed, states, uncertain }
  },
} satisfies Harness
