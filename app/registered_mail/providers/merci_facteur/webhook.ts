import type { Instant } from '#shared/clock'
import { providerInstant } from '#registered_mail/providers/instants'
import { isJson, objectsIn, textOf, type Json } from '#shared/http'
import { sameSecret } from '#registered_mail/providers/same_secret'
import type { ProviderFact, WebhookReader } from '#registered_mail/providers/provider'
import { factOf } from '#registered_mail/providers/merci_facteur/statuses'

const SECRET_HEADER = 'x-mf-webhook-secret-key'

/**
 * Reads Merci Facteur's webhooks (`ai-guides/besoin/webhooks.md`): a form whose
 * fields `event` and `detail` are JSON, one event for one or several letters,
 * known by a secret in a header. It wants the answer 200, with fewer than 500 characters,
 * and tries twice more, an hour and a day later.
 */
export function merciFacteurWebhook(secret: string): WebhookReader {
  return {
    isAuthentic: (headers) => sameSecret(headers[SECRET_HEADER], secret),
    facts: (body, contentType) => {
      const { event, detail } = fieldsOf(body.toString('utf8'), contentType)
      const at = isJson(event) ? providerInstant(event.date_event) : null
      return (isJson(detail) ? [detail] : objectsIn(detail))
        .map((letter) => letterFact(letter, at))
        .filter((fact) => fact !== null)
    },
  }
}

function letterFact(letter: Json, at: Instant | null): ProviderFact | null {
  const sendingId = textOf(letter.id_envoi)
  const status = textOf(letter.statut_courrier)
  if (!sendingId || !status) return null
  return factOf(sendingId, status, { at, trackingNumber: textOf(letter.tracking_number) })
}

/** The guides show a form, and their examples its two fields as one JSON object. */
function fieldsOf(text: string, contentType = ''): { event: unknown; detail: unknown } {
  if (contentType.includes('json')) {
    const whole = parsed(text)
    return isJson(whole) ? { event: asJson(whole.event), detail: asJson(whole.detail) } : NOTHING
  }
  const form = new URLSearchParams(text)
  return { event: parsed(form.get('event')), detail: parsed(form.get('detail')) }
}

const NOTHING = { event: null, detail: null }

const asJson = (value: unknown) => (typeof value === 'string' ? parsed(value) : value)

function parsed(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text)
  } catch {
    return null
  }
}
