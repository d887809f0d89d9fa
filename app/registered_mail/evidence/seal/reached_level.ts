import { PDF, PdfArray, PdfDict, PdfRef, PdfStream } from '@libpdf/core'
import type { X509Certificate } from 'node:crypto'
import type { PadesLevel } from '#registered_mail/evidence/chains'
import { signaturesIn } from '#registered_mail/evidence/crypto/pdf_signatures'
import { readSigned } from '#registered_mail/evidence/crypto/signed_data'
import { isListOf } from '#registered_mail/evidence/seal/revocations'

/**
 * The PAdES level that a sealed file has, read from the file: a date on the seal, then for each
 * certificate that can be revoked the list of its authority, then a timestamp over all of it.
 */
export async function reachedLevel(pdf: Buffer): Promise<PadesLevel> {
  const signatures = signaturesIn(pdf)
  const seal = signatures.find(({ kind }) => kind === 'seal')
  if (!seal) throw new Error('the file bears no seal')
  const message = readSigned(seal.der)
  if (!message.timestamp) return 'B-B'
  const certificates = [...message.certificates, ...readSigned(message.timestamp).certificates]
  const lists = await listsIn(pdf)
  if (!certificates.every((one) => isCovered(one, certificates, lists))) return 'B-T'
  return signatures.some(({ kind }) => kind === 'timestamp') ? 'B-LTA' : 'B-LT'
}

/** A root answers for itself; any other certificate needs the list of the authority that issued it. */
function isCovered(certificate: X509Certificate, known: X509Certificate[], lists: Buffer[]): boolean {
  if (certificate.checkIssued(certificate)) return true
  const issuer = known.find((other) => certificate.checkIssued(other))
  if (issuer) return lists.some((list) => isListOf(list, issuer))
  return lists.some((list) => list.includes(issuerName(certificate)))
}

/** The issuer may stay out of the message: its name is then all there is to go by. */
const issuerName = (certificate: X509Certificate) =>
  Buffer.from(certificate.issuer.split('\n').at(-1)!.split('=').slice(1).join('='))

/** The lists of revoked certificates in the file's security store. */
async function listsIn(pdf: Buffer): Promise<Buffer[]> {
  const document = await PDF.load(new Uint8Array(pdf))
  const resolve = (ref: PdfRef) => document.getObject(ref)
  const store = document.getCatalog().get('DSS', resolve)
  if (!(store instanceof PdfDict)) return []
  const lists = store.get('CRLs', resolve)
  if (!(lists instanceof PdfArray)) return []
  return [...lists].flatMap((one) => {
    const stream = one instanceof PdfRef ? resolve(one) : one
    return stream instanceof PdfStream ? [Buffer.from(stream.getDecodedData())] : []
  })
}
