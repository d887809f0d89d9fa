import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Instant } from '#shared/clock'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/**
 * Runs one ace command at an instant, as an administrator would have, in a process of its own, and
 * reads its JSON.
 *
 * @throws with what the command said when it does not end well
 */
export async function aceAt<T>(at: Instant, ...words: string[]): Promise<T> {
  const command = ['--import=./bin/loader.js', 'demo/ace_at.ts', at, ...words, '--json']
  const child = spawn(process.execPath, command, {
    cwd: ROOT,
    env: process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((done) => child.once('close', done)),
  ])
  if (code !== 0) throw new Error(`${words[0]} ended with ${code}: ${stderr.trim() || stdout.trim()}`)
  return JSON.parse(stdout) as T
}

async function text(stream: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of stream) pieces.push(piece)
  return Buffer.concat(pieces).toString('utf8')
}
