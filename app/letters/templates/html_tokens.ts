import { SILENT } from '#letters/templates/allowed'

export interface OpenToken {
  name: string
  closes: boolean
  /** Unescaped, names in lower case; the first of two of the same name counts. */
  attributes: Map<string, string>
}

export type HtmlToken = { text: string } | OpenToken

const NAMED: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  euro: '€',
  eacute: 'é',
  egrave: 'è',
  agrave: 'à',
  laquo: '«',
  raquo: '»',
  hellip: '…',
  ndash: '–',
  mdash: '—',
  rsquo: '’',
  lsquo: '‘',
  ccedil: 'ç',
  ecirc: 'ê',
  ocirc: 'ô',
  acirc: 'â',
  ugrave: 'ù',
}

const NAME = /[a-z][a-z0-9]*/iy
const ATTRIBUTE = /[\s/]*([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"<>]{0,4000})"|'([^'<>]{0,4000})'|([^\s"'=<>`]+)))?/y

/**
 * Cuts HTML into texts and marks, in one pass and without ever going back: what
 * does not read as a mark is text. What scripts, styles and the like hold is left out.
 */
export function* tokensOf(html: string): Generator<HtmlToken> {
  const source = html.replace(/\r\n?/g, '\n')
  const lastEnds: LastEnds = { '>': source.lastIndexOf('>'), '-->': source.lastIndexOf('-->') }
  let from = 0
  let at = 0
  while (at < source.length) {
    const next = source.indexOf('<', at)
    if (next < 0) break
    const mark = markAt(source, next, lastEnds)
    if (!mark) {
      at = next + 1
      continue
    }
    if (next > from) yield { text: unescape(source.slice(from, next)) }
    at = mark.end
    if (mark.token) {
      const { name, closes } = mark.token
      if (SILENT.has(name)) at = closes ? at : endOfSilence(source, at, name)
      else yield mark.token
    }
    from = at
  }
  if (from < source.length) yield { text: unescape(source.slice(from)) }
}

const END = /[\s/]*>/y

/** The mark that begins there, a comment as one without token; null when it is only a `<`. */
function markAt(
  source: string,
  start: number,
  lastEnds: LastEnds
): { end: number; token: OpenToken | null } | null {
  if (source.startsWith('<!--', start)) return silentUntil(source, '-->', start + 4, lastEnds)
  if (source[start + 1] === '!' || source[start + 1] === '?') return silentUntil(source, '>', start, lastEnds)
  const closes = source[start + 1] === '/'
  NAME.lastIndex = start + (closes ? 2 : 1)
  const name = NAME.exec(source)?.[0].toLowerCase()
  if (!name) return null
  const attributes = new Map<string, string>()
  let at = NAME.lastIndex
  for (let found = attributeAt(source, at); found; found = attributeAt(source, at)) {
    if (!attributes.has(found.name)) attributes.set(found.name, found.value)
    at = found.end
  }
  END.lastIndex = at
  return END.test(source) ? { end: END.lastIndex, token: { name, closes, attributes } } : null
}

function attributeAt(source: string, at: number) {
  ATTRIBUTE.lastIndex = at
  const found = ATTRIBUTE.exec(source)
  if (!found) return null
  const [, name, quoted, single, bare] = found
  return {
    name: name!.toLowerCase(),
    value: unescape(quoted ?? single ?? bare ?? ''),
    end: ATTRIBUTE.lastIndex,
  }
}

/** Where the last of each end stands: what never ends is not looked for again and again. */
type LastEnds = Record<'>' | '-->', number>

function silentUntil(source: string, what: keyof LastEnds, from: number, lastEnds: LastEnds) {
  const found = from > lastEnds[what] ? -1 : source.indexOf(what, from)
  return found < 0 ? null : { end: found + what.length, token: null }
}

function endOfSilence(source: string, from: number, name: string): number {
  const end = new RegExp(`</${name}\\b`, 'gi')
  end.lastIndex = from
  const found = end.exec(source)
  if (!found) return source.length
  const close = source.indexOf('>', found.index)
  return close < 0 ? source.length : close + 1
}

/** Once and only once: `&amp;lt;` is the text `&lt;`. */
export function unescape(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,8}));/gi, (written, hex, decimal, name) => {
    if (name) return NAMED[name] ?? written
    const code = hex ? Number.parseInt(hex, 16) : Number(decimal)
    const valid = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
    return valid ? String.fromCodePoint(code) : '\ufffd'
  })
}
