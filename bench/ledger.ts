import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { measure, ratio, round, say, type Bench } from './report.ts'

const run = promisify(execFile)

const GOALS = {
  /** One statement (décompte), by the median. */
  statementMs: 5,
  /** All balances over one `sum()` of the postings grouped by claim. */
  scan: 3,
}

const CLAIMS = 100_000

type Measured = {
  postings: number
  scan: number[]
  balances: number[]
  compared: number[]
  statements: number[]
  refreshed: number
  peakMb: number
}

/**
 * The balance of every claim from its postings, against a mere sum of the same rows grouped by
 * claim, in turn; and statements of single files, their movements included. 100,000 claims and
 * ten postings each, in a process and on a SQLite database of its own.
 *
 * --claims=100000 · --repeats=5
 */
const ledger: Bench = async (options) => {
  const claims = Number(options.claims ?? CLAIMS)
  const repeats = Number(options.repeats ?? 5)
  const child = fileURLToPath(new URL('./ledger.child.ts', import.meta.url))
  const args = ['--import=./bin/loader.js', child, String(claims), String(repeats)]
  const { stdout } = await run(process.execPath, args, { maxBuffer: 1 << 24 })
  const one = JSON.parse(stdout.trim().split('\n').at(-1)!) as Measured
  const ours = measure(one.balances)
  const scan = measure(one.scan)
  const statement = measure(one.statements)
  say(`balances ${ours.median} ms, scan ${scan.median} ms, a statement ${statement.median} ms`)
  return {
    bench: 'ledger',
    unit: 'ms',
    ours,
    baselines: { scan },
    ratios: { scan: ratio(ours, scan) },
    peakMb: one.peakMb,
    goals: GOALS,
    met: ratio(ours, scan) <= GOALS.scan && statement.median < GOALS.statementMs,
    notes: {
      claims,
      postings: one.postings,
      statement: { ...statement, p99: percentile(one.statements, 0.99) },
      comparedWithShown: measure(one.compared),
      refreshedMs: round(one.refreshed),
    },
  }
}

export default ledger

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!)
}
