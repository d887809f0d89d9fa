import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { onDemand } from '#shared/on_demand'
import { openedWoff } from '#registered_mail/evidence/dossier/opened_woff'

const PDFDocument = onDemand<typeof import('pdfkit')>('pdfkit')

/** A4 in points, and the measures of a page. */
const MARGIN = 62
const FOOT = 74
export const WIDTH = 595.28 - 2 * MARGIN

const INK = '#1c1b19'
const SOFT = '#5d594f'
const RULE = '#d8d2c4'

const FACES = {
  text: 'source-serif-4/files/source-serif-4-{script}-400-normal.woff',
  strong: 'source-serif-4/files/source-serif-4-{script}-600-normal.woff',
  italic: 'source-serif-4/files/source-serif-4-{script}-400-italic.woff',
  code: 'arimo/files/arimo-{script}-400-normal.woff',
} as const
export type Face = keyof typeof FACES

/** The scripts of the fonts, in the order they are tried; what none has is shown as a question mark. */
const SCRIPTS: [string, RegExp][] = [
  ['latin', /^[\u0020-\u00ff\u0131\u0152\u0153\u2010-\u2022\u2026\u20ac\u2122\u2212]$/],
  ['latin-ext', /^[\u0100-\u02ba\u1e00-\u1e9f\u1ef2-\u1eff]$/],
  ['vietnamese', /^[\u1ea0-\u1ef9]$/],
  ['greek', /^[\u0370-\u03ff]$/],
  ['cyrillic', /^[\u0400-\u045f\u0490\u0491\u2116]$/],
]

const fonts = new Map<string, Buffer>()

function fontFile(face: Face, script: string): Buffer {
  const file = FACES[face].replace('{script}', script)
  let bytes = fonts.get(file)
  if (!bytes) {
    bytes = openedWoff(readFileSync(fileURLToPath(import.meta.resolve(`@fontsource/${file}`))))
    fonts.set(file, bytes)
  }
  return bytes
}

export interface SheetOptions {
  title: string
  author: string
  subject: string
  keywords: string
  createdAt: Date
}

export interface Writing {
  face?: Face
  size?: number
  soft?: boolean
  gap?: number
  indent?: number
}

/** Pages of text in PDF/A-3, with fonts of ours inside. */
export class Sheet {
  readonly #document: PDFKit.PDFDocument
  readonly #registered = new Set<string>()
  readonly #foot: string

  constructor({ title, author, subject, keywords, createdAt }: SheetOptions) {
    this.#foot = `${title} · ${author}`
    this.#document = new (PDFDocument())({
      size: 'A4',
      margins: { top: MARGIN, left: MARGIN, right: MARGIN, bottom: FOOT },
      subset: 'PDF/A-3b',
      pdfVersion: '1.7',
      displayTitle: true,
      lang: 'fr-FR',
      bufferPages: true,
      // A default font of the library's would be one that is not embedded.
      font: null as unknown as string,
      info: { Title: title, Author: author, Subject: subject, Keywords: keywords, CreationDate: createdAt },
    })
  }

  attach(bytes: Buffer, name: string, description: string, at: Date) {
    this.#document.file(bytes, {
      name,
      description,
      type: 'application/x-ndjson',
      relationship: 'Data',
      creationDate: at,
      modifiedDate: at,
    } as PDFKit.Mixins.PDFAttachmentOptions)
  }

  text(words: string, { face = 'text', size = 10.5, soft = false, gap = 4, indent = 0 }: Writing = {}) {
    const runs = runsOf(words)
    const document = this.#document
    document.fontSize(size).fillColor(soft ? SOFT : INK)
    runs.forEach(({ script, text }, index) => {
      this.#font(face, script)
      const last = index === runs.length - 1
      const options = { width: WIDTH - indent, lineGap: 2.2, continued: !last, paragraphGap: gap }
      if (index === 0) document.text(text, MARGIN + indent, document.y, options)
      else document.text(text, options)
    })
  }

  heading(words: string) {
    this.keepTogether(90)
    this.space(14)
    this.text(words, { face: 'strong', size: 13.5, gap: 6 })
  }

  /** A label with its value beside it. */
  fact(label: string, value: string, face: Face = 'text') {
    const document = this.#document
    this.keepTogether(30)
    const top = document.y
    this.#font('text', 'latin')
    document.fontSize(9.5).fillColor(SOFT).text(label, MARGIN, top, { width: 118, lineGap: 2 })
    const below = document.y
    document.y = top
    this.text(value, { face, size: face === 'code' ? 8.6 : 10.5, indent: 128 })
    document.y = Math.max(document.y, below)
  }

  /** A small picture on its own line, with what it shows for who cannot see it. */
  picture(png: Buffer, alt: string) {
    this.keepTogether(80)
    const { y } = this.#document
    this.#document.image(png, MARGIN, y, { fit: [220, 64] })
    this.#document.y = y + 70
    this.text(alt, { size: 8.6, soft: true })
  }

  rule() {
    const { y } = this.#document
    this.#document
      .moveTo(MARGIN, y)
      .lineTo(MARGIN + WIDTH, y)
      .lineWidth(0.6)
      .strokeColor(RULE)
      .stroke()
    this.space(8)
  }

  space(points: number) {
    this.#document.y += points
  }

  /** Begins a page when less than that is left on this one. */
  keepTogether(points: number) {
    const { page, y } = this.#document
    if (y + points > page.height - FOOT) this.#document.addPage()
  }

  async end(): Promise<Buffer> {
    const document = this.#document
    const { count } = document.bufferedPageRange()
    for (let index = 0; index < count; index++) {
      document.switchToPage(index)
      this.#font('text', 'latin')
      // Below the margin, where the library would otherwise begin a page.
      document.page.margins.bottom = 0
      const line = `${known(this.#foot)} · page ${index + 1} / ${count}`
      document
        .fontSize(8)
        .fillColor(SOFT)
        .text(line, MARGIN, document.page.height - 44, { width: WIDTH, lineBreak: false })
    }
    document.end()
    const chunks: Buffer[] = []
    for await (const chunk of document as unknown as AsyncIterable<Buffer>) chunks.push(chunk)
    return Buffer.concat(chunks)
  }

  #font(face: Face, script: string) {
    const name = `${face}-${script}`
    if (!this.#registered.has(name)) this.#document.registerFont(name, fontFile(face, script))
    this.#registered.add(name)
    this.#document.font(name)
  }
}

const scriptOf = (sign: string) => SCRIPTS.find(([, signs]) => signs.test(sign))?.[0]

/** Only signs that the first font has; the foot is written in one piece. */
const known = (words: string) =>
  [...plain(words)].map((sign) => (scriptOf(sign) === 'latin' ? sign : '?')).join('')

/** Spaces of every width as the plain and the unbreakable one, which the fonts have; French signs keep to their word. */
const plain = (words: string) =>
  words
    .normalize('NFC')
    .replace(/[\u2000-\u200a\u202f]/g, '\u00a0')
    .replace(/[\p{Cc}\u200b-\u200f\ufeff]/gu, ' ')
    .replace(/ (?=[:;!?»])|(?<=«) /g, '\u00a0')

function runsOf(words: string): { script: string; text: string }[] {
  const runs: { script: string; text: string }[] = []
  for (const sign of plain(words)) {
    const script = scriptOf(sign)
    const text = script ? sign : '?'
    const last = runs.at(-1)
    if (last && last.script === (script ?? 'latin')) last.text += text
    else runs.push({ script: script ?? 'latin', text })
  }
  return runs.length > 0 ? runs : [{ script: 'latin', text: ' ' }]
}
