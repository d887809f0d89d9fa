import { ask, MAX_JSON_BYTES, quoted } from '#shared/http'
import type { Driver, Outcome, Parcel } from '#deliveries/drivers/driver'

export interface KeyedHttpSettings {
  /** Where to post a parcel, for example `https://print.example/v1/sendings`. */
  url: string
  apiKey: string
}

const TIMEOUT_MS = 30_000

/**
 * A provider that takes each `Idempotency-Key` once: the same key with the same
 * bytes gives the first answer again. A lost answer is then asked for again
 * safely. Answers: 2xx `{ "id": "…" }` taken; 409, 425, 429 and 5xx later;
 * 3xx, 401 and 403 our settings; any other 4xx never.
 */
export function keyedHttpDriver(settings: KeyedHttpSettings, timeoutMs = TIMEOUT_MS): Driver {
  return {
    name: 'keyed_http',
    keyed: true,
    open: () => ({
      send: (parcel, mayLeave) => post(settings, parcel, mayLeave, timeoutMs),
      close: async () => {},
    }),
  }
}

async function post(
  { url, apiKey }: KeyedHttpSettings,
  parcel: Parcel,
  mayLeave: () => boolean,
  timeoutMs: number
): Promise<Outcome> {
  if (!mayLeave()) return { kind: 'withheld' }
  const answer = await ask({
    method: 'POST',
    url,
    headers: {
      authorization: `Bearer ${apiKey}`,
      'idempotency-key': parcel.key,
      'content-type': parcel.channel === 'email' ? 'message/rfc822' : 'application/json',
      'x-recipient': encodeURIComponent(parcel.recipient),
    },
    body: parcel.bytes,
    timeoutMs,
    maxBytes: MAX_JSON_BYTES,
  })
  if (answer.kind === 'answered') return outcomeOf(answer.status, answer.bytes.toString('utf8'))
  return { kind: answer.reached ? 'unanswered' : 'unreachable', reason: answer.reason }
}

const LATER = [409, 425, 429]

function outcomeOf(status: number, body: string): Outcome {
  const reason = `${status} ${quoted(body, [])}`
  if (status < 300) return { kind: 'sent', providerRef: providerRefIn(body) }
  if (status < 400 || status === 401 || status === 403) return { kind: 'unreachable', reason }
  if (status >= 500 || LATER.includes(status)) return { kind: 'temporary', reason }
  return { kind: 'permanent', reason }
}

/** Taken is taken, even when the answer is not the JSON it should be. */
function providerRefIn(body: string): string | null {
  const id = /"id"\s*:\s*"([^"]{1,200})"/.exec(body)
  return id ? id[1]! : null
}
