import { plainWords } from '#shared/cells'

/** The parts of France that are countries to ISO 3166, and Monaco, which the French post serves alike. */
const SERVED = ['FR', 'FX', 'GP', 'MQ', 'GF', 'RE', 'YT', 'PM', 'BL', 'MF', 'WF', 'PF', 'NC', 'MC']

const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']

let known: Map<string, boolean> | undefined

/**
 * Countries by code and by their names in the languages around, folded; true for those served.
 * Made when first asked for: the reader's process starts for every file, and most name none.
 */
const countries = () =>
  (known ??= new Map(
    ['fr', 'en', 'de', 'nl', 'it', 'es'].flatMap((language) => {
      const names = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' })
      return LETTERS.flatMap((first) =>
        LETTERS.flatMap((second) => {
          const name = names.of(first + second)
          const served = SERVED.includes(first + second)
          return name ? [first + second, name].map((word) => [plainWords(word), served] as const) : []
        })
      )
    })
  ))

/** What a country's column says when it is not France, else null. */
export function foreignCountry(text: string): string | null {
  const words = plainWords(text)
  const home = words === '' || /^(f|fra|france .*|(la )?reunion|dom|tom|dom tom|drom)$/.test(words)
  return home || countries().get(words) ? null : text
}

/**
 * The foreign country a town, or a whole address, ends with, else null. It stands after another
 * word: a town alone may bear a country's name (Grenade, in the Haute-Garonne).
 */
export function countryAtEnd(text: string): string | null {
  const words = text.split(/[\s,;()]+/).filter(Boolean)
  for (let from = Math.max(1, words.length - 3); from < words.length; from++) {
    const end = words.slice(from).join(' ')
    const name = plainWords(end)
    if (name.length > 3 && countries().get(name) === false) return end
  }
  return null
}
