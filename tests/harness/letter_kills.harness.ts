import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { seeded } from '#tests/fakes/stripe/random'
import type { Harness } from '#tests/harness/harness'
import { startApplication } from '#tests/harness/application'

const LETTERS_PER_KILL = 40
const DATED_ON = '2026-11-16'

/**
 * The process that renders letters is killed over and over while it works. In
 * the end every letter has its PDF, what was committed before a kill never
 * changed, and no browser outlives the process that started it.
 */
export default {
  short: 2,
  long: 40,
  async run({ seed, size }) {
    const application = await startApplication()
    const { default: db } = await import('@adonisjs/lucid/services/db')
    const letters = size * LETTERS_PER_KILL
    await seedLetters(letters)
    const random = seeded(seed)
    const problems: string[] = []
    const before = new Map<number, string>()
    let killed = 0
    let orphans = 0

    const rendered = () => db.from('letters').where('state', 'rendered').select('id', 'file_sha256')
    const remember = async () => {
      for (const { id, file_sha256: hash } of await rendered()) {
        const known = before.get(id)
        if (known && known !== hash) problems.push(`letter ${id} was rendered twice`)
        before.set(id, hash)
      }
    }
    for (; killed < size; killed++) {
      const child = startRendering()
      const enough = before.size + 1 + Math.floor(random() * LETTERS_PER_KILL * 0.5)
      await until(async () => child.exitCode !== null || (await rendered()).length >= enough)
      await sleep(random() * 400)
      const browsers = await descendants(child.pid!)
      child.kill('SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      await remember()
      orphans += await stillAlive(browsers)
    }
    const last = startRendering()
    await once(last, 'exit')
    await remember()

    const rows = await db.from('letters').select('id', 'ref', 'state', 'file_sha256', 'failure')
    for (const row of rows) {
      if (row.state !== 'rendered') problems.push(`letter ${row.ref} is ${row.state}: ${row.failure}`)
    }
    problems.push(...(await wrongFiles(rows)))
    if (orphans > 0) problems.push(`${orphans} browser processes outlived their parent`)
    await application.stop()
    return { problems, letters, killed, rendered: before.size }
  },
} satisfies Harness

async function seedLetters(count: number) {
  const { givenAgency, givenClaim, givenCreditor } = await import('#tests/fixtures/domain')
  const { aQueuedLetter } = await import('#tests/fixtures/letters')
  await givenAgency()
  const creditor = await givenCreditor()
  for (let index = 0; index < count; index++) {
    await aQueuedLetter(await givenClaim({ creditor }), { datedOn: DATED_ON })
  }
}

const startRendering = (): ChildProcess =>
  spawn(
    process.execPath,
    ['ace.js', 'letters:print', `--on=${DATED_ON}`, `--out=${process.env.STORAGE_DIR}/all.pdf`, '--json'],
    { stdio: ['ignore', 'ignore', 'inherit'], env: process.env }
  )

async function wrongFiles(rows: { ref: string; file_sha256: string | null }[]): Promise<string[]> {
  const { readStoredFile } = await import('#shared/files')
  const hashes = new Set(rows.map(({ file_sha256: hash }) => hash))
  const wrong = hashes.size === rows.length ? [] : ['two letters share a file']
  for (const { ref, file_sha256: hash } of rows) {
    if (!hash) continue
    const title = Buffer.from(`Lettre ${ref} du`, 'utf16le').swap16().toString('hex').toUpperCase()
    if (!(await readStoredFile(hash)).includes(title)) wrong.push(`the file of ${ref} is not its own`)
  }
  return wrong
}

async function until(done: () => Promise<boolean>) {
  for (const deadline = Date.now() + 120_000; !(await done()); await sleep(50)) {
    if (Date.now() > deadline) throw new Error('the letters are not being rendered')
  }
}

async function descendants(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => [])
  const lists = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => ''))
  )
  const children = lists.flatMap((list) => list.trim().split(/\s+/).filter(Boolean).map(Number))
  return [...children, ...(await Promise.all(children.map(descendants))).flat()]
}

/** How many are left once they had the time to notice. */
async function stillAlive(pids: number[]): Promise<number> {
  for (let patience = 50; ; patience--) {
    const alive = (await Promise.all(pids.map(isAlive))).filter(Boolean).length
    if (alive === 0 || patience === 0) return alive
    await sleep(100)
  }
}

async function isAlive(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  return status !== null && !/\) [ZX] /.test(status)
}
