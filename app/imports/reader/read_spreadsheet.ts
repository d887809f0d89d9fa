import { spawn, type ChildProcess } from 'node:child_process'
import { realpathSync } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { CheckRules } from '#imports/checking/check_row'
import type { Row } from '#imports/reader/rows'
import { LIMITS, Unreadable, type Limits } from '#imports/reader/limits'
import {
  unpack,
  type ColumnChoice,
  type Message,
  type Order,
  type StagedRow,
  type TableHead,
} from '#imports/reader/protocol'

export type SpreadsheetOrder = {
  columns: ColumnChoice
  rules: CheckRules
  /** Only the first rows: the preview. */
  firstRows?: number
  limits?: Partial<Limits>
}

export type ReadResult = { head: TableHead; rows: number; peakMb: number }

const LINE_FEED = 10

const child = fileURLToPath(new URL('./child.ts', import.meta.url))
const appFolder = realpathSync(fileURLToPath(new URL('../../..', import.meta.url)))
const packages = realpathSync(`${appFolder}/node_modules`)

/**
 * Reads a spreadsheet in a process of its own: no environment, no right to write, to start
 * another process or to read beyond the application's code, a capped heap and a capped time.
 * Rows come checked, in batches; the reader waits while `take` works on one.
 *
 * @throws {Unreadable} with what to tell the person; `take` may then have had some rows already
 */
export async function readSpreadsheet(
  path: string,
  order: SpreadsheetOrder,
  take: (rows: StagedRow[], head: TableHead) => void | Promise<void>
): Promise<ReadResult> {
  let head: TableHead | null = null
  for await (const message of converse(path, { ...order, limits: { ...LIMITS, ...order.limits } })) {
    if (message.type === 'head') {
      const { type, ...found } = message
      head = found
    } else if (message.type === 'rows') await take(message.rows.map(unpack), head!)
    else if (message.type === 'end') return { head: head!, rows: message.rows, peakMb: message.peakMb }
  }
  throw new Error('the spreadsheet reader said nothing')
}

/** Every row of the table's sheet as it is, header and titles included, for giving the sheet back. */
export async function* rawRows(path: string, order: SpreadsheetOrder): AsyncGenerator<Row[]> {
  for await (const message of converse(path, { ...order, limits: LIMITS, raw: true })) {
    if (message.type === 'rows') yield message.rows.map(([number, cells]) => ({ number, cells }) as Row)
  }
}

async function* converse(path: string, order: Order): AsyncGenerator<Message> {
  const file = await open(path, 'r')
  const reader = start(order, file.fd)
  const ended = ending(reader)
  const timer = setTimeout(() => reader.kill('SIGKILL'), order.limits.seconds * 1000)
  try {
    for await (const line of linesOf(reader.stdout!)) {
      const message = JSON.parse(line) as Message
      if (message.type === 'refused') throw new Unreadable(message.code, message.detail)
      yield message
      if (message.type === 'end') return
    }
    throw await died(ended)
  } finally {
    clearTimeout(timer)
    reader.kill('SIGKILL')
    await ended
    await file.close()
  }
}

/** Lines as they end, whole: a message comes in many pieces. */
async function* linesOf(output: Readable): AsyncGenerator<string> {
  let pieces: Buffer[] = []
  for await (const chunk of output as AsyncIterable<Buffer>) {
    let from = 0
    for (let end; (end = chunk.indexOf(LINE_FEED, from)) !== -1; from = end + 1) {
      pieces.push(chunk.subarray(from, end))
      yield Buffer.concat(pieces).toString()
      pieces = []
    }
    pieces.push(chunk.subarray(from))
  }
}

function start(order: Order, input: number): ChildProcess {
  const rights = ['--permission', `--allow-fs-read=${appFolder}`, `--allow-fs-read=${packages}`]
  const memory = [`--max-old-space-size=${order.limits.heapMb}`, '--max-semi-space-size=8']
  return spawn(process.execPath, [...rights, ...memory, child, JSON.stringify(order)], {
    env: { TZ: 'UTC' },
    cwd: appFolder,
    stdio: [input, 'pipe', 'pipe'],
  })
}

type Ending = { code: number | null; signal: NodeJS.Signals | null; said: string }

function ending(reader: ChildProcess): Promise<Ending> {
  let said = ''
  reader.stderr!.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4000)
  })
  return new Promise((resolve, reject) => {
    reader.once('error', reject)
    reader.once('close', (code, signal) => resolve({ code, signal, said }))
  })
}

/** It ended without a word: killed for its time, or by V8 for its memory. */
async function died(ended: Promise<Ending>): Promise<Error> {
  const { code, signal, said } = await ended
  if (signal === 'SIGKILL') return new Unreadable('too_slow')
  if (signal === 'SIGABRT' || /heap|out of memory/i.test(said)) return new Unreadable('too_large', 'memory')
  return new Error(`the spreadsheet reader ended with ${code ?? signal}: ${said}`)
}
