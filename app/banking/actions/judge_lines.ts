import { setImmediate as breathe } from 'node:timers/promises'
import db from '@adonisjs/lucid/services/db'
import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import { lockClaim } from '#claims/ledger'
import { postMatch } from '#banking/actions/post_match'
import { lookUp, lookUpAgain, type LookedUp } from '#banking/matching/candidates'
import { holdFiles } from '#banking/matching/held_files'
import { judge, type MatchingRules, type Suggestion } from '#banking/matching/judge'
import { looksReturned, stripePayout } from '#banking/matching/proposals'
import BankLine, { type LineState } from '#banking/models/bank_line'
import BankMatchingRules from '#banking/models/bank_matching_rules'

const LINES_AT_ONCE = 500

export type Judged = { judged: number; matched: number; failed: { lineId: number; reason: string }[] }

/**
 * Works every line that nobody has looked at yet: what is certain is posted, each in a transaction
 * of its own; the rest is proposed to a person. Stopped anywhere, it goes on where it was.
 */
export class JudgeLines {
  async handle(signal: AbortSignal = new AbortController().signal): Promise<Judged> {
    const outcome: Judged = { judged: 0, matched: 0, failed: [] }
    for (let after = 0; !signal.aborted;) {
      const lines = await BankLine.query()
        .whereNull('judgedAt')
        .where('id', '>', after)
        .orderBy('id')
        .limit(LINES_AT_ONCE)
      if (lines.length === 0) break
      after = lines.at(-1)!.id
      await this.#work(lines, outcome)
    }
    return outcome
  }

  /** Proposes what has come to light since for lines that nothing spoke for; posts nothing. */
  async proposeAgain() {
    const lines = await BankLine.query()
      .where('state', 'open')
      .where('amountCents', '>', 0)
      .whereNotNull('judgedAt')
      .whereDoesntHave('matches', (matches) => void matches.whereNull('undoneAt'))
      .orderBy('id', 'desc')
      .limit(LINES_AT_ONCE)
    const rules = await BankMatchingRules.current()
    const looked = await lookUp(db.connection(), lines)
    const known = lines
      .map(({ id }) => {
        const { facts, candidates } = looked.get(id)!
        return { id, suggestions: judge(facts, candidates, rules).suggestions }
      })
      .filter(({ suggestions }) => suggestions.length > 0)
    await transaction(async (trx) => {
      await BankLine.query({ client: trx })
        .whereIn(
          'id',
          known.map(({ id }) => id)
        )
        .where('state', 'open')
        .update({ state: 'suggested' })
      for (const { id, suggestions } of known) await holdFiles(trx, id, suggestions, rules)
    })
  }

  async #work(lines: BankLine[], outcome: Judged) {
    const rules = await BankMatchingRules.current()
    const looked = await lookUp(db.connection(), lines)
    const proposed: BankLine[] = []
    for (const line of lines) {
      const { certain } = judge(looked.get(line.id)!.facts, looked.get(line.id)!.candidates, rules)
      if (!certain) {
        proposed.push(line)
        continue
      }
      await breathe()
      try {
        if (await this.#match(line, looked.get(line.id)!, certain, rules)) outcome.matched += 1
      } catch (error) {
        outcome.failed.push({ lineId: line.id, reason: (error as Error).message })
      }
    }
    await this.#propose(proposed, looked, rules)
    outcome.judged += lines.length
  }

  /** Judged again under lock: another line may have paid that file meanwhile. */
  async #match(line: BankLine, looked: LookedUp, found: Suggestion, rules: MatchingRules): Promise<boolean> {
    return transaction(async (trx) => {
      const locked = await BankLine.locked(trx, line.id)
      if (locked.judgedAt) return false
      await lockClaim(trx, found.claimId)
      const { facts, candidates } = await lookUpAgain(trx, locked, looked)
      const { certain, suggestions } = judge(facts, candidates, rules)
      locked.merge({ judgedAt: clock.now(), state: 'suggested' })
      if (certain?.claimId !== found.claimId) {
        await locked.save()
        await holdFiles(trx, locked.id, suggestions, rules)
        return false
      }
      const { claimId, strategy, score, reasons } = certain
      await postMatch(trx, locked, {
        claimId,
        amountCents: locked.amountCents,
        strategy: strategy!,
        score,
        reasons,
        userId: null,
      })
      return true
    })
  }

  async #propose(lines: readonly BankLine[], looked: Map<number, LookedUp>, rules: MatchingRules) {
    const suggestions = new Map(
      lines.map((line) => {
        const { facts, candidates } = looked.get(line.id)!
        return [line.id, judge(facts, candidates, rules).suggestions]
      })
    )
    const outcomes = Map.groupBy(lines, (line) => outcomeOf(line, suggestions.get(line.id)!))
    await transaction(async (trx) => {
      for (const [{ state, reason }, judged] of outcomes) {
        await BankLine.query({ client: trx })
          .whereIn(
            'id',
            judged.map(({ id }) => id)
          )
          .whereNull('judgedAt')
          .update({ state, ignoredReason: reason, judgedAt: clock.now() })
      }
      for (const { id } of outcomes.get(SUGGESTED) ?? []) {
        await holdFiles(trx, id, suggestions.get(id)!, rules)
      }
    })
  }
}

type Outcome = { state: LineState; reason: string | null }

const OPEN: Outcome = { state: 'open', reason: null }
const SUGGESTED: Outcome = { state: 'suggested', reason: null }
const STRIPE: Outcome = { state: 'ignored', reason: 'stripe_payout' }
const NOTHING: Outcome = { state: 'ignored', reason: 'nothing' }

/** A payout of Stripe's is set aside when it is certain, and only proposed when a file is named too. */
function outcomeOf(line: BankLine, suggestions: readonly Suggestion[]): Outcome {
  if (line.amountCents === 0) return NOTHING
  const payout = stripePayout(line)
  if (payout === 'certain' && !suggestions.some(({ strategy }) => strategy)) return STRIPE
  return suggestions.length > 0 || payout || looksReturned(line) ? SUGGESTED : OPEN
}
