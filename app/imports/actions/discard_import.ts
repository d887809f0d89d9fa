import { transaction } from '#shared/transaction'
import Import from '#imports/models/import'
import ImportRow from '#imports/models/import_row'

/** Drops a table that was never committed, with its staged rows. */
export default class DiscardImport {
  handle(importId: number): Promise<'discarded' | 'settled'> {
    return transaction(async (trx) => {
      const staged = await Import.findOrFail(importId, { client: trx })
      if (staged.state === 'committed' || staged.state === 'undone' || staged.isBeingRead) return 'settled'
      await ImportRow.query({ client: trx }).where('importId', importId).delete()
      await staged.useTransaction(trx).delete()
      return 'discarded'
    })
  }
}
