import { clock } from '#shared/clock'
import { storeFile } from '#shared/files'
import { transaction } from '#shared/transaction'
import { recordEvent } from '#claims/events'
import type Claim from '#claims/models/claim'
import Document, { type DocumentKind } from '#claims/models/document'

export type Attachment = { name: string; bytes: Uint8Array; mediaType: string }

export type AttachDocumentsInput = {
  claim: Claim
  kind: DocumentKind
  shownToDebtor: boolean
  attachments: readonly Attachment[]
  userId: number
  actor: 'user' | 'creditor'
}

/** P4: what proves the claim, kept by its hash. The same content twice on one file is one document. */
export default class AttachDocuments {
  /** @returns how many were new */
  handle({ claim, kind, shownToDebtor, attachments, userId, actor }: AttachDocumentsInput): Promise<number> {
    return transaction(async (trx) => {
      let added = 0
      for (const attachment of attachments) {
        const fileSha256 = await storeFile(trx, attachment.bytes, attachment.mediaType)
        const same = await Document.query({ client: trx }).where({ claimId: claim.id, fileSha256 }).first()
        if (same) continue
        await Document.create(
          {
            claimId: claim.id,
            kind,
            name: attachment.name,
            fileSha256,
            shownToDebtor,
            createdAt: clock.now(),
          },
          { client: trx }
        )
        await recordEvent(trx, {
          claimId: claim.id,
          type: 'document.attached',
          actor,
          userId,
          detail: { name: attachment.name, sha256: fileSha256 },
        })
        added += 1
      }
      return added
    })
  }
}
