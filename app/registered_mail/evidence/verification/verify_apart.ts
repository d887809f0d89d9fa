import { spawn } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Report, Trust } from '#registered_mail/evidence/verification/report'

const child = fileURLToPath(new URL('./child.ts', import.meta.url))
const appFolder = realpathSync(fileURLToPath(new URL('../../../..', import.meta.url)))
const packages = realpathSync(`${appFolder}/node_modules`)
const SECONDS = 60
const HEAP_MB = 256
const AT_ONCE = 2

let running = 0

/**
 * Verifies a ZIP that anybody may have sent, in a process of its own: no environment, no right to
 * write, to start another process or to read beyond the application's code, capped in time and memory.
 *
 * @returns `busy` when too many are being verified, `too_heavy` when it took more than it may
 */
export async function verifyApart(zip: Buffer, trust: Trust): Promise<Report | 'busy' | 'too_heavy'> {
  if (running >= AT_ONCE) return 'busy'
  running += 1
  try {
    return await inChild(zip, trust)
  } finally {
    running -= 1
  }
}

async function inChild(zip: Buffer, trust: Trust): Promise<Report | 'too_heavy'> {
  const rights = ['--permission', `--allow-fs-read=${appFolder}`, `--allow-fs-read=${packages}`]
  const args = [...rights, `--max-old-space-size=${HEAP_MB}`, child, JSON.stringify(trust)]
  const verifier = spawn(process.execPath, args, { env: { TZ: 'UTC' }, cwd: appFolder, stdio: 'pipe' })
  const timer = setTimeout(() => verifier.kill('SIGKILL'), SECONDS * 1000)
  const ended = new Promise<number | null>((resolve, reject) => {
    verifier.once('error', reject)
    verifier.once('close', resolve)
  })
  // A child that ends early no longer reads: that is told by how it ended.
  verifier.stdin.on('error', () => {})
  verifier.stdin.end(zip)
  const [said, complained, code] = await Promise.all([text(verifier.stdout), text(verifier.stderr), ended])
  clearTimeout(timer)
  if (code === 0) return JSON.parse(said) as Report
  if (code === null || /heap|out of memory/i.test(complained)) return 'too_heavy'
  throw new Error(`the verifier ended with ${code}: ${complained.slice(-2000)}`)
}
