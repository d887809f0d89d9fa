import { createHash, type X509Certificate } from 'node:crypto'
import { headLeaf } from '#registered_mail/evidence/anchors'
import { tokenIn, verifyTimestamp } from '#registered_mail/evidence/crypto/timestamps'
import { leafHash, rootFrom } from '#registered_mail/evidence/merkle'
import { PATHS } from '#registered_mail/evidence/bundle/paths'
import { readProof } from '#registered_mail/evidence/bundle/proof_text'
import type { Examination } from '#registered_mail/evidence/verification/report'

/**
 * The head of the log is under the root, and the root was dated. A log cut short no longer has the
 * head that was anchored; one that goes on after its anchor is not covered to its end.
 *
 * @returns when the root was dated
 */
export function checkAnchor(examination: Examination, roots: readonly X509Certificate[]): string | null {
  const { files, report, problem } = examination
  const [root, text] = [files.get(PATHS.root), files.get(PATHS.proof)]
  if (!root || !text) {
    problem('anchor_missing', root ? PATHS.proof : PATHS.root)
    return null
  }
  const proof = readProof(text.toString('utf8'))
  if (!proof || root.length !== 32) {
    problem('anchor_malformed', PATHS.proof)
    return null
  }
  const leaf = leafHash(headLeaf(proof.ref, proof.seq, proof.head))
  const path = proof.path.map((hash) => Buffer.from(hash, 'hex'))
  const event = report.log[proof.seq - 1]
  if (!rootFrom(leaf, proof.index, proof.size, path)?.equals(root)) problem('anchor_differs', PATHS.root)
  if (event?.hash !== proof.head || proof.ref !== report.ref) problem('anchor_differs', PATHS.proof)
  else if (proof.seq < report.log.length) {
    problem('anchor_behind', PATHS.proof, `${report.log.length - proof.seq}`)
  }
  return checkRootStamp(examination, root, roots)
}

function checkRootStamp(
  { files, report, problem }: Examination,
  root: Buffer,
  roots: readonly X509Certificate[]
): string | null {
  const response = files.get(PATHS.rootStamp)
  if (!response) {
    if (roots.length > 0) problem('anchor_not_stamped', PATHS.rootStamp)
    return null
  }
  try {
    const digest = createHash('sha256').update(root).digest()
    report.anchoredAt = verifyTimestamp(tokenIn(response), digest, roots).at
  } catch (error) {
    problem('anchor_stamp_invalid', PATHS.rootStamp, (error as Error).message)
  }
  return report.anchoredAt
}
