import { clock } from '#shared/clock'
import { keepFile, recordFiles } from '#shared/files'
import Agency from '#agency/models/agency'
import type { EvidenceActor } from '#registered_mail/evidence/event_types'
import { holdEre } from '#registered_mail/ere/change'
import { statementOf } from '#registered_mail/ere/statements'
import { isOpened } from '#registered_mail/ere/states'

export interface SignInput {
  ereId: number
  name: string
  /** A PNG when the name was drawn; typed without it. */
  image: Buffer | null
  locale: string
  statementSha256: string
  actor: EvidenceActor
}

/** - unread: the letter was not handed over yet; nobody signs for what they could not read */
export type SignedEre = 'done' | 'already' | 'unread' | 'not_open' | 'statement_changed'

/**
 * A simple electronic signature of the acknowledgement (rules 53 and 54): the words, the letter's hash, the
 * name, and the image when there is one, which alone would prove nothing.
 */
export class SignEre {
  async handle({ ereId, name, image, locale, statementSha256, actor }: SignInput): Promise<SignedEre> {
    const kept = image && (await keepFile(image, 'image/png'))
    return holdEre(ereId, async (held): Promise<SignedEre> => {
      const { ere, letter, trx } = held
      if (ere.state === 'signed') return 'already'
      if (ere.state === 'accepted') return 'unread'
      if (!isOpened(ere.state)) return 'not_open'
      const agency = await Agency.query({ client: trx }).orderBy('id').firstOrFail()
      const statement = statementOf('sign', letter, { agency: agency.name, locale })
      if (statement.sha256 !== statementSha256) return 'statement_changed'
      if (kept) await recordFiles(trx, [kept])
      const chain = await trx.from('evidence_chains').where('letter_id', letter.id).firstOrFail()
      await held.prove('letter.signed', actor, {
        method: kept ? 'drawn' : 'typed',
        name,
        statement: statement.text,
        statementSha256: statement.sha256,
        documentSha256: chain.content_sha256,
        ...(kept ? { imageSha256: kept.sha256 } : {}),
      })
      const now = clock.now()
      await held.become('signed', {
        signedAt: now,
        endedAt: now,
        signerName: name,
        signatureSha256: kept?.sha256 ?? null,
      })
      await held.tell('signed', { actor: 'debtor' }, { name })
      return 'done'
    })
  }
}
