import { attribute, scanXml } from '#imports/reader/xml'

/** Excel's own number formats that are dates (27–36 and 50–58 are its East Asian dates). */
const BUILT_IN_DATES = new Set([
  14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58,
])

/** Which cell styles show a number as a date. */
export async function readDateStyles(chunks: AsyncIterable<Buffer>): Promise<Set<number>> {
  const dateFormats = new Set(BUILT_IN_DATES)
  const styles = new Set<number>()
  let inCellStyles = false
  let index = 0
  await scanXml(chunks, {
    open(name, attributes) {
      if (name === 'numFmt') {
        const id = Number(attribute(attributes, 'numFmtId'))
        if (isDateFormat(attribute(attributes, 'formatCode') ?? '')) dateFormats.add(id)
        else dateFormats.delete(id)
      } else if (name === 'cellXfs') inCellStyles = true
      else if (name === 'xf' && inCellStyles) {
        if (dateFormats.has(Number(attribute(attributes, 'numFmtId')))) styles.add(index)
        index++
      }
    },
    close(name) {
      if (name === 'cellXfs') inCellStyles = false
    },
  })
  return styles
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
