import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { writeTable } from './import.sample.ts'
import { measure, ratio, round, say, type Bench, type Measure } from './report.ts'

const run = promisify(execFile)

const GOALS = {
  /** Rows per second over those of exceljs's bare parse of the same table as .xlsx. */
  xlsx: 1,
  csv: 2,
  /** Memory of the process that reads the file. */
  childMb: 256,
  /** From the bytes received to the first rows shown. */
  previewSeconds: 1,
}

type Parsed = { seconds: number; peakMb: number }
type Imported = Parsed & { preview: number; stage: number; commit: number; childMb: number }

/**
 * A table of 16 columns from its bytes to committed claims, as .xlsx and as .csv, every row a
 * file of its own, against the mere reading of the .xlsx by exceljs, in turn, each in a process
 * of its own, ours on an empty SQLite database with FULL.
 *
 * --rows=100000 · --repeats=3
 */
const bench: Bench = async (options) => {
  const rows = Number(options.rows ?? 100_000)
  const repeats = Number(options.repeats ?? 3)
  const folder = await mkdtemp(join(tmpdir(), 'amiable-bench-'))
  const xlsx = join(folder, 'table.xlsx')
  const csv = join(folder, 'table.csv')
  const exceljs: Parsed[] = []
  const ours: Record<'xlsx' | 'csv', Imported[]> = { xlsx: [], csv: [] }
  try {
    await writeTable(xlsx, 'xlsx', rows)
    await writeTable(csv, 'csv', rows)
    for (let repeat = 1; repeat <= repeats; repeat++) {
      exceljs.push(await once<Parsed>('exceljs', xlsx, rows))
      ours.xlsx.push(await once<Imported>('ours', xlsx, rows))
      ours.csv.push(await once<Imported>('ours', csv, rows))
      const told = Object.entries({ exceljs, ...ours }).map(
        ([name, all]) => `${name} ${Math.round(rows / all.at(-1)!.seconds)} rows/s`
      )
      say(`${repeat}/${repeats}: ${told.join(', ')}`)
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return report(rows, exceljs, ours)
}

export default bench

async function once<T>(method: 'ours' | 'exceljs', file: string, rows: number): Promise<T> {
  const child = fileURLToPath(new URL('./import.child.ts', import.meta.url))
  const { stdout } = await run(
    process.execPath,
    ['--import=./bin/loader.js', child, method, file, String(rows)],
    { maxBuffer: 1 << 20 }
  )
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as T
}

function report(rows: number, parsed: Parsed[], ours: Record<'xlsx' | 'csv', Imported[]>) {
  const rates = (all: Parsed[]): Measure => measure(all.map(({ seconds }) => rows / seconds))
  const all = [...ours.xlsx, ...ours.csv]
  const exceljs = rates(parsed)
  const ratios = { xlsx: ratio(rates(ours.xlsx), exceljs), csv: ratio(rates(ours.csv), exceljs) }
  const childMb = Math.max(...all.map((one) => one.childMb))
  const preview = Math.max(...all.map((one) => one.preview))
  return {
    bench: 'import',
    unit: 'rows/s',
    ours: rates(ours.xlsx),
    baselines: { exceljs },
    ratios,
    peakMb: Math.max(...all.map((one) => one.peakMb)),
    goals: GOALS,
    met:
      ratios.xlsx >= GOALS.xlsx &&
      ratios.csv >= GOALS.csv &&
      childMb <= GOALS.childMb &&
      preview <= GOALS.previewSeconds,
    notes: {
      rows,
      csv: rates(ours.csv),
      childMb,
      previewSeconds: round(preview),
      exceljsPeakMb: Math.max(...parsed.map((one) => one.peakMb)),
      phases: { xlsx: phases(ours.xlsx), csv: phases(ours.csv) },
    },
  }
}

const phases = (all: Imported[]) => ({
  stage: measure(all.map((one) => one.stage)),
  commit: measure(all.map((one) => one.commit)),
})
