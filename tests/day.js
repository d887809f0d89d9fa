/**
 * The day of the tests. They run from PLAYED_AT on, at the machine's pace, whatever the machine's own
 * date: the rates of a later half-year may not be published yet, and a failure shows again tomorrow.
 * It is loaded before everything else, here and, by NODE_OPTIONS, in every process that a test starts.
 * What is not JavaScript (openssl, Chromium, a database) stays on the machine's date; what must agree
 * with it asks for that date too (`#tests/fixtures/machine_date`).
 */
const FIRST_INSTANT = '2026-11-24T09:00:00.000Z'

const machineNow = Date.now
const { env } = process
env.PLAYED_AHEAD_MS ??= String(Date.parse(env.PLAYED_AT ?? FIRST_INSTANT) - machineNow())
const preload = `--import=${import.meta.url}`
if (!env.NODE_OPTIONS?.includes(preload)) env.NODE_OPTIONS = `${env.NODE_OPTIONS ?? ''} ${preload}`.trim()

Date.now = () => machineNow() + Number(env.PLAYED_AHEAD_MS)
globalThis.Date = new Proxy(Date, {
  apply: () => new Date().toString(),
  construct: (target, args, made) => Reflect.construct(target, args.length === 0 ? [Date.now()] : args, made),
})
Date.prototype.constructor = Date
