import { spawn } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { text } from 'node:stream/consumers'

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

/** A suite is one part; the functional one, by far the longest, one for each domain. */
async function partsOf(suites: string[]): Promise<string[][]> {
  const parts: string[][] = []
  for (const suite of suites) {
    if (suite !== 'functional') parts.push([suite])
    else for (const domain of await readdir(new URL(`tests/${suite}`, ROOT))) parts.push([suite, domain])
  }
  return parts
}

async function runPart(
  [suite, domain]: string[],
  variables: NodeJS.ProcessEnv,
  flags: string[]
): Promise<Tally> {
  const args = ['--import=./bin/loader.js', 'bin/test.ts', suite!, ...flags]
  if (domain) args.push(`--files=tests/${suite}/${domain}/*`)
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
