import { randomBytes, type X509Certificate } from 'node:crypto'
import { DateTime } from 'luxon'
import { TimeStampResp, TSTInfo } from 'pkijs'
import { instantOf, type Instant } from '#shared/clock'
import { chainTo, mayOnlyTimestamp } from '#registered_mail/evidence/crypto/certificates'
import { integer, nothing, octets, oid, OID, sequence, truth } from '#registered_mail/evidence/crypto/der'
import {
  BadSignature,
  decoded,
  readSigned,
  verifySigned,
  type SignedMessage,
} from '#registered_mail/evidence/crypto/signed_data'

/** RFC 3161. A request asks an authority to say that a digest existed at a moment. */
export interface TimestampRequest {
  der: Buffer
  digest: Buffer
  nonce: Buffer
  policy: string | null
}

/** A token that holds: when, by whom, under which policy. */
export interface Timestamp {
  at: Instant
  policy: string
  serial: string
  authority: string
  /** The certificates from the authority's own to the trusted one. */
  chain: X509Certificate[]
  /** The token, read. */
  message: SignedMessage
}

export function timestampRequest(digest: Buffer, policy: string | null = null): TimestampRequest {
  const nonce = randomBytes(8)
  // The first bit clear, the first byte not zero: eight bytes in every encoding.
  nonce[0] = (nonce[0]! & 0x7f) | 0x40
  const imprint = sequence(sequence(oid(OID.sha256), nothing()), octets(digest))
  const der = sequence(integer(1), imprint, ...(policy ? [oid(policy)] : []), integer(nonce), truth())
  return { der, digest, nonce, policy }
}

/**
 * Takes the token out of an authority's answer.
 *
 * @throws BadSignature when it says no
 */
export function tokenIn(response: Uint8Array): Buffer {
  try {
    const { status, timeStampToken } = new TimeStampResp({ schema: decoded(response) })
    if (status.status !== 0 && status.status !== 1) {
      throw new BadSignature(`the authority refuses, status ${status.status}`)
    }
    if (!timeStampToken) throw new BadSignature('the authority gives no token')
    return Buffer.from(timeStampToken.toSchema().toBER(false))
  } catch (error) {
    if (error instanceof BadSignature) throw error
    throw new BadSignature(`the answer is unreadable: ${(error as Error).message}`)
  }
}

/**
 * Checks a token to the end: it is about this digest, signed by a certificate made for timestamps
 * alone, which leads to one of ours, and in force at the moment it tells.
 *
 * @throws BadSignature
 */
export function verifyTimestamp(
  token: Uint8Array,
  digest: Uint8Array,
  roots: readonly X509Certificate[],
  asked: { nonce?: Buffer; policy?: string | null } = {}
): Timestamp {
  const message = readSigned(token)
  if (message.contentType !== OID.timestampInfo || !message.content) throw new BadSignature('not a timestamp')
  const info = infoIn(message.content)
  const { hashAlgorithm, hashedMessage } = info.messageImprint
  if (hashAlgorithm.algorithmId !== OID.sha256) throw new BadSignature('another digest was stamped')
  if (!Buffer.from(hashedMessage.valueBlock.valueHexView).equals(Buffer.from(digest))) {
    throw new BadSignature('another content was stamped')
  }
  const nonce = info.nonce ? Buffer.from(info.nonce.valueBlock.valueHexView) : null
  if (asked.nonce && !nonce?.equals(asked.nonce)) throw new BadSignature('it answers another request (nonce)')
  if (asked.policy && info.policy !== asked.policy) throw new BadSignature(`policy ${info.policy}`)
  verifySigned(message, message.content)
  if (!mayOnlyTimestamp(message.signer)) throw new BadSignature('its certificate is not for timestamps alone')
  const chain = chainTo(message.signer, message.certificates, roots, info.genTime)
  if (!chain) throw new BadSignature('its certificate leads to no trusted authority')
  return {
    at: instantOf(DateTime.fromJSDate(info.genTime)),
    policy: info.policy,
    serial: Buffer.from(info.serialNumber.valueBlock.valueHexView).toString('hex'),
    authority: message.signer.subject.replaceAll('\n', ', '),
    chain,
    message,
  }
}

function infoIn(content: Buffer): TSTInfo {
  try {
    return new TSTInfo({ schema: decoded(content) })
  } catch (error) {
    throw new BadSignature(`unreadable: ${(error as Error).message}`)
  }
}
