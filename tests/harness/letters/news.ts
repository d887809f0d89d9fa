import { addMinutes, type Instant } from '#shared/clock'
import { foldFacts, heardElectronically, type ToldFact } from '#registered_mail/fold'
import type { Ar24 } from '#registered_mail/providers/ar24/provider'
import type { ProviderFact } from '#registered_mail/providers/provider'
import type { FakeAr24 } from '#tests/fakes/ar24'
import { between, shuffled, type Random } from '#tests/fakes/stripe/random'
import { ProviderUnavailable } from '#registered_mail/providers/provider'

const HISTORIES = [
  ['sent', 'AR'],
  ['sent', 'refused'],
  ['sent', 'negligence'],
  ['bounced'],
  ['sent', 'bounced'],
]
const HEARD_AT: Instant = '2026-11-23T09:00:00.000Z'

/** What becomes of each letter is asked for at each step, then heard in any order and twice: it must end the same. */
export async function newsProblems(api: FakeAr24, provider: Ar24, random: Random): Promise<string[]> {
  const problems: string[] = []
  for (const mail of api.mails) {
    const news: ProviderFact[][] = [await heard(provider, mail.id)]
    for (const status of HISTORIES[between(random, 0, HISTORIES.length - 1)]!) {
      api.advance(mail, status)
      news.push(await heard(provider, mail.id))
    }
    const [told, retold] = [folded(news), folded(shuffled(random, [...news, ...news]))]
    if (told !== retold) problems.push(`letter ${mail.id} ended as ${told}, and heard otherwise as ${retold}`)
  }
  return problems
}

/** Asked again until it answers. */
async function heard(provider: Ar24, id: number): Promise<ProviderFact[]> {
  for (;;) {
    try {
      return await provider.ask(String(id))
    } catch (error) {
      if (!(error instanceof ProviderUnavailable)) throw error
    }
  }
}

/** Each fact is kept once, as it was first heard. */
function folded(news: readonly ProviderFact[][]): string {
  const kept = new Map<string, ToldFact>()
  for (const [turn, facts] of news.entries()) {
    for (const { factKey, state, at, registeredNumber, reason } of facts) {
      const receivedAt = addMinutes(HEARD_AT, turn)
      if (!kept.has(factKey))
        kept.set(factKey, { factKey, state, occurredAt: at, receivedAt, registeredNumber, reason })
    }
  }
  return JSON.stringify(foldFacts('handed_over', heardElectronically([...kept.values()])))
}
