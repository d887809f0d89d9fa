import type { QueryClientContract } from '@adonisjs/lucid/types/database'
import type { CivilDate } from '#shared/clock'
import { fold } from '#shared/fold'
import { Clues } from '#banking/matching/clues'
import type { Clue } from '#banking/matching/judge'
import { fileReferences, invoiceNumbers, structuredReferences } from '#banking/matching/references'
import { marks, slices } from '#banking/matching/slices'
import type BankLine from '#banking/models/bank_line'

/** An amount that more files owe tells nothing of which. */
const MOST_ALIKE = 3

/** What the lines say, or their amounts, of the files they may be for: a query or two for each way of saying it. */
export async function findClues(client: QueryClientContract, lines: readonly BankLine[]): Promise<Clues> {
  const clues = new Clues()
  for (const add of [addWritten, addKnownIbans, addInvoices, addAmounts, addAsked, addNames]) {
    await add(client, lines, clues)
  }
  return clues
}

/** The files a line names, by a structured reference, in its words, or in its end-to-end id. */
async function addWritten(client: QueryClientContract, lines: readonly BankLine[], clues: Clues) {
  const mentions = lines.flatMap((line) => {
    const words = [line.reference, line.label].filter(Boolean).join(' | ')
    const ways: [Clue, string[]][] = [
      ['reference', [...structuredReferences(line.reference), ...structuredReferences(line.label)]],
      ['file_reference', fileReferences(words)],
      ['end_to_end', [...structuredReferences(line.endToEndId), ...fileReferences(line.endToEndId)]],
    ]
    return ways.flatMap(([clue, plain]) => plain.map((ref) => ({ lineId: line.id, clue, ref })))
  })
  const claims = await byPlainReference(
    client,
    mentions.map(({ ref }) => ref)
  )
  for (const { lineId, clue, ref } of mentions) {
    const claimId = claims.get(ref)
    if (claimId) clues.add(lineId, claimId, clue)
  }
}

async function byPlainReference(client: QueryClientContract, refs: readonly string[]) {
  const claims = new Map<string, number>()
  for (const slice of slices([...new Set(refs)])) {
    const rows = await client
      .from('claims')
      .whereRaw(`replace(ref, '-', '') in (${marks(slice)})`, [...slice])
      .select('id', 'ref')
    for (const row of rows) claims.set(row.ref.replaceAll('-', ''), Number(row.id))
  }
  return claims
}

/** The files of the debtors who have paid from that account before. */
async function addKnownIbans(client: QueryClientContract, lines: readonly BankLine[], clues: Clues) {
  const incoming = lines.filter((line) => line.counterpartyIban && line.amountCents > 0)
  const ibans = [...new Set(incoming.map((line) => line.counterpartyIban!))]
  if (ibans.length === 0) return
  const rows = await client
    .from('bank_matches as m')
    .join('bank_lines as l', 'l.id', 'm.line_id')
    .join('claims as paid', 'paid.id', 'm.claim_id')
    .join('claims as c', 'c.debtor_id', 'paid.debtor_id')
    .whereIn('l.counterparty_iban', ibans)
    .where('m.kind', 'payment')
    .whereNull('m.undone_at')
    .whereNotIn('c.status', ['closed', 'paid'])
    .distinct('l.counterparty_iban as iban', 'c.id as claim_id')
  const files = Map.groupBy(rows as { iban: string; claim_id: number }[], ({ iban }) => iban)
  for (const line of incoming) {
    for (const row of files.get(line.counterpartyIban!) ?? []) {
      clues.add(line.id, Number(row.claim_id), 'known_iban')
    }
  }
}

const PLAIN_NUMBER = `replace(replace(replace(replace(replace(upper(i.number), '-', ''), ' ', ''), '/', ''), '.', ''), '_', '')`

async function addInvoices(client: QueryClientContract, lines: readonly BankLine[], clues: Clues) {
  const words = new Map<string, number[]>()
  for (const line of lines.filter(({ amountCents }) => amountCents > 0)) {
    for (const number of invoiceNumbers(line.label))
      words.set(number, [...(words.get(number) ?? []), line.id])
  }
  for (const slice of slices([...words.keys()])) {
    const rows = await client
      .from('invoices as i')
      .join('claims as c', 'c.id', 'i.claim_id')
      .whereRaw(`${PLAIN_NUMBER} in (${marks(slice)})`, [...slice])
      .whereNotIn('c.status', ['closed', 'paid'])
      .select('c.id', client.raw(`${PLAIN_NUMBER} as number`))
    for (const row of rows) {
      for (const lineId of words.get(row.number) ?? []) clues.add(lineId, Number(row.id), 'invoice')
    }
  }
}

