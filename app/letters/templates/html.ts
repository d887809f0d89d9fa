import { escapeHtml } from '#letters/rendering/markup'
import { allowedHref, CLASSES, ELEMENTS, SYNONYMS, type ElementName } from '#letters/templates/allowed'
import { tokensOf, type OpenToken } from '#letters/templates/html_tokens'

export type TemplateNode = TextNode | ElementNode

export interface TextNode {
  text: string
}

export interface ElementNode {
  name: ElementName
  classes: string[]
  /** Of a link. */
  href?: string
  /** Of a cell, when it spans several columns. */
  colspan?: number
  children: TemplateNode[]
}

export const isElement = (node: TemplateNode): node is ElementNode => 'name' in node

/** Deeper than any letter; what lies deeper joins its parent. */
const DEEPEST = 12

const WIDEST_CELL = 12

/** What must surround what: a cell without a row gets one. */
const PARENTS: Partial<Record<ElementName, readonly ElementName[]>> = {
  li: ['ul', 'ol'],
  thead: ['table'],
  tbody: ['table'],
  tr: ['tbody', 'thead'],
  td: ['tr'],
  th: ['tr'],
}

/** Where words stand when they are found in what holds no words. */
const HOLDER: Partial<Record<ElementName | 'root', ElementName>> = {
  root: 'p',
  ul: 'li',
  ol: 'li',
  table: 'tbody',
  thead: 'tr',
  tbody: 'tr',
  tr: 'td',
}

const INLINE = new Set<ElementName>(['strong', 'em', 'u', 'span', 'a'])
const PARAGRAPHS = new Set<ElementName>(['p', 'h2'])

/**
 * Reads what a person typed or pasted, and keeps only what a template may be
 * made of (`allowed.ts`): no script, no style, no image, no event, no address
 * but https and mailto. What it returns is well formed whatever was given, and
 * written out and read again it is the same.
 */
export function readTemplate(html: string): TemplateNode[] {
  const tree = new Tree()
  for (const token of tokensOf(html)) {
    if ('text' in token) tree.text(token.text)
    else if (token.closes) tree.close(nameOf(token.name))
    else tree.open(nameOf(token.name), token)
  }
  return tree.finish()
}

export function writeTemplate(nodes: readonly TemplateNode[]): string {
  return nodes.map((node) => (isElement(node) ? writeElement(node) : escapeHtml(node.text))).join('')
}

/** Text as it is read, one line for each paragraph, item or row. */
export function textOf(nodes: readonly TemplateNode[]): string {
  return nodes
    .map((node) => {
      if (!isElement(node)) return node.text
      if (node.name === 'br') return '\n'
      if (node.name === 'td' || node.name === 'th') return `${textOf(node.children)} `
      return INLINE.has(node.name) || node.name === 'tbody' || node.name === 'table'
        ? textOf(node.children)
        : `${textOf(node.children)}\n`
    })
    .join('')
}

/** For a channel without marks: its lines, each a paragraph. */
export const plainTemplate = (html: string) =>
  textOf(readTemplate(html))
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => `<p>${escapeHtml(line)}</p>`)
    .join('')

export const sanitise = (html: string) => writeTemplate(readTemplate(html))

function writeElement({ name, classes, href, colspan, children }: ElementNode): string {
  if (name === 'br') return '<br>'
  const attributes = [
    classes.length > 0 && ` class="${classes.join(' ')}"`,
    href !== undefined && ` href="${escapeHtml(href)}"`,
    colspan !== undefined && ` colspan="${colspan}"`,
  ]
  return `<${name}${attributes.filter(Boolean).join('')}>${writeTemplate(children)}</${name}>`
}

const nameOf = (written: string): ElementName | null => {
  const name = SYNONYMS[written] ?? written
  return (ELEMENTS as readonly string[]).includes(name) ? (name as ElementName) : null
}

/** Builds the tree, putting each thing where it may stand. */
class Tree {
  #root: TemplateNode[] = []
  #open: ElementNode[] = []

