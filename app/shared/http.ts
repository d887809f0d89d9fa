import { machineNow } from '#shared/clock'

/** What one request to an outside party came to. */
export type Answer =
  | { kind: 'answered'; status: number; headers: Headers; bytes: Buffer }
  /** `reached` is false when it is certain that it got nothing. */
  | { kind: 'failed'; reached: boolean; reason: string }

export interface Request {
  method: 'GET' | 'POST' | 'DELETE'
  url: string
  headers: Record<string, string>
  body?: string | Uint8Array
  timeoutMs: number
  maxBytes: number
}

/** Enough for any answer that is not a document. */
export const MAX_JSON_BYTES = 1_000_000

/** A scanned proof, or an answer that carries one in base64. */
export const MAX_DOCUMENT_BYTES = 40_000_000

/** One request, its answer read whole. Never throws, follows no redirect, reads no more than it may. */
export async function ask({ method, url, headers, body, timeoutMs, maxBytes }: Request): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method,
      headers: { 'user-agent': 'Amiable', ...headers },
      ...(body === undefined ? {} : { body: body as string | Uint8Array<ArrayBuffer> }),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    const bytes = await readCapped(response, maxBytes)
    if (!bytes) return { kind: 'failed', reached: true, reason: `an answer of more than ${maxBytes} bytes` }
    return { kind: 'answered', status: response.status, headers: response.headers, bytes }
  } catch (error) {
    const { name, cause } = error as Error & { cause?: { code?: string } }
    const code = cause?.code ?? name
    return { kind: 'failed', reached: !NEVER_REACHED.test(code), reason: code }
  }
}

/** No connection was made, or its certificate was refused, before a byte of the request went out. */
const NEVER_REACHED =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_.*|.*_CERT(IFICATE)?(_.*)?|ERR_TLS_.*|ERR_INVALID_URL)$/

async function readCapped(response: Response, maxBytes: number): Promise<Buffer | null> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > maxBytes) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

export type Json = Record<string, unknown>

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The object that an answer holds, or null when it is something else: an error page, an empty body. */
export function jsonIn(bytes: Buffer): Json | null {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    return isJson(value) ? value : null
  } catch {
    return null
  }
}

/** The objects of what should be a list of them. */
export const objectsIn = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isJson) : [])

/** A text or a number as text; null for what is empty, or says "null" as providers do. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  if (typeof value !== 'string') return null
  const text = value.trim()
  return text === '' || text === 'null' ? null : text
}

/** How long a 429 or a 503 asks to wait, in seconds; null when it does not say. */
export function retryAfterSeconds(headers: Headers): number | null {
  const text = headers.get('retry-after')?.trim()
  if (!text) return null
  if (/^\d{1,6}$/.test(text)) return Number(text)
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - Date.parse(machineNow())) / 1000))
}

/**
 * What an answer says, for a person: one line, nothing of an HTML page but its
 * title, and none of our secrets should the provider have repeated them.
 */
export function quoted(text: string, secrets: readonly string[]): string {
  const shown = /^\s*</.test(text) ? (/<title[^>]*>([^<]{1,200})/i.exec(text)?.[1] ?? 'an HTML page') : text
  const line = shown.replace(/[\s\p{Cc}]+/gu, ' ').trim()
  return secrets
    .filter((secret) => secret.length > 0)
    .reduce((kept, secret) => kept.replaceAll(secret, '…'), line)
    .slice(0, 180)
}
