/**
 * The reader's process. It is given one spreadsheet on standard input, has no right but to read
 * its own code, and answers in JSON lines on standard output (see protocol.ts). Whatever a file
 * does to it, the application only sees it end.
 */
import { fstatSync, readSync } from 'node:fs'
import { openSpreadsheet } from '#imports/reader/formats'
import { ArchiveRefused } from '#shared/archive'
import { Unreadable } from '#imports/reader/limits'
import type { Message, Order } from '#imports/reader/protocol'
import { openTable } from '#imports/reader/table'

const ROWS_PER_MESSAGE = 400

const order = JSON.parse(process.argv[2]!) as Order
const peakMb = () => Math.round(process.resourceUsage().maxRSS / 1024)

try {
  const { format, sheets } = await openSpreadsheet(standardInput(order.limits.fileBytes), order.limits)
  const { head, rows } = await openTable(format, sheets, order)
  await send({ type: 'head', ...head })
  let count = 0
  let waiting: unknown[][] = []
  for await (const batch of rows) {
    for (const row of batch) waiting.push(row)
    count += batch.length
    if (waiting.length < ROWS_PER_MESSAGE) continue
    if (peakMb() > order.limits.memoryMb - 8) throw new Unreadable('too_large', 'memory')
    await send({ type: 'rows', rows: waiting })
    waiting = []
  }
  if (waiting.length > 0) await send({ type: 'rows', rows: waiting })
  if (count === 0) throw new Unreadable('empty')
  await send({ type: 'end', rows: count, peakMb: peakMb() })
} catch (error) {
  const refused = error instanceof Unreadable || error instanceof ArchiveRefused
  await send({
    type: 'refused',
    code: refused ? error.code : 'damaged',
    detail: refused ? error.message : String((error as Error).stack ?? error),
    peakMb: peakMb(),
  })
}
process.exit(0)

/** Standard input is the file itself: read at once, into one buffer. */
function standardInput(maxBytes: number): Buffer {
  const { size } = fstatSync(0)
  if (size > maxBytes) throw new Unreadable('too_large', 'file')
  const bytes = Buffer.allocUnsafeSlow(size)
  let read = 0
  while (read < size) {
    const count = readSync(0, bytes, read, size - read, read)
    if (count === 0) throw new Unreadable('damaged', 'file cut short')
    read += count
  }
  return bytes
}

/** Waits for the parent to have taken it: nothing piles up here. */
function send(message: Message): Promise<void> {
  return new Promise((resolve, reject) =>
    process.stdout.write(`${JSON.stringify(message)}\n`, (error) => (error ? reject(error) : resolve()))
  )
}
