import db from '@adonisjs/lucid/services/db'
import type Import from '#imports/models/import'
import ImportRow from '#imports/models/import_row'

/** The ways to look at a table's rows, as tabs. */
export const VIEWS = ['all', 'look', 'wrong', 'changed', 'merged', 'aside', 'clean'] as const
export type View = (typeof VIEWS)[number]

const PAGE_SIZE = 50

/** Files of several rows. */
const MERGED = `file_row in (select m.file_row from import_rows m
  where m.import_id = import_rows.import_id and m.outcome = 'ready' group by m.file_row having count(*) > 1)`
const CLEAN = `outcome = 'ready' and changes = '[]' and problems = '[]' and duplicate_of is null`

const CONDITIONS: Record<View, string> = {
  all: '1 = 1',
  wrong: `outcome = 'rejected'`,
  changed: `outcome = 'ready' and changes <> '[]'`,
  merged: `outcome = 'ready' and ${MERGED}`,
  aside: `outcome = 'set_aside'`,
  clean: `${CLEAN} and not ${MERGED}`,
  look: `not (${CLEAN} and not ${MERGED})`,
}

export type Counts = Record<View, number>

export async function countViews({ id }: Import): Promise<Counts> {
  const sums = VIEWS.map((view) => `sum(case when ${CONDITIONS[view]} then 1 else 0 end) as n_${view}`)
  const row = await db
    .from('import_rows')
    .where('import_id', id)
    .select(db.raw(sums.join(', ')))
    .first()
  return Object.fromEntries(VIEWS.map((view) => [view, Number(row[`n_${view}`] ?? 0)])) as Counts
}

export function rowsIn({ id }: Import, view: View, page: number) {
  return ImportRow.query()
    .where('importId', id)
    .whereRaw(`(${CONDITIONS[view]})`)
    .orderBy('row')
    .paginate(page, PAGE_SIZE)
}

export type Lot = { kind: 'b2b' | 'b2c'; files: number; rows: number; dueCents: number }

/** R23: what makes each of the two campaigns. */
export async function lotsOf({ id }: Import): Promise<Lot[]> {
  const rows = await lots(id)
  return (['b2b', 'b2c'] as const).map((kind) => {
    const found = rows.find((row) => row.kind === kind)
    return {
      kind,
      files: Number(found?.files ?? 0),
      rows: Number(found?.count ?? 0),
      dueCents: Number(found?.due ?? 0),
    }
  })
}

/** A file's kind is that of the row that opens it; all its rows share it. */
const lots = (id: number): Promise<Record<string, number | string>[]> =>
  db
    .from('import_rows')
    .where({ import_id: id, outcome: 'ready' })
    .groupBy('kind')
    .select('kind')
    .select(db.raw('count(case when file_row = row then 1 end) as files, count(*) as count'))
    .select(db.raw('sum(amount_cents - down_payment_cents) as due'))
