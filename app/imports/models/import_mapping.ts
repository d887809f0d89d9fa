import { ImportMappingSchema } from '#database/schema'

/** A creditor's own words for its columns: field → header, folded. */
export default class ImportMapping extends ImportMappingSchema {
  static override table = 'import_mappings'
}
