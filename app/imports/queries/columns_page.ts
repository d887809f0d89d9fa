import { textOf } from '#shared/cells'
import { FIELDS, missingFields } from '#imports/fields'
import type Import from '#imports/models/import'

const SAMPLES = 3

/** The columns of a table with their first values, and the field each holds. */
export async function columnsPage(found: Import) {
  const rows = await found.related('rows').query().orderBy('row').limit(SAMPLES)
  const headers = found.headers ?? []
  const columns = headers.map((header, index) => ({
    index,
    header,
    samples: rows.map(({ cells }) => textOf(cells[index]).slice(0, 60)).filter(Boolean),
  }))
  const mapping = found.mapping ?? {}
  const used = new Set(Object.values(mapping))
  return {
    found,
    columns,
    fields: FIELDS.map((field) => ({ field, column: mapping[field] })),
    missing: missingFields(mapping),
    sample: rows.map(({ cells }) => headers.map((_, index) => textOf(cells[index]).slice(0, 60))),
    unused: columns.filter(({ index, header }) => header && !used.has(index)),
  }
}
