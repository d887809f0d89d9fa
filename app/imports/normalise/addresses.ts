import { plainWords, tidy } from '#shared/cells'
import { countryAtEnd, foreignCountry } from '#imports/normalise/countries'

export type PostalAddress = { street: string; complement: string | null; postcode: string; city: string }

/** Not ok without a street, a postcode and its city, or outside France: `foreign` then says where. */
export type AddressReading = { ok: true; address: PostalAddress } | { ok: false; foreign: string | null }

/** The columns an address may be spread over. */
export type AddressParts = {
  address: string
  complement: string
  postcode: string
  city: string
  country: string
}

/** Six lines of 38 characters hold less; it also bounds the work of the expressions below. */
const MAX_LENGTH = 300

/** 01000 to 98999: the departments, Corsica in 20xxx, overseas in 97xxx and 98xxx. */
const POSTCODE = /^(?:0[1-9]|[1-8]\d|9[0-8])\d{3}$/

const COUNTRY = /[\s,;-]+\(?france\)?\.?$/i
const POSTCODE_AND_CITY =
  /^(?<before>.*?)(?:^|[\s,;(-]|(?<=\p{L})(?=\d))(?:F(?:R)?[\s-]?)?(?<postcode>\d{2}[\s.]?\d{3})\)?[\s,;-]+(?<city>\(?\p{L}[^\d,;]*(?:[\s,;-]*cedex)?(?:\s*\d{1,2}(?:er|e|ème|eme)?)?\)?)$/iu
const CITY_AND_POSTCODE =
  /^(?<before>.*?)[,;\n]\s*(?<city>\p{L}[^\d,;]*?)[\s,;]*\(?(?<postcode>\d{2}[\s.]?\d{3})\)?$/iu

/** What goes on the line above the street: building, stairs, delivery to somebody, postbox. */
const COMPLEMENT =
  /^(?:b[aâ]t(?:iment|\.)?|r[ée]s(?:idence|\.)?|app(?:t|artement|\.)?|apt|[ée]t(?:age|\.|g)|\d+\s*(?:er|e|[eè]me)\s+[ée]tage|esc(?:alier|\.)?|hall|entr[ée]e|porte|lot(?:issement)?|immeuble|imm\.?|tour|villa|chez|c\/o|a l'attention|à l'attention|bp|b\.p\.|cs|tsa|z\.?a\.?c?\.?|z\.?i\.?|parc|centre|lieu[- ]dit|domaine|hameau|quartier|bo[iî]te)(?=[\s.\d:]|$)/iu

const STREET =
  /^\d+\s*(?:bis|ter|quater|[a-d](?=[\s,]))?[\s,]+\S|^(?:rue|avenue|av\.?|boulevard|bd|bld|place|pl\.?|chemin|che\.?|all[ée]es?|impasse|imp\.?|quai|cours|route|rte|square|passage|sente|sentier|voie|mont[ée]e|esplanade|rond[- ]point|faubourg|fbg|villa|cit[ée]|clos|mail|promenade|ruelle|venelle)\s/iu

/**
 * Reads a French address, on one line (`1, rue de la Paix 75002 Paris`) or spread over
 * columns. Commas and line breaks separate the parts; the postcode is the last group of five
 * digits that a town follows, CEDEX included. Nothing is invented: without a street, a
 * postcode and a town it is incomplete, and abroad the four digits of Brussels are no 01000.
 */
export function readAddress(parts: AddressParts): AddressReading {
  const foreign = foreignCountry(parts.country)
  if (foreign !== null) return { ok: false, foreign }
  if (parts.address.length > MAX_LENGTH || parts.complement.length > MAX_LENGTH)
    return { ok: false, foreign: null }
  const located = locate(parts)
  const abroad = countryAtEnd(located?.city ?? joinLines(parts.address))
  if (!located || abroad !== null) return { ok: false, foreign: abroad }
  const { street, complement } = splitStreet(located.before, tidy(parts.complement))
  const postcode = located.postcode.replace(/\D/g, '')
  const city = cityName(located.city)
  if (!street || !POSTCODE.test(postcode) || !/\p{L}/u.test(city)) return { ok: false, foreign: null }
  return { ok: true, address: { street, complement, postcode, city } }
}