type Named = { id: number; company_name: string | null; full_name: string | null }
type Owing = Named & { due_cents: number }
type Asked = Named & { total_cents: number; dated_on: CivilDate }

/** Files that owe just that in principal; a name adds to it, and is nothing alone. */
async function addAmounts(client: QueryClientContract, lines: readonly BankLine[], clues: Clues) {
  const rows: Owing[] = await openFiles(client)
    .whereIn('c.due_cents', amountsOf(lines))
    .select('c.id', 'c.due_cents', 'd.company_name', 'd.full_name')
  const files = Map.groupBy(rows, (row) => Number(row.due_cents))
  for (const line of lines) {
    for (const row of telling(line, files.get(line.amountCents) ?? [], clues)) {
      clues.add(line.id, Number(row.id), 'amount')
    }
  }
}

/** Files whose letters asked for just that in all, with interest and indemnity as of the letter's day. */
async function addAsked(client: QueryClientContract, lines: readonly BankLine[], clues: Clues) {
  const rows: Asked[] = await openFiles(client)
    .join('letters as l', 'l.claim_id', 'c.id')
    .whereIn('l.total_cents', amountsOf(lines))
    .whereIn('l.state', ['rendered', 'printed'])
    .orderBy('l.dated_on')
    .select('c.id', 'l.total_cents', 'l.dated_on', 'd.company_name', 'd.full_name')
  const letters = Map.groupBy(rows, (row) => Number(row.total_cents))
  for (const line of lines) {
    const before = (letters.get(line.amountCents) ?? []).filter((row) => row.dated_on <= line.bookedOn)
    const latest = new Map(before.map((row) => [Number(row.id), row]))
    for (const row of telling(line, [...latest.values()], clues)) {
      clues.addAsked(line.id, Number(row.id), row.dated_on)
    }
  }
}

/**
 * Files of whoever the line names, that owe less in principal than what came: it may be just their total, which
 * no column holds since interest runs. Where the sender wrote a file, nothing else is looked for.
 */
async function addNames(client: QueryClientContract, lines: readonly BankLine[], clues: Clues) {
  const unwritten = lines.filter((line) => line.amountCents > 0 && !clues.hasWritten(line.id))
  if (unwritten.length === 0) return
  const most = Math.max(...unwritten.map(({ amountCents }) => amountCents))
  const rows: Owing[] = await openFiles(client)
    .where('c.due_cents', '>', 0)
    .where('c.due_cents', '<', most)
    .select('c.id', 'c.due_cents', 'd.company_name', 'd.full_name')
  // The longest word tells most: few names share it, where many begin with their legal form.
  const byLongest = new Map<string, { row: Owing; words: string[] }[]>()
  for (const row of rows) {
    for (const words of [nameWords(row.company_name ?? ''), nameWords(row.full_name ?? '')]) {
      if (words.length === 0) continue
      const longest = words.reduce((one, other) => (other.length > one.length ? other : one))
      const named = byLongest.get(longest)
      if (named) named.push({ row, words })
      else byLongest.set(longest, [{ row, words }])
    }
  }
  for (const line of unwritten) {
    const said = saidOf(line)
    const named = [...said].flatMap((word) => byLongest.get(word) ?? [])
    for (const { row, words } of named) {
      if (Number(row.due_cents) >= line.amountCents || !words.every((word) => said.has(word))) continue
      clues.add(line.id, Number(row.id), 'name')
    }
  }
}

const openFiles = (client: QueryClientContract) =>
  client
    .from('claims as c')
    .join('debtors as d', 'd.id', 'c.debtor_id')
    .whereNotIn('c.status', ['closed', 'paid'])

const amountsOf = (lines: readonly BankLine[]) => [
  ...new Set(lines.map((line) => line.amountCents).filter((cents) => cents > 0)),
]

/** Of the files that an amount may be of, those that something else speaks for too, or all when they are few. */
function telling<T extends Named>(line: BankLine, alike: readonly T[], clues: Clues): T[] {
  return alike.filter((row) => {
    const bearsName = [row.company_name, row.full_name].some((name) => isNamed(line, name))
    if (bearsName) clues.add(line.id, Number(row.id), 'name')
    return bearsName || clues.of.get(line.id)?.has(Number(row.id)) || alike.length <= MOST_ALIKE
  })
}

/** Every word of the debtor's name stands in what the line says of its sender. */
function isNamed(line: BankLine, name: string | null): boolean {
  const said = saidOf(line)
  const words = nameWords(name ?? '')
  return words.length > 0 && words.every((word) => said.has(word))
}

const saidOf = (line: BankLine) => new Set<string>(nameWords(`${line.counterparty ?? ''} ${line.label}`))

const nameWords = (text: string): string[] => fold(text).match(/[a-z0-9]{2,}/g) ?? []
