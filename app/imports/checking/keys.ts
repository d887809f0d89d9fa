import { plainWords } from '#shared/cells'
import { addressKey } from '#imports/normalise/addresses'
import type { CheckedDebtor } from '#imports/checking/debtor'

/**
 * Rows with the same key are one debtor's and make one file (R15). Merging the rows of two
 * people would tell one of the other's debt (rule 14), so it takes the same SIREN with a right
 * checksum (a sample SIREN left in the table merges nobody), or the same name at the same
 * address. An email alone is not enough: families and offices share them.
 */
export function mergeKeys(debtor: CheckedDebtor): { mergeKey: string; nameKey: string | null } {
  const { kind, companyName, fullName, address, siren, sirenValid } = debtor
  const nameKey = `${kind}:${plainWords(companyName ?? fullName!)}|${addressKey(address!)}`
  if (kind === 'b2b' && siren && sirenValid) return { mergeKey: `siren:${siren}`, nameKey }
  return { mergeKey: nameKey, nameKey: null }
}

/** The same person across creditors, for the cap on contacts: SIREN, else email, else name and postcode. */
export function personKey(debtor: CheckedDebtor, email: string | null): string {
  if (debtor.siren && debtor.sirenValid) return `siren:${debtor.siren}`
  if (email) return `email:${email}`.slice(0, 255)
  return `name:${debtor.address!.postcode}|${plainWords(debtor.companyName ?? debtor.fullName!)}`.slice(
    0,
    255
  )
}
