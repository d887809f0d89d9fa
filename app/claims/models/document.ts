import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { DocumentSchema } from '#database/schema'
import { clock, type Instant } from '#shared/clock'
import { storeFile } from '#shared/files'

/** What a person may attach; letters, receipts and dispute evidence come by themselves. */
export const ATTACHABLE_KINDS = ['invoice', 'contract', 'order', 'quote', 'other'] as const
export type DocumentKind = (typeof ATTACHABLE_KINDS)[number] | 'letter' | 'receipt' | 'dispute'

export default class Document extends DocumentSchema {
  static override table = 'documents'
  declare kind: DocumentKind

  /**
   * Stores a file among the documents of a claim, where the debtor sees it.
   *
   * @returns its SHA-256
   */
  static async keepShown(
    trx: TransactionClientContract,
    about: Pick<Document, 'claimId' | 'kind' | 'name'> & { createdAt?: Instant },
    { bytes, mediaType }: { bytes: Uint8Array; mediaType: string }
  ): Promise<string> {
    const fileSha256 = await storeFile(trx, bytes, mediaType)
    const row = { createdAt: clock.now(), ...about, fileSha256, shownToDebtor: true }
    await this.create(row, { client: trx })
    return fileSha256
  }
}
