import type { ElementName } from '#letters/templates/allowed'
import { isElement, readTemplate, type TemplateNode } from '#letters/templates/html'

/** A template cut once into words and tags. What a tag is replaced by is never read again. */
export type ParsedNode = { text: string } | { tag: string } | ParsedElement

export interface ParsedElement {
  name: ElementName
  classes: string[]
  href?: string
  colspan?: number
  children: ParsedNode[]
}

export interface TagUse {
  name: string
  /** Where it stands in `reading`; for the tag of a link, where its words begin. */
  at: number
  /** Its paragraph, item or cell holds nothing else. */
  alone: boolean
  /** The address of a link rather than a word. */
  isHref: boolean
}

export interface ParsedTemplate {
  nodes: ParsedNode[]
  /** The words as read, tags as they are written, one line for each paragraph, item or row. */
  reading: string
  uses: TagUse[]
}

/** `##` is a plain `#`. */
const TAG = /##|#([a-z][a-z0-9_]*)/gi

export function parseTemplate(html: string): ParsedTemplate {
  const reader = new Reader()
  const nodes = reader.read(readTemplate(html))
  return { nodes, reading: reader.reading, uses: reader.uses }
}

/** A line without marks, as a subject is. */
export function parseLine(line: string): ParsedTemplate {
  const reader = new Reader()
  const nodes = reader.words(line.replace(/\s+/g, ' ').trim())
  return { nodes, reading: reader.reading, uses: reader.uses }
}

/** Tags in a text, with the words between them. */
export function cutText(text: string): ({ text: string } | { tag: string; at: number; length: number })[] {
  const parts: ({ text: string } | { tag: string; at: number; length: number })[] = []
  let from = 0
  for (const match of text.matchAll(TAG)) {
    parts.push({ text: text.slice(from, match.index) + (match[1] ? '' : '#') })
    if (match[1]) parts.push({ tag: match[1].toLowerCase(), at: match.index, length: match[0].length })
    from = match.index + match[0].length
  }
  parts.push({ text: text.slice(from) })
  return parts.filter((part) => 'tag' in part || part.text !== '')
}

const LINES = new Set<ElementName>(['p', 'h2', 'li', 'tr'])

class Reader {
  reading = ''
  readonly uses: TagUse[] = []

  read(nodes: readonly TemplateNode[]): ParsedNode[] {
    return nodes.flatMap((node) => (isElement(node) ? [this.#element(node)] : this.words(node.text)))
  }

  words(text: string): ParsedNode[] {
    const start = this.reading.length
    this.reading += text
    return cutText(text).map((part) => {
      if ('text' in part) return part
      this.uses.push({ name: part.tag, at: start + part.at, alone: false, isHref: false })
      return { tag: part.tag }
    })
  }

  #element(element: Extract<TemplateNode, { name: ElementName }>): ParsedElement {
    const { name, classes, href, colspan } = element
    if (href?.startsWith('#')) {
      this.uses.push({ name: href.slice(1), at: this.reading.length, alone: false, isHref: true })
    }
    if (name === 'br') this.reading += '\n'
    const firstUse = this.uses.length
    const parsed: ParsedElement = { name, classes, href, colspan, children: this.read(element.children) }
    const own = this.uses.slice(firstUse)
    if (name === 'p' && own.length === 1 && isAlone(parsed)) own[0]!.alone = true
    if (name === 'td' || name === 'th') this.reading += ' '
    if (LINES.has(name)) this.reading += '\n'
    return parsed
  }
}

/** One tag and nothing else that can be read, whatever it is wrapped in. */
const isAlone = (element: ParsedElement): boolean => words(element).trim() === ''

const words = (node: ParsedNode): string => {
  if ('text' in node) return node.text
  return 'tag' in node ? '' : node.children.map(words).join('')
}

/** The only tag of a paragraph that holds nothing else. */
export function loneTag(node: ParsedNode): string | null {
  if (!('name' in node) || node.name !== 'p' || !isAlone(node)) return null
  const tags = tagsIn(node)
  return tags.length === 1 ? tags[0]! : null
}

const tagsIn = (node: ParsedNode): string[] =>
  'tag' in node ? [node.tag] : 'text' in node ? [] : node.children.flatMap(tagsIn)

/** Where an offset of `reading` stands: line and column from 1, and the words around. */
export function placeOf(reading: string, at: number) {
  const before = reading.slice(0, at)
  const line = before.split('\n').length
  const lineStart = before.lastIndexOf('\n') + 1
  const lineEnd = reading.indexOf('\n', at)
  const around = reading.slice(
    Math.max(lineStart, at - 24),
    Math.min(lineEnd < 0 ? Infinity : lineEnd, at + 36)
  )
  return { line, column: at - lineStart + 1, words: around.trim() }
}
