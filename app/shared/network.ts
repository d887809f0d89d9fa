import { isIPv6 } from 'node:net'

/**
 * What counts as one address where tries are counted: an IPv4 one, or the /64 of
 * an IPv6 one, for a subscriber holds the whole of it and could change at each try.
 */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
  return isIPv6(plain) ? `${groupsOf(plain).slice(0, 4).join(':')}::/64` : plain
}

/** The eight groups of an IPv6 address, without leading zeros. */
function groupsOf(address: string): string[] {
  const [start, end] = address
    .split('%')[0]!
    .toLowerCase()
    .split('::')
    .map((half) => half.split(':').filter(Boolean)) as [string[], string[]?]
  const zeros = end ? Array.from({ length: 8 - start.length - end.length }, () => '0') : []
  return [...start, ...zeros, ...(end ?? [])].map((group) => group.replace(/^0+(?=.)/, ''))
}
