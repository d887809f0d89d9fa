import type { QueryClientContract } from '@adonisjs/lucid/types/database'
import { addDays } from '#shared/calendar'
import type { CivilDate } from '#shared/clock'
import type { Cents } from '#shared/money'
import type { ClaimStatus } from '#claims/models/claim'
import { loadDebts, type ClaimDebt } from '#claims/debts'
import { owedBefore } from '#claims/owed'
import { Clues } from '#banking/matching/clues'
import { findClues } from '#banking/matching/find_clues'
import type { Candidate, Clue, LineFacts } from '#banking/matching/judge'
import { slices } from '#banking/matching/slices'
import type BankLine from '#banking/models/bank_line'

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
  for (const slice of slices(lines)) {
    const clues = await findClues(client, slice)
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
