import { isJson, objectsIn, textOf, type Json } from '#shared/http'
import { sameSecret } from '#registered_mail/providers/same_secret'
import type { ProviderFact, WebhookReader } from '#registered_mail/providers/provider'
import { factOf, statusTold, undelivered } from '#registered_mail/providers/maileva/facts'
import { DELIVERY_STATES } from '#registered_mail/providers/maileva/statuses'

/**
 * Reads the calls of the notification center (notification_center v2): JSON
 * `{ event_type, event_date, resource_type, resource_id, resource_location,
 * resource_custom_id }`, signed in with the HTTP Basic credentials that the
 * subscription was made with. (It may do so by OAuth2 as well, which is not
 * used here.) It wants the answer 201, and tries ten times in fourteen hours.
 *
 * An event names a change and not its content: a letter that came back does
 * not say why, nor which end it is. Such an event has neither state nor
 * proof, and only its name as reason: asking tells the rest.
 */
export function mailevaWebhook({ login, password }: { login: string; password: string }): WebhookReader {
  const expected = login && password ? `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}` : ''
  return {
    isAuthentic: (headers) => sameSecret(headers.authorization, expected),
    facts: (body) => {
      const call = parsed(body)
      return (isJson(call) ? [call] : objectsIn(call)).map(eventFact).filter((fact) => fact !== null)
    },
  }
}

function eventFact(event: Json): ProviderFact | null {
  const type = textOf(event.event_type)
  const sendingId = sendingIdOf(event)
  if (!type || !sendingId) return null
  const at = event.event_date
  const status = /^ON_STATUS_(\w+)$/.exec(type)?.[1]
  if (status) return factFor(sendingId, statusTold(status === 'ARCHIVED' ? null : status, at, null)[0])
  const delivery = /^ON_MAIN_DELIVERY_STATUS_(\w+)$/.exec(type)?.[1]
  if (delivery && Object.hasOwn(DELIVERY_STATES, delivery)) {
    return factOf(sendingId, { key: `delivery:${delivery}`, state: DELIVERY_STATES[delivery]!, at })
  }
  const reason = textOf(event.undelivered_mail_reason)
  if (reason && UNDELIVERED_EVENTS.has(type)) return factOf(sendingId, undelivered(reason, at))
  return Object.hasOwn(EVENTS, type) ? factOf(sendingId, { ...EVENTS[type]!, at }) : null
}

type Told = Parameters<typeof factOf>[1]

const factFor = (sendingId: string, told: Told | undefined) => (told ? factOf(sendingId, told) : null)

const UNDELIVERED_EVENTS = new Set(['ON_MAIN_DELIVERY_STATUS_UNDELIVERED', 'ON_UNDELIVERED_MAIL_RECEIVED'])

const DEPOSIT: Told = { key: 'proof:deposit', proof: 'deposit', state: 'handed_over' }

const EVENTS: Readonly<Record<string, Told>> = {
  ON_DEPOSIT_PROOF_RECEIVED: DEPOSIT,
  ON_GLOBAL_DEPOSIT_PROOF_RECEIVED: DEPOSIT,
  ON_CONTENT_PROOF_RECEIVED: { key: 'proof:content', proof: 'content' },
  ON_ACKNOWLEDGEMENT_OF_RECEIPT_RECEIVED: {
    key: 'proof:receipt',
    proof: 'receipt',
    state: 'delivered_signed',
  },
  ON_UNDELIVERED_MAIL_RECEIVED: { key: 'proof:returned_mail', proof: 'returned_mail' },
  ON_MAIN_DELIVERY_STATUS_UNDELIVERED: { key: 'delivery:UNDELIVERED', reason: 'UNDELIVERED' },
}

/** The resource is the sending, or its recipient: then the sending is in its address. */
function sendingIdOf(event: Json): string | null {
  const inAddress = /\/sendings\/([\w-]+)/.exec(textOf(event.resource_location) ?? '')?.[1]
  if (inAddress) return inAddress
  return /\/sendings$/.test(textOf(event.resource_type) ?? '') ? textOf(event.resource_id) : null
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return null
  }
}
