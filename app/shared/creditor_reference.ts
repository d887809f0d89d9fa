/**
 * A structured creditor reference (ISO 11649): `RF`, two check digits, then up
 * to 21 letters and digits. Banks carry it unchanged, so a transfer that bears
 * it finds its file.
 *
 * @param ref a file reference; everything but letters and digits is dropped
 * @throws when nothing or more than 21 characters remain
 */
export function creditorReference(ref: string): string {
  const body = ref.toUpperCase().replace(/[^A-Z0-9]/g, '')
  if (body.length === 0 || body.length > 21) {
    throw new RangeError(`"${ref}" cannot be an ISO 11649 reference`)
  }
  return `RF${String(98 - remainder(`${body}RF00`)).padStart(2, '0')}${body}`
}

/** True for a well-formed reference whose check digits hold; spaces are allowed. */
export function isCreditorReference(text: string): boolean {
  const reference = text.replace(/\s/g, '').toUpperCase()
  if (!/^RF\d{2}[A-Z0-9]{1,21}$/.test(reference)) return false
  return remainder(reference.slice(4) + reference.slice(0, 4)) === 1
}

/** `RF11 AM20 2604 17`: groups of four, as printed on paper. */
export const inGroupsOfFour = (reference: string) => reference.replace(/(.{4})(?=.)/g, '$1 ')

/** mod 97 with A = 10 … Z = 35 (ISO 7064). */
function remainder(text: string): number {
  let rest = 0
  for (const character of text) {
    const value = Number.parseInt(character, 36)
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest
}
