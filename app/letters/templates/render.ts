import { escapeHtml, markup, raw, type Markup } from '#letters/rendering/markup'
import { ALIGNMENTS, COLOURS, SIZES } from '#letters/templates/allowed'
import type { PlainBlock } from '#letters/templates/blocks'
import type { TagContext } from '#letters/templates/context'
import { loneTag, type ParsedElement, type ParsedNode, type ParsedTemplate } from '#letters/templates/parse'
import { tagNamed, type Tag } from '#letters/templates/tags'

/** A tag has nothing to say for this file. The letter is then neither printed nor sent. */
export class TagWithoutValue extends Error {
  override name = 'TagWithoutValue'

  constructor(readonly tag: string) {
    super(`#${tag} has no value for this file`)
  }
}

/** Words for paper. Values are escaped as they are put in, and never read again. */
export function renderPrint({ nodes }: ParsedTemplate, context: TagContext): Markup {
  return render(nodes, context, {
    block: ({ block }) => block.print(context),
    attributes: ({ classes }) => (classes.length > 0 ? raw(` class="${classes.join(' ')}"`) : null),
    table: raw(' class="letter-table"'),
    link: (words, href) =>
      words.text.includes(escapeHtml(href))
        ? null
        : markup` <span class="letter-link">(${href.replace(/^https:\/\/|^mailto:/, '')})</span>`,
  })
}

/** Words for an email, whose readers drop style sheets: colours and sizes are written on each word. */
export function renderEmail({ nodes }: ParsedTemplate, context: TagContext): Markup {
  return render(nodes, context, {
    block: ({ block }) => block.plain && emailBlock(block.plain(context)),
    attributes: ({ name, classes }) => {
      const styles = [EMAIL_STYLES[name], ...classes.map((one) => INLINE[one])].filter(Boolean)
      return styles.length > 0 ? raw(` style="${styles.join(';')}"`) : null
    },
    table: raw(' cellspacing="0" style="border-collapse:collapse;width:100%;margin:0 0 16px"'),
  })
}

