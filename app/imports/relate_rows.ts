import type { Cents } from '#shared/money'
import { plainWords } from '#shared/cells'
import { invoiceKey } from '#imports/normalise/invoices'

/**
 * What tells invoices apart. Two creditors' systems, or two years of one, may use the same
 * number: it is the same invoice only for the same debtor or the same amount.
 */
export type Invoiced = {
  /** As stored: `FA-1, FA-2`. */
  number: string
  debtor: string
  siren: string | null
  amountCents: Cents
}

type Known = { invoice: Invoiced; at: string; order: number }

/**
 * The invoices already met, with where each is. Most numbers are met once; those that come again
 * are found by what would make them the same, however many there are.
 */
export class KnownInvoices {
  private readonly firsts = new Map<string, Known>()
  private readonly others = new Map<string, Known>()
  private count = 0

  add(invoice: Invoiced, at: string, keys = invoiceKeys(invoice)) {
    const known = { invoice, at, order: this.count++ }
    for (const key of keys) {
      if (!this.firsts.has(key)) this.firsts.set(key, known)
      else {
        for (const trait of traitsOf(invoice, key)) if (!this.others.has(trait)) this.others.set(trait, known)
      }
    }
  }

  /** Where one of its numbers already is, or null. */
  find(invoice: Invoiced, keys = invoiceKeys(invoice)): string | null {
    for (const key of keys) {
      const known = this.sameNumber(invoice, key)
      if (known) return known.at
    }
    return null
  }

  private sameNumber(invoice: Invoiced, key: string): Known | undefined {
    const first = this.firsts.get(key)
    if (!first || isSame(invoice, first.invoice)) return first
    return traitsOf(invoice, key)
      .flatMap((trait) => this.others.get(trait) ?? [])
      .toSorted((a, b) => a.order - b.order)[0]
  }
}

export const invoiceKeys = ({ number }: Invoiced) =>
  number.includes(', ') ? number.split(', ').map(invoiceKey) : [invoiceKey(number)]

/** Two invoices of one number that share a trait are the same. */
const traitsOf = ({ amountCents, siren, debtor }: Invoiced, key: string) => [
  `${key}|cents:${amountCents}`,
  `${key}|debtor:${plainWords(debtor)}`,
  ...(siren === null ? [] : [`${key}|siren:${siren}`]),
]

const isSame = (one: Invoiced, other: Invoiced) =>
  one.amountCents === other.amountCents ||
  (one.siren !== null && one.siren === other.siren) ||
  plainWords(one.debtor) === plainWords(other.debtor)

/** What the rules between rows need of a row without errors. */
export type Relatable = {
  row: number
  mergeKey: string
  nameKey: string | null
  invoice: Invoiced
  decision: 'leave' | 'take' | null
}

export type Relation = {
  outcome: 'ready' | 'set_aside'
  /** The row that opens the file this one belongs to; null when it is set aside. */
  fileRow: number | null
  /** Where one of its invoices already is: `row:12`, or `claim:D-2026-00042`. */
  duplicateOf: string | null
}

/**
 * The rules between rows, in the order of the sheet: rows of one debtor make one file (R15); a
 * row whose invoice is already in the table or in a claim of the creditor is set aside, unless a
 * person takes it; a row a person leaves is set aside.
 *
 * @param claimed  the invoices of the creditor's claims
 */
export function relateRows(rows: readonly Relatable[], claimed: KnownInvoices): Map<number, Relation> {
  const keys = debtorKeys(rows)
  const seen = new KnownInvoices()
  const files = new Map<string, number>()
  const relations = new Map<number, Relation>()
  for (const { row, mergeKey, invoice, decision } of rows) {
    const numbers = invoiceKeys(invoice)
    const duplicateOf =
      decision === 'leave' ? null : (claimed.find(invoice, numbers) ?? seen.find(invoice, numbers))
    if (decision === 'leave' || (duplicateOf !== null && decision !== 'take')) {
      relations.set(row, { outcome: 'set_aside', fileRow: null, duplicateOf })
      continue
    }
    seen.add(invoice, `row:${row}`, numbers)
    const key = keys.get(mergeKey) ?? mergeKey
    const fileRow = files.get(key) ?? row
    files.set(key, fileRow)
    relations.set(row, { outcome: 'ready', fileRow, duplicateOf })
  }
  return relations
}

/**
 * Rows without a SIREN join those of the same name and address that have one, when these all
 * have the same. Returns the keys that are replaced.
 */
function debtorKeys(rows: readonly Relatable[]): Map<string, string> {
  const bySiren = new Map<string, string | null>()
  for (const { mergeKey, nameKey, decision } of rows) {
    if (nameKey === null || decision === 'leave') continue
    const known = bySiren.get(nameKey)
    bySiren.set(nameKey, known === undefined || known === mergeKey ? mergeKey : null)
  }
  const replaced = new Map<string, string>()
  for (const [nameKey, mergeKey] of bySiren) if (mergeKey !== null) replaced.set(nameKey, mergeKey)
  return replaced
}
