import {
  AccessToken,
  renewedOnce,
  type Expired,
  type FreshToken,
} from '#registered_mail/providers/access_token'
import { ask, jsonIn, MAX_JSON_BYTES, objectsIn, textOf, type Json } from '#shared/http'
import { heard, isRefusal, Pause, type Refusal } from '#deliveries/drivers/refusal'

export interface MailevaSettings {
  /** `https://api.maileva.com`, or the sandbox's `https://api.sandbox.maileva.net` */
  apiBase: string
  /** `https://connexion.maileva.com`, or the sandbox's `https://connexion.sandbox.maileva.net` */
  authBase: string
  clientId: string
  clientSecret: string
  /** The account's user (grant `password`); null for the grant `client_credentials`. */
  user: { username: string; password: string } | null
}

/** The two products, each an API of its own with the same resources. */
export const REGISTERED = '/registered_mail/v4'
export const SIMPLE = '/mail/v2'

export interface MailevaCall {
  method: 'GET' | 'POST' | 'DELETE'
  /** From the host on: `/registered_mail/v4/sendings`. */
  path: string
  query?: Record<string, string>
  json?: Json
  multipart?: { contentType: string; bytes: Uint8Array }
  /** A document is wanted, of at most this size; else JSON, or nothing. */
  maxBytes?: number
  /** Asked last, when nothing but the request remains to be done. */
  mayLeave?: () => boolean
}

export type MailevaAnswer =
  | { kind: 'done'; body: Json | null; bytes: Buffer; location: string | null }
  /** A 4xx: it understood, and did nothing. */
  | { kind: 'declined'; status: number; codes: string[]; said: string }
  | { kind: 'withheld' }
  | Refusal

const TOKEN_PATH = '/auth/realms/services/protocol/openid-connect/token'
const TOKEN_MARGIN_MS = 30_000
const DEFAULT_TOKEN_MS = 60_000

/**
 * Speaks the HTTP of Maileva's APIs, as the descriptions that clients were
 * generated from say (registered_mail v2.5 and v4, mail v2.6, notification_center v2, read in
 * public repositories in November 2026): OAuth2 `password` or `client_credentials` with
 * the application's credentials as HTTP Basic, then `Authorization: Bearer`; an error is
 * `{ code, message }` or `{ errors: [{ code, message }] }`.
 *
 * Some public clients put the application's credentials in the form instead: that is tried when
 * Basic is refused.
 */
export class MailevaClient {
  readonly #token = new AccessToken(() => this.#fetchToken(), TOKEN_MARGIN_MS)
  readonly #pause = new Pause()

  constructor(
    private readonly settings: MailevaSettings,
    private readonly timeoutMs: number
  ) {}

  /** Never throws. */
  call(call: MailevaCall): Promise<MailevaAnswer> {
    return renewedOnce(() => this.#attempt(call))
  }

  /** Signs in. */
  signIn(): Promise<string | Refusal> {
    return this.#token.get()
  }

  async #attempt(call: MailevaCall): Promise<MailevaAnswer | Expired> {
    const token = this.#pause.refusal ?? (await this.#token.get())
    if (typeof token !== 'string') return token
    if (call.mayLeave && !call.mayLeave()) return { kind: 'withheld' }
    const { multipart, json } = call
    const body = multipart?.bytes ?? (json ? JSON.stringify(json) : undefined)
    const contentType = multipart?.contentType ?? (json ? 'application/json' : undefined)
    const answer = await ask({
      method: call.method,
      url: `${this.settings.apiBase}${call.path}${call.query ? `?${new URLSearchParams(call.query)}` : ''}`,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json, application/pdf',
        ...(contentType ? { 'content-type': contentType } : {}),
      },
      ...(body === undefined ? {} : { body }),
      timeoutMs: this.timeoutMs,
      maxBytes: call.maxBytes ?? MAX_JSON_BYTES,
    })
    const verdict = heard(answer, this.#pause, [token, ...this.#secrets()])
    if (answer.kind === 'answered' && answer.status === 401) {
      this.#token.forget(token)
      return { kind: 'expired', said: isRefusal(verdict) ? verdict.reason : '401' }
    }
    if (isRefusal(verdict)) return verdict
    const { status, bytes, headers, said } = verdict
    const parsed = jsonIn(bytes)
    if (status < 300 && !parsed && bytes.length > 0 && call.maxBytes === undefined) {
      // A page, from something in between: what was asked for may not have been done.
      return { kind: 'unanswered', reason: `an answer that is not JSON: ${said}` }
    }
    if (status < 300) return { kind: 'done', body: parsed, bytes, location: headers.get('location') }
    const codes = codesIn(parsed)
    return { kind: 'declined', status, codes, said }
  }

  async #fetchToken(): Promise<FreshToken | Refusal> {
    const { clientId, clientSecret } = this.settings
    const basic = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`)
    const first = await this.#grant({ authorization: `Basic ${basic.toString('base64')}` }, {})
    if (!isRefusal(first) || first.kind !== 'permanent') return first
    return this.#grant({}, { client_id: clientId, client_secret: clientSecret })
  }

  /** @returns `permanent` when these credentials, given this way, are refused */
  async #grant(
    headers: Record<string, string>,
    fields: Record<string, string>
  ): Promise<FreshToken | Refusal> {
    const { authBase, user } = this.settings
    const form = {
      ...fields,
      ...(user ? { grant_type: 'password', ...user } : { grant_type: 'client_credentials' }),
    }
    const answer = await ask({
      method: 'POST',
      url: `${authBase}${TOKEN_PATH}`,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
        ...headers,
      },
      body: new URLSearchParams(form).toString(),
      timeoutMs: this.timeoutMs,
      maxBytes: MAX_JSON_BYTES,
    })
    const verdict = heard(answer, this.#pause, this.#secrets())
    const refused = answer.kind === 'answered' && [400, 401].includes(answer.status)
    if (isRefusal(verdict)) {
      return { kind: refused ? 'permanent' : verdict.kind, reason: `sign-in: ${verdict.reason}` }
    }
    const body = jsonIn(verdict.bytes)
    const token = textOf(body?.access_token)
    if (!token) return { kind: refused ? 'permanent' : 'unreachable', reason: `sign-in: ${verdict.said}` }
    const seconds = Number(body?.expires_in)
    return { token, lastsMs: seconds > 0 ? seconds * 1000 : DEFAULT_TOKEN_MS }
  }

  #secrets = () => [this.settings.clientSecret, ...(this.settings.user ? [this.settings.user.password] : [])]
}

const codesIn = (body: Json | null): string[] =>
  [body?.code, ...objectsIn(body?.errors).map(({ code }) => code)].map(textOf).filter((code) => code !== null)
