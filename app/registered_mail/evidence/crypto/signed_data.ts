import { constants, createHash, timingSafeEqual, verify, X509Certificate } from 'node:crypto'
import * as asn1js from 'asn1js'
import {
  Certificate,
  ContentInfo,
  RSASSAPSSParams,
  SignedData,
  type Attribute,
  type RelativeDistinguishedNames,
  type SignerInfo,
} from 'pkijs'
import { chainTo, fingerprintOf, structureOf } from '#registered_mail/evidence/crypto/certificates'
import { OID } from '#registered_mail/evidence/crypto/der'

/** A signature that does not hold, and why, in a word for `problems`. */
export class BadSignature extends Error {
  override name = 'BadSignature'
}

/** A CMS SignedData with one signer, read but not yet verified. */
export interface SignedMessage {
  contentType: string
  /** Null when the content is elsewhere. */
  content: Buffer | null
  certificates: X509Certificate[]
  signer: X509Certificate
  signature: Buffer
  signedAt: Date | null
  /** The timestamp of the signature, when it bears one. */
  timestamp: Buffer | null
  info: SignerInfo
  whole: SignedData
}

const HASHES: Record<string, string> = {
  [OID.sha256]: 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
}
/** Signature algorithms that name their hash; the bare key types take the signer's digest. */
export const SIGNED_WITH: Record<string, string> = {
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
}
/** rsaEncryption and id-ecPublicKey. */
const BARE_KEYS = ['1.2.840.113549.1.1.1', '1.2.840.10045.2.1']
const RSA_PSS = '1.2.840.113549.1.1.10'

/** @throws BadSignature for anything that is not a CMS message signed once by a certificate it carries */
export function readSigned(der: Uint8Array): SignedMessage {
  try {
    return read(der)
  } catch (error) {
    if (error instanceof BadSignature) throw error
    throw new BadSignature(`unreadable: ${(error as Error).message}`)
  }
}

function read(der: Uint8Array): SignedMessage {
  const wrapped = new ContentInfo({ schema: decoded(der) })
  if (wrapped.contentType !== OID.signedData) throw new BadSignature('not signed data')
  const message = new SignedData({ schema: wrapped.content })
  const [info, ...others] = message.signerInfos
  if (!info || others.length > 0) throw new BadSignature(`${message.signerInfos.length} signers`)
  const certificates = (message.certificates ?? []).flatMap((one) =>
    one instanceof Certificate ? [new X509Certificate(Buffer.from(one.toSchema().toBER(false)))] : []
  )
  const content = message.encapContentInfo.eContent
  return {
    contentType: message.encapContentInfo.eContentType,
    content: content ? Buffer.from(content.getValue()) : null,
    certificates,
    signer: signerAmong(certificates, info),
    signature: Buffer.from(info.signature.valueBlock.valueHexView),
    signedAt: signingTimeOf(info),
    timestamp: timestampOf(info),
    info,
    whole: message,
  }
}

const encoded = (whole: SignedData) =>
  Buffer.from(
    new ContentInfo({ contentType: OID.signedData, content: whole.toSchema() }).toSchema().toBER(false)
  )

/** The same message with these certificates alone: no signature covers the others. */
export function withOnly({ whole, certificates }: SignedMessage, kept: readonly X509Certificate[]): Buffer {
  const wanted = new Set(kept.map(fingerprintOf))
  whole.certificates = (whole.certificates ?? []).filter((_, at) =>
    wanted.has(fingerprintOf(certificates[at]!))
  )
  return encoded(whole)
}

/**
 * A signature covers what it signs, not the message around it. Of one that we wrote, nothing may
 * differ there either: the encoding is the one it has, each algorithm and certificate serves.
 *
 * @param version of the message, by what it holds (RFC 5652, 5.1)
 * @throws BadSignature
 */
export function assertNothingBeside(
  message: SignedMessage,
  der: Uint8Array,
  { version, roots, at }: { version: number; roots: readonly X509Certificate[]; at: Date }
) {
  const { whole, info, certificates } = message
  const [digest, ...others] = whole.digestAlgorithms
  const isPlain =
    whole.version === version &&
    info.version === 1 &&
    others.length === 0 &&
    digest?.algorithmId === info.digestAlgorithm.algorithmId &&
    [digest, info.digestAlgorithm].every(({ algorithmParams: params }) => isNothing(params)) &&
    !whole.crls?.length
  if (!isPlain || !encoded(whole).equals(Buffer.from(der))) throw new BadSignature('not as it was written')
  if (!certificates.every((one) => chainTo(one, certificates, roots, at))) {
    throw new BadSignature('it carries a certificate that leads nowhere')
  }
}

const isNothing = (params: unknown) => params === undefined || params instanceof asn1js.Null

export function decoded(der: Uint8Array): asn1js.AsnType {
  const { offset, result } = asn1js.fromBER(new Uint8Array(der))
  if (offset === -1) throw new BadSignature('unreadable')
  return result
}

