import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock } from '#shared/clock'
import { storeFile } from '#shared/files'
import { transaction } from '#shared/transaction'
import { recordEvent, type EventInput } from '#claims/events'
import type Claim from '#claims/models/claim'
import Document, { type DocumentKind } from '#claims/models/document'

export type Attachment = { name: string; bytes: Uint8Array; mediaType: string }

type About = {
  claim: Claim
  kind: DocumentKind
  shownToDebtor: boolean
  userId: number
  actor: EventInput['actor']
}

export type AttachDocumentsInput = About & { attachments: readonly Attachment[] }

/** P4: what proves the claim, kept by its hash. The same content twice on one file is one document. */
export default class AttachDocuments {
  /** @returns how many were new */
  handle({ attachments, ...about }: AttachDocumentsInput): Promise<number> {
    return transaction(async (trx) => {
      let added = 0
      for (const attachment of attachments) {
        const { isNew } = await keepDocument(trx, about, attachment)
        if (isNew) added += 1
      }
      return added
    })
  }
}

/** Keeps one document of a file, with its line in the timeline, once. */
export async function keepDocument(
  trx: TransactionClientContract,
  { claim, kind, shownToDebtor, userId, actor }: About,
  { name, bytes, mediaType }: Attachment
): Promise<{ document: Document; isNew: boolean }> {
  const fileSha256 = await storeFile(trx, bytes, mediaType)
  const same = await Document.query({ client: trx }).where({ claimId: claim.id, fileSha256 }).first()
  if (same) return { document: same, isNew: false }
  const document = await Document.create(
    { claimId: claim.id, kind, name, fileSha256, shownToDebtor, createdAt: clock.now() },
    { client: trx }
  )
  await recordEvent(trx, {
    claimId: claim.id,
    type: 'document.attached',
    actor,
    userId,
    detail: { name, sha256: fileSha256 },
  })
  return { document, isNew: true }
}