/** Words alone: the text part of an email, a text message, what a voice reads. */
export function renderText({ nodes }: ParsedTemplate, context: TagContext): string {
  const lines = nodes.map((node) => plainText(node, context)).join('')
  return lines
    .replace(/[ \t]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

/** A line: of a subject. */
export const renderLine = (line: ParsedTemplate, context: TagContext) =>
  renderText(line, context).replace(/\s+/g, ' ')

type Paper = {
  block(tag: BlockTag): Markup | null | undefined
  attributes(element: ParsedElement): Markup | null
  table: Markup
  /** What follows the words of a link: paper cannot be clicked. */
  link?(words: Markup, href: string): Markup | null
}

type BlockTag = Extract<Tag, { kind: 'block' }>

function render(nodes: readonly ParsedNode[], context: TagContext, paper: Paper, inHead = false): Markup {
  return markup`${nodes.map((node) => {
    if ('text' in node) return node.text
    if ('tag' in node) return inlineValue(node.tag, context)
    const lone = loneTag(node)
    const tag = lone === null ? null : known(lone, context)
    if (tag?.kind === 'block') return paper.block(tag)
    if (tag && 'mayBeEmpty' in tag && tag.mayBeEmpty && tag.value(context) === null) return null
    return element(node, context, paper, inHead)
  })}`
}

function element(node: ParsedElement, context: TagContext, paper: Paper, inHead: boolean): Markup {
  const { name } = node
  if (name === 'br') return raw('<br>')
  const href = node.href === undefined ? null : hrefOf(node.href, context)
  const attributes = markup`${name === 'table' ? paper.table : paper.attributes(node)}${cellAttributes(node, inHead)}${href !== null && markup` href="${href}"`}`
  const children = render(node.children, context, paper, inHead || name === 'thead')
  const after = href === null ? null : paper.link?.(children, href)
  return markup`${raw(`<${name}`)}${attributes}>${children}${raw(`</${name}>`)}${after}`
}

function cellAttributes({ name, colspan }: ParsedElement, inHead: boolean): Markup {
  const scope = name === 'th' && ` scope="${inHead ? 'col' : 'row'}"`
  return raw(`${scope || ''}${colspan === undefined ? '' : ` colspan="${colspan}"`}`)
}

const hrefOf = (href: string, context: TagContext) =>
  href.startsWith('#') && (!context.lenient || tagNamed(href.slice(1))?.kind === 'link')
    ? inlineValue(href.slice(1), context)
    : href

/** @throws TagWithoutValue, and on a tag that publication would have refused */
function inlineValue(name: string, context: TagContext): string {
  const tag = known(name, context)
  if (!tag) return shown(name)
  if (tag.kind === 'block') {
    if (context.lenient) return shown(name)
    throw new Error(`#${name} does not stand alone in its paragraph`)
  }
  const value = tag.value(context)
  if (value) return value
  if (tag.mayBeEmpty) return ''
  if (context.lenient) return shown(name)
  throw new TagWithoutValue(name)
}

const shown = (name: string) => `[#${name}]`

function known(name: string, { lenient }: TagContext): Tag | null {
  const tag = tagNamed(name)
  if (!tag && !lenient) throw new Error(`there is no tag #${name}`)
  return tag
}

const INLINE: Record<string, string> = Object.fromEntries([
  ...Object.entries(COLOURS).map(([name, colour]) => [name, `color:${colour}`]),
  ...Object.entries(SIZES).map(([name, size]) => [name, `font-size:${size}`]),
  ...Object.entries(ALIGNMENTS).map(([name, side]) => [name, `text-align:${side}`]),
])

const CELL = 'padding:6px 8px 6px 0;border-top:1px solid #e2dfd6;text-align:left;vertical-align:top'

const EMAIL_STYLES: Partial<Record<string, string>> = {
  p: 'margin:0 0 16px',
  h2: 'margin:24px 0 12px;font-size:20px;line-height:26px;font-weight:600',
  ul: 'margin:0 0 16px;padding-left:24px',
  ol: 'margin:0 0 16px;padding-left:24px',
  a: 'color:#1f6670',
  td: CELL,
  th: `${CELL};font-weight:600`,
}

function emailBlock({ title, table, paragraphs = [] }: PlainBlock): Markup {
  const row = (cells: readonly string[], weight: number) =>
    markup`<tr>${cells.map((cell) => markup`<td style="${CELL};font-weight:${weight}">${cell}</td>`)}</tr>`
  return markup`${title && markup`<p style="margin:0 0 8px;font-weight:600">${title}</p>`}${
    table &&
    markup`<table cellspacing="0" style="border-collapse:collapse;width:100%;margin:0 0 16px">${table.head && row(table.head, 600)}${table.rows.map((cells) => row(cells, 400))}${table.foot && row(padded(table.foot, table.rows), 600)}</table>`
  }${paragraphs.map((text) => markup`<p style="margin:0 0 16px">${text}</p>`)}`
}

/** A total under more columns than it has keeps its sum in the last. */
function padded(foot: readonly string[], rows: readonly string[][]): string[] {
  const missing = Math.max(0, (rows[0]?.length ?? foot.length) - foot.length)
  return [foot[0]!, ...Array.from({ length: missing }, () => ''), ...foot.slice(1)]
}

function plainText(node: ParsedNode, context: TagContext): string {
  if ('text' in node) return node.text
  if ('tag' in node) return inlineValue(node.tag, context)
  const lone = loneTag(node)
  const tag = lone === null ? null : known(lone, context)
  if (tag?.kind === 'block') return tag.block.plain ? `${blockText(tag.block.plain(context))}\n\n` : ''
  const inside = () => node.children.map((child) => plainText(child, context)).join('')
  switch (node.name) {
    case 'br':
      return '\n'
    case 'p':
    case 'h2':
      return `${inside()}\n\n`
    case 'li':
      return `- ${inside().trim()}\n`
    case 'tr':
      return `${node.children.map((cell) => plainText(cell, context).trim()).join(' : ')}\n`
    case 'ul':
    case 'ol':
    case 'table':
      return `${inside()}\n`
    case 'a':
      return node.href === undefined ? inside() : linkText(inside(), hrefOf(node.href, context))
    default:
      return inside()
  }
}

const linkText = (words: string, href: string) => (words.trim() === href ? href : `${words} (${href})`)

const blockText = ({ title, table, paragraphs = [] }: PlainBlock) =>
  [
    title,
    ...[table?.head, ...(table?.rows ?? []), table?.foot].map((cells) => cells?.join(' : ')),
    ...paragraphs,
  ]
    .filter(Boolean)
    .join('\n')
