/** Median, least and most of the repeats. */
export interface Measure {
  median: number
  min: number
  max: number
}

/** The one JSON line a bench prints, with the goals that its file sets. */
export interface BenchResult {
  bench: string
  unit: string
  ours: Measure
  baselines: Record<string, Measure>
  /** Ours over each baseline, by their medians. */
  ratios: Record<string, number>
  peakMb: number
  goals: Record<string, number>
  met: boolean
  /** Anything else worth reading. */
  notes?: Record<string, unknown>
}

export type Bench = (options: Record<string, string | boolean | undefined>) => Promise<BenchResult>

export function measure(values: readonly number[]): Measure {
  const sorted = values.toSorted((a, b) => a - b)
  return {
    median: round(sorted[Math.floor(sorted.length / 2)]!),
    min: round(sorted[0]!),
    max: round(sorted.at(-1)!),
  }
}

export const ratio = (ours: Measure, theirs: Measure) => round(ours.median / theirs.median)

export const round = (value: number) => Math.round(value * 100) / 100

export const say = (line: string) => process.stderr.write(`${line}\n`)
