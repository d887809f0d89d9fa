import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { measure, ratio, say, type Bench } from './report.ts'

const run = promisify(execFile)

const GOALS = { eventsPerSecond: 2_000, filesPerSecond: 5 }

type Measured = { events: number[]; inserts: number[]; files: number[]; levels: string[]; peakMb: number }

/**
 * Events appended to the chains of many letters, one transaction for each batch, against the bare
 * insertion of the same rows; and whole bundles exported, their evidence file sealed, with a timestamp
 * authority on the same machine. In a process and on a SQLite database of its own.
 *
 * --letters=500 · --files=20 · --repeats=5
 */
const proofs: Bench = async (options) => {
  const args = [options.letters ?? 500, options.files ?? 20, options.repeats ?? 5].map(String)
  const child = fileURLToPath(new URL('./proofs.child.ts', import.meta.url))
  const { stdout } = await run(process.execPath, ['--import=./bin/loader.js', child, ...args], {
    maxBuffer: 1 << 24,
  })
  const one = JSON.parse(stdout.trim().split('\n').at(-1)!) as Measured
  const [events, inserts, files] = [measure(one.events), measure(one.inserts), measure(one.files)]
  say(`${events.median} events/s, bare inserts ${inserts.median}/s, ${files.median} sealed files/s`)
  return {
    bench: 'proofs',
    unit: 'events/s',
    ours: events,
    baselines: { inserts },
    ratios: { inserts: ratio(events, inserts) },
    peakMb: one.peakMb,
    goals: GOALS,
    met: events.median >= GOALS.eventsPerSecond && files.median >= GOALS.filesPerSecond,
    notes: { filesPerSecond: files, levels: [...new Set(one.levels)] },
  }
}

export default proofs
