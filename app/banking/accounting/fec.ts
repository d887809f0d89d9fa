import type { CivilDate } from '#shared/clock'
import { sum, type Cents } from '#shared/money'
import type { Letter } from '#banking/accounting/lettering'
import { CHART, JOURNALS, type ChartAccount, type Journal } from '#banking/accounting/accounts'

/** The columns, in the order of LPF art. A47 A-1. */
export const FEC_COLUMNS = [
  'JournalCode',
  'JournalLib',
  'EcritureNum',
  'EcritureDate',
  'CompteNum',
  'CompteLib',
  'CompAuxNum',
  'CompAuxLib',
  'PieceRef',
  'PieceDate',
  'EcritureLib',
  'Debit',
  'Credit',
  'EcritureLet',
  'DateLet',
  'ValidDate',
  'Montantdevise',
  'Idevise',
] as const

/** A sum on one account: positive to its debit, negative to its credit. */
export type EntryLine = { account: ChartAccount; cents: Cents; letter?: Letter | undefined }

export type Entry = {
  journal: Journal
  number: number
  on: CivilDate
  /** The paper that shows it, and its day. */
  piece: string
  pieceOn: CivilDate
  label: string
  /** Who the money is for, on the accounts kept by person. */
  creditor: { ref: string; name: string }
  validOn: CivilDate
  lines: readonly EntryLine[]
}

/** The accounts kept by person, on which lines are lettered. */
export const BY_PERSON: ReadonlySet<ChartAccount> = new Set(['creditors', 'suspense', 'clients'])

/**
 * The rows of one entry (rule 60).
 *
 * @throws when its debits and credits differ: such an entry is a defect, never data
 */
export function fecRows(entry: Entry): string[][] {
  if (sum(entry.lines.map(({ cents }) => cents)) !== 0) {
    throw new Error(`entry ${entry.journal} ${entry.number} does not balance`)
  }
  return entry.lines
    .filter(({ cents }) => cents !== 0)
    .map(({ account, cents, letter }) => [
      entry.journal,
      JOURNALS[entry.journal],
      String(entry.number),
      compact(entry.on),
      CHART[account].number,
      CHART[account].label,
      ...(BY_PERSON.has(account) ? [entry.creditor.ref, entry.creditor.name] : ['', '']),
      entry.piece,
      compact(entry.pieceOn),
      entry.label,
      decimal(Math.max(cents, 0)),
      decimal(Math.max(-cents, 0)),
      letter?.code ?? '',
      letter ? compact(letter.on) : '',
      compact(entry.validOn),
      '',
      '',
    ])
}

/** Tabs part the columns and lines end the rows: neither may be in a cell. */
export const fecLine = (cells: readonly string[]) =>
  `${cells.map((cell) => cell.replace(/[\t\r\n]+/g, ' ').trim()).join('\t')}\r\n`

/** `732829320FEC20261231.txt`, by the day that the year closes. */
export const fecName = (siren: string, year: number) => `${siren}FEC${year}1231.txt`

const compact = (on: CivilDate) => on.replaceAll('-', '')

const decimal = (amount: Cents) => `${Math.floor(amount / 100)},${String(amount % 100).padStart(2, '0')}`
