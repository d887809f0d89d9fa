import db from '@adonisjs/lucid/services/db'
import logger from '@adonisjs/core/services/logger'
import { keepFile, recordFiles } from '#shared/files'
import { acknowledgementPdf } from '#registered_mail/ere/acknowledgement_pdf'
import { holdEre } from '#registered_mail/ere/change'
import { queueStep } from '#registered_mail/ere/queue'
import { currentSeal } from '#registered_mail/evidence/seal/current_seal'
import { sealPdf } from '#registered_mail/evidence/seal/seal_pdf'

export interface Acknowledged {
  made: number
  failed: { ereId: number; reason: string }[]
}

/**
 * Makes the acknowledgements of what was signed, each sealed, and sends a copy to both parties in the transaction
 * that keeps it. One that fails is made by a later pass.
 *
 * @param ereId only that one; all that lack theirs otherwise
 */
export async function acknowledge(ereId?: number, signal?: AbortSignal): Promise<Acknowledged> {
  const outcome: Acknowledged = { made: 0, failed: [] }
  const query = db.from('eres').where('state', 'signed').whereNull('acknowledgement_sha256').orderBy('id')
  if (ereId) query.where('id', ereId)
  for (const row of await query.select('id')) {
    if (signal?.aborted) break
    try {
      if (await acknowledgeOne(Number(row.id))) outcome.made += 1
    } catch (error) {
      logger.error({ err: error, ere: row.id }, 'an acknowledgement could not be made')
      outcome.failed.push({ ereId: Number(row.id), reason: (error as Error).message })
    }
  }
  return outcome
}

async function acknowledgeOne(ereId: number): Promise<boolean> {
  const { pdf, ref } = await acknowledgementPdf(ereId)
  const { bytes } = await sealPdf(pdf, await currentSeal(), { reason: `Accuse de reception ${ref}` })
  const file = await keepFile(bytes, 'application/pdf')
  return holdEre(ereId, async (held) => {
    if (held.ere.acknowledgementSha256) return false
    await recordFiles(held.trx, [file])
    await held.set({ acknowledgementSha256: file.sha256 })
    await queueStep(held, 'signed')
    return true
  })
}
