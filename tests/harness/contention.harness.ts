import type { Harness } from '#tests/harness/harness'
import type { ContenderResult } from '#tests/harness/deliveries/contender'
import { Ground } from '#tests/harness/deliveries/ground'

const PROCESSES = 3

/** A stall is held against us in the long run only: a busy test machine stalls everybody. */
const LONGEST_STALL_MS = 150

/**
 * Bar 12: three processes read and write the same SQLite file as fast as they
 * can. None sees an error; each row holds one more than the row it read, so a
 * lost update would show.
 */
export default {
  short: 200,
  long: 2000,
  async run({ size }) {
    const ground = await Ground.prepare()
    try {
      const results = await Promise.all(Array.from({ length: PROCESSES }, () => contend(ground, size)))
      const longestStallMs = Math.round(Math.max(...results.map((result) => result.longestStallMs)))
      const { rows, highest } = await writtenIn(ground)
      const problems = results.flatMap(({ errors }) => errors)
      if (rows !== PROCESSES * size) problems.push(`${rows} rows for ${PROCESSES * size} transactions`)
      if (highest !== rows) problems.push(`${rows} rows count up to ${highest}: an update was lost`)
      if (size >= 2000 && longestStallMs > LONGEST_STALL_MS) problems.push(`a stall of ${longestStallMs} ms`)
      return { problems, processes: PROCESSES, rows, longestStallMs }
    } finally {
      await ground.remove()
    }
  },
} satisfies Harness

async function contend(ground: Ground, transactions: number): Promise<ContenderResult> {
  const child = ground.spawn('contender', { transactions })
  const result = (await child.said('result')) as ContenderResult | undefined
  const { errors } = await child.ended
  if (!result) throw new Error(`a process failed: ${errors}`)
  return result
}

async function writtenIn(ground: Ground) {
  const [found] = await ground.query<{ rows: number; highest: number }>(
    'select count(*) as rows, max(bytes) as highest from stored_files'
  )
  return { rows: Number(found!.rows), highest: Number(found!.highest) }
}
