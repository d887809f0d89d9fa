import { inflateSync } from 'node:zlib'
import { chainTo } from '#registered_mail/evidence/crypto/certificates'
import { signaturesIn } from '#registered_mail/evidence/crypto/pdf_signatures'
import { readSigned, verifySigned } from '#registered_mail/evidence/crypto/signed_data'
import { PATHS } from '#registered_mail/evidence/bundle/paths'
import type { CheckedSeal } from '#registered_mail/evidence/verification/check_manifest'
import type { Examination } from '#registered_mail/evidence/verification/report'

/**
 * The PDFs: the evidence file bears the seal and the very log of the bundle; the letter its seal of the
 * deposit; the acknowledgement its own, and there is none without a signature.
 */
export function checkDocuments(examination: Examination, seal: CheckedSeal | null) {
  const { files, report, problem } = examination
  const dossier = files.get(PATHS.dossier)
  const log = files.get(PATHS.log)
  if (dossier) {
    const wrong = seal ? sealProblem(dossier, seal) : null
    if (wrong) problem('dossier_seal_invalid', PATHS.dossier, wrong)
    if (log && !attachedLogs(dossier, log.length).some((one) => one.equals(log))) {
      problem('dossier_other_log', PATHS.dossier)
    }
  }
  checkAcknowledgement(examination, seal)
  const letter = files.get(PATHS.letter)
  const deposit = report.log.find(({ line }) => line.type === 'letter.deposited')?.line.data
  if (!letter || !seal || !deposit || !('seal' in deposit) || !deposit.seal) return
  const wrong = sealProblem(letter, seal)
  if (wrong) problem('letter_seal_invalid', PATHS.letter, wrong)
}

function checkAcknowledgement({ files, report, problem }: Examination, seal: CheckedSeal | null) {
  const acknowledgement = files.get(PATHS.acknowledgement)
  if (!acknowledgement) return
  if (!report.log.some(({ line }) => line.type === 'letter.signed')) {
    problem('acknowledgement_unexpected', PATHS.acknowledgement)
  }
  const wrong = seal ? sealProblem(acknowledgement, seal) : null
  if (wrong) problem('acknowledgement_seal_invalid', PATHS.acknowledgement, wrong)
}

/** Why the first seal of a PDF does not hold; null when it does. */
function sealProblem(pdf: Buffer, { roots }: CheckedSeal): string | null {
  const found = signaturesIn(pdf).find(({ kind }) => kind === 'seal')
  if (!found) return 'no seal'
  try {
    const message = readSigned(found.der)
    verifySigned(message, found.signed)
    // The seal's certificate was in force when it was made; what dates it is checked with the bundle.
    const at = message.signer.validFromDate
    return chainTo(message.signer, message.certificates, roots, at) ? null : 'its certificate leads nowhere'
  } catch (error) {
    return (error as Error).message
  }
}

const EMBEDDED = '/Type /EmbeddedFile'
const MOST = 4

/** The attached files of a PDF of ours, as far as they are no longer than the log. */
function attachedLogs(pdf: Buffer, length: number): Buffer[] {
  const source = pdf.toString('latin1')
  const found: Buffer[] = []
  for (
    let at = source.indexOf(EMBEDDED);
    at !== -1 && found.length < MOST;
    at = source.indexOf(EMBEDDED, at + 1)
  ) {
    const start = source.indexOf('stream', at)
    const head = source.slice(source.lastIndexOf(' obj', at), start)
    const size = Number(/\/Length (\d+)/.exec(head)?.[1])
    const from = start + (source[start + 6] === '\r' ? 8 : 7)
    const bytes = start === -1 || !size ? Buffer.alloc(0) : pdf.subarray(from, from + size)
    found.push(head.includes('/FlateDecode') ? inflated(bytes, length) : bytes)
  }
  return found
}

function inflated(bytes: Buffer, most: number): Buffer {
  try {
    return inflateSync(bytes, { maxOutputLength: most })
  } catch {
    // Longer than the log, or no such stream: in either case not the log.
    return Buffer.alloc(0)
  }
}
