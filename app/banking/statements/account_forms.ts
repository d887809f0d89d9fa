/**
 * The ways banks write one account: an IBAN, and for a French one what CFONB 120 keeps of it (bank,
 * branch, number: 21 characters, without country and key).
 */
export const accountForms = (iban: string): string[] =>
  isFrenchIban(iban) ? [iban, iban.slice(4, 25)] : [iban]

/** One word for an account, however it is written. */
export const plainAccount = (account: string) => (isFrenchIban(account) ? account.slice(4, 25) : account)

const isFrenchIban = (account: string) => /^FR\d{2}[A-Z0-9]{23}$/.test(account)
