import { isAscii } from 'node:buffer'
import { DamagedText } from '#shared/damaged_text'

/** A tag or a text run longer than this is no part of a document that people exchange. */
const MAX_TOKEN = 1024 * 1024

export type XmlHandlers = {
  /** `name` without its prefix; `attributes` is the raw text after it, for `attribute()`. */
  open(name: string, attributes: string): void
  close(name: string): void
  /** Raw text, to give to `decodeText()` when it matters. */
  text?(raw: string): void
}

/**
 * A scanner of XML that comes in pieces. It holds at most one unfinished token, builds no tree
 * and knows no entity but XML's own five: a document type is refused, so nothing expands.
 */
export class XmlScanner {
  private rest = ''
  private depth = 0

  private readonly handlers: XmlHandlers

  constructor(handlers: XmlHandlers) {
    this.handlers = handlers
  }

  feed(chunk: string) {
    const text = this.rest ? this.rest + chunk : chunk
    const read = this.scan(text)
    this.rest = read === 0 ? text : text.slice(read)
    if (this.rest.length > MAX_TOKEN) throw new DamagedText('endless XML token')
  }

  end() {
    if (this.rest.trim() !== '' || this.depth !== 0) throw new DamagedText('XML is cut short')
  }

  /** Works every whole token and returns where the first unfinished one begins. */
  private scan(text: string): number {
    let at = 0
    for (;;) {
      const tag = text.indexOf('<', at)
      if (tag === -1) return at
      if (tag > at) this.handlers.text?.(text.slice(at, tag))
      const end = this.token(text, tag)
      if (end === -1) return tag
      at = end
    }
  }

  /** Works the token that begins at `<` and returns where it ends, or -1 when it is unfinished. */
  private token(text: string, tag: number): number {
    const next = text.charCodeAt(tag + 1)
    if (Number.isNaN(next)) return -1
    if (next === SLASH) {
      const end = text.indexOf('>', tag)
      if (end === -1) return -1
      this.depth--
      this.handlers.close(localName(text, tag + 2, end))
      return end + 1
    }
    if (next === QUESTION) return after(text, '?>', tag)
    if (next === EXCLAMATION) return this.declaration(text, tag)
    const end = tagEnd(text, tag + 1)
    if (end === -1) return -1
    const alone = text.charCodeAt(end - 1) === SLASH
    let nameEnd = tag + 1
    while (nameEnd < end && !isNameEnd(text.charCodeAt(nameEnd))) nameEnd++
    const name = localName(text, tag + 1, nameEnd)
    this.handlers.open(name, nameEnd < end ? text.slice(nameEnd, end) : '')
    if (alone) this.handlers.close(name)
    else this.depth++
    return end + 1
  }

  private declaration(text: string, tag: number): number {
    if (text.startsWith('<!--', tag)) return after(text, '-->', tag)
    if (text.startsWith('<![CDATA[', tag)) {
      const end = text.indexOf(']]>', tag)
      if (end !== -1) this.handlers.text?.(escapeText(text.slice(tag + 9, end)))
      return end === -1 ? -1 : end + 3
    }
    if (text.length - tag < 9) return -1
    throw new DamagedText('document type')
  }
}

const SLASH = 47
const QUESTION = 63
const EXCLAMATION = 33
const GREATER = 62
const QUOTE = 34
const APOSTROPHE = 39

const isNameEnd = (code: number) => code <= 32 || code === SLASH

function after(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from)
  return at === -1 ? -1 : at + mark.length
}

/** The `>` that closes a tag: one inside quotes does not. */
function tagEnd(text: string, from: number): number {
  let quote = 0
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (quote !== 0) {
      if (code === quote) quote = 0
    } else if (code === GREATER) return at
    else if (code === QUOTE || code === APOSTROPHE) quote = code
  }
  return -1
}

function localName(text: string, from: number, to: number): string {
  const name = text.slice(from, to).trimEnd()
  const colon = name.indexOf(':')
  return colon === -1 ? name : name.slice(colon + 1)
}

/** The value of an attribute, decoded, or null. `name` may carry its prefix (`r:id`). */
export function attribute(attributes: string, name: string): string | null {
  for (let at = attributes.indexOf(name); at !== -1; at = attributes.indexOf(name, at + 1)) {
    if (attributes.charCodeAt(at - 1) > 32) continue
    let open = at + name.length
    while (attributes.charCodeAt(open) <= 32) open++
    if (attributes[open] !== '=') continue
    open++
    while (attributes.charCodeAt(open) <= 32) open++
    const close = attributes.indexOf(attributes[open]!, open + 1)
    return close === -1 ? null : decodeText(attributes.slice(open + 1, close))
  }
  return null
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/** Text with XML's five entities and character references resolved, once. */
export function decodeText(raw: string): string {
  if (!raw.includes('&')) return raw
  return raw.replace(
    /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(lt|gt|amp|quot|apos));/g,
    (whole, decimal, hex, name) => {
      if (name) return ENTITIES[name as string]!
      const code = decimal ? Number(decimal) : Number.parseInt(hex as string, 16)
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole
    }
  )
}

const escapeText = (text: string) => text.replaceAll('&', '&amp;')

/** Bytes to text in pieces, never cutting a character. */
export async function* textPieces(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  // The mark of a byte order is then a blank before the first tag.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  /** The last byte belongs to a character that the next ones may end. */
  let midway = false
  for await (const chunk of chunks) {
    if (chunk.byteLength === 0) continue
    const ascii = !midway && isAscii(chunk)
    yield ascii ? chunk.toString('latin1') : decoder.decode(chunk, { stream: true })
    midway = chunk.at(-1)! >= 0x80
  }
  yield decoder.decode()
}

export async function scanXml(chunks: AsyncIterable<Buffer>, handlers: XmlHandlers) {
  const scanner = new XmlScanner(handlers)
  for await (const text of textPieces(chunks)) scanner.feed(text)
  scanner.end()
}
