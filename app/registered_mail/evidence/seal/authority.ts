import {
  createHash,
  generateKeyPairSync,
  randomBytes,
  sign,
  X509Certificate,
  type KeyObject,
} from 'node:crypto'
import {
  bits,
  implicit,
  integer,
  nothing,
  octets,
  oid,
  OID,
  sequence,
  setOf,
  tagged,
  text,
  time,
  tlv,
  truth,
} from '#registered_mail/evidence/crypto/der'
import { membersOf } from '#registered_mail/evidence/crypto/sign'

/** Who is named by the installation's own authority and seal. */
export interface SealName {
  commonName: string
  organisation: string
  siren: string | null
}

export interface Issued {
  certificate: X509Certificate
  key: KeyObject
}

const DAY_MS = 86_400_000
const AUTHORITY_DAYS = 20 * 365
/** A year, and a month to renew it in. */
const SEAL_DAYS = 396
const KEY_BITS = 3072
const RSA_SHA256 = sequence(oid(OID.rsaWithSha256), nothing())

/** A root of our own: it shows that a file has not changed, and is known to nobody. */
export function makeAuthority(name: SealName, now: Date): Issued {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: KEY_BITS })
  const identifier = keyIdentifier(publicKey)
  const subject = nameOf({ ...name, commonName: `${name.commonName} - autorité de scellement` })
  const certificate = certify({
    subject,
    issuer: subject,
    publicKey,
    signer: privateKey,
    from: now,
    days: AUTHORITY_DAYS,
    extensions: [
      extension(OID.basicConstraints, true, sequence(truth(), integer(0))),
      extension(OID.keyUsage, true, bits(Buffer.from([0x06]), 1)),
      extension(OID.subjectKeyIdentifier, false, octets(identifier)),
    ],
  })
  return { certificate, key: privateKey }
}

/** A seal under the authority, for a year. */
export function issueSeal(authority: Issued, name: SealName, now: Date): Issued {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: KEY_BITS })
  const certificate = certify({
    subject: nameOf({ ...name, commonName: `${name.commonName} - cachet` }),
    issuer: subjectOf(authority.certificate),
    publicKey,
    signer: authority.key,
    from: now,
    days: SEAL_DAYS,
    extensions: [
      extension(OID.basicConstraints, true, sequence()),
      // digitalSignature and nonRepudiation.
      extension(OID.keyUsage, true, bits(Buffer.from([0xc0]), 6)),
      extension(OID.extendedKeyUsage, false, sequence(oid(OID.documentSigning))),
      extension(OID.subjectKeyIdentifier, false, octets(keyIdentifier(publicKey))),
      extension(
        OID.authorityKeyIdentifier,
        false,
        sequence(implicit(0, keyIdentifier(authority.certificate.publicKey)))
      ),
    ],
  })
  return { certificate, key: privateKey }
}

/** The authority's list of revoked certificates: empty, valid until the seal ends. */
export function revocationList(authority: Issued, now: Date, until: Date): Buffer {
  const list = sequence(
    integer(1),
    RSA_SHA256,
    subjectOf(authority.certificate),
    time(now),
    time(until),
    tagged(
      0,
      sequence(
        extension(
          OID.authorityKeyIdentifier,
          false,
          sequence(implicit(0, keyIdentifier(authority.certificate.publicKey)))
        ),
        extension(
          OID.crlNumber,
          false,
          integer(Buffer.from(now.getTime().toString(16).padStart(12, '0'), 'hex'))
        )
      )
    )
  )
  return sequence(list, RSA_SHA256, bits(sign('sha256', list, authority.key)))
}

interface Certifying {
  subject: Buffer
  issuer: Buffer
  publicKey: KeyObject
  signer: KeyObject
  from: Date
  days: number
  extensions: Buffer[]
}

function certify({
  subject,
  issuer,
  publicKey,
  signer,
  from,
  days,
  extensions,
}: Certifying): X509Certificate {
  const serial = randomBytes(16)
  serial[0] = (serial[0]! & 0x7f) | 0x40
  const body = sequence(
    tagged(0, integer(2)),
    integer(serial),
    RSA_SHA256,
    issuer,
    sequence(time(from), time(new Date(from.getTime() + days * DAY_MS))),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(3, sequence(...extensions))
  )
  return new X509Certificate(sequence(body, RSA_SHA256, bits(sign('sha256', body, signer))))
}

function nameOf({ commonName, organisation, siren }: SealName): Buffer {
  const part = (type: string, value: Buffer) => setOf(sequence(oid(type), value))
  return sequence(
    part(OID.country, tlv(0x13, Buffer.from('FR'))),
    part(OID.organisation, text(shortened(organisation))),
    ...(siren ? [part(OID.organisationIdentifier, text(`NTRFR-${siren}`))] : []),
    part(OID.commonName, text(shortened(commonName)))
  )
}

/** X.520 gives a name 64 characters. */
const shortened = (value: string) => (value.length > 64 ? `${value.slice(0, 63)}…` : value)

const extension = (type: string, critical: boolean, value: Buffer) =>
  sequence(oid(type), ...(critical ? [truth()] : []), octets(value))

function keyIdentifier(key: KeyObject): Buffer {
  const [, bitString] = membersOf(key.export({ type: 'spki', format: 'der' }))
  return createHash('sha1')
    .update(bitString!.subarray(bitString!.length - keyBytes(bitString!)))
    .digest()
}

/** The bits of a BIT STRING, past its tag, its length and the count of unused ones. */
function keyBytes(bitString: Buffer): number {
  const first = bitString[1]!
  return first < 0x80 ? first - 1 : bitString.readUIntBE(2, first & 0x7f) - 1
}

/** The subject's name, byte for byte. */
function subjectOf({ raw }: X509Certificate): Buffer {
  const [body] = membersOf(raw)
  return membersOf(body!)[5]!
}
