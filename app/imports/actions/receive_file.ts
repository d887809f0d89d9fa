import { addWorkingDays } from '#shared/calendar'
import { clock } from '#shared/clock'
import { storeFile } from '#shared/files'
import { numbered, takeNumbers } from '#shared/numbering'
import { transaction } from '#shared/transaction'
import type Creditor from '#creditors/models/creditor'
import { Unreadable } from '#imports/reader/limits'
import type { ColumnChoice, StagedRow, TableHead } from '#imports/reader/protocol'
import { readSpreadsheet } from '#imports/reader/read_spreadsheet'
import Import from '#imports/models/import'
import { currentRules } from '#imports/rules'
import { insertStagedRows } from '#imports/staging'

/** R20: a deposited table is verified and its files start within three working days. */
const VERIFICATION_DAYS = 3

/** Enough to know the columns and show what they hold. */
const OPENING_ROWS = 20

export type ReceiveFileInput = {
  creditor: Creditor
  userId: number | null
  filename: string
  bytes: Uint8Array
  mediaType: string
  columns: ColumnChoice
}

/**
 * Keeps a creditor's table as it came, then looks at its beginning: a file that cannot be read
 * is kept as refused, with the reason; else its columns are known or asked for.
 */
export default class ReceiveFile {
  async handle({ creditor, userId, filename, bytes, mediaType, columns }: ReceiveFileInput): Promise<Import> {
    const received = await transaction(async (trx) => {
      const today = clock.today()
      const year = Number(today.slice(0, 4))
      return Import.create(
        {
          ref: numbered('I', year, await takeNumbers(trx, 'import', year)),
          creditorId: creditor.id,
          userId,
          filename: filename.slice(0, 200),
          fileSha256: await storeFile(trx, bytes, mediaType),
          state: 'uploaded',
          verifyByOn: addWorkingDays(today, VERIFICATION_DAYS),
          createdAt: clock.now(),
        },
        { client: trx }
      )
    })
    return this.look(received, columns)
  }

  private async look(received: Import, columns: ColumnChoice): Promise<Import> {
    const found = await opening(received, columns)
    await transaction(async (trx) => {
      received.useTransaction(trx)
      if (found instanceof Unreadable) received.merge({ state: 'refused', refusal: found.code })
      else {
        received.merge(tableOf(found.head))
        received.unreadSheets = found.head.unread
        await insertStagedRows(trx, received.id, found.rows)
      }
      await received.save()
    })
    return received
  }
}

/** The first rows, stored as a sample until the whole table is read. */
async function opening(
  received: Import,
  columns: ColumnChoice
): Promise<{ head: TableHead; rows: StagedRow[] } | Unreadable> {
  const order = {
    columns,
    rules: await currentRules(received.creditorId),
    firstRows: OPENING_ROWS,
  }
  const rows: StagedRow[] = []
  try {
    const { head } = await readSpreadsheet(received.path, order, (batch) => void rows.push(...batch))
    return { head, rows }
  } catch (error) {
    if (error instanceof Unreadable) return error
    throw error
  }
}

/** Where the reader found the table, as the import keeps it. */
export const tableOf = ({ format, sheet, headerRow, headers, mapping, date1904 }: TableHead) => ({
  format,
  sheet,
  headerRow,
  headers,
  mapping,
  date1904,
})
