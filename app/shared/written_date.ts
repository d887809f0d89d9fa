import type { CellValue } from '#shared/cells'
import type { CivilDate } from '#shared/clock'

const DAY_MS = 86_400_000
const EPOCH_1900 = Date.UTC(1899, 11, 30)
const EPOCH_1904 = Date.UTC(1904, 0, 1)

/** 1 January 1990 and 31 December 2099 as Excel counts them: outside, a number is not a date. */
const FIRST_SERIAL = 32_874
const LAST_SERIAL = 73_050

/** 31 December 9999. */
const MAX_SERIAL = 2_958_465

/** A cell longer than the days of some thirty invoices names no days. */
const MAX_LENGTH = 400

const MONTHS = new Map(
  [
    ['janv', 'janvier', 'jan', 'january'],
    ['fevr', 'fevrier', 'fev', 'feb', 'february'],
    ['mars', 'mar', 'march'],
    ['avr', 'avril', 'apr', 'april'],
    ['mai', 'may'],
    ['juin', 'jun', 'june'],
    ['juil', 'juillet', 'jul', 'july'],
    ['aout', 'aou', 'aug', 'august'],
    ['sept', 'septembre', 'sep', 'september'],
    ['oct', 'octobre', 'october'],
    ['nov', 'novembre', 'november'],
    ['dec', 'decembre', 'december'],
  ].flatMap((words, index) => words.map((word) => [word, index + 1]))
)

/**
 * Excel's day count as a civil date; `date1904` is the workbook's own setting.
 * In the 1900 system days before March 1900 are off by one, which no debt needs.
 */
export function serialToDate(serial: number, date1904: boolean): CivilDate | null {
  const days = Math.floor(serial)
  return days >= 0 && days <= MAX_SERIAL ? dayAfter(date1904 ? EPOCH_1904 : EPOCH_1900, days) : null
}

/** `23/11/2026`. Here and below without the calendar's library: this runs on every row, in the reader. */
export const frenchDate = (on: CivilDate) => `${on.slice(8, 10)}/${on.slice(5, 7)}/${on.slice(0, 4)}`

export const daysAfter = (on: CivilDate, days: number): CivilDate =>
  dayAfter(Date.UTC(Number(on.slice(0, 4)), Number(on.slice(5, 7)) - 1, Number(on.slice(8, 10))), days)

/** A table names the same few hundred days over and over. */
const known = new Map<number, CivilDate>()

function dayAfter(epochMs: number, days: number): CivilDate {
  const at = epochMs + days * DAY_MS
  let day = known.get(at)
  if (day === undefined) {
    day = new Date(at).toISOString().slice(0, 10)
    if (known.size < 20_000) known.set(at, day)
  }
  return day
}

/** `14:30`, `à 14h30`, `T00:00:00.000Z`, `14.30.00`: what follows a day and is not one. */
const TIME = /(?:T|\s+(?:[àa] )?)\d{1,2}(?:[:h]\d{2}.*|\.\d{2}\.\d{2}|h)$/i
const BETWEEN_DAYS = /\s*[,;\n]\s*|\s+(?:et|&)\s+|\s+(?=\d{1,2}[/.-]\d{1,2}[/.-])/

/**
 * Reads a day: a date cell, an Excel serial number, `jj/mm/aaaa`, `jj-mm-aa`, `jj.mm.aaaa`,
 * ISO, or words (`3 mars 2026`). A day that does not exist is refused, never moved; of two
 * numbers the first is the day, as in France. A cell that names the days of several invoices
 * gives the first (R11), when each of them is a day.
 *
 * @returns null when it is not a day
 */
export function readDate(cell: CellValue, date1904 = false): CivilDate | null {
  if (typeof cell === 'number') return readSerial(cell, date1904)
  if (typeof cell !== 'string') return null
  if (date1904 || cell.length > 20) return readText(cell, date1904)
  let day = written.get(cell)
  if (day === undefined) {
    day = readText(cell, date1904)
    if (written.size < 20_000) written.set(cell, day)
  }
  return day
}

/** The days as they are written in the 1900 system, and what they were read as. */
const written = new Map<string, CivilDate | null>()

function readText(cell: string, date1904: boolean): CivilDate | null {
  const one = readDay(cell.trim(), date1904)
  if (one !== null || cell.length > MAX_LENGTH || !BETWEEN_DAYS.test(cell)) return one
  const days = cell
    .trim()
    .split(BETWEEN_DAYS)
    .map((text) => readDay(text, date1904))
  return days.includes(null) ? null : days[0]!
}

function readDay(given: string, date1904: boolean): CivilDate | null {
  const text = given.replace(TIME, '').replace(/(\d)\s*([/.-])\s*(?=\d)/g, '$1$2')
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(text)
  if (iso) return civil(iso[1], iso[2], iso[3])
  const french = /^(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})$/.exec(text)
  if (french) return civil(french[4], french[3], french[1])
  const compact = /^((?:19|20)\d{2})(\d{2})(\d{2})$/.exec(text)
  if (compact) return civil(compact[1], compact[2], compact[3])
  if (/^\d{5}(?:\.\d+)?$/.test(text)) return readSerial(Number(text), date1904)
  return readWords(text)
}

function readSerial(serial: number, date1904: boolean): CivilDate | null {
  const shifted = date1904 ? serial + 1462 : serial
  if (shifted >= FIRST_SERIAL && shifted <= LAST_SERIAL) return serialToDate(serial, date1904)
  return /^(19|20)\d{6}$/.test(String(serial)) ? readDate(String(serial)) : null
}

function readWords(text: string): CivilDate | null {
  const words =
    /^(?:[a-zé]+\.? )?(?<day>\d{1,2})(?:er|st|nd|rd|th)?[ .-](?<month>\p{L}+)\.?[ -](?<year>\d{4}|\d{2})$/iu.exec(
      text
    ) ?? /^(?<month>\p{L}+)\.? (?<day>\d{1,2})(?:st|nd|rd|th)?,? (?<year>\d{4})$/iu.exec(text)
  if (!words) return null
  const { day, month, year } = words.groups!
  const number = MONTHS.get(month!.toLowerCase().normalize('NFD').replace(/\p{M}/gu, ''))
  return number === undefined ? null : civil(year, number, day)
}

function civil(year?: string, month?: string | number, day?: string | number): CivilDate | null {
  const full = Number(year!.length === 2 ? `${Number(year) < 90 ? 20 : 19}${year}` : year)
  const at = Date.UTC(full, Number(month) - 1, Number(day))
  const moment = new Date(at)
  // 31 February would move to March: it is not a day.
  const exists = moment.getUTCMonth() === Number(month) - 1 && moment.getUTCDate() === Number(day)
  return exists && full >= 1990 && full <= 2099 ? dayAfter(at, 0) : null
}
