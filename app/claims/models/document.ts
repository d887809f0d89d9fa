import { DocumentSchema } from '#database/schema'

/** What a person may attach; letters, receipts and dispute evidence come by themselves. */
export const ATTACHABLE_KINDS = ['invoice', 'contract', 'order', 'quote', 'other'] as const
export type DocumentKind = (typeof ATTACHABLE_KINDS)[number] | 'letter' | 'receipt' | 'dispute'

export default class Document extends DocumentSchema {
  static override table = 'documents'
  declare kind: DocumentKind
}