  open(name: ElementName | null, token: OpenToken) {
    if (!name) return
    if (name === 'br') return this.#line()
    if (INLINE.has(name)) {
      if (name === 'a' && this.#open.some((one) => one.name === 'a')) return
      const element = elementOf(name, token)
      const idle = (name === 'span' && element.classes.length === 0) || (name === 'a' && !element.href)
      if (idle || this.#open.length >= DEEPEST) return
      this.#hold()
      this.#push(element)
      return
    }
    this.#block(name, token)
  }

  close(name: ElementName | null) {
    if (!name) return
    const at = this.#open.findLastIndex((one) => one.name === name)
    if (at < 0) return
    /* A stray end of a word's mark does not end the paragraph or the cell around it. */
    if (INLINE.has(name) && this.#open.slice(at).some((one) => !INLINE.has(one.name))) return
    if (PARAGRAPHS.has(name) && this.#open.slice(at + 1).some((one) => !INLINE.has(one.name))) return
    this.#open.length = at
  }

  text(text: string) {
    const container = this.#container()
    if (HOLDER[container] && text.trim() === '') return
    this.#hold()
    const siblings = this.#children()
    const last = siblings.at(-1)
    if (last && !isElement(last)) last.text += text
    else siblings.push({ text })
  }

  finish(): TemplateNode[] {
    return this.#root.filter((node) => !isElement(node) || !isHollow(node))
  }

  #line() {
    if (HOLDER[this.#container()] && this.#container() !== 'root') return
    this.#hold()
    this.#children().push({ name: 'br', classes: [], children: [] })
  }

  #block(name: ElementName, token: OpenToken) {
    while (this.#open.length > 0 && INLINE.has(this.#open.at(-1)!.name)) this.#open.pop()
    const container = this.#container()
    if (PARAGRAPHS.has(name)) {
      if (container === 'li' || container === 'td' || container === 'th') return this.#newLineInside()
      if (PARAGRAPHS.has(container as ElementName)) this.#open.pop()
      else if (container !== 'root') return
      return this.#push(elementOf(name, token))
    }
    if (PARAGRAPHS.has(container as ElementName)) this.#open.pop()
    const parents = PARENTS[name]
    if (parents) this.#into(name, parents)
    else if (!this.#mayHoldBlock()) return
    if (this.#open.length >= DEEPEST) return
    this.#push(elementOf(name, token))
  }

  /** Lists and tables stand alone; a list may also stand in an item or a cell. */
  #mayHoldBlock(): boolean {
    const container = this.#container()
    return container === 'root' || container === 'li' || container === 'td' || container === 'th'
  }

  /** Goes up to where the thing may stand, or makes that place. */
  #into(name: ElementName, parents: readonly ElementName[]) {
    const at = this.#open.findLastIndex((one) => parents.includes(one.name))
    const bound = this.#open.findLastIndex((one) =>
      name === 'li' ? one.name === 'table' : one.name === 'ul' || one.name === 'ol'
    )
    if (at > bound) {
      this.#open.length = at + 1
      return
    }
    const parent = parents[0]!
    const above = PARENTS[parent]
    if (above) this.#into(parent, above)
    else if (!this.#mayHoldBlock()) this.#open.length = 0
    if (this.#open.length >= DEEPEST) return
    this.#push({ name: parent, classes: [], children: [] })
  }

  #newLineInside() {
    const siblings = this.#children()
    const last = siblings.at(-1)
    if (last && !(isElement(last) && last.name === 'br')) {
      siblings.push({ name: 'br', classes: [], children: [] })
    }
  }

  /** Makes the paragraph, item or cell in which words may stand. */
  #hold() {
    for (let holder = HOLDER[this.#container()]; holder; holder = HOLDER[this.#container()]) {
      this.#push({ name: holder, classes: [], children: [] })
    }
  }

  #container = (): ElementName | 'root' => this.#open.at(-1)?.name ?? 'root'

  #children = () => this.#open.at(-1)?.children ?? this.#root

  #push(element: ElementNode) {
    this.#children().push(element)
    this.#open.push(element)
  }
}

function elementOf(name: ElementName, { attributes }: OpenToken): ElementNode {
  const allowed = CLASSES[name] ?? []
  const written = (attributes.get('class') ?? '').split(/\s+/)
  const classes = [...new Set(written.filter((one) => allowed.includes(one)))]
  const element: ElementNode = { name, classes, children: [] }
  if (name === 'a') {
    const href = allowedHref(attributes.get('href') ?? '')
    if (href) element.href = href
  }
  if (name === 'td' || name === 'th') {
    const span = Number(attributes.get('colspan'))
    if (Number.isInteger(span) && span > 1 && span <= WIDEST_CELL) element.colspan = span
  }
  return element
}

/** A list or a table without anything in it; an empty paragraph is a line left blank. */
const isHollow = (element: ElementNode): boolean =>
  !PARAGRAPHS.has(element.name) &&
  element.name !== 'br' &&
  textOf([element]).trim() === '' &&
  element.name !== 'table'
