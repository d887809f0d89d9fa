import db from '@adonisjs/lucid/services/db'
import { addDays } from '#shared/calendar'
import { instantOn, type CivilDate } from '#shared/clock'
import { rowsOf } from '#shared/sql'
import { dialect } from '#shared/transaction'
import { AGE_BANDS, PRINCIPAL_BANDS, type Experience } from '#banking/fees/quote'

/** A file says how it ends once it is over, or has been worked for this long. */
const WORKED_DAYS = 180

const ageOf = () =>
  dialect() === 'postgres'
    ? `(substr(c.created_at, 1, 10)::date - c.oldest_due_on::date)`
    : `cast(julianday(substr(c.created_at, 1, 10)) - julianday(c.oldest_due_on) as integer)`

/** The number of the first band that takes a value. */
const bandOf = (value: string, bands: readonly (number | null)[]) =>
  `case ${bands.map((most, index) => (most === null ? `else ${index}` : `when ${value} <= ${most} then ${index}`)).join(' ')} end`

/**
 * What became of all the agency's files, by kind, age and amount: those that are over, or old enough.
 * No file counts for more than its principal: interest and overpayments are no recovery of it.
 */
export async function recoveryHistory(today: CivilDate): Promise<Experience[]> {
  const rows = await rowsOf<Record<string, string | number>>(
    db.connection(),
    `select x.kind, x.age, x.size, count(*) as files, sum(x.principal_cents) as entrusted,
       sum(case when x.paid_cents > x.principal_cents then x.principal_cents else x.paid_cents end) as collected
     from (select c.kind, c.principal_cents, c.paid_cents, ${bandOf(ageOf(), AGE_BANDS)} as age,
         ${bandOf('c.principal_cents', PRINCIPAL_BANDS)} as size
       from claims c
       where c.principal_cents > 0 and (c.status in ('paid', 'closed') or c.created_at < :before)) x
     group by x.kind, x.age, x.size order by x.kind, x.age, x.size`,
    { before: instantOn(addDays(today, -WORKED_DAYS)) }
  )
  return rows.map((row) => ({
    kind: row.kind as Experience['kind'],
    ageDays: AGE_BANDS[Number(row.age)] ?? null,
    principalCents: PRINCIPAL_BANDS[Number(row.size)] ?? null,
    files: Number(row.files),
    entrustedCents: Number(row.entrusted),
    collectedCents: Number(row.collected),
  }))
}
