import { createHash } from 'node:crypto'
import { machineNow } from '#shared/clock'
import { ask, jsonIn, MAX_JSON_BYTES, textOf, type Json, type Request } from '#shared/http'
import type { Outcome, Parcel } from '#deliveries/drivers/driver'
import { isRefusal, Pause, type Heard, type Refusal } from '#deliveries/drivers/refusal'
import { heardUnkeyed, secretsIn, SMS_TIMEOUT_MS, type SmsDriver } from '#deliveries/drivers/sms'
import { smsIn } from '#deliveries/message'

export interface OvhSettings {
  /** `https://eu.api.ovh.com/1.0` */
  apiBase: string
  appKey: string
  appSecret: string
  consumerKey: string
  /** The account that pays, for example `sms-ab1234-1`. */
  service: string
  /** One that OVH has validated; null for a short number of theirs. */
  sender: string | null
}

interface Call {
  method: 'GET' | 'POST'
  path: string
  json?: Json
  /** Asked last, when nothing but the request remains to be done. */
  mayLeave?: () => boolean
}

type Asked = Pick<Request, 'method' | 'url' | 'headers' | 'body'> & { secrets?: string[] }

/** Beyond, a telephone that was off shows nothing. */
const VALIDITY_MINUTES = 24 * 60

/**
 * SMS by OVHcloud, as its documents say, read in November 2026: the schema of
 * `/sms` (https://eu.api.ovh.com/1.0/sms.json: POST /sms/{serviceName}/jobs, where
 * `class` and `coding` are deprecated, answered by `{ ids, invalidReceivers,
 * validReceivers, totalCreditsRemoved }`), the guides "API SMS Cookbook" and
 * "First steps with the OVHcloud APIs" for the signature, and its own client for
 * the clock and the escaping (github.com/ovh/node-ovh, lib/ovh.js). `noStopClause`
 * says that it is no advertisement. QUERY_TIME_OUT, INVALID_SIGNATURE and the 403
 * of a key without the right are those of its users (ovh/php-ovh issues 62 and 97,
 * ovh/node-ovh issue 22).
 *
 * Assumed, for no document says it: that the refusal of an empty account or of a
 * sender names the credits or the sender, and that a 4xx has taken nothing.
 */
export function ovhDriver(settings: OvhSettings, timeoutMs = SMS_TIMEOUT_MS): SmsDriver {
  const client = new OvhClient(settings, timeoutMs)
  const path = `/sms/${encodeURIComponent(settings.service)}/jobs`
  return {
    name: 'ovh',
    keyed: false,
    open: () => ({
      send: async (parcel, mayLeave) => {
        const answer = await client.call({ method: 'POST', path, json: jobOf(parcel, settings), mayLeave })
        return 'said' in answer ? outcomeOf(answer) : answer
      },
      close: async () => {},
    }),
    test: async () => {
      const answer = await client.call({ method: 'GET', path })
      if ('said' in answer && answer.status < 300) return { ok: true, account: settings.service }
      return { ok: false, reason: 'said' in answer ? answer.said : reasonIn(answer) }
    },
  }
}

function jobOf(parcel: Parcel, { sender }: OvhSettings): Json {
  const { to, text } = smsIn(parcel.bytes)
  return {
    message: text,
    receivers: [to],
    charset: 'UTF-8',
    noStopClause: true,
    priority: 'high',
    validityPeriod: VALIDITY_MINUTES,
    ...(sender ? { sender, senderForResponse: false } : { senderForResponse: true }),
  }
}

function outcomeOf({ status, bytes, said }: Heard): Outcome {
  const body = jsonIn(bytes)
  if (status < 300) return reported(body, said)
  const ours =
    [402, 404, 405].includes(status) || OURS.test(`${textOf(body?.errorCode)} ${textOf(body?.message)}`)
  return { kind: ours ? 'unreachable' : 'permanent', reason: said }
}

