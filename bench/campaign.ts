import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { measure, ratio, round, say, type Bench } from './report.ts'

const run = promisify(execFile)

const GOALS = {
  /** Plan and execute 100,000 due steps. */
  secondsFor100k: 1,
  /** Time per step at the largest size over the time at 100,000. */
  growth: 1.3,
  lucidRowByRow: 50,
}

const STEPS = 100_000
const ROW_BY_ROW = 2000

type Measured = { plan: number; execute: number; seconds: number; cpu: number; peakMb: number }

/**
 * Plans and executes due steps, half letters and half emails, each with its contact, its line
 * in the timeline, its letter or outbox row and its file's last activity: the product's way
 * against the same rows one by one through Lucid, in turn, each in a process and on a
 * database of its own, SQLite with FULL.
 *
 * --repeats=3 · --sizes=10000,300000 also these, for linearity · --long adds 1,000,000
 */
const campaign: Bench = async (options) => {
  const repeats = Number(options.repeats ?? 3)
  const ours: Measured[] = []
  const lucid: Measured[] = []
  for (let repeat = 1; repeat <= repeats; repeat++) {
    lucid.push(await once('lucid', ROW_BY_ROW))
    ours.push(await once('ours', STEPS))
    say(`${repeat}/${repeats}: ours ${told(ours.at(-1)!, STEPS)}; lucid ${told(lucid.at(-1)!, ROW_BY_ROW)}`)
  }
  const sizes = sizesOf(options)
  const bySize: Record<number, Measured> = {}
  for (const size of sizes) {
    bySize[size] = await once('ours', size)
    say(`${size}: ${told(bySize[size], size)}`)
  }
  return report(ours, lucid, bySize)
}

export default campaign

function sizesOf(options: Parameters<Bench>[0]): number[] {
  const asked = typeof options.sizes === 'string' ? options.sizes : '10000,300000'
  return [...asked.split(',').map(Number), ...(options.long ? [1_000_000] : [])]
}

async function once(method: 'ours' | 'lucid', steps: number): Promise<Measured> {
  const child = fileURLToPath(new URL('./campaign.child.ts', import.meta.url))
  const { stdout } = await run(process.execPath, ['--import=./bin/loader.js', child, method, String(steps)], {
    maxBuffer: 1 << 20,
  })
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Measured
}

function report(ours: Measured[], lucid: Measured[], bySize: Record<number, Measured>) {
  const rate = (steps: number) => (one: Measured) => steps / one.seconds
  const mine = measure(ours.map(rate(STEPS)))
  const theirs = measure(lucid.map(rate(ROW_BY_ROW)))
  const seconds = measure(ours.map((one) => one.seconds))
  const largest = Math.max(...Object.keys(bySize).map(Number))
  const growth = round(bySize[largest]!.seconds / largest / (seconds.median / STEPS))
  return {
    bench: 'campaign',
    unit: 'steps/s',
    ours: mine,
    baselines: { lucidRowByRow: theirs },
    ratios: { lucidRowByRow: ratio(mine, theirs) },
    peakMb: Math.max(...ours.map((one) => one.peakMb)),
    goals: GOALS,
    met:
      seconds.median <= GOALS.secondsFor100k &&
      growth <= GOALS.growth &&
      ratio(mine, theirs) >= GOALS.lucidRowByRow,
    notes: {
      secondsFor100k: seconds,
      planSeconds: measure(ours.map((one) => one.plan)).median,
      executeSeconds: measure(ours.map((one) => one.execute)).median,
      cpuSeconds: measure(ours.map((one) => one.cpu)).median,
      growth,
      bySize: Object.fromEntries(
        Object.entries(bySize).map(([size, one]) => [
          size,
          { seconds: round(one.seconds), cpu: round(one.cpu) },
        ])
      ),
    },
  }
}

const told = (one: Measured, steps: number) =>
  `${round(one.seconds)} s (${Math.round(steps / one.seconds)}/s, ${round(one.cpu)} s of processor)`
