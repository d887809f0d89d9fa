import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** One fault run. It is seeded, stays on loopback, and stops by itself. */
export interface Harness {
  /** Size in `npm test`, and of the long run. */
  short: number
  long: number
  run(options: { seed: number; size: number }): Promise<{ problems: string[] } & Record<string, unknown>>
}

export interface HarnessReport {
  harness: string
  seed: number
  size: number
  ok: boolean
  problems: string[]
  [figure: string]: unknown
}

/** Runs the short form of a harness in its own process and gives back what it reports. */
export function shortRun(name: string, args: string[] = []): Promise<HarnessReport> {
  const dispatcher = fileURLToPath(new URL('./run.ts', import.meta.url))
  const flags = ['--import=./bin/loader.js', dispatcher, name, '--short', ...args]
  return new Promise((resolve, reject) => {
    execFile(process.execPath, flags, { maxBuffer: 16_000_000 }, (error, stdout, stderr) => {
      const line = stdout.trim().split('\n').at(-1) ?? ''
      if (line.startsWith('{')) resolve(JSON.parse(line))
      else reject(new Error(`the harness said nothing: ${stderr || error?.message}`))
    })
  })
}