/** Our keys, our sender or our credits: no SMS leaves, this one or another. */
const OURS =
  /\b(QUERY_TIME_OUT|INVALID_SIGNATURE|INVALID_KEY|INVALID_CREDENTIAL|NOT_CREDENTIAL|sender|credits?)\b/i

function reported(body: Json | null, said: string): Outcome {
  const [id, refused] = [firstOf(body?.ids), firstOf(body?.invalidReceivers)]
  if (id) return { kind: 'sent', providerRef: id }
  if (refused) return { kind: 'no_mailbox', reason: said }
  return { kind: 'unanswered', reason: `it names no SMS: ${said}` }
}

const firstOf = (list: unknown): string | null => (Array.isArray(list) ? textOf(list[0]) : null)

const reasonIn = (answer: Refusal | { kind: 'withheld' }) =>
  'reason' in answer ? answer.reason : answer.kind

class OvhClient {
  readonly #pause = new Pause()
  /** By how many seconds OVH's clock is ahead of ours; null until it was asked. */
  #aheadSeconds: number | null = null

  constructor(
    private readonly settings: OvhSettings,
    private readonly timeoutMs: number
  ) {}

  /** Never throws. */
  async call({
    method,
    path,
    json,
    mayLeave = () => true,
  }: Call): Promise<Heard | Refusal | { kind: 'withheld' }> {
    const ahead = this.#pause.refusal ?? (await this.#clock())
    if (typeof ahead !== 'number') return ahead
    if (!mayLeave()) return { kind: 'withheld' }
    const url = `${this.settings.apiBase}${path}`
    const body = json ? escaped(json) : ''
    const answer = await this.#ask({
      method,
      url,
      headers: this.#signed(method, url, body, ourSeconds() + ahead),
      ...(body ? { body } : {}),
      secrets: secretsIn(textOf(json?.message) ?? ''),
    })
    // Should it be for its date, the next one asks for the time again.
    if ('said' in answer && answer.status >= 400) this.#aheadSeconds = null
    return answer
  }

  async #clock(): Promise<number | Refusal> {
    if (this.#aheadSeconds !== null) return this.#aheadSeconds
    const answer = await this.#ask({ method: 'GET', url: `${this.settings.apiBase}/auth/time`, headers: {} })
    if (isRefusal(answer)) return { kind: 'unreachable', reason: `the time: ${answer.reason}` }
    const told = answer.bytes.toString('utf8').trim()
    if (answer.status >= 300 || !/^\d{9,11}$/.test(told)) {
      return { kind: 'unreachable', reason: `the time: ${answer.said}` }
    }
    const ahead = Number(told) - ourSeconds()
    this.#aheadSeconds = ahead
    return ahead
  }

  async #ask({ headers, secrets = [], ...request }: Asked) {
    const answer = await ask({
      ...request,
      headers: { ...headers, 'content-type': 'application/json' },
      timeoutMs: this.timeoutMs,
      maxBytes: MAX_JSON_BYTES,
    })
    const { appSecret, consumerKey } = this.settings
    return heardUnkeyed(answer, this.#pause, [appSecret, consumerKey, ...secrets])
  }

  #signed(method: string, url: string, body: string, timestamp: number): Record<string, string> {
    const { appKey, appSecret, consumerKey } = this.settings
    const signed = [appSecret, consumerKey, method, url, body, timestamp].join('+')
    return {
      'x-ovh-application': appKey,
      'x-ovh-consumer': consumerKey,
      'x-ovh-timestamp': String(timestamp),
      'x-ovh-signature': `$1$${createHash('sha1').update(signed).digest('hex')}`,
    }
  }
}

const ourSeconds = () => Math.floor(Date.parse(machineNow()) / 1000)

/** Accents as JSON escapes: the signature is then over the same bytes whatever reads them on the way. */
const escaped = (json: Json) =>
  JSON.stringify(json).replace(
    /[\u0080-\uffff]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`
  )
