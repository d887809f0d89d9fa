import { ask, jsonIn, MAX_JSON_BYTES, textOf, type Json } from '#shared/http'
import type { Outcome, Parcel } from '#deliveries/drivers/driver'
import { isRefusal, Pause, type Heard, type Refusal } from '#deliveries/drivers/refusal'
import { heardUnkeyed, secretsIn, SMS_TIMEOUT_MS, type SmsDriver } from '#deliveries/drivers/sms'
import { smsIn } from '#deliveries/message'
import { smsLength } from '#deliveries/sms_text'

export interface BrevoSettings {
  /** `https://api.brevo.com/v3` */
  apiBase: string
  apiKey: string
  sender: string
}

/**
 * SMS by Brevo, as https://developers.brevo.com says, read in November 2026:
 * `POST /transactionalSMS/send` (reference "send-async-transactional-sms"; it
 * replaces `/transactionalSMS/sms`, changelog), header `api-key`, a number without
 * its `+`, answered by 201 `{ messageId }`; a refusal is `{ code, message }`, 402
 * an account without credits, 429 with `x-sib-ratelimit-reset`. A sender has
 * letters and digits only (sendinblue/APIv3-nodejs-library, issue 65). The `tag`
 * is our key, by which a person finds there an SMS of which nobody can tell.
 *
 * Assumed, for no document says it: the words "Invalid telephone number" of a
 * number that nobody has, and that a 4xx has taken nothing.
 */
export function brevoDriver(settings: BrevoSettings, timeoutMs = SMS_TIMEOUT_MS): SmsDriver {
  const pause = new Pause()
  return {
    name: 'brevo',
    keyed: false,
    open: () => ({
      send: async (parcel, mayLeave) => {
        if (pause.refusal) return pause.refusal
        if (!mayLeave()) return { kind: 'withheld' }
        const answer = await call('POST', '/transactionalSMS/send', messageOf(parcel, settings))
        return isRefusal(answer) ? answer : outcomeOf(answer)
      },
      close: async () => {},
    }),
    test: async () => {
      const answer = await call('GET', '/account')
      if (isRefusal(answer)) return { ok: false, reason: answer.reason }
      return answer.status < 300
        ? { ok: true, account: `sender ${settings.sender}` }
        : { ok: false, reason: answer.said }
    },
  }

  async function call(method: 'GET' | 'POST', path: string, json?: Json): Promise<Heard | Refusal> {
    const answer = await ask({
      method,
      url: `${settings.apiBase}${path}`,
      headers: { 'api-key': settings.apiKey, accept: 'application/json', 'content-type': 'application/json' },
      ...(json ? { body: JSON.stringify(json) } : {}),
      timeoutMs,
      maxBytes: MAX_JSON_BYTES,
    })
    return heardUnkeyed(answer, pause, [settings.apiKey, ...secretsIn(textOf(json?.content) ?? '')])
  }
}

function messageOf({ key, bytes }: Parcel, { sender }: BrevoSettings): Json {
  const { to, text } = smsIn(bytes)
  return {
    sender,
    recipient: to.replace('+', ''),
    content: text,
    type: 'transactional',
    tag: key,
    unicodeEnabled: smsLength(text).encoding === 'ucs2',
  }
}

function outcomeOf({ status, bytes, said }: Heard): Outcome {
  const body = jsonIn(bytes)
  if (status < 300) {
    const id = textOf(body?.messageId)
    return id ? { kind: 'sent', providerRef: id } : { kind: 'unanswered', reason: `it names no SMS: ${said}` }
  }
  const words = textOf(body?.message) ?? ''
  if (/^invalid (tele)?phone number/i.test(words)) return { kind: 'no_mailbox', reason: said }
  const ours = [402, 404, 405].includes(status) || /\b(sender|credits?)\b/i.test(words)
  return { kind: ours ? 'unreachable' : 'permanent', reason: said }
}
