import { civilDateAt, type CivilDate, type Instant } from '#shared/clock'
import type { MailingState } from '#registered_mail/providers/provider'
import { further, isEnd, outcomeOf, PRESENTED } from '#registered_mail/states'

/** A fact as it was kept. */
export interface ToldFact {
  factKey: string
  state: MailingState | null
  occurredAt: Instant | null
  receivedAt: Instant
  registeredNumber: string | null
  reason: string | null
}

export interface Folded {
  state: MailingState
  registeredNumber: string | null
  /** Why it ended as it did; null when it was delivered or goes on. */
  reason: string | null
  handedOverOn: CivilDate | null
  firstPresentedOn: CivilDate | null
  deliveredOn: CivilDate | null
  endedOn: CivilDate | null
  /** Two outcomes were told that exclude each other. */
  contradicted: boolean
}

/**
 * What a mailing is, from all that was told of it: the same whatever the order
 * in which it came and however often (rule 50). Each date is the earliest told.
 *
 * @param base where it stands by what we know ourselves
 */
export function foldFacts(base: MailingState, facts: readonly ToldFact[]): Folded {
  const ordered = facts.toSorted((a, b) => compare(toldAt(a), toldAt(b)) || compare(a.factKey, b.factKey))
  const state = ordered.reduce((reached, fact) => (fact.state ? further(reached, fact.state) : reached), base)
  const firstOn = (states: readonly MailingState[]) => {
    const fact = ordered.find((one) => one.state && states.includes(one.state))
    return fact ? civilDateAt(toldAt(fact)) : null
  }
  const outcomes = new Set(ordered.flatMap((fact) => (fact.state && outcomeOf(fact.state)) || []))
  return {
    state,
    registeredNumber: ordered.find((fact) => fact.registeredNumber)?.registeredNumber ?? null,
    reason: isEnd(state)
      ? (ordered.find((fact) => fact.state === state && fact.reason)?.reason ?? null)
      : null,
    handedOverOn: firstOn(['handed_over']),
    firstPresentedOn: firstOn(PRESENTED),
    deliveredOn: firstOn(['delivered', 'delivered_signed']),
    endedOn: isEnd(state) ? firstOn([state]) : null,
    contradicted: outcomes.size > 1,
  }
}

/**
 * Rule 48: who could not be notified has not left anything unclaimed, whatever a provider says of the period; only a
 * notice that arrives, and its answer, say more.
 */
export const heardElectronically = <Fact extends ToldFact>(facts: readonly Fact[]): readonly Fact[] =>
  facts.some(({ state }) => state === 'notification_failed')
    ? facts.filter(({ state }) => state !== 'unclaimed')
    : facts

/** When it happened, or else when it was heard of. */
const toldAt = ({ occurredAt, receivedAt }: ToldFact) => occurredAt ?? receivedAt

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
