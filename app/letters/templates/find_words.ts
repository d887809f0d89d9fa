/** A text with only its letters, figures and `€`, and where each stood. */
export interface Folded {
  letters: string
  /** The offset in the text of each of `letters`. */
  at: number[]
  source: string
}

/** Letters of other alphabets that look like ours, and figures that stand for letters. */
const LOOKALIKES: Record<string, string> = {
  а: 'a',
  ә: 'e',
  е: 'e',
  і: 'i',
  ї: 'i',
  ј: 'j',
  о: 'o',
  р: 'p',
  с: 'c',
  ѕ: 's',
  у: 'y',
  х: 'x',
  һ: 'h',
  м: 'm',
  т: 't',
  к: 'k',
  α: 'a',
  ε: 'e',
  ι: 'i',
  ο: 'o',
  ρ: 'p',
  υ: 'u',
  ν: 'v',
  ı: 'i',
  ſ: 's',
  œ: 'oe',
  æ: 'ae',
}

const KEPT = /[\p{L}\p{N}€]/u

/** In lower case, without accents, whatever stands between: `H U I S S I E R` and `huis­sier` fold alike. */
export function folded(source: string): Folded {
  let letters = ''
  const at: number[] = []
  let offset = 0
  for (const character of source) {
    for (const one of character.normalize('NFKD').toLowerCase().replace(/\p{M}/gu, '')) {
      if (!KEPT.test(one)) continue
      const plain = LOOKALIKES[one] ?? one
      letters += plain
      for (let index = 0; index < plain.length; index++) at.push(offset)
    }
    offset += character.length
  }
  return { letters, at, source }
}

/** The same spelling, with one space wherever words part: for reading what stands around. */
export const spelled = (text: string) =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/œ/g, 'oe')
    .replace(/[^\p{L}\p{N}€]+/gu, ' ')
    .trim()

/**
 * Where a term stands as words of its own, in any case, accents or spacing; its
 * plural too. A term that only comes out of the end of one word and the
 * beginning of another is not there.
 */
export function* occurrences(
  term: string,
  { letters, at, source }: Folded
): Generator<{ at: number; end: number }> {
  const pattern = patternOf(term)
  pattern.lastIndex = 0
  for (let match = pattern.exec(letters); match; match = pattern.exec(letters)) {
    pattern.lastIndex = match.index + 1
    const start = at[match.index]!
    let last = match.index + match[0].length - 1
    if (letters[last + 1] === 's' && follows(at, source, last)) last += 1
    if (startsWord(source, start) && endsWord(at, source, last)) yield { at: start, end: at[last]! + 1 }
  }
}

const patterns = new Map<string, RegExp>()

/** Each of its words may be in the plural. */
function patternOf(term: string): RegExp {
  const known = patterns.get(term)
  if (known) return known
  const made = new RegExp(
    term
      .split(' ')
      .map((word) => word.replace(/[^\p{L}\p{N}€]/gu, ''))
      .join('s?'),
    'gu'
  )
  patterns.set(term, made)
  return made
}

/** Nothing but what cannot be seen stands between this letter and the next. */
const follows = (at: number[], source: string, index: number) =>
  !/[^\p{M}\p{Cf}]/u.test(source.slice(at[index]! + 1, at[index + 1]))

const startsWord = (source: string, start: number) =>
  !/[\p{L}\p{N}][\p{M}\p{Cf}]*$/u.test(source.slice(Math.max(0, start - 8), start))

const endsWord = (at: number[], source: string, last: number) =>
  !/^[\p{M}\p{Cf}]*[\p{L}\p{N}]/u.test(
    source.slice(at[last]! + charLength(source, at[last]!), at[last]! + 12)
  )

const charLength = (source: string, at: number) => String.fromCodePoint(source.codePointAt(at)!).length
