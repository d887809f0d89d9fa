import db from '@adonisjs/lucid/services/db'
import type { QueryClientContract } from '@adonisjs/lucid/types/database'
import { daysBetween } from '#shared/calendar'
import type { CivilDate } from '#shared/clock'
import { rowsOf, type Bindings } from '#shared/sql'
import type { Said } from '#reporting/agenda/item'

export const client = (): QueryClientContract => db.connection()

/** How many rows `from …` gives. */
export async function total(from: string, bindings: Bindings = {}): Promise<number> {
  const [row] = await rowsOf<{ total: number }>(client(), `select count(*) as total from ${from}`, bindings)
  return Number(row!.total)
}

export const daysLeft = (today: CivilDate, until: CivilDate): Said => ({
  key: until < today ? 'agenda.note.days_late' : 'agenda.note.days_left',
  values: { days: Math.abs(daysBetween(today, until)) },
})
