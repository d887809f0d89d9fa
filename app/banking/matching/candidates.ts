import type { QueryClientContract } from '@adonisjs/lucid/types/database'
import { addDays } from '#shared/calendar'
import type { CivilDate } from '#shared/clock'
import { fold } from '#shared/fold'
import type { Cents } from '#shared/money'
import type { ClaimStatus } from '#claims/models/claim'
import { loadDebts, type ClaimDebt } from '#claims/debts'
import { owedBefore } from '#claims/owed'
import { WRITTEN, type Candidate, type Clue, type LineFacts } from '#banking/matching/judge'
import { fileReferences, invoiceNumbers, structuredReferences } from '#banking/matching/references'
import type BankLine from '#banking/models/bank_line'

/** SQLite and PostgreSQL both take as many values in a list. */
const SLICE = 500

/** An amount that more files owe tells nothing of which. */
const MOST_ALIKE = 3

/** A transfer written down by hand, and the bank's line of it, may be this far apart. */
const BY_HAND_DAYS = 7

/** A transfer may come so long after its sender read what is owed. */
const ORDERED_DAYS = 7

export type LookedUp = { facts: LineFacts; candidates: Candidate[] }

/** What speaks for which file, for many lines at once: a few queries for each five hundred lines. */
export async function lookUp(
  client: QueryClientContract,
  lines: readonly BankLine[]
): Promise<Map<number, LookedUp>> {
  const found = new Map<number, LookedUp>()
  for (let start = 0; start < lines.length; start += SLICE) {
    const slice = lines.slice(start, start + SLICE)
    const clues = new Clues()
    await addWritten(client, slice, clues)
    await addKnownIbans(client, slice, clues)
    await addInvoices(client, slice, clues)
    await addAmounts(client, slice, clues)
    await addAsked(client, slice, clues)
    await addNames(client, slice, clues)
    const elsewhere = await knownElsewhere(client, slice)
    const candidates = await weigh(client, slice, clues)
    for (const line of slice) {
      const { amountCents, chargesCents, isReturn, isBatch } = line
      found.set(line.id, {
        facts: { amountCents, chargesCents, isReturn, isBatch, knownElsewhere: elsewhere.has(line.id) },
        candidates: candidates.get(line.id) ?? [],
      })
    }
  }
  return found
}

/** Clues by line and file. */
class Clues {
  readonly of = new Map<number, Map<number, Set<Clue>>>()
  /** When a letter asked a file for the amount of a line. */
  readonly askedOn = new Map<number, Map<number, CivilDate>>()

  addAsked(lineId: number, claimId: number, on: CivilDate) {
    this.add(lineId, claimId, 'asked')
    this.askedOn.set(lineId, (this.askedOn.get(lineId) ?? new Map<number, CivilDate>()).set(claimId, on))
  }

  add(lineId: number, claimId: number, clue: Clue) {
    const files = this.of.get(lineId) ?? new Map<number, Set<Clue>>()
    this.of.set(lineId, files.set(claimId, (files.get(claimId) ?? new Set<Clue>()).add(clue)))
  }

  /** Whether the sender wrote a file. */
  hasWritten(lineId: number): boolean {
    return [...(this.of.get(lineId)?.values() ?? [])].some((of) =>
      WRITTEN.some((strategy) => of.has(strategy))
    )
  }

