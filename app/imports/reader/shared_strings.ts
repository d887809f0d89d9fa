import { decodeExcel } from '#imports/reader/excel_text'
import { decodeText, scanXml } from '#shared/xml'

/** Excel's table of texts. Cells name them by position. */
export class SharedStrings {
  private readonly texts: string[] = []

  add(text: string) {
    this.texts.push(text)
  }

  at(index: number): string | null {
    return this.texts[index] || null
  }
}

/** Keeps the text of each `<si>`, its runs joined, without formatting or phonetic guides. */
export async function readSharedStrings(chunks: AsyncIterable<Buffer>): Promise<SharedStrings> {
  const strings = new SharedStrings()
  let text = ''
  let reading = false
  let phonetic = false
  await scanXml(chunks, {
    open(name) {
      if (name === 't') reading = !phonetic
      else if (name === 'si') text = ''
      else if (name === 'rPh') phonetic = true
    },
    close(name) {
      if (name === 't') reading = false
      else if (name === 'si') strings.add(ownCopy(decodeExcel(decodeText(text))))
      else if (name === 'rPh') phonetic = false
    },
    text(raw) {
      if (reading) text = text === '' ? raw : text + raw
    },
  })
  return strings
}

/** A slice of a chunk would keep the whole chunk in memory, at two bytes a letter. */
const ownCopy = (text: string) => (text.length < 13 ? text : Buffer.from(text, 'utf8').toString('utf8'))
