import '../day.js'
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { readdir } from 'node:fs/promises'
import type { Harness } from '#tests/harness/harness'

/**
 * `npm run harness -- <name> [--seed=N] [--size=N] [--short]`: a fault run in a
 * process and a database of its own. Progress goes to standard error; the last
 * line of standard output is one JSON object. Exit code 1 when a bar is missed.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string' }, size: { type: 'string' }, short: { type: 'boolean' } },
})
const [name] = positionals
const known = (await readdir(new URL('.', import.meta.url)))
  .filter((file) => file.endsWith('.harness.ts'))
  .map((file) => file.replace('.harness.ts', ''))

if (!name || !known.includes(name)) {
  console.error(`Name one of: ${known.join(', ')}`)
  process.exit(1)
}

const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed)
const { default: harness } = (await import(`#tests/harness/${name}.harness`)) as { default: Harness }
const size = values.size === undefined ? (values.short ? harness.short : harness.long) : Number(values.size)
console.error(`harness ${name}: seed ${seed}, size ${size}`)

const startedAt = performance.now()
const { problems, ...figures } = await harness.run({ seed, size })
const seconds = Math.round((performance.now() - startedAt) / 100) / 10
const report = {
  harness: name,
  seed,
  size,
  ok: problems.length === 0,
  ...figures,
  problems: problems.slice(0, 20),
  seconds,
}
process.stdout.write(`${JSON.stringify(report)}\n`)
process.exitCode = problems.length === 0 ? 0 : 1
