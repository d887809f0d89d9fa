import type { Harness } from '#tests/harness/harness'
import type { ContenderResult } from '#tests/harness/deliveries/contender'
import { Ground } from '#tests/harness/deliveries/ground'

const PROCESSES = 3

const LONGEST_STALL_MS = 150

/** A machine that stalls a process which only flushes a file for so long is too busy to judge ours. */
const QUIET_MS = 50

/**
 * Bar 12: three processes read and write the same SQLite file as fast as they
 * can. None sees an error; each row holds one more than the row it read, so a
 * lost update would show. A fourth only flushes a small file: what it stalls is
 * the machine's doing, and stalls are judged when the machine is quiet.
 */
export default {
  short: 200,
  long: 2000,
  async run({ size }) {
    const ground = await Ground.prepare()
    const idler = ground.spawn('contender', { transactions: 0, idle: true })
    try {
      await idler.said('idle')
      const results = await Promise.all(Array.from({ length: PROCESSES }, () => contend(ground, size)))
      idler.tell('enough')
      const idle = (await idler.said('result')) as ContenderResult
      const longestStallMs = Math.round(Math.max(...results.map((result) => result.longestStallMs)))
      const idleStallMs = Math.round(idle.longestStallMs)
      const { rows, highest } = await writtenIn(ground)
      const problems = results.flatMap(({ errors }) => errors)
      if (rows !== PROCESSES * size) problems.push(`${rows} rows for ${PROCESSES * size} transactions`)
      if (highest !== rows) problems.push(`${rows} rows count up to ${highest}: an update was lost`)
      const stallsJudged = size >= 2000 && idleStallMs <= QUIET_MS
      if (stallsJudged && longestStallMs > LONGEST_STALL_MS) problems.push(`a stall of ${longestStallMs} ms`)
      return { problems, processes: PROCESSES, rows, longestStallMs, idleStallMs, stallsJudged }
    } finally {
      if (idler.running) idler.signal('SIGKILL')
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
