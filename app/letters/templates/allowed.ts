/**
 * What a template may be made of. Whatever is not here is taken away when a
 * template is saved, its words kept.
 */
export const ELEMENTS = [
  'p',
  'h2',
  'br',
  'strong',
  'em',
  'u',
  'span',
  'a',
  'ul',
  'ol',
  'li',
  'table',
  'thead',
  'tbody',
  'tr',
  'td',
  'th',
] as const
export type ElementName = (typeof ELEMENTS)[number]

/** Other names of the same things, as browsers and word processors write them. */
export const SYNONYMS: Record<string, ElementName> = {
  b: 'strong',
  i: 'em',
  div: 'p',
  h1: 'h2',
  h3: 'h2',
  h4: 'h2',
  tfoot: 'tbody',
}

/** What these hold is no text. */
export const SILENT = new Set([
  'script',
  'style',
  'template',
  'iframe',
  'object',
  'embed',
  'noscript',
  'title',
  'textarea',
  'select',
  'svg',
  'math',
  'xmp',
  'noembed',
  'noframes',
  'plaintext',
])

/** Of a word or a line. No blue beside red: a template cannot be made to look like the Republic's (rule 11). */
export const COLOURS = {
  'colour-soft': '#4f5a60',
  'colour-petrol': '#1f4d57',
  'colour-green': '#2c6b4a',
  'colour-amber': '#8a5a00',
  'colour-plum': '#6b3a63',
} as const

export const SIZES = { 'size-small': '0.86em', 'size-large': '1.2em', 'size-larger': '1.5em' } as const

export const ALIGNMENTS = {
  'align-start': 'left',
  'align-center': 'center',
  'align-end': 'right',
  'align-justify': 'justify',
} as const

const words = Object.keys({ ...COLOURS, ...SIZES })
const lines = Object.keys(ALIGNMENTS)

/** The classes each element may bear; at most one of each family is of use. */
export const CLASSES: Partial<Record<ElementName, readonly string[]>> = {
  span: words,
  p: lines,
  h2: lines,
  li: lines,
  td: lines,
  th: lines,
}

/** A link goes to a secure page, to an address, or to what a tag of the kind `link` names. */
export function allowedHref(typed: string): string | null {
  const href = typed.trim()
  if (/^#[a-z][a-z0-9_]{1,40}$/.test(href)) return href
  if (/^mailto:[\w.+-]+@[\w-]+(?:\.[\w-]+)+$/.test(href)) return href
  if (!/^https:\/\//i.test(href) || href.length > 500 || !URL.canParse(href)) return null
  const url = new URL(href)
  return url.username || url.password ? null : url.href
}
