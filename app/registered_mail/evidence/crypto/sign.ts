import { createHash, type X509Certificate } from 'node:crypto'
import {
  integer,
  nothing,
  octets,
  oid,
  OID,
  sequence,
  setOf,
  tagged,
  time,
} from '#registered_mail/evidence/crypto/der'

/** What signs: a certificate, what it leads to, and its key, wherever that is. */
export interface Sealer {
  certificate: X509Certificate
  /** The authorities above it, the nearest first. */
  chain: X509Certificate[]
  /** Signs with SHA-256: PKCS#1 v1.5 for RSA, a DER sequence for ECDSA. */
  sign(bytes: Buffer): Promise<Buffer>
  /** The list of revoked certificates that its authority signed, DER, when we hold it. */
  revocations: Buffer | null
}

export interface DetachedOptions {
  /** CAdES asks for the signer's own time; PAdES forbids it. */
  signingTime: Date | null
  /** Gives a timestamp token over the SHA-256 of the signature. */
  timestamp?: (signatureDigest: Buffer) => Promise<Buffer>
}

/** A detached CMS signature, CAdES and PAdES baseline B, or T with a timestamp. */
export async function signDetached(
  sealer: Sealer,
  contentDigest: Buffer,
  { signingTime, timestamp }: DetachedOptions
): Promise<Buffer> {
  const attributes = setOf(
    attribute(OID.contentType, oid(OID.data)),
    attribute(OID.messageDigest, octets(contentDigest)),
    attribute(
      OID.signingCertificateV2,
      sequence(sequence(sequence(octets(digestOf(sealer.certificate.raw)))))
    ),
    ...(signingTime ? [attribute(OID.signingTime, time(signingTime))] : [])
  )
  const signature = await sealer.sign(attributes)
  const stamped = timestamp
    ? [retagged(setOf(attribute(OID.timestampToken, await timestamp(digestOf(signature)))), 0xa1)]
    : []
  const rsa = sealer.certificate.publicKey.asymmetricKeyType === 'rsa'
  const sha256 = sequence(oid(OID.sha256), nothing())
  const algorithm = rsa ? sequence(oid(OID.rsaWithSha256), nothing()) : sequence(oid(OID.ecdsaWithSha256))
  const signer = sequence(
    integer(1),
    issuerAndSerial(sealer.certificate),
    sha256,
    retagged(attributes, 0xa0),
    algorithm,
    octets(signature),
    ...stamped
  )
  const certificates = [sealer.certificate, ...sealer.chain].map(({ raw }) => raw)
  const message = sequence(
    integer(1),
    setOf(sha256),
    sequence(oid(OID.data)),
    retagged(setOf(...certificates), 0xa0),
    setOf(signer)
  )
  return sequence(oid(OID.signedData), tagged(0, message))
}

const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()
const attribute = (type: string, value: Buffer) => sequence(oid(type), setOf(value))

/** The same content under the implicit tag that CMS gives it; what is signed keeps the tag of a SET. */
const retagged = (set: Buffer, tag: number) => Buffer.concat([Buffer.from([tag]), set.subarray(1)])

/** The issuer's name and the serial number, byte for byte as the certificate has them. */
function issuerAndSerial({ raw }: X509Certificate): Buffer {
  const [body] = membersOf(raw)
  const members = membersOf(body!)
  const first = members[0]![0] === 0xa0 ? 1 : 0
  return sequence(members[first + 2]!, members[first]!)
}

/** The members of a constructed DER value. */
export function membersOf(der: Uint8Array): Buffer[] {
  const bytes = Buffer.from(der)
  const members: Buffer[] = []
  const { start, end } = span(bytes, 0)
  for (let at = start; at < end;) {
    const { end: next } = span(bytes, at)
    members.push(bytes.subarray(at, next))
    at = next
  }
  return members
}

function span(bytes: Buffer, at: number): { start: number; end: number } {
  const first = bytes[at + 1]!
  if (first < 0x80) return { start: at + 2, end: at + 2 + first }
  const count = first & 0x7f
  const length = bytes.readUIntBE(at + 2, count)
  return { start: at + 2 + count, end: at + 2 + count + length }
}
