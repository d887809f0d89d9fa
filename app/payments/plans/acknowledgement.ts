import { sha256 } from '#shared/files'
import { fold } from '#shared/fold'
import type { CivilDate } from '#shared/clock'
import { eurosInWords } from '#shared/euros_in_words'
import { frenchDate } from '#shared/french'
import { formatEuros, parseEuros, type Cents } from '#shared/money'
import type Creditor from '#creditors/models/creditor'
import type Debtor from '#debtors/models/debtor'
import type { Instalment } from '#payments/plans/schedule'

/** What the debtor typed themselves. */
export type OwnEntry = { figures: string; words: string }

/**
 * What a debtor reads and agrees to, to the letter: the document prints it and its SHA-256 is kept.
 * French, whatever the language of the page: it is a French deed. No fee (law.md §2), and no interest
 * for as long as the plan is kept (decision 0019).
 */
export function acknowledgementText(facts: {
  debtor: Pick<Debtor, 'civility' | 'fullName' | 'companyName'>
  creditor: Pick<Creditor, 'name' | 'addressLines'>
  claimRef: string
  invoiceNumbers: readonly string[]
  totalCents: Cents
  on: CivilDate
  instalments: readonly Instalment[]
  graceDays: number
}): string {
  const { debtor, creditor, claimRef, invoiceNumbers, totalCents, on, instalments, graceDays } = facts
  const person = [debtor.civility, debtor.fullName].filter(Boolean).join(' ')
  const who = [person, debtor.companyName && `${person ? 'pour ' : ''}${debtor.companyName}`]
  const numbers = invoiceNumbers.join(', ')
  return [
    `Je soussigné(e), ${who.filter(Boolean).join(', ')}, reconnais devoir à ${creditor.name}, ${creditor.addressLines.join(', ')}, au titre du dossier ${claimRef} (facture${invoiceNumbers.length > 1 ? 's' : ''} ${numbers}), la somme de ${formatEuros(totalCents)} (${eurosInWords(totalCents)}), arrêtée au ${frenchDate(on)}.`,
    `Je m’engage à la payer ainsi :`,
    ...instalments.map(
      ({ seq, dueOn, amountCents }) => `${seq}. ${formatEuros(amountCents)} le ${frenchDate(dueOn)}`
    ),
    `Ce plan ne donne lieu à aucuns frais. Les intérêts cessent de courir sur cette somme tant que le plan dure. Je peux payer plus tôt, ou davantage, à tout moment.`,
    `Le plan commence avec le premier versement, reçu dans les 48 heures. Si un versement manque encore ${graceDays} jours après sa date, le plan prend fin : ce qui reste dû redevient exigible et les intérêts courent à nouveau, pour l’avenir seulement.`,
  ].join('\n')
}

/** The hash of exactly what was read and typed. */
export const acknowledgementSha256 = (text: string, { figures, words }: OwnEntry) =>
  sha256([text, figures, words].join('\n'))

/** What is wrong with the debtor's own entry of the sum, in figures and in words (C. civ. 1376). */
export function entryProblems(entry: OwnEntry, totalCents: Cents): ('figures' | 'words')[] {
  const problems: ('figures' | 'words')[] = []
  if (parseEuros(entry.figures) !== totalCents) problems.push('figures')
  if (plain(entry.words) !== plain(eurosInWords(totalCents))) problems.push('words')
  return problems
}

/** Capitals, accents, hyphens and the plural of `cent` and `vingt` are not what the sum depends on. */
const plain = (words: string) =>
  fold(words)
    .replace(/[^a-z]+/g, ' ')
    .replace(/\b(cent|vingt|mille|million|euro|centime)s\b/g, '$1')
    .replace(/\b(et|d)\b/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
