import { plain, type Outline } from '#deliveries/mails/outline'

const WIDTH = 72

/** The text part: short lines, blank lines between the blocks, `-- ` before the small print. */
export function textPart(outline: Outline): string {
  const { signature, agency, colon } = outline
  const blocks = [
    outline.greeting,
    ...outline.before,
    outline.recall?.join('\n'),
    outline.facts?.map(({ label, value }) => `${label}${colon}${value}`).join('\n'),
    ...outline.body,
    outline.button &&
      `${outline.button.label}${colon.trimEnd()}
${outline.button.url}`,
    outline.button?.personal,
    ...outline.after,
    [signature.name, [agency.name, signature.phone?.label].filter(Boolean).join(', ')]
      .filter(Boolean)
      .join('\n'),
  ]
  const foot = [
    '-- ',
    ...outline.footer.map((line) => wrap(plain(line))),
    ...outline.links.map(({ label, url }) => `${label}${colon.trimEnd()}\n${url}`),
  ]
  const paragraphs = blocks.filter((block) => block !== undefined).map((block) => wrap(plain(block)))
  return `${paragraphs.join('\n\n')}\n\n${foot.join('\n')}\n`
}

/** Breaks lines at plain spaces only: a no-break space, and an address longer than a line, stay whole. */
export function wrap(text: string, width = WIDTH): string {
  return text
    .split('\n')
    .map((line) => wrapLine(line, width))
    .join('\n')
}

function wrapLine(line: string, width: number): string {
  const lines: string[] = []
  let current = ''
  for (const word of line.split(' ')) {
    if (current && current.length + 1 + word.length > width) {
      lines.push(current)
      current = word
    } else {
      current = current ? `${current} ${word}` : word
    }
  }
  return [...lines, current].join('\n')
}
