import { readFile } from 'node:fs/promises'
import type { X509Certificate } from 'node:crypto'
import { timestampSettings } from '#config/evidence'
import { machineNow } from '#shared/clock'
import { certificatesIn } from '#registered_mail/evidence/crypto/certificates'
import { BadSignature, withOnly } from '#registered_mail/evidence/crypto/signed_data'
import {
  timestampRequest,
  tokenIn,
  verifyTimestamp,
  type Timestamp,
} from '#registered_mail/evidence/crypto/timestamps'

const PATIENCE_MS = 15_000
const LARGEST_ANSWER = 64 * 1024
/** How far the authority's clock and ours may differ before one of them is not believed. */
const SKEW_MS = 5 * 60_000

/** Not to be reached, or not answering as it should: asked again later. */
export class AuthorityUnavailable extends Error {
  override name = 'AuthorityUnavailable'
}

export interface Stamped extends Timestamp {
  /** The whole answer, as it came. */
  response: Buffer
  token: Buffer
}

/**
 * Has a SHA-256 dated by the authority, and believes its answer only once checked: the imprint, the
 * nonce, the policy, the time it tells, its certificate and what that leads to.
 *
 * @throws AuthorityUnavailable when no answer comes, BadSignature when it is not one to keep
 */
export async function requestTimestamp(digest: Buffer): Promise<Stamped> {
  const { url, policy } = timestampSettings
  if (!url) throw new AuthorityUnavailable('TSA_URL is not set')
  const roots = await trustedAuthorities()
  const request = timestampRequest(digest, policy)
  const response = await post(url, request.der)
  const token = tokenIn(response)
  const stamp = verifyTimestamp(token, digest, roots, { nonce: request.nonce, policy })
  const skew = Math.abs(Date.parse(stamp.at) - Date.parse(machineNow()))
  if (skew > SKEW_MS) throw new BadSignature(`its clock differs from ours by ${Math.round(skew / 1000)} s`)
  return { ...stamp, response, token: withOnly(stamp.message, stamp.chain) }
}

/** What TSA_CA_FILE holds. */
export async function trustedAuthorities(): Promise<X509Certificate[]> {
  const { caFile } = timestampSettings
  if (!caFile) throw new AuthorityUnavailable('TSA_CA_FILE is not set: no answer could be checked')
  const pem = await readFile(caFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new AuthorityUnavailable(`TSA_CA_FILE cannot be read: ${error.code ?? error.message}`)
  })
  const found = certificatesIn(pem)
  if (found.length === 0) throw new AuthorityUnavailable('TSA_CA_FILE holds no certificate')
  return found
}

async function post(url: string, body: Buffer): Promise<Buffer> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
      body: new Uint8Array(body),
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    if (!answer.ok) throw new AuthorityUnavailable(`it answers ${answer.status}`)
    return await bounded(answer)
  } catch (error) {
    if (error instanceof AuthorityUnavailable) throw error
    const { message, cause } = error as Error
    throw new AuthorityUnavailable((cause as { code?: string } | undefined)?.code ?? message)
  }
}

async function bounded(answer: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of answer.body ?? []) {
    size += chunk.byteLength
    if (size > LARGEST_ANSWER) throw new AuthorityUnavailable('its answer has no end')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
