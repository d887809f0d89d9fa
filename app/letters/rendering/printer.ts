import app from '@adonisjs/core/services/app'
import { SealedBrowser } from '#letters/rendering/sealed_browser'

/** More than two browsers gains nothing on two cores, and each takes 150 to 300 MB. */
const BROWSERS = 2

/** An idle server keeps no browser: it costs more memory than the application. */
const IDLE_MS = 30_000

interface Seat {
  browser: SealedBrowser
  busy: boolean
}

const seats: Seat[] = []
const waiting: ((seat: Seat) => void)[] = []
let idle: NodeJS.Timeout | null = null

/**
 * Prints a whole HTML document (see `printedDocument`) as a tagged PDF, in a
 * browser that can reach nothing. At most two documents print at a time;
 * others wait their turn.
 *
 * @throws PrintFailed, ChromiumUnavailable
 */
export async function renderPdf(document: string): Promise<Uint8Array> {
  const seat = await takeSeat()
  try {
    return await seat.browser.print(document)
  } finally {
    await giveBack(seat)
  }
}

/** Ends the browsers, those that print once they have done; the next document starts new ones. */
export async function closePrinter() {
  if (idle) clearTimeout(idle)
  const free = seats.splice(0).filter(({ busy }) => !busy)
  await Promise.all(free.map(({ browser }) => browser.close()))
}

/** Resident memory of the browsers, in MB. */
export async function printerMemoryMb(): Promise<number> {
  const each = await Promise.all(seats.map(({ browser }) => browser.memoryMb()))
  return each.reduce((total, part) => total + part, 0)
}

/** What the scheduler has begun is finished after that: its browsers end with it. */
let leaving = false
app.terminating(() => {
  leaving = true
  return closePrinter()
})

async function takeSeat(): Promise<Seat> {
  if (idle) clearTimeout(idle)
  const free = seats.find((seat) => !seat.busy)
  if (free) {
    free.busy = true
    return free
  }
  if (seats.length < BROWSERS) {
    const seat = { browser: new SealedBrowser(), busy: true }
    seats.push(seat)
    return seat
  }
  return new Promise((resolve) => waiting.push(resolve))
}

async function giveBack(seat: Seat) {
  const next = waiting.shift()
  if (next) return next(seat)
  seat.busy = false
  if (leaving) await closePrinter()
  if (!seats.includes(seat)) return seat.browser.close()
  if (seats.some(({ busy }) => busy)) return
  idle = setTimeout(() => void closePrinter(), IDLE_MS)
  idle.unref()
}
