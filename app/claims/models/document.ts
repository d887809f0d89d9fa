import { DocumentSchema } from '#database/schema'

export default class Document extends DocumentSchema {
  static override table = 'documents'
}
