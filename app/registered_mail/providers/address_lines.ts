/** An address block taken apart: its first line, the lines between, and the last one in two. */
export interface AddressParts {
  first: string
  middle: readonly string[]
  postcode: string
  city: string
}

const MAX_LINES = 6
const MAX_LENGTH = 38

/**
 * A block of NF Z10-011: 2 to 6 lines of at most 38 characters, the last one a
 * French postcode and its city. Empty lines are left out.
 *
 * @returns why it is none, in words for the person who can correct the address
 */
export function addressParts(lines: readonly string[], whose: string): AddressParts | string {
  const kept = lines.map((line) => line.trim()).filter(Boolean)
  const long = kept.find((line) => [...line].length > MAX_LENGTH)
  if (long) return `the ${whose}'s line "${long}" has more than ${MAX_LENGTH} characters`
  if (kept.length > MAX_LINES) return `the ${whose}'s address has more than ${MAX_LINES} lines`
  const last = /^(\d{5}) (\S.*)$/.exec(kept.at(-1) ?? '')
  if (!last || kept.length < 2) {
    return `the ${whose}'s address must be a name and, on its last line, a postcode and a city`
  }
  return { first: kept[0]!, middle: kept.slice(1, -1), postcode: last[1]!, city: last[2]! }
}
