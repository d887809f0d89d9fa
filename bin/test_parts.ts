import { spawn } from 'node:child_process'
import { glob } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { dirname, relative } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const ROOT = new URL('../', import.meta.url)
/** Each holds an application, and some a Chromium. */
const MOST_AT_ONCE = 4

type Tally = { passed: number; failed: number; skipped: number }

/**
 * Runs the suites in parts, side by side, each in a process of its own with the
 * variables that `prepare` gives it, prints what each says when it ends, and
 * closes with `N passed, N failed, N skipped`.
 *
 * @returns the exit code
 */
export async function runParts(
  suites: string[],
  prepare: () => Promise<NodeJS.ProcessEnv>,
  flags: string[] = []
): Promise<number> {
  const waiting = await partsOf(suites)
  const total: Tally = { passed: 0, failed: 0, skipped: 0 }
  const broken: string[] = []
  const lane = async () => {
    for (let part = waiting.shift(); part; part = waiting.shift()) {
      const tally = await runPart(part, await prepare(), flags)
      for (const key of Object.keys(total) as (keyof Tally)[]) total[key] += tally[key]
      if (tally.failed > 0) broken.push(part.join(' / '))
    }
  }
  await Promise.all(Array.from({ length: Math.min(availableParallelism() + 1, MOST_AT_ONCE) }, lane))
  if (broken.length > 0) console.log(`\n✖ ${broken.join(', ')}`)
  console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
  return total.failed > 0 ? 1 : 0
}

/** A suite is one part; the functional one, by far the longest, one for each folder that holds tests. */
async function partsOf(suites: string[]): Promise<string[][]> {
  const parts: string[][] = []
  for (const suite of suites) {
    if (suite !== 'functional') parts.push([suite])
    else for (const folder of await foldersOf(`tests/${suite}`)) parts.push([suite, folder])
  }
  return parts
}

async function foldersOf(suite: string): Promise<string[]> {
  const specs = await Array.fromAsync(glob(`${suite}/**/*.spec.ts`, { cwd: fileURLToPath(ROOT) }))
  return [...new Set(specs.map((spec) => dirname(relative(suite, spec))))].sort()
}

async function runPart(
  [suite, folder]: string[],
  variables: NodeJS.ProcessEnv,
  flags: string[]
): Promise<Tally> {
  const args = ['--import=./bin/loader.js', 'bin/test.ts', suite!, ...flags]
  if (folder) args.push(`--files=tests/${suite}/${folder}/*`)
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...variables },
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [said, complained, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  process.stdout.write(`${complained}${said}`)
  const [, passed, failed, skipped] = /^(\d+) passed, (\d+) failed, (\d+) skipped$/m.exec(said) ?? []
  const tally = { passed: Number(passed ?? 0), failed: Number(failed ?? 1), skipped: Number(skipped ?? 0) }
  if (code !== 0 && tally.failed === 0) tally.failed = 1
  return tally
}
