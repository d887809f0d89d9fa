/**
 * `npm run bench -- <name> [--option=value]`: runs one measure and prints its
 * result as one JSON line, last on standard output.
 */
process.env.NODE_ENV ??= 'development'
process.env.LOG_LEVEL ??= 'warn'
process.env.SCHEDULER ??= 'off'

import 'reflect-metadata'
import { readdir } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { Ignitor } from '@adonisjs/core'
import type { Bench } from './report.ts'

const ROOT = new URL('../', import.meta.url)
const NOT_A_BENCH = new Set(['run', 'report', 'memory', 'ground'])

const benches = (await readdir(new URL('./', import.meta.url)))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -3))
  .filter((name) => !NOT_A_BENCH.has(name) && !name.includes('.'))

const { positionals, values } = parseArgs({ strict: false, allowPositionals: true })
const [name] = positionals
if (!name || !benches.includes(name)) {
  console.error(`Name a bench: ${benches.join(', ')}`)
  process.exit(1)
}

const app = new Ignitor(ROOT, {
  importer: (path) => import(path.startsWith('.') ? new URL(path, ROOT).href : path),
}).createApp('console')
app.booting(async () => {
  await import('#start/env')
})
await app.init()
await app.boot()
await app.start(() => {})

const { default: bench } = (await import(`./${name}.ts`)) as { default: Bench }
const result = await bench(values)
console.log(JSON.stringify(result))
await app.terminate()
process.exitCode = result.met ? 0 : 1
