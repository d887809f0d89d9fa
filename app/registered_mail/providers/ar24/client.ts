import { DateTime } from 'luxon'
import { machineNow, PARIS } from '#shared/clock'
import { AccessToken, type FreshToken } from '#registered_mail/providers/access_token'
import { openedWith, signatureOf } from '#registered_mail/providers/ar24/cipher'
import { oneTimeCode } from '#registered_mail/providers/ar24/one_time_code'
import { ask, isJson, jsonIn, MAX_JSON_BYTES, textOf, type Json } from '#shared/http'
import { heard, isRefusal, Pause, type Refusal } from '#deliveries/drivers/refusal'

export interface Ar24Settings {
  /** `https://app.ar24.fr/api` */
  apiBase: string
  token: string
  privateKey: string
  /** The account whose letters they are. */
  userId: string
  /** The sender's authenticator, in base 32: AR24 lets nobody send a qualified letter who has not shown a code. */
  otpSecret: string | null
  /** Where AR24 calls us, with our secret in the address; null: its news come by asking. */
  webhook: string | null
}

export interface Ar24Call {
  method: 'GET' | 'POST'
  path: string
  fields: Record<string, string>
  file?: { name: string; bytes: Uint8Array }
  /** What reads needs none of its own. */
  timeoutMs?: number
  /** Asked last, when nothing but the request remains to be done. */
  mayLeave?: () => boolean
}

export type Ar24Answer =
  | { kind: 'done'; result: unknown }
  /** It understood, and said no: nothing was made. */
  | { kind: 'declined'; slug: string; said: string }
  | { kind: 'withheld' }
  | Refusal

/** One code opens an hour of sendings. */
const IDENTIFIED_MS = 3_600_000
const IDENTIFIED_MARGIN_MS = 5 * 60_000
const READ_TIMEOUT_MS = 15_000

/**
 * Speaks the HTTP of AR24's API, as developers.ar24.fr/doc and AR24's knowledge base describe it (read in November
 * 2026): `token` and `date` among the fields, valid for ten minutes, a `signature` header, an answer that is
 * always 200 and encrypted, but for errors, which are JSON in clear: `{ status: 'ERROR', slug, message }`, and
 * `{ status: 'maintenance' }`.
 *
 * Assumed, for no public document says it: `POST /user/auth_otp` answers the hash in `otp_hash`, and
 * `POST /mail` takes it under the same name.
 */
export class Ar24Client {
  readonly #identity = new AccessToken(() => this.#identify(), IDENTIFIED_MARGIN_MS)
  readonly #pause = new Pause()

  constructor(
    private readonly settings: Ar24Settings,
    /** For what only reads, or identifies. */
    private readonly readMs = READ_TIMEOUT_MS
  ) {}

  /** Never throws. */
  async call({ method, path, fields, file, timeoutMs, mayLeave }: Ar24Call): Promise<Ar24Answer> {
    const { apiBase, token, privateKey } = this.settings
    if (this.#pause.refusal) return this.#pause.refusal
    if (mayLeave && !mayLeave()) return { kind: 'withheld' }
    const date = DateTime.fromISO(machineNow()).setZone(PARIS).toFormat('yyyy-MM-dd HH:mm:ss')
    const signed = { token, date, ...fields }
    const { body, headers } =
      method === 'POST' ? await bodyOf(signed, file) : { body: undefined, headers: {} }
    const answer = await ask({
      method,
      url: `${apiBase}${path}${method === 'GET' ? `?${new URLSearchParams(signed)}` : ''}`,
      headers: { signature: signatureOf(date, privateKey), 'accept-language': 'fr', ...headers },
      ...(body ? { body } : {}),
      timeoutMs: timeoutMs ?? this.readMs,
      maxBytes: MAX_JSON_BYTES,
    })
    const verdict = heard(answer, this.#pause, [token, privateKey])
    if (isRefusal(verdict)) return verdict
    return this.#read(verdict.bytes, date, verdict.said)
  }

  /** What shows that the sender was identified within the hour; null where the account needs none. */
  async identity(): Promise<string | null | Refusal> {
    return this.settings.otpSecret ? this.#identity.get() : null
  }

  /** AR24 no longer takes it. */
  forgetIdentity(identity: string) {
    this.#identity.forget(identity)
  }

  #read(bytes: Buffer, date: string, said: string): Ar24Answer {
    const text = bytes.toString('utf8').trim()
    const opened = text.startsWith('{') ? text : openedWith(text, date, this.settings.privateKey)
    const body = opened === null ? null : jsonIn(Buffer.from(opened))
    const status = textOf(body?.status)?.toUpperCase()
    if (!body || !status)
      return { kind: 'unanswered', reason: `an answer that cannot be read: ${said}`.slice(0, 200) }
    if (status === 'SUCCESS') return { kind: 'done', result: body.result }
    if (status === 'MAINTENANCE') return { kind: 'unreachable', reason: 'it is under maintenance' }
    const slug = textOf(body.slug) ?? 'unknown_error'
    return {
      kind: 'declined',
      slug,
      said: [slug, textOf(body.message)].filter(Boolean).join(': ').slice(0, 180),
    }
  }

  async #identify(): Promise<FreshToken | Refusal> {
    const { userId, otpSecret } = this.settings
    const otp = oneTimeCode(otpSecret!, Date.parse(machineNow()) / 1000)
    const fields = { id_user: userId, otp }
    const answer = await this.call({ method: 'POST', path: '/user/auth_otp', fields })
    const hash = answer.kind === 'done' && isJson(answer.result) ? textOf(answer.result.otp_hash) : null
    if (hash) return { token: hash, lastsMs: IDENTIFIED_MS }
    return { kind: 'unreachable', reason: `auth_otp: ${reasonOf(answer)}` }
  }
}

export function reasonOf(answer: Ar24Answer): string {
  if (isRefusal(answer)) return answer.reason
  return answer.kind === 'declined' ? answer.said : 'an answer that is not what was asked'
}

/** What an answer's list holds: itself, or the only list in it; null when it is something else, never an empty list. */
export function listIn(result: unknown): Json[] | null {
  const lists = Array.isArray(result)
    ? [result]
    : isJson(result)
      ? Object.values(result).filter(Array.isArray)
      : []
  return lists.length === 1 && lists[0]!.every(isJson) ? (lists[0] as Json[]) : null
}

/** Form data, as its documentation asks; the type that goes with it names the boundary. */
async function bodyOf(fields: Record<string, string>, file: Ar24Call['file']) {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  if (file) {
    const bytes = new Uint8Array(file.bytes)
    form.set('file', new File([bytes], file.name, { type: 'application/pdf' }))
  }
  const encoded = new Response(form)
  return {
    body: new Uint8Array(await encoded.arrayBuffer()),
    headers: { 'content-type': encoded.headers.get('content-type')! },
  }
}
