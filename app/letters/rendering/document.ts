import { readFileSync } from 'node:fs'
import { fontFaces, fontSpecimen } from '#letters/rendering/fonts'
import { cssString, markup, raw, type Markup } from '#letters/rendering/markup'

const LETTER_CSS = raw(readFileSync(new URL('../../../resources/css/letter.css', import.meta.url), 'utf8'))

/** Nothing is fetched and nothing runs, whatever the document says. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:"

export interface PrintedDocument {
  title: string
  lang: 'fr' | 'en'
  body: Markup
  /** Page rules and the like, from `pageRule`. */
  css?: Markup
}

/**
 * A complete document for the printer: its policy, the embedded fonts and the
 * letter style sheet come first, then the body.
 */
export function printedDocument({ title, lang, body, css }: PrintedDocument): string {
  const text = body.text + (css?.text ?? '')
  return markup`<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${title}</title>
<style>
${fontFaces(text)}
${LETTER_CSS}
${css}
</style>
</head>
<body>${fontSpecimen(text)}${body}</body>
</html>`.text
}

/**
 * The page of one letter: a named page, so that its foot never shows on
 * another's, with a counter of its own. Use with `class="letter" style="page:NAME"`.
 *
 * @param name a CSS identifier that we make, never a person's text
 * @param pages the letter's own total; without it, the file's (right only when the letter is alone)
 */
export function pageRule(name: string, foot: { left: string; pages?: number }): Markup {
  const total = foot.pages === undefined ? 'counter(pages)' : cssString(String(foot.pages))
  return raw(`@page ${name} { size: A4; margin: 14mm 0 20mm; counter-increment: ${name};
  @bottom-left { content: ${cssString(foot.left)}; font: 7.8pt "Source Serif 4", serif; color: #4f5a60; vertical-align: top; padding: 4mm 0 0 22mm; white-space: nowrap; }
  @bottom-right { content: "page " counter(${name}) " / " ${total}; font: 7.8pt "Source Serif 4", serif; color: #4f5a60; vertical-align: top; padding: 4mm 22mm 0 0; white-space: nowrap; } }`)
}

/** The same page without a foot. */
export const barePageRule = (name: string): Markup => raw(`@page ${name} { size: A4; margin: 14mm 0 20mm; }`)
