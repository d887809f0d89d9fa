import { readFile } from 'node:fs/promises'
import { verify, type X509Certificate } from 'node:crypto'
import { CertificateRevocationList, CRLDistributionPoints, GeneralName } from 'pkijs'
import * as asn1js from 'asn1js'
import { timestampSettings } from '#config/evidence'
import { fingerprintOf, structureOf } from '#registered_mail/evidence/crypto/certificates'
import { SIGNED_WITH } from '#registered_mail/evidence/crypto/signed_data'
import type { Sealer } from '#registered_mail/evidence/crypto/sign'

const PATIENCE_MS = 5_000
const LARGEST_LIST = 4 * 1024 * 1024
const KEPT_MS = 3_600_000
const PEM_LIST = /-----BEGIN X509 CRL-----([^-]+)-----END X509 CRL-----/g

const fetched = new Map<string, { at: number; list: Buffer | null }>()

/**
 * For each certificate of the seal and of the timestamp that an authority can revoke, the list that
 * its authority signed: our own, one beside the certificates of TSA_CA_FILE, or where the certificate says.
 *
 * @returns lists by the certificate's fingerprint; null when one of them is not to be had
 */
export async function revocationsFor(
  sealer: Sealer,
  timestampChain: readonly X509Certificate[]
): Promise<Map<string, Buffer> | null> {
  const known = [...(sealer.revocations ? [sealer.revocations] : []), ...(await listsInFile())]
  const found = new Map<string, Buffer>()
  for (const chain of [[sealer.certificate, ...sealer.chain], timestampChain]) {
    for (const [index, certificate] of chain.entries()) {
      const issuer = chain[index + 1]
      if (!issuer) continue
      const list = await listFor(certificate, issuer, known)
      if (!list) return null
      found.set(fingerprintOf(certificate), list)
    }
  }
  return found
}

async function listFor(
  certificate: X509Certificate,
  issuer: X509Certificate,
  known: readonly Buffer[]
): Promise<Buffer | null> {
  const held = known.find((list) => isListOf(list, issuer))
  if (held) return held
  for (const url of addressesIn(certificate)) {
    const list = await fetchedList(url)
    if (list && isListOf(list, issuer)) return list
  }
  return null
}

/** Signed by that authority's key, and not overdue. */
export function isListOf(list: Uint8Array, issuer: X509Certificate): boolean {
  const read = readList(list)
  if (!read || (read.nextUpdate && read.nextUpdate.value < new Date())) return false
  const hash = SIGNED_WITH[read.signatureAlgorithm.algorithmId]
  const signature = Buffer.from(read.signatureValue.valueBlock.valueHexView)
  return hash !== undefined && verify(hash, Buffer.from(read.tbsView), issuer.publicKey, signature)
}

function readList(list: Uint8Array): CertificateRevocationList | null {
  try {
    return new CertificateRevocationList({ schema: asn1js.fromBER(new Uint8Array(list)).result })
  } catch {
    // What stands at an address of a certificate may be anything: no list is found there.
    return null
  }
}

async function listsInFile(): Promise<Buffer[]> {
  if (!timestampSettings.caFile) return []
  const pem = await readFile(timestampSettings.caFile, 'utf8')
  return [...pem.matchAll(PEM_LIST)].map(([, digits]) => Buffer.from(digits!, 'base64'))
}

function addressesIn(certificate: X509Certificate): string[] {
  const extension = structureOf(certificate).extensions?.find(({ extnID }) => extnID === '2.5.29.31')
  if (!(extension?.parsedValue instanceof CRLDistributionPoints)) return []
  return extension.parsedValue.distributionPoints
    .flatMap(({ distributionPoint }) => (Array.isArray(distributionPoint) ? distributionPoint : []))
    .flatMap((name) => (name instanceof GeneralName && name.type === 6 ? [String(name.value)] : []))
    .filter((url) => /^https?:\/\//.test(url))
}

async function fetchedList(url: string): Promise<Buffer | null> {
  const known = fetched.get(url)
  if (known && Date.now() - known.at < KEPT_MS) return known.list
  const list = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) }).then(
    async (answer) => (answer.ok ? Buffer.from(await answer.arrayBuffer()) : null),
    () => null
  )
  const kept = list && list.length <= LARGEST_LIST ? list : null
  fetched.set(url, { at: Date.now(), list: kept })
  return kept
}
