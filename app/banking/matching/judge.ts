import type { CivilDate } from '#shared/clock'
import type { Cents } from '#shared/money'
import type { ClaimStatus } from '#claims/models/claim'

/** Ways of knowing the file of a transfer, the surest first (law.md §7). */
export const STRATEGIES = ['reference', 'file_reference', 'end_to_end', 'iban_amount'] as const
export type Strategy = (typeof STRATEGIES)[number]

/**
 * Which of them may post money without a person, and whether what exceeds the debt may; for how many
 * working days a line that waits for a person keeps its likely debtors from being reminded.
 */
export type MatchingRules = Record<Strategy, boolean> & { surplus: boolean; holdDays: number }

/** What speaks for a file. A name says nothing alone: it only adds to an amount. */
export type Clue = Strategy | 'known_iban' | 'invoice' | 'name' | Exact

/** What the amount is just: owed on that day, asked for by a letter, or owed when it was ordered. Never certain alone. */
const EXACT = ['amount', 'asked', 'owed_lately'] as const
export type Exact = (typeof EXACT)[number]

/** What forbids to post without a person, each worded in `statements.reasons`. */
export type Doubt =
  | 'several_files'
  | 'closed'
  | 'nothing_owed'
  | 'more_than_owed'
  | 'not_automatic'
  | 'charges'
  | 'batch'
  | 'returned'
  | 'known_elsewhere'
  | 'written_by_hand'

/** What the line says that matters here. */
export type LineFacts = {
  amountCents: Cents
  chargesCents: Cents
  isReturn: boolean
  isBatch: boolean
  /** The same day, the same amount, in a statement of another format: it may be the same movement. */
  knownElsewhere: boolean
}

/** A file that something of the line speaks for. */
export type Candidate = {
  claimId: number
  status: ClaimStatus
  /** Owed on the day the line was booked. */
  owedCents: Cents
  clues: ReadonlySet<Clue>
  /** Of the last letter that asked for just that, and the last day on which just that was owed, when there is one. */
  askedOn: CivilDate | null
  owedLatelyOn: CivilDate | null
  /** A person wrote down a transfer of that amount about that day. */
  writtenByHand: boolean
}

export type Suggestion = {
  claimId: number
  strategy: Strategy | null
  score: number
  reasons: (Clue | Doubt)[]
}

export type Judgement = { certain: Suggestion | null; suggestions: Suggestion[] }

const SCORES: Record<Strategy, number> = {
  reference: 100,
  file_reference: 90,
  end_to_end: 85,
  iban_amount: 80,
}
/** Below it a file is not proposed. */
const LEAST_SCORE = 30
const MOST_SUGGESTIONS = 5

/**
 * Whose money a line is. Certain is one file, known by a way the agency trusts, that owes what
 * came; everything else is a suggestion for a person. Never on a name alone.
 */
export function judge(line: LineFacts, candidates: readonly Candidate[], rules: MatchingRules): Judgement {
  if (line.amountCents <= 0) return { certain: null, suggestions: [] }
  const named = namedFiles(candidates)
  const suggestions = candidates
    .map((one) => suggestionOf(one, doubtsAbout(line, one, named, rules)))
    .filter(({ score }) => score >= LEAST_SCORE)
    .toSorted((a, b) => b.score - a.score || a.claimId - b.claimId)
  const certain = suggestions.find(({ strategy, reasons }) => strategy && !reasons.some(isDoubt)) ?? null
  return { certain, suggestions: suggestions.slice(0, MOST_SUGGESTIONS) }
}

/** The files the sender wrote; when there is none, those that their account and the amount tell. */
function namedFiles(candidates: readonly Candidate[]): Candidate[] {
  const written = candidates.filter((one) => WRITTEN.some((strategy) => one.clues.has(strategy)))
  return written.length > 0 ? written : candidates.filter((one) => one.clues.has('iban_amount'))
}

/** Those that the sender wrote. */
export const WRITTEN: readonly Strategy[] = ['reference', 'file_reference', 'end_to_end']

/** The surest of the ways in which a file is known. */
export function strategyOf({ clues }: Candidate): Strategy | null {
  return STRATEGIES.find((strategy) => clues.has(strategy)) ?? null
}

function suggestionOf(candidate: Candidate, doubts: Doubt[]): Suggestion {
  const strategy = strategyOf(candidate)
  const { clues } = candidate
  const reasons = [...clues]
    .filter((clue) => clue !== 'known_iban' || !clues.has('iban_amount'))
    .toSorted((one, other) => Number(one === 'name') - Number(other === 'name'))
  return {
    claimId: candidate.claimId,
    strategy,
    score: strategy ? SCORES[strategy] : weakScore(clues),
    reasons: [...reasons, ...doubts],
  }
}

function weakScore(clues: ReadonlySet<Clue>): number {
  const isExact = EXACT.some((clue) => clues.has(clue))
  if (clues.has('invoice')) return isExact ? 70 : 60
  if (clues.has('known_iban')) return 50
  if (isExact) return clues.has('name') ? 55 : LEAST_SCORE
  return 0
}

function doubtsAbout(
  line: LineFacts,
  candidate: Candidate,
  named: readonly Candidate[],
  rules: MatchingRules
): Doubt[] {
  const strategy = strategyOf(candidate)
  const { owedCents, status } = candidate
  const found: [Doubt, boolean][] = [
    ['returned', line.isReturn],
    ['batch', line.isBatch],
    ['charges', line.chargesCents > 0],
    ['known_elsewhere', line.knownElsewhere],
    ['written_by_hand', candidate.writtenByHand],
    ['several_files', strategy !== null && (named.length > 1 || !named.includes(candidate))],
    ['closed', status === 'closed'],
    ['nothing_owed', status !== 'closed' && owedCents <= 0],
    ['more_than_owed', !rules.surplus && owedCents > 0 && line.amountCents > owedCents],
    ['not_automatic', strategy !== null && !rules[strategy]],
  ]
  return found.filter(([, holds]) => holds).map(([doubt]) => doubt)
}

const DOUBTS = new Set<string>([
  'several_files',
  'closed',
  'nothing_owed',
  'more_than_owed',
  'not_automatic',
  'charges',
  'batch',
  'returned',
  'known_elsewhere',
  'written_by_hand',
] satisfies Doubt[])

/** What speaks against, for whoever shows the reasons. */
export const isDoubt = (reason: string) => DOUBTS.has(reason)
