import db from '@adonisjs/lucid/services/db'
import { keepFile, readStoredFile, recordFiles } from '#shared/files'
import { transaction } from '#shared/transaction'
import Agency from '#agency/models/agency'
import { appendEvents } from '#registered_mail/evidence/append_events'
import { openChains, type PadesLevel } from '#registered_mail/evidence/chains'
import { depositsOf } from '#registered_mail/evidence/deposits'
import type { EvidenceActor, EvidenceData } from '#registered_mail/evidence/event_types'
import { build, EVIDENCE_POLICY, senderOf } from '#registered_mail/evidence/listeners'
import { currentSeal } from '#registered_mail/evidence/seal/current_seal'
import { sealPdf } from '#registered_mail/evidence/seal/seal_pdf'

export interface DepositInput {
  letterId: number
  /** The letter's kind as its row says it: `ere`. */
  kind: string
  /** Where the recipient is written to. */
  email: string
  actor: EvidenceActor
  /** What a person who is no business agreed to beforehand (rule 46): it opens the chain. */
  consent?: EvidenceData['consent.recorded'] | null
}

export type Deposited =
  | { outcome: 'deposited' | 'already_deposited'; contentSha256: string; level: PadesLevel | null }
  | { outcome: 'not_rendered' }

/**
 * Deposits a letter that leaves electronically: its PDF is sealed into a new file, which is what is
 * sent and what every event names from then on; its chain begins with that. Doing it again gives what
 * was done.
 */
export class DepositLetter {
  async handle({ letterId, kind, email, actor, consent }: DepositInput): Promise<Deposited> {
    const before = await chainOf(letterId)
    if (before) return before
    const [deposit] = await depositsOf(db.connection(), [letterId], kind)
    if (!deposit) return { outcome: 'not_rendered' }
    const letter = await readStoredFile(deposit.renderedSha256)
    const reason = 'Scellement au depot'
    const { bytes, level } = await sealPdf(letter, await currentSeal(), { reason })
    const sealed = await keepFile(bytes, 'application/pdf')
    const sender = senderOf(await Agency.currentOrFail())
    return transaction(async (trx) => {
      // Of two processes that deposit it at once, the second waits and sees what the first did.
      await trx.from('letters').where('id', letterId).forUpdate().select('id')
      const meanwhile = await chainOf(letterId, trx)
      if (meanwhile) return meanwhile
      await recordFiles(trx, [sealed])
      const { renderedSha256 } = deposit
      await openChains(trx, [{ letterId, contentSha256: sealed.sha256, renderedSha256, level }])
      const { creditor, pages } = deposit
      const recipient = { ...deposit.recipient, email }
      const written = { renderedSha256, pages, bytes: sealed.bytes, seal: level }
      const data = {
        channel: 'ere',
        sender,
        creditor,
        recipient,
        ...written,
        policy: EVIDENCE_POLICY,
        build: build(),
      } as const
      await appendEvents(trx, [
        ...(consent ? [{ letterId, type: 'consent.recorded', actor, data: consent } as const] : []),
        { letterId, type: 'letter.deposited', actor, data },
      ])
      return { outcome: 'deposited', contentSha256: sealed.sha256, level }
    })
  }
}

async function chainOf(letterId: number, client = db.connection()): Promise<Deposited | null> {
  const row = await client.from('evidence_chains').where('letter_id', letterId).first()
  return row && { outcome: 'already_deposited', contentSha256: row.content_sha256, level: row.level }
}
