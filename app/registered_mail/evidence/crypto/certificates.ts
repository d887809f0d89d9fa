import { X509Certificate } from 'node:crypto'
import * as asn1js from 'asn1js'
import { BasicConstraints, Certificate, ExtKeyUsage, type Extension } from 'pkijs'
import { OID } from '#registered_mail/evidence/crypto/der'

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g
const LONGEST_CHAIN = 8

/** The certificates of a PEM file, whatever stands between them. */
export const certificatesIn = (pem: string): X509Certificate[] =>
  (pem.match(PEM) ?? []).map((one) => new X509Certificate(one))

export const pemOf = (certificate: X509Certificate) => certificate.toString()

/** SHA-256 of the certificate, in lower-case hexadecimal. */
export const fingerprintOf = (certificate: X509Certificate) =>
  certificate.fingerprint256.replaceAll(':', '').toLowerCase()

/** The structure that node:crypto does not show. */
export function structureOf(certificate: X509Certificate): Certificate {
  return new Certificate({ schema: asn1js.fromBER(new Uint8Array(certificate.raw)).result })
}

const extensionOf = (certificate: X509Certificate, id: string): Extension | undefined =>
  structureOf(certificate).extensions?.find(({ extnID }) => extnID === id)

/** RFC 3161, 2.3: the key may serve for timestamps, for nothing else, and the certificate insists on it. */
export function mayOnlyTimestamp(certificate: X509Certificate): boolean {
  const usage = extensionOf(certificate, OID.extendedKeyUsage)
  const purposes = usage?.parsedValue instanceof ExtKeyUsage ? usage.parsedValue.keyPurposes : []
  return usage?.critical === true && purposes.length === 1 && purposes[0] === OID.timeStamping
}

/**
 * The certificates that lead from one to a trusted root, each signed by the next, in force at that
 * moment and allowed to sign certificates.
 *
 * @returns null when none leads there
 */
export function chainTo(
  leaf: X509Certificate,
  known: readonly X509Certificate[],
  roots: readonly X509Certificate[],
  at: Date
): X509Certificate[] | null {
  const trusted = new Set(roots.map(fingerprintOf))
  const walk = (path: X509Certificate[]): X509Certificate[] | null => {
    const last = path.at(-1)!
    if (!inForce(last, at)) return null
    if (trusted.has(fingerprintOf(last))) return path
    if (path.length === LONGEST_CHAIN) return null
    for (const issuer of [...roots, ...known]) {
      if (path.includes(issuer) || !issued(issuer, last, path.length - 1)) continue
      const found = walk([...path, issuer])
      if (found) return found
    }
    return null
  }
  return walk([leaf])
}

export const inForce = (certificate: X509Certificate, at: Date) =>
  certificate.validFromDate <= at && at <= certificate.validToDate

/** `below`: how many authorities already stand between the issuer and the leaf. */
function issued(issuer: X509Certificate, certificate: X509Certificate, below: number): boolean {
  if (!issuer.ca || !certificate.checkIssued(issuer) || !certificate.verify(issuer.publicKey)) return false
  const constraints = extensionOf(issuer, OID.basicConstraints)?.parsedValue
  const most = constraints instanceof BasicConstraints ? constraints.pathLenConstraint : undefined
  return typeof most !== 'number' || below <= most
}
