/** Markup that is already safe. Only `markup` and `raw` make it, so a plain string never passes for it. */
export class Markup {
  constructor(readonly text: string) {}
}

type Insertable = Markup | string | number | null | undefined | false | readonly Insertable[]

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Control characters have no meaning on paper, and U+0000 would end the text. */
const UNPRINTABLE = /(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/gu

export const escapeHtml = (text: string) =>
  text.replace(UNPRINTABLE, '').replace(/[&<>"']/g, (character) => ENTITIES[character]!)

/**
 * Builds markup; every value put in is escaped once, unless it is markup itself.
 * Lists are joined; null, undefined and false print nothing. Letters are made
 * with this and never with Edge, where a user's text would be code.
 */
export function markup(parts: TemplateStringsArray, ...values: Insertable[]): Markup {
  let text = parts[0]!
  values.forEach((value, index) => {
    text += insert(value) + parts[index + 1]!
  })
  return new Markup(text)
}

/** Markup written by us: style sheets, generated drawings. Never a text that a person typed. */
export const raw = (text: string) => new Markup(text)

/** A string inside a style sheet, with its quotes; fit for `content:` and for an element `<style>`. */
export const cssString = (text: string) =>
  `"${text.replace(UNPRINTABLE, '').replace(/["\\<>&\n\r\f]/g, (character) => `\\${character.codePointAt(0)!.toString(16)} `)}"`

function insert(value: Insertable): string {
  if (value instanceof Markup) return value.text
  if (Array.isArray(value)) return value.map(insert).join('')
  if (value === null || value === undefined || value === false) return ''
  return escapeHtml(String(value))
}
