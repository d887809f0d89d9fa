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
  '?',
  'x',
  'n/a',
  'na',
  'nc',
  'n.c.',
  'n/c',
  'néant',
  'neant',
  'aucun',
  'aucune',
  'inconnu',
  'inconnue',
  'null',
  'none',
  '#n/a',
  'non renseigné',
  'non communiqué',
])

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

/** The text, or '' for what stands for nothing (`-`, `néant`, `N/A`…). */
export function meaningOf(cell: CellValue | undefined): string {
  const text = textOf(cell)
  return text.length <= 15 && BLANKS.has(text.toLowerCase()) ? '' : text
}

const ASCII = /^[\x20-\x7e]*$/

/** Lower case without accents, ligatures or punctuation: for recognising and comparing, never for showing. */
export function plainWords(text: string): string {
  const plain = ASCII.test(text) ? text.toLowerCase() : fold(text)
  return plain.replace(/[^a-z0-9]+/g, ' ').trim()
}
