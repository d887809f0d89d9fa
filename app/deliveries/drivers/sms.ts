import type { Answer } from '#shared/http'
import type { Driver } from '#deliveries/drivers/driver'
import { heard, isRefusal, type Heard, type Pause, type Refusal } from '#deliveries/drivers/refusal'

/** Carries SMS, and can say whether its account lets us in without sending one. */
export interface SmsDriver extends Driver {
  test(): Promise<{ ok: true; account: string } | { ok: false; reason: string }>
}

/** The lease outlasts both requests that one SMS may take. */
export const SMS_TIMEOUT_MS = 20_000

/**
 * What an answer means before its words are read, for a provider that knows no key
 * of ours: after any 5xx, a 503 like the others, the SMS may have been taken.
 */
export function heardUnkeyed(answer: Answer, pause: Pause, secrets: readonly string[]): Heard | Refusal {
  const verdict = heard(answer, pause, secrets)
  const broken = answer.kind === 'answered' && answer.status >= 500
  return broken && isRefusal(verdict) ? { kind: 'unanswered', reason: verdict.reason } : verdict
}

/** What a text may open: its codes and the tokens of its links, which no reason may repeat however they were escaped. */
export const secretsIn = (text: string): string[] =>
  (text.match(/[\w-]{4,}/g) ?? []).filter((word) => /\d/.test(word))