  get claimIds(): number[] {
    return [...new Set([...this.of.values()].flatMap((files) => [...files.keys()]))]
  }
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

/** Lines of the same day and amount in a statement of another format. */
async function knownElsewhere(client: QueryClientContract, lines: readonly BankLine[]): Promise<Set<number>> {
  const known = new Set<number>()
  const rows = await client
    .from('bank_lines as l')
    .join('bank_statements as s', 's.id', 'l.statement_id')
    .whereIn(
      'l.id',
      lines.map(({ id }) => id)
    )
    .whereExists((other) =>
      other
        .from('bank_lines as o')
        .join('bank_statements as t', 't.id', 'o.statement_id')
        .whereColumn('o.booked_on', 'l.booked_on')
        .whereColumn('o.amount_cents', 'l.amount_cents')
        .whereColumn('t.format', '<>', 's.format')
        .where('o.state', 'matched')
    )
    .select('l.id')
  for (const row of rows) known.add(Number(row.id))
  return known
}

/** What depends on what is owed, and is told again by it. */
const ON_THAT_DAY: readonly Clue[] = ['iban_amount', 'amount', 'owed_lately']

/** The same clues on what the files owe by now, before money is posted on them. */
export async function lookUpAgain(
  client: QueryClientContract,
  line: BankLine,
  { facts, candidates }: LookedUp
): Promise<LookedUp> {
  const clues = new Clues()
  for (const { claimId, clues: of, askedOn } of candidates) {
    if (askedOn) clues.addAsked(line.id, claimId, askedOn)
    for (const clue of of) {
      if (!ON_THAT_DAY.includes(clue)) clues.add(line.id, claimId, clue)
    }
  }
  const elsewhere = await knownElsewhere(client, [line])
  const weighed = await weigh(client, [line], clues)
  return {
    facts: { ...facts, knownElsewhere: elsewhere.has(line.id) },
    candidates: weighed.get(line.id) ?? [],
  }
}

async function weigh(client: QueryClientContract, lines: readonly BankLine[], clues: Clues) {
  const { claimIds } = clues
  const debts = await loadDebts(claimIds, client)
  const statuses = await statusesOf(client, claimIds)
  const byHand = await transfersByHand(client, claimIds)
  const weighed = new Map<number, Candidate[]>()
  for (const line of lines) {
    const files = clues.of.get(line.id)
    if (!files) continue
    weighed.set(
      line.id,
      [...files].map(([claimId, of]) => {
        const owedCents = owedBefore(debts.get(claimId)!, line.bookedOn).totalCents
        const exact = owedCents === line.amountCents
        const owedLatelyOn = owedLately(debts.get(claimId)!, owedCents, line)
        const more: Clue[] = exact ? (of.has('known_iban') ? ['iban_amount', 'amount'] : ['amount']) : []
        if (owedLatelyOn) more.push('owed_lately')
        return {
          claimId,
          status: statuses.get(claimId)!,
          owedCents,
          clues: new Set([...of, ...more]),
          askedOn: clues.askedOn.get(line.id)?.get(claimId) ?? null,
          owedLatelyOn,
          writtenByHand: (byHand.get(claimId) ?? []).some((one) => isSameTransfer(line, one)),
        }
      })
    )
  }
  return weighed
}

/**
 * The last day before on which a file owed just that: whoever ordered the transfer read it then. What is owed
 * only grows from day to day, so that most files need one more reckoning, or none.
 */
function owedLately(
  debt: ClaimDebt,
  owedCents: Cents,
  { bookedOn, amountCents }: BankLine
): CivilDate | null {
  const owedOn = (days: number) => owedBefore(debt, addDays(bookedOn, -days)).totalCents
  if (amountCents >= owedCents || amountCents < owedOn(ORDERED_DAYS)) return null
  for (let days = 1; days <= ORDERED_DAYS; days++) {
    if (owedOn(days) === amountCents) return addDays(bookedOn, -days)
  }
  return null
}

async function statusesOf(client: QueryClientContract, claimIds: readonly number[]) {
  const statuses = new Map<number, ClaimStatus>()
  for (const slice of slices(claimIds)) {
    const rows = await client
      .from('claims')
      .whereIn('id', [...slice])
      .select('id', 'status')
    for (const row of rows) statuses.set(Number(row.id), row.status)
  }
  return statuses
}

type ByHand = { amountCents: Cents; receivedOn: CivilDate }

async function transfersByHand(client: QueryClientContract, claimIds: readonly number[]) {
  const found = new Map<number, ByHand[]>()
  for (const slice of slices(claimIds)) {
    const rows = await client
      .from('payments')
      .whereIn('claim_id', [...slice])
      .where('method', 'transfer')
      .where('source', 'like', 'manual:%')
      .select('claim_id', 'amount_cents', 'received_on')
    for (const row of rows) {
      const one = { amountCents: Number(row.amount_cents), receivedOn: row.received_on }
      found.set(Number(row.claim_id), [...(found.get(Number(row.claim_id)) ?? []), one])
    }
  }
  return found
}

const isSameTransfer = (line: BankLine, { amountCents, receivedOn }: ByHand) =>
  amountCents === line.amountCents &&
  receivedOn >= addDays(line.bookedOn, -BY_HAND_DAYS) &&
  receivedOn <= addDays(line.bookedOn, BY_HAND_DAYS)

const marks = (values: readonly unknown[]) => values.map(() => '?').join(', ')

function* slices<T>(values: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < values.length; start += SLICE) yield values.slice(start, start + SLICE)
}
