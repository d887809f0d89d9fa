import { isCreditorReference } from '#shared/creditor_reference'

/** A file's reference without what banks drop: `D-2026-00042` → `D202600042`. */
export const plainReference = (reference: string) => reference.toUpperCase().replace(/[^A-Z0-9]/g, '')

/** Words of a text, in order, letters and digits only. */
const wordsOf = (text: string) => text.toUpperCase().match(/[A-Z0-9]+/g) ?? []

/** People and banks cut a reference into pieces; a file's has three (`D 2026 00042`), an RF one groups of four. */
const PIECES = 6
const FILE_PIECES = 3

/** A file reference begins with D and ends with its number; nothing of a sentence looks like one. */
const FILE = /^D[A-Z]?\d{4,14}$/
/** `DOSSIERD202600042`: glued to the word before it. */
const GLUED_FILE = /[A-Z](D20\d{7,10})$/

/** Structured creditor references (ISO 11649) of a text whose check digits hold: the files they name. */
export function structuredReferences(text: string | null): string[] {
  if (!text) return []
  const words = wordsOf(text)
  const found = words.flatMap((word, index) =>
    word.startsWith('RF') ? joined(words, index, PIECES).filter(isCreditorReference) : []
  )
  return unique(found.map((reference) => reference.slice(4)))
}

/** What may be references of files in a free text; those that no file has are nothing. */
export function fileReferences(text: string | null): string[] {
  if (!text) return []
  const words = wordsOf(text)
  return unique(
    words.flatMap((word, index) => {
      const glued = GLUED_FILE.exec(word)?.[1]
      const whole = word.startsWith('D')
        ? joined(words, index, FILE_PIECES).filter((one) => FILE.test(one))
        : []
      return glued ? [...whole, glued] : whole
    })
  )
}

/** Words that may be invoice numbers: letters and digits, some of them digits, not a date, an amount or an IBAN. */
export function invoiceNumbers(text: string | null): string[] {
  if (!text) return []
  const tokens = text.toUpperCase().split(/[\s,;:|()]+/)
  return unique(tokens.map(plainReference).filter((token) => /^(?=.*\d)[A-Z0-9]{4,20}$/.test(token)))
}

function joined(words: readonly string[], from: number, most: number): string[] {
  const texts: string[] = []
  for (let count = 1; count <= most && from + count <= words.length; count++) {
    texts.push(words.slice(from, from + count).join(''))
  }
  return texts
}

const unique = (texts: readonly string[]) => [...new Set(texts)]
