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

/**
 * Rows wait until they make a message of this many characters, some 1,500 of them: the parent
 * stores each in one transaction, and nothing but a single row may make a message longer.
 */
const MESSAGE_CHARS = 1_000_000

const order = JSON.parse(process.argv[2]!) as Order
const peakMb = () => Math.round(process.resourceUsage().maxRSS / 1024)

try {
  const { format, sheets } = await openSpreadsheet(standardInput(order.limits.fileBytes), order.limits)
  const { head, rows } = await openTable(format, sheets, order)
  await send({ type: 'head', ...head })
  let count = 0
  let waiting: string[] = []
  let chars = 0
  for await (const batch of rows) {
    if (peakMb() > order.limits.memoryMb - 8) throw new Unreadable('too_large', 'memory')
    count += batch.length
    for (const row of batch) {
      const text = JSON.stringify(row)
      waiting.push(text)
      chars += text.length
      if (chars < MESSAGE_CHARS) continue
      await sendRows(waiting)
      waiting = []
      chars = 0
    }
  }
  if (waiting.length > 0) await sendRows(waiting)
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

function send(message: Exclude<Message, { type: 'rows' }>) {
  return sendLine(JSON.stringify(message))
}

/** The `rows` of protocol.ts, each a JSON text already. */
function sendRows(rows: readonly string[]) {
  return sendLine(`{"type":"rows","rows":[${rows.join(',')}]}`)
}

/** Waits for the parent to have taken it: nothing piles up here. */
function sendLine(line: string): Promise<void> {
  return new Promise((resolve, reject) =>
    process.stdout.write(`${line}\n`, (error) => (error ? reject(error) : resolve()))
  )
}
