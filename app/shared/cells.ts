import { fold } from '#shared/fold'

/** A cell as the reader gives it: a date cell is `YYYY-MM-DD` text, an empty one is null. */
export type CellValue = string | number | boolean | null

/** Every space Unicode has, the invisible ones included. */
const SPACES = /[\s\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+/g
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu
const PLAIN = /^[\x21-\x7e\u00a1-\u00ac\u00ae-\u017f]+(?: [\x21-\x7e\u00a1-\u00ac\u00ae-\u017f]+)*$/

/** What people type when they have nothing to type. */
const BLANKS = new Set([
  '-',
  '--',
  '—',
  '–',
  '/',
  '.',
  'n/a',
  'na',
  'néant',
  'neant',
  'aucun',
  'aucune',
  'null',
  'none',
])

/** What people type when there is something they do not know. */
const UNKNOWNS = new Set([
  '?',
  'x',
  'nc',
  'n.c.',
  'n/c',
  'inconnu',
  'inconnue',
  'non renseigné',
  'non communiqué',
])

/** What a formula that failed leaves: `#N/A`, `#REF!`, `#NOM?`. */
const FORMULA_ERROR = /^#(?:n\/a|[a-zé]{3,9}[!?]|div\/0!)$/i

/** One line of text: composed accents, single ordinary spaces, nothing invisible. */
export function tidy(text: string): string {
  if (PLAIN.test(text)) return text
  return text.normalize('NFC').replace(SPACES, ' ').replace(INVISIBLE, '').replace(/ {2,}/g, ' ').trim()
}

/** The cell as a person reads it. */
export function textOf(cell: CellValue | undefined): string {
  if (typeof cell === 'string') return tidy(cell)
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'boolean') return cell ? 'VRAI' : 'FAUX'
  return String(cell)
}

/** The text, or '' for what stands for nothing (`-`, `néant`, `N/A`…) or is not known (`?`, `#REF!`). */
export function meaningOf(cell: CellValue | undefined): string {
  const text = textOf(cell)
  return text.length <= 15 && (BLANKS.has(text.toLowerCase()) || isUnknown(text)) ? '' : text
}

/** True for what says that there is a value, and not which: no such cell may count as nothing paid. */
export const isUnknown = (text: string) => UNKNOWNS.has(text.toLowerCase()) || FORMULA_ERROR.test(text)

const ASCII = /^[\x20-\x7e]*$/
const PLAIN_WORDS = /^(?:[a-z0-9]+(?: [a-z0-9]+)*)?$/

/** Lower case without accents, ligatures or punctuation: for recognising and comparing, never for showing. */
export function plainWords(text: string): string {
  const plain = ASCII.test(text) ? text.toLowerCase() : fold(text)
  return PLAIN_WORDS.test(plain) ? plain : plain.replace(/[^a-z0-9]+/g, ' ').trim()
}
