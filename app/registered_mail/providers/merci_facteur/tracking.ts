import type { Instant } from '#shared/clock'
import { isJson, objectsIn, textOf, type Json } from '#shared/http'
import { providerInstant } from '#registered_mail/providers/instants'
import type { ProviderFact } from '#registered_mail/providers/provider'
import { factOf, STATUSES } from '#registered_mail/providers/merci_facteur/statuses'

/** What `GET /getSuiviEnvoi` says of a sending that has one letter. */
export interface Tracking {
  trackingNumber: string | null
  /** The scanned receipt in base64, once it is there. */
  receipt: string | null
  facts: ProviderFact[]
}

/**
 * Reads `{ statutPrintEnvoi, suiviCourrier: [{ ref_tracking, last_state, historique,
 * pnd, are_base64_jpeg }] }` (docs/Model/InlineResponse20016*.md of the generated
 * clients). Assumed, for `last_state` and `historique` are described as texts
 * only: states are the codes that the webhooks give, alone, in a list, or as objects with a date;
 * a sentence in French is not interpreted. `pnd` is 1 for a letter that came back.
 */
export function readTracking(sendingId: string, body: Json): Tracking {
  const letter = objectsIn(body.suiviCourrier)[0] ?? {}
  const trackingNumber = textOf(letter.ref_tracking) ?? textOf(letter.tracking_number)
  const scan = textOf(letter.are_base64_jpeg)
  const receipt = scan === 'pending' ? null : scan
  const states = [
    ...statesIn(body.statutPrintEnvoi),
    ...statesIn(letter.historique),
    ...statesIn(letter.last_state),
    ...(textOf(letter.pnd) === '1' ? [{ status: 'distribue_expediteur', at: null }] : []),
    ...(receipt ? [{ status: 'retour_are', at: null }] : []),
  ]
  const facts = new Map<string, ProviderFact>()
  for (const { status, at } of states) {
    const fact = factOf(sendingId, status, { at, trackingNumber })
    if (fact && !(facts.get(fact.factKey)?.at && !at)) facts.set(fact.factKey, fact)
  }
  return { trackingNumber, receipt, facts: [...facts.values()] }
}

interface DatedStatus {
  status: string
  at: Instant | null
}

function statesIn(value: unknown): DatedStatus[] {
  if (Array.isArray(value)) return value.flatMap(statesIn)
  if (isJson(value)) {
    const at =
      ['date_event', 'date', 'timestamp'].map((key) => providerInstant(value[key])).find(Boolean) ?? null
    return Object.values(value)
      .filter((text): text is string => typeof text === 'string' && isStatus(text))
      .map((status) => ({ status, at }))
  }
  if (typeof value !== 'string') return []
  if (isStatus(value)) return [{ status: value, at: null }]
  return /^\s*[[{]/.test(value) ? statesIn(parsed(value)) : []
}

const isStatus = (text: string) => Object.hasOwn(STATUSES, text)

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
