import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock } from '#shared/clock'
import { recordFiles, type KeptFile } from '#shared/files'
import { transaction } from '#shared/transaction'
import { carrierActor, recordCarriage } from '#registered_mail/evidence/carriage'
import type Mailing from '#registered_mail/models/mailing'
import type { ProofKind } from '#registered_mail/providers/provider'

/**
 * Records a proof whose bytes are on disk, and tells the letter's chain. A letter has one of each kind: the first that
 * came stays.
 *
 * @param userId who scanned it, when no provider gave it
 * @returns false when there was one
 */
export function keepProof(
  mailing: Mailing,
  kind: ProofKind,
  file: KeptFile,
  { userId = null, open }: { userId?: number | null; open?: TransactionClientContract } = {}
): Promise<boolean> {
  return transaction(async (trx) => {
    await recordFiles(trx, [file])
    const inserted: unknown[] = await trx
      .insertQuery()
      .table('mailing_proofs')
      .knexQuery.insert({
        mailing_id: mailing.id,
        kind,
        file_sha256: file.sha256,
        user_id: userId,
        fetched_at: clock.now(),
      })
      .onConflict(['mailing_id', 'kind'])
      .ignore()
      .returning('id')
    if (inserted.length === 0) return false
    const { letterId, provider } = mailing
    const { sha256, mediaType, bytes } = file
    const from = userId === null ? provider : 'manual'
    const data = { kind, from, sha256, mediaType, bytes }
    await recordCarriage(trx, {
      letterId,
      type: 'proof.received',
      actor: carrierActor(provider, userId),
      data,
    })
    return true
  }, open)
}
