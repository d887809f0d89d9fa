import { plainWords } from '#shared/cells'
import { FIELDS, type Mapping } from '#imports/fields'
import type Import from '#imports/models/import'
import ImportMapping from '#imports/models/import_mapping'
import type { ColumnChoice } from '#imports/reader/protocol'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock } from '#shared/clock'

/** The mapping that pages keep for a creditor; a command may name others. */
export const USUAL_MAPPING = 'habituel'

/** How to find the columns of a new table: as the creditor's last one was mapped, else by their words. */
export async function usualColumns(creditorId: number): Promise<ColumnChoice> {
  const saved = await ImportMapping.findBy({ creditorId, name: USUAL_MAPPING })
  return saved ? { by: 'saved', fields: saved.fields } : { by: 'recognition' }
}

/** The columns a person has confirmed, on the sheet they saw. */
export const chosenColumns = ({ sheet, headerRow }: Import, mapping: Mapping): ColumnChoice => ({
  by: 'hand',
  sheet: sheet ?? '',
  headerRow: headerRow!,
  mapping,
})

/** Keeps a mapping by the words of its headers, so that moved columns are still found. */
export async function rememberColumns(
  trx: TransactionClientContract,
  { creditorId, headers }: Import,
  mapping: Mapping
) {
  const fields = Object.fromEntries(
    FIELDS.flatMap((field) => {
      const index = mapping[field]
      const words = index === undefined ? '' : plainWords(headers?.[index] ?? '')
      return words ? [[field, words]] : []
    })
  )
  const now = clock.now()
  const saved = await ImportMapping.query({ client: trx }).where({ creditorId, name: USUAL_MAPPING }).first()
  if (saved) return saved.useTransaction(trx).merge({ fields, updatedAt: now }).save()
  const first = { creditorId, name: USUAL_MAPPING, fields, createdAt: now, updatedAt: now }
  return ImportMapping.create(first, { client: trx })
}
