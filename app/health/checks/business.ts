import db from '@adonisjs/lucid/services/db'
import Agency from '#agency/models/agency'
import { hasRates, semesterEnd, semesterOf } from '#claims/rates'
import { addDays, daysBetween } from '#shared/calendar'
import { clock, type CivilDate } from '#shared/clock'
import { fail, ok, warn, type Check } from '#health/finding'

/** The arrêté that sets a half-year's rates comes out in its last weeks. */
const RATES_NOTICE_DAYS = 21
const NAMES_SHOWN = 5

export const agency: Check = {
  name: 'agency',
  async find() {
    const current = await Agency.current()
    if (!current) return warn('not described yet: open /setup, or run "agency:configure"')
    const gaps = current.legalGaps(clock.today())
    if (gaps.length > 0) return fail(`R124-2 forbids collecting: ${gaps.join(', ')}`)
    return ok(`${current.name} meets R124-2`)
  },
}

/** R124-3: no collecting without a mandate. R21: no launch without the creditor's bank details. */
export const creditors: Check = {
  name: 'creditors',
  async find() {
    const rows = await creditorsWithGaps(clock.today())
    if (rows.length === 0) return ok('each has a mandate in force and an IBAN')
    const told = rows.slice(0, NAMES_SHOWN).map(({ ref, mandates, iban }) => {
      const missing = [Number(mandates) === 0 && 'mandate', !iban && 'IBAN'].filter(Boolean)
      return `${ref} (${missing.join(', ')})`
    })
    const more = rows.length > NAMES_SHOWN ? ` and ${rows.length - NAMES_SHOWN} more` : ''
    return warn(`nothing can be launched for ${told.join(', ')}${more}`)
  },
}

type CreditorRow = { ref: string; iban: string | null; mandates: number | string }

async function creditorsWithGaps(on: CivilDate): Promise<CreditorRow[]> {
  const inForce = db
    .from('mandates')
    .whereColumn('mandates.creditor_id', 'creditors.id')
    .where('signed_on', '<=', on)
    .where((open) => open.whereNull('ends_on').orWhere('ends_on', '>=', on))
  return db
    .from('creditors')
    .select('ref', 'iban')
    .select(inForce.clone().count('*').as('mandates'))
    .where((gap) => gap.whereNull('iban').orWhereNotExists(inForce.clone().select(db.raw('1'))))
    .orderBy('ref')
}

/** Rule 7: interest is refused for a half-year without published rates, never guessed. */
export const rates: Check = {
  name: 'rates',
  find() {
    const today = clock.today()
    const current = semesterOf(today)
    const next = semesterOf(addDays(semesterEnd(current), 1))
    if (!hasRates(current))
      return fail(`the rates of ${current} are missing: add them to app/claims/rates.ts`)
    if (hasRates(next)) return ok(`known for ${current} and ${next}`)
    return daysBetween(today, semesterEnd(current)) <= RATES_NOTICE_DAYS
      ? warn(`the rates of ${next} are missing: add them to app/claims/rates.ts before it begins`)
      : ok(`known for ${current}; those of ${next} are not published yet`)
  },
}