type Located = { before: string; postcode: string; city: string }

function locate(parts: AddressParts): Located | null {
  const line = joinLines(parts.address).replace(COUNTRY, '')
  const postcode = restoredPostcode(parts.postcode)
  const city = tidy(parts.city).replace(COUNTRY, '')
  const inLine = matchLine(line)
  if (postcode && city) {
    const repeated = inLine && inLine.postcode.replace(/\D/g, '') === postcode
    return { before: repeated ? inLine.before : line, postcode, city }
  }
  // "75002 Paris" typed whole in the town's or the postcode's column.
  const apart = [parts.postcode, parts.city].map(tidy).filter(Boolean).join(' ')
  const pair = apart && matchLine(`, ${apart}`)
  if (pair) return { before: line, postcode: pair.postcode, city: pair.city }
  return inLine
}

function matchLine(line: string): Located | null {
  const groups = (POSTCODE_AND_CITY.exec(line) ?? CITY_AND_POSTCODE.exec(line))?.groups
  return groups ? { before: groups.before!, postcode: groups.postcode!, city: groups.city! } : null
}

/** A number cell has lost the zero of 01000. */
function restoredPostcode(text: string): string {
  const digits = tidy(text)
    .replace(/^F(R)?[\s-]?/i, '')
    .replace(/[\s.]/g, '')
  return /^\d{4,5}$/.test(digits) ? digits.padStart(5, '0') : ''
}

const joinLines = (text: string) =>
  tidy(text.replace(/\s*[\r\n|]+\s*/g, ', ')).replace(/\s*[,;]\s*(?:[,;]\s*)*/g, ', ')

function splitStreet(before: string, given: string): { street: string; complement: string | null } {
  const segments = joinLines(before)
    .replace(/^[\s,;-]+|[\s,;(-]+$/g, '')
    .replace(/^(\d+(?:\s*(?:bis|ter|quater|[a-z]))?),\s*/i, '$1 ')
    .split(', ')
    .map((segment) => segment.replace(/^(\d+)\s*,\s*/, '$1 ').trim())
    .filter(Boolean)
  const at = chooseStreet(segments)
  const street = segments[at] ?? ''
  const others = segments.filter((_, index) => index !== at)
  const complement = [...new Set([given, ...others].filter(Boolean))].join(', ')
  return { street, complement: complement || null }
}

function chooseStreet(segments: string[]): number {
  const numbered = segments.findIndex((segment) => STREET.test(segment) && !COMPLEMENT.test(segment))
  if (numbered >= 0) return numbered
  return Math.max(
    0,
    segments.findIndex((segment) => !COMPLEMENT.test(segment))
  )
}

const cityName = (text: string) =>
  tidy(text.replace(/[()]/g, ' '))
    .replace(/[\s,;.-]+$/, '')
    .replace(/[,;]\s*/g, ' ')
    .toLocaleUpperCase('fr')

/** What makes two addresses the same for merging rows (R15): case, accents, punctuation and usual abbreviations aside. */
export function addressKey({ street, postcode, city }: PostalAddress): string {
  const words = plainWords(street).replace(/[a-z]+/g, (word) => ABBREVIATIONS[word] ?? word)
  return `${words}|${postcode}|${cityKey(city)}`
}

const cityKeys = new Map<string, string>()

function cityKey(city: string): string {
  let key = cityKeys.get(city)
  if (key === undefined) {
    key = plainWords(city).replace(/ cedex.*$/, '')
    if (cityKeys.size < 50_000) cityKeys.set(city, key)
  }
  return key
}

const ABBREVIATIONS: Record<string, string> = Object.assign(Object.create(null), {
  av: 'avenue',
  ave: 'avenue',
  bd: 'boulevard',
  bld: 'boulevard',
  blvd: 'boulevard',
  bvd: 'boulevard',
  r: 'rue',
  pl: 'place',
  rte: 'route',
  ch: 'chemin',
  che: 'chemin',
  chem: 'chemin',
  imp: 'impasse',
  all: 'allee',
  allees: 'allee',
  sq: 'square',
  st: 'saint',
  ste: 'sainte',
  fbg: 'faubourg',
  fg: 'faubourg',
})
