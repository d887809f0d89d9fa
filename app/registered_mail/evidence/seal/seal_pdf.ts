import { createHash } from 'node:crypto'
import logger from '@adonisjs/core/services/logger'
import { timestampSettings } from '#config/evidence'
import { machineNow } from '#shared/clock'
import type { PadesLevel } from '#registered_mail/evidence/chains'
import { signaturesIn, signedDigest } from '#registered_mail/evidence/crypto/pdf_signatures'
import { signDetached, type Sealer } from '#registered_mail/evidence/crypto/sign'
import { revocationsFor } from '#registered_mail/evidence/seal/revocations'
import { requestTimestamp, type Stamped } from '#registered_mail/evidence/timestamp_client'

export interface SealedPdf {
  bytes: Buffer
  /** What the file has, read back from it: never what was wished for. */
  level: PadesLevel
}

const PLACE_BYTES = 16_384
const ORDER: PadesLevel[] = ['B-B', 'B-T', 'B-LT', 'B-LTA']

export const atLeast = (level: PadesLevel, wanted: PadesLevel) =>
  ORDER.indexOf(level) >= ORDER.indexOf(wanted)

/**
 * Seals a PDF by an incremental update: what it was stays byte for byte. The level is the highest that
 * the authority and the lists of revoked certificates allow at this moment, up to `atMost`.
 */
export async function sealPdf(
  pdf: Uint8Array,
  sealer: Sealer,
  { reason, atMost = 'B-LTA' }: { reason: string; atMost?: PadesLevel }
): Promise<SealedPdf> {
  const placed = await withPlace(pdf, sealer, reason)
  const place = signaturesIn(placed).findLast(({ kind }) => kind === 'seal')
  if (!place) throw new Error('the place of the seal is not in the file')
  const digest = signedDigest(place)
  let stamp: Stamped | null = null
  const timestamp = async (signature: Buffer) => {
    stamp = await requestTimestamp(signature)
    return stamp.token
  }
  const plain = () => signDetached(sealer, digest, { signingTime: null })
  const dated = () => signDetached(sealer, digest, { signingTime: null, timestamp })
  const wanted = timestampSettings.url !== null && atLeast(atMost, 'B-T')
  const message = wanted ? await dated().catch(withoutDate(plain)) : await plain()
  const bytes = written(placed, place.digits, message)
  if (stamp === null || !atLeast(atMost, 'B-LTA')) return { bytes, level: await reachedLevel(bytes) }
  return archived(bytes, sealer, stamp)
}

/** The authority does not answer as it should: the seal goes without a date, and its level says so. */
const withoutDate = (plain: () => Promise<Buffer>) => (error: Error) => {
  logger.warn({ err: error }, 'a file is sealed without a timestamp')
  return plain()
}

/** Read by a library that only sealing needs. */
async function reachedLevel(pdf: Buffer): Promise<PadesLevel> {
  const reader = await import('#registered_mail/evidence/seal/reached_level')
  return reader.reachedLevel(pdf)
}

/** An empty signature where ours will stand. The library's own message would carry what PAdES forbids. */
async function withPlace(pdf: Uint8Array, sealer: Sealer, reason: string): Promise<Buffer> {
  const { certificate, chain } = sealer
  const { PDF } = await import('@libpdf/core')
  const document = await PDF.load(new Uint8Array(pdf))
  const { bytes } = await document.sign({
    signer: {
      certificate: new Uint8Array(certificate.raw),
      certificateChain: chain.map(({ raw }) => new Uint8Array(raw)),
      keyType: certificate.publicKey.asymmetricKeyType === 'rsa' ? 'RSA' : 'EC',
      signatureAlgorithm: certificate.publicKey.asymmetricKeyType === 'rsa' ? 'RSASSA-PKCS1-v1_5' : 'ECDSA',
      sign: async () => new Uint8Array(8),
    },
    reason,
    signingTime: new Date(machineNow()),
    level: 'B-B',
    estimatedSize: PLACE_BYTES,
  })
  return Buffer.from(bytes)
}

function written(pdf: Buffer, { start, end }: { start: number; end: number }, message: Buffer): Buffer {
  const digits = message.toString('hex')
  if (digits.length > end - start)
    throw new Error(`the seal takes ${message.length} bytes, more than its place`)
  const sealed = Buffer.from(pdf)
  sealed.write(digits.padEnd(end - start, '0'), start, 'latin1')
  return sealed
}

/** Adds what a verification needs once certificates have ended, when every part of it can be had. */
async function archived(bytes: Buffer, sealer: Sealer, stamp: Stamped): Promise<SealedPdf> {
  const dated = { bytes, level: await reachedLevel(bytes) }
  const lists = await revocationsFor(sealer, stamp.chain)
  if (!lists) return dated
  try {
    const { PDF } = await import('@libpdf/core')
    const document = await PDF.load(new Uint8Array(bytes))
    await document.addArchivalData({
      timestampAuthority: {
        timestamp: async (digest) => new Uint8Array((await requestTimestamp(Buffer.from(digest))).token),
      },
      revocationProvider: {
        getCRL: async (certificate) => {
          const list = lists.get(createHash('sha256').update(certificate).digest('hex'))
          return list ? new Uint8Array(list) : null
        },
        getOCSP: async () => null,
      },
      estimatedSize: PLACE_BYTES,
    })
    const kept = Buffer.from(await document.save({ incremental: true }))
    const level = await reachedLevel(kept)
    return atLeast(level, 'B-LTA') ? { bytes: kept, level } : dated
  } catch (error) {
    logger.warn({ err: error }, 'a sealed file is kept without data for the long term')
    return dated
  }
}
