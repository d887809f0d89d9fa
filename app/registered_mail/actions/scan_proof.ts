import { keepFile } from '#shared/files'
import { mediaTypeOf } from '#shared/media_type'
import { recordEvent } from '#claims/events'
import { transaction } from '#shared/transaction'
import type Letter from '#letters/models/letter'
import { keepProof } from '#registered_mail/keep_proof'
import Mailing from '#registered_mail/models/mailing'
import type { ProofKind } from '#registered_mail/providers/provider'
import { mayBeScanned } from '#registered_mail/queries/mailing_of'
import type User from '#users/models/user'

interface Input {
  letter: Letter
  kind: ProofKind
  bytes: Uint8Array
  mediaType: string
  by: User
}

export type Scanned = 'kept' | 'already_there' | 'not_posted' | 'not_a_scan'

const TAKEN: readonly (string | null)[] = ['application/pdf', 'image/png', 'image/jpeg']

/**
 * The deposit slip or the receipt that came back on paper, scanned by a person: kept by its hash, told to the letter's
 * chain and to the file's timeline. It never replaces one that is there.
 */
export class ScanProof {
  async handle({ letter, kind, bytes, mediaType, by }: Input): Promise<Scanned> {
    if (!TAKEN.includes(mediaType) || mediaTypeOf(Buffer.from(bytes)) !== mediaType) return 'not_a_scan'
    const mailing = await Mailing.findBy('letterId', letter.id)
    if (!mailing || !mayBeScanned(letter, mailing)) return 'not_posted'
    const file = await keepFile(bytes, mediaType)
    return transaction(async (trx) => {
      const kept = await keepProof(mailing, kind, file, { userId: by.id, open: trx })
      if (!kept) return 'already_there'
      const detail = { letter: letter.ref, proof: kind, sha256: file.sha256 }
      const type = 'mailings.proof_scanned'
      await recordEvent(trx, { claimId: letter.claimId, type, actor: 'user', userId: by.id, detail })
      return 'kept'
    })
  }
}
