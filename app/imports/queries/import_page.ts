import type { I18n } from '@adonisjs/i18n'
import db from '@adonisjs/lucid/services/db'
import { pageAsked } from '#shared/pages'
import type Import from '#imports/models/import'
import ImportRow from '#imports/models/import_row'
import { countViews, lotsOf, rowsIn, VIEWS, type Counts, type View } from '#imports/queries/row_views'
import { rowView, typedFields } from '#imports/row_view'

/** Rows named at the top of the page; the others are in their tab. */
const NAMED_ERRORS = 8

/** All that the verification of a staged table shows. */
export async function importPage(found: Import, asked: Record<string, unknown>, i18n: I18n) {
  const counts = await countViews(found)
  const view = VIEWS.find((name) => name === asked.view) ?? (counts.look > 0 ? 'look' : 'all')
  const page = await rowsIn(found, view, pageAsked(asked.page))
  const lots = await lotsOf(found)
  const merged = await mergedFiles(page.all())
  const wrong = await ImportRow.query()
    .where({ importId: found.id, outcome: 'rejected' })
    .orderBy('row')
    .limit(NAMED_ERRORS)
  return {
    found,
    view,
    tabs: tabsOf(counts),
    counts,
    page,
    rows: page.all().map((row) => rowView(row, found.columns, merged, i18n)),
    lots,
    claims: lots.reduce((total, lot) => total + lot.files, 0),
    merged: lots.reduce((total, lot) => total + lot.rows - lot.files, 0),
    wrong: wrong.map((row) => rowView(row, found.columns, merged, i18n)),
    correcting: await rowToCorrect(found, Number(asked.row), i18n),
  }
}

/** Tabs with nothing in them are left out, but the first two. */
const tabsOf = (counts: Counts) =>
  VIEWS.filter((name) => name === 'all' || name === 'look' || counts[name] > 0).map((name) => ({
    name: name satisfies View,
    count: counts[name],
  }))

/** Which files of these rows have several rows, wherever the others are. */
async function mergedFiles(rows: ImportRow[]): Promise<Set<number>> {
  const [first] = rows
  if (!first) return new Set()
  const files = [...new Set(rows.flatMap(({ fileRow }) => fileRow ?? []))]
  const found: { file_row: number }[] = await db
    .from('import_rows')
    .where({ import_id: first.importId, outcome: 'ready' })
    .whereIn('file_row', files)
    .groupBy('file_row')
    .havingRaw('count(*) > 1')
    .select('file_row')
  return new Set(found.map((row) => Number(row.file_row)))
}

/** The row asked for, else the first that is wrong. */
async function rowToCorrect(found: Import, asked: number, i18n: I18n) {
  const query = ImportRow.query().where('importId', found.id).orderBy('row')
  const row = Number.isInteger(asked)
    ? await query.where('row', asked).first()
    : await query.where('outcome', 'rejected').first()
  if (!row) return null
  return { view: rowView(row, found.columns, new Set(), i18n), ...typedFields(row, found.columns, i18n) }
}