/**
 * Checks what the signer signed: the content's digest, the certificate it names, and the signature
 * over both. That the certificate is one to trust is the caller's to check.
 *
 * @throws BadSignature
 */
export function verifySigned(message: SignedMessage, content: Uint8Array) {
  const { info, signer } = message
  const hash = HASHES[info.digestAlgorithm.algorithmId]
  if (!hash) throw new BadSignature('digest too weak')
  const attributes = info.signedAttrs
  if (!attributes) throw new BadSignature('no signed attributes')
  const digest = createHash(hash).update(content).digest()
  const told = valueOf(attributes.attributes, OID.messageDigest)
  if (!(told instanceof asn1js.OctetString) || !same(told.valueBlock.valueHexView, digest)) {
    throw new BadSignature('the content is not what was signed')
  }
  const type = valueOf(attributes.attributes, OID.contentType)
  if (!(type instanceof asn1js.ObjectIdentifier) || type.valueBlock.toString() !== message.contentType) {
    throw new BadSignature('another type of content was signed')
  }
  if (!namesCertificate(attributes.attributes, signer))
    throw new BadSignature('another certificate was named')
  if (!signatureHolds(message, hash, Buffer.from(attributes.encodedValue))) {
    throw new BadSignature('the signature is wrong')
  }
}

function signatureHolds({ info, signer, signature }: SignedMessage, digest: string, signed: Buffer): boolean {
  const { algorithmId, algorithmParams } = info.signatureAlgorithm
  const key = signer.publicKey
  if (key.asymmetricKeyType === 'ed25519') return verify(null, signed, key, signature)
  if (algorithmId === RSA_PSS) {
    const params = new RSASSAPSSParams({ schema: algorithmParams })
    const hash = HASHES[params.hashAlgorithm.algorithmId]
    if (!hash) throw new BadSignature('digest too weak')
    const pss = { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: params.saltLength }
    return verify(hash, signed, pss, signature)
  }
  const hash = SIGNED_WITH[algorithmId] ?? (BARE_KEYS.includes(algorithmId) ? digest : null)
  if (!hash || !isNothing(algorithmParams)) throw new BadSignature('signed in an unknown way')
  return verify(hash, signed, key, signature)
}

const same = (one: Uint8Array, other: Uint8Array) =>
  one.length === other.length && timingSafeEqual(one, other)

function signerAmong(certificates: X509Certificate[], info: SignerInfo): X509Certificate {
  const { serialNumber } = info.sid
  const wanted = serialNumber ? Buffer.from(serialNumber.valueBlock.valueHexView).toString('hex') : null
  const plain = (hex: string) => hex.toLowerCase().replace(/^0+/, '')
  const found = certificates.find(
    (one) =>
      wanted !== null &&
      plain(one.serialNumber) === plain(wanted) &&
      nameOf(structureOf(one).issuer).equals(nameOf(info.sid.issuer))
  )
  if (!found) throw new BadSignature("the signer's certificate is missing")
  return found
}

const nameOf = (name: RelativeDistinguishedNames) => Buffer.from(name.toSchema().toBER(false))

const attributeOf = (attributes: Attribute[], type: string) => attributes.find((one) => one.type === type)
const valueOf = (attributes: Attribute[], type: string): unknown => attributeOf(attributes, type)?.values[0]

/** ESS signing certificate, version 2 (RFC 5035) or 1: the first hash in it is the signer's. */
function namesCertificate(attributes: Attribute[], signer: X509Certificate): boolean {
  const second = valueOf(attributes, OID.signingCertificateV2)
  const first = valueOf(attributes, OID.signingCertificate)
  const named = (second ?? first) as asn1js.Sequence | undefined
  const certificates = named?.valueBlock?.value[0] as asn1js.Sequence | undefined
  const members = (certificates?.valueBlock.value[0] as asn1js.Sequence | undefined)?.valueBlock.value ?? []
  const hash = members.find((one) => one instanceof asn1js.OctetString)
  if (!hash) return false
  let algorithm: string | undefined = second ? 'sha256' : 'sha1'
  const [chosen] = members
  if (chosen instanceof asn1js.Sequence)
    algorithm = HASHES[String((chosen.valueBlock.value[0] as asn1js.ObjectIdentifier).valueBlock)]
  return (
    algorithm !== undefined &&
    same(hash.valueBlock.valueHexView, createHash(algorithm).update(signer.raw).digest())
  )
}

function signingTimeOf(info: SignerInfo): Date | null {
  const value = valueOf(info.signedAttrs?.attributes ?? [], OID.signingTime)
  return value instanceof asn1js.UTCTime ? value.toDate() : null
}

function timestampOf(info: SignerInfo): Buffer | null {
  const value = valueOf(info.unsignedAttrs?.attributes ?? [], OID.timestampToken)
  return value instanceof asn1js.Sequence ? Buffer.from(value.toBER(false)) : null
}
