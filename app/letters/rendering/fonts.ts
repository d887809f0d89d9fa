import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { markup, raw, type Markup } from '#letters/rendering/markup'

interface Face {
  family: string
  weight: number
  style: 'normal' | 'italic'
  /** `@fontsource` package; the file name follows from the rest. */
  package: string
}

/** Static faces: variable ones become Type 3 fonts in Chromium's PDF, 520 KB a letter. */
const FACES: Face[] = [
  { family: 'Source Serif 4', weight: 400, style: 'normal', package: 'source-serif-4' },
  { family: 'Source Serif 4', weight: 400, style: 'italic', package: 'source-serif-4' },
  { family: 'Source Serif 4', weight: 600, style: 'normal', package: 'source-serif-4' },
  /** Metrics of Arial, which the postal standard asks for in the window. */
  { family: 'Arimo', weight: 400, style: 'normal', package: 'arimo' },
]

interface Script {
  name: string
  range: string
  present: RegExp
  specimen: string
  /** The only family that has it; the style sheet falls back on it. */
  family?: string
}

/** The scripts of the `@fontsource` files, as their style sheets cut them. */
const SCRIPTS: Script[] = [
  {
    name: 'latin',
    range:
      'U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD',
    present: /[^]/,
    specimen: 'a',
  },
  {
    name: 'latin-ext',
    range:
      'U+0100-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+1D00-1DBF,U+1E00-1E9F,U+1EF2-1EFF,U+2020,U+20A0-20AB,U+20AD-20C4,U+2113,U+2C60-2C7F,U+A720-A7FF',
    present: /[\u0100-\u02ff\u1e00-\u1eff\u2020\u2113]/,
    specimen: 'Ł',
  },
  {
    name: 'vietnamese',
    range: 'U+0300-0301,U+0303,U+0309,U+0323,U+1EA0-1EF9',
    present: /[\u1ea0-\u1ef9]/,
    specimen: 'ệ',
  },
  { name: 'greek', range: 'U+0370-03FF', present: /[\u0370-\u03ff]/, specimen: 'Ω' },
  {
    name: 'cyrillic',
    range: 'U+0400-045F,U+0490-0491,U+04B0-04B1,U+2116',
    present: /[\u0400-\u04ff]/,
    specimen: 'Ж',
  },
  {
    name: 'hebrew',
    range: 'U+0590-05FF,U+20AA,U+FB1D-FB4F',
    present: /[\u0590-\u05ff]/,
    specimen: 'א',
    family: 'Arimo',
  },
]

const rules = new Map<string, string>()

/**
 * `@font-face` rules with the fonts inside, for the scripts that a text uses: a
 * machine without a single font prints the same letter.
 */
export function fontFaces(text: string): Markup {
  return raw(
    scriptsOf(text)
      .flatMap((script) =>
        FACES.filter(({ family }) => family === (script.family ?? family)).map((face) => rule(face, script))
      )
      .join('\n')
  )
}

/**
 * A hidden line in every face and script. Chromium begins to load a font when
 * something on screen uses it: letters are laid out only when printed, and page
 * margins are drawn later still, too late to wait for a font.
 */
export function fontSpecimen(text: string): Markup {
  const letters = scriptsOf(text)
    .map(({ specimen }) => specimen)
    .join('')
  return markup`<p class="letter-specimen" aria-hidden="true">${letters}<span class="italic">${letters}</span><span class="strong">${letters}</span><span class="window">${letters}</span></p>`
}

const scriptsOf = (text: string) => SCRIPTS.filter(({ present }) => present.test(text))

function rule(face: Face, { name, range }: Script): string {
  const file = `${face.package}-${name}-${face.weight}-${face.style}.woff2`
  const known = rules.get(file)
  if (known) return known
  const path = fileURLToPath(import.meta.resolve(`@fontsource/${face.package}/files/${file}`))
  const made = `@font-face{font-family:"${face.family}";font-style:${face.style};font-weight:${face.weight};src:url(data:font/woff2;base64,${readFileSync(path, 'base64')}) format("woff2");unicode-range:${range}}`
  rules.set(file, made)
  return made
}
