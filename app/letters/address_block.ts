/** An address as it is stored: one field for the street, one for what precedes it. */
export interface PostalAddress {
  street: string
  complement: string | null
  postcode: string
  city: string
  /** ISO 3166-1 alpha-2. */
  country: string
}

export interface Addressee {
  companyName: string | null
  civility: string | null
  fullName: string | null
  address: PostalAddress
}

const MAX_LINES = 6
const MAX_LENGTH = 38

/** Beyond this, the standard wants abbreviations. */
const ABBREVIATE_ABOVE = 32

/** AFNOR's own abbreviations for ways and titles, in the order they are tried. */
const ABBREVIATIONS: [RegExp, string][] = [
  [/\bBATIMENT\b/g, 'BAT'],
  [/\bRESIDENCE\b/g, 'RES'],
  [/\bAPPARTEMENT\b/g, 'APT'],
  [/\bBOULEVARD\b/g, 'BD'],
  [/\bAVENUE\b/g, 'AV'],
  [/\bFAUBOURG\b/g, 'FG'],
  [/\bROUTE\b/g, 'RTE'],
  [/\bPLACE\b/g, 'PL'],
  [/\bSQUARE\b/g, 'SQ'],
  [/\bIMPASSE\b/g, 'IMP'],
  [/\bCHEMIN\b/g, 'CHE'],
  [/\bALLEES?\b/g, 'ALL'],
  [/\bLOTISSEMENT\b/g, 'LOT'],
  [/\bZONE INDUSTRIELLE\b/g, 'ZI'],
  [/\bZONE ARTISANALE\b/g, 'ZA'],
  [/\bZONE D ACTIVITES?\b/g, 'ZA'],
  [/\bSAINTE\b/g, 'STE'],
  [/\bSAINT\b/g, 'ST'],
  [/\bGENERAL\b/g, 'GAL'],
  [/\bMARECHAL\b/g, 'MAL'],
  [/\bCOMMANDANT\b/g, 'CDT'],
  [/\bPRESIDENT\b/g, 'PDT'],
  [/\bDOCTEUR\b/g, 'DR'],
  [/\bPROFESSEUR\b/g, 'PR'],
]

/** No sorting machine reads them, and no font of ours has them. */
const PICTURES = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|[\u200d\ufe0f]/gu

export class IncompleteAddress extends Error {
  override name = 'IncompleteAddress'
}

/** The lines for the window, and what did not fit in them. */
export interface AddressBlock {
  lines: string[]
  lost: string[]
}

/**
 * The address as NF Z10-011 wants it in the window: at most 6 lines of 38
 * characters, no empty line, capitals without accents or punctuation from the
 * street on. Names keep their case. What is too long is abbreviated, then goes
 * on to a line of its own while one is free, then is cut at a word and told.
 *
 * @throws IncompleteAddress without a name, street, postcode or city (rule 56)
 */
export function addressBlock({ companyName, civility, fullName, address }: Addressee): AddressBlock {
  const street = capitals(address.street)
  const [company, name] = [companyName, fullName].map((text) => tidy((text ?? '').replace(PICTURES, ''))) as [
    string,
    string,
  ]
  for (const [field, value] of Object.entries({
    name: company || name,
    street,
    postcode: address.postcode.trim(),
    city: address.city.trim(),
  })) {
    if (!value) throw new IncompleteAddress(`the ${field} is missing`)
  }
  return fitted(
    [
      abbreviated(company),
      person(civility, name),
      complementLine(tidy(address.complement ?? '')),
      abbreviated(street),
      abbreviated(capitals(`${address.postcode} ${address.city}`)),
      address.country === 'FR' ? '' : capitals(countryName(address.country)),
    ].filter(Boolean)
  )
}

/** A first name becomes its initials before a surname is cut. */
function person(civility: string | null, fullName: string): string {
  const line = [fullName && civility, fullName].filter(Boolean).join(' ')
  if (line.length <= MAX_LENGTH) return line
  const [first = '', ...rest] = fullName.split(' ')
  const initials = first.replace(/(\p{L})[\p{L}'’]*/gu, '$1.')
  const short = [civility, initials, ...rest].filter(Boolean).join(' ')
  return short.length > MAX_LENGTH ? [initials, ...rest].join(' ') : short
}

const complementLine = (complement: string) =>
  complement.length > ABBREVIATE_ABOVE ? abbreviated(capitals(complement)) : complement

/** Gives each long line a second one while there is room, from the bottom up: a street matters most. */
function fitted(lines: string[]): AddressBlock {
  let free = MAX_LINES - lines.length
  const lost: string[] = []
  const blocks = lines.toReversed().map((line) => {
    const [first, rest] = cutAtWord(line)
    if (!rest) return [first]
    free -= 1
    const [second, beyond] = free < 0 ? ['', rest] : cutAtWord(rest)
    if (beyond) lost.push(beyond)
    return [first, second].filter(Boolean)
  })
  return { lines: blocks.toReversed().flat(), lost }
}

function cutAtWord(line: string): [string, string] {
  if (line.length <= MAX_LENGTH) return [line, '']
  const space = line.lastIndexOf(' ', MAX_LENGTH)
  const whole = line.slice(0, MAX_LENGTH).isWellFormed() ? MAX_LENGTH : MAX_LENGTH - 1
  const end = space > 0 ? space : whole
  return [line.slice(0, end).trimEnd(), line.slice(end).trimStart()]
}

function abbreviated(line: string): string {
  let short = line
  for (const [word, abbreviation] of ABBREVIATIONS) {
    if (short.length <= ABBREVIATE_ABOVE) break
    short = short.replace(word, abbreviation)
  }
  return short
}

const tidy = (text: string) => text.replace(/\s+/g, ' ').trim()

const capitals = (text: string) =>
  tidy(
    text
      .replace(/[œŒ]/g, 'OE')
      .replace(/[æÆ]/g, 'AE')
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .toUpperCase()
      .replace(/[^\p{L}\p{N}/]+/gu, ' ')
  )

const countryName = (code: string) => new Intl.DisplayNames(['fr'], { type: 'region' }).of(code) ?? code
