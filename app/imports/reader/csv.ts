import { csvRecords, isBinary } from '#shared/csv_records'
import { Unreadable } from '#imports/reader/limits'
import type { SheetSource } from '#imports/reader/rows'

/** A text table, as the one sheet it is. */
export function csvSheet(bytes: Buffer): SheetSource {
  if (isBinary(bytes)) throw new Unreadable('unsupported', 'binary')
  return { name: '', date1904: false, batches: csvRecords(bytes) }
}
