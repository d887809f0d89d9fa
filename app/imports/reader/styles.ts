import { foreignCurrency } from '#shared/written_amount'
import { attribute, scanXml } from '#shared/xml'

/** Excel's own number formats that are dates (27–36 and 50–58 are its East Asian dates). */
const BUILT_IN_DATES = new Set([
  14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58,
])

/** Which cell styles show a number as a date, and which as money that is no euro, with its sign. */
export type Styles = { dates: ReadonlySet<number>; currencies: ReadonlyMap<number, string> }

export async function readStyles(chunks: AsyncIterable<Buffer>): Promise<Styles> {
  const dateFormats = new Set(BUILT_IN_DATES)
  const moneyFormats = new Map<number, string>()
  const dates = new Set<number>()
  const currencies = new Map<number, string>()
  let inCellStyles = false
  let index = 0
  await scanXml(chunks, {
    open(name, attributes) {
      if (name === 'numFmt') {
        const id = Number(attribute(attributes, 'numFmtId'))
        const code = attribute(attributes, 'formatCode') ?? ''
        if (isDateFormat(code)) dateFormats.add(id)
        else dateFormats.delete(id)
        const currency = currencyShown(code)
        if (currency) moneyFormats.set(id, currency)
      } else if (name === 'cellXfs') inCellStyles = true
      else if (name === 'xf' && inCellStyles) {
        const format = Number(attribute(attributes, 'numFmtId'))
        if (dateFormats.has(format)) dates.add(index)
        if (moneyFormats.has(format)) currencies.set(index, moneyFormats.get(format)!)
        index++
      }
    },
    close(name) {
      if (name === 'cellXfs') inCellStyles = false
    },
  })
  return { dates, currencies }
}

/** A format that shows a day, a month or a year; quoted words, colours and escapes aside. */
export function isDateFormat(code: string): boolean {
  const bare = code
    .split(';')[0]!
    .replace(/"[^"]*"?/g, '')
    .replace(/\\./g, '')
    .replace(/\[[^\]]*\]/g, '')
    .replace(/General|Standard/gi, '')
  return /[dy]/i.test(bare) || (/m/i.test(bare) && !/[hs]/i.test(bare))
}

/** `[$$-409]#,##0.00` shows dollars, `[$€-40C]` euros, and `[$-40C]` only a language. */
const currencyShown = (code: string) =>
  foreignCurrency(
    code
      .split(';')[0]!
      .replace(/\[\$([^\]-]*)[^\]]*\]/g, ' $1 ')
      .replace(/\[[^\]]*\]|["\\]/g, '')
  )
