import { createHmac } from 'node:crypto'
import { machineNow } from '#shared/clock'
import {
  AccessToken,
  renewedOnce,
  type Expired,
  type FreshToken,
} from '#registered_mail/providers/access_token'
import { ask, isJson, jsonIn, MAX_JSON_BYTES, textOf, type Json } from '#shared/http'
import { heard, isRefusal, Pause, type Refusal } from '#deliveries/drivers/refusal'

export interface MerciFacteurSettings {
  /** `https://www.merci-facteur.com/api/1.2/prod/service` */
  apiBase: string
  serviceId: string
  secretKey: string
  /** The user of the account whose letters they are (menu « Utilisateurs »). */
  userId: string | null
  /** What an ERE must name its sender by; without it this provider sends none. */
  senderEmail: string | null
  /** Addresses a token may be used from, `;` between them. */
  authorizedIp: string
}

export interface MerciFacteurCall {
  method: 'GET' | 'POST'
  path: string
  query?: Record<string, string>
  form?: Record<string, string>
  maxBytes?: number
  /** Asked last, when nothing but the request remains to be done. */
  mayLeave?: () => boolean
}

export type MerciFacteurAnswer =
  | { kind: 'done'; body: Json }
  /** It understood, and said no: nothing was made. */
  | { kind: 'declined'; status: number; code: string; said: string; body: Json | null }
  | { kind: 'withheld' }
  | Refusal

const DAY_MS = 24 * 3600 * 1000
const TOKEN_MARGIN_MS = 5 * 60 * 1000

/**
 * Speaks the HTTP of Merci Facteur's API 1.2, as its guides say (repository
 * MerciFacteur/Merci-facteur-API: README, `skills/`, `ai-guides/`, `php-class/v2`,
 * read in November 2026): `GET /getToken` signed with HMAC-SHA256 (hexadecimal) of
 * the service id and the Unix seconds, a token for 24 hours, then `ww-access-token`
 * and `ww-service-id` on each call; forms are form-encoded and hold JSON texts; an
 * answer is `{ success, error: code | { code, text } }`.
 *
 * Assumed, for no document says it: a token that is refused by another status
 * than 401 has TOKEN in its code.
 */
export class MerciFacteurClient {
  readonly #token = new AccessToken(() => this.#fetchToken(), TOKEN_MARGIN_MS)
  readonly #pause = new Pause()

  constructor(
    private readonly settings: MerciFacteurSettings,
    private readonly timeoutMs: number
  ) {}

  /** Never throws. */
  call(call: MerciFacteurCall): Promise<MerciFacteurAnswer> {
    return renewedOnce(() => this.#attempt(call))
  }

  /** Signs in. */
  signIn(): Promise<string | Refusal> {
    return this.#token.get()
  }

  async #attempt(call: MerciFacteurCall): Promise<MerciFacteurAnswer | Expired> {
    const token = this.#pause.refusal ?? (await this.#token.get())
    if (typeof token !== 'string') return token
    if (call.mayLeave && !call.mayLeave()) return { kind: 'withheld' }
    const query = call.query ? `?${new URLSearchParams(call.query)}` : ''
    const answer = await ask({
      method: call.method,
      url: `${this.settings.apiBase}${call.path}${query}`,
      headers: {
        'ww-service-id': this.settings.serviceId,
        'ww-access-token': token,
        ...(call.form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
      },
      ...(call.form ? { body: new URLSearchParams(call.form).toString() } : {}),
      timeoutMs: this.timeoutMs,
      maxBytes: call.maxBytes ?? MAX_JSON_BYTES,
    })
    const body = answer.kind === 'answered' ? jsonIn(answer.bytes) : null
    const code = body ? codeOf(body) : ''
    const verdict = heard(answer, this.#pause, [token, ...this.#secrets()])
    if (answer.kind === 'answered' && (answer.status === 401 || (!succeeded(body) && /TOKEN/i.test(code)))) {
      this.#token.forget(token)
      return { kind: 'expired', said: isRefusal(verdict) ? verdict.reason : verdict.said }
    }
    if (isRefusal(verdict)) {
      // « success: false » means that nothing was made, whatever the status.
      return verdict.kind === 'unanswered' && body?.success === false
        ? { kind: 'temporary', reason: verdict.reason }
        : verdict
    }
    const { status, said } = verdict
    if (status < 300 && !body) return { kind: 'unanswered', reason: `an answer that is not JSON: ${said}` }
    if (status < 300 && succeeded(body)) return { kind: 'done', body: body! }
    if (!body && (status === 404 || status === 405)) return { kind: 'unreachable', reason: said }
    return { kind: 'declined', status, code, said, body }
  }

  async #fetchToken(): Promise<FreshToken | Refusal> {
    const { apiBase, serviceId, secretKey, authorizedIp } = this.settings
    const nowMs = Date.parse(machineNow())
    const seconds = String(Math.floor(nowMs / 1000))
    const answer = await ask({
      method: 'GET',
      url: `${apiBase}/getToken`,
      headers: {
        'ww-service-signature': createHmac('sha256', secretKey)
          .update(`${serviceId}${seconds}`)
          .digest('hex'),
        'ww-timestamp': seconds,
        'ww-service-id': serviceId,
        'ww-authorized-ip': authorizedIp,
      },
      timeoutMs: this.timeoutMs,
      maxBytes: MAX_JSON_BYTES,
    })
    const verdict = heard(answer, this.#pause, this.#secrets())
    if (isRefusal(verdict)) return { ...verdict, reason: `getToken: ${verdict.reason}` }
    const body = jsonIn(verdict.bytes)
    const token = textOf(body?.token)
    if (!token || !succeeded(body)) return { kind: 'unreachable', reason: `getToken: ${verdict.said}` }
    const expireMs = Number(body?.expire) * 1000 - nowMs
    return { token, lastsMs: expireMs > 0 ? Math.min(expireMs, DAY_MS) : DAY_MS }
  }

  #secrets = () => [this.settings.secretKey]
}

const succeeded = (body: Json | null) =>
  body !== null && (body.success === true || (body.success === undefined && !body.error))

/** `error` is a code, or an object that holds one and a text. */
const codeOf = ({ error }: Json) => textOf(isJson(error) ? error.code : error) ?? ''
