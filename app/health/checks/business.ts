import env from '#start/env'
import db from '@adonisjs/lucid/services/db'
import Agency from '#agency/models/agency'
import { hasRates, nextSemester, semesterOf, semesterStart } from '#claims/rates'
import { LEGAL_PARAMETERS } from '#claims/legal_parameters'
import { wrongBalances } from '#claims/queries/balances'
import Creditor from '#creditors/models/creditor'
import { stripeGateway } from '#payments/gateway'
import { addMonths } from '#shared/calendar'
import { clock, type CivilDate } from '#shared/clock'
import { fail, ok, warn, type Check } from '#health/finding'

/** Long enough to find a half-year's rates, and to have them checked, before it begins. */
const RATES_NOTICE_MONTHS = 2
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

/** What is paid online for them goes to accounts of their own: one that may not receive leaves the transfer only. */
export const creditorAccounts: Check = {
  name: 'creditor_accounts',
  async find() {
    const connected = await Creditor.query().whereNotNull('stripeAccount').orderBy('ref')
    if (connected.length === 0) return ok('no creditor has a Stripe account of its own')
    const gateway = stripeGateway()
    if (!gateway) return warn(`no key to verify the Stripe accounts of ${connected.length} creditors with`)
    const refused: string[] = []
    for (const { ref, stripeAccount } of connected) {
      const answer = await gateway.account(stripeAccount!)
      if (!answer.ok) return warn(`Stripe does not answer (${answer.code}): accounts not verified`)
      if (!answer.value?.mayReceive) refused.push(`${ref} (${stripeAccount})`)
    }
    if (refused.length > 0) return fail(`cannot be paid online: ${refused.join(', ')}`)
    return env.get('STRIPE_CONNECT_WEBHOOK_SECRET')
      ? ok(`${connected.length} verified with Stripe`)
      : warn(
          'STRIPE_CONNECT_WEBHOOK_SECRET is not set: what Stripe decides about them is known once a day only'
        )
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

/** Rule 17: interest is refused for a half-year without published rates, never guessed. */
export const rates: Check = {
  name: 'rates',
  find() {
    const today = clock.today()
    const current = semesterOf(today)
    const next = nextSemester(current)
    if (!hasRates(current))
      return fail(`the rates of ${current} are missing: add them to app/claims/rates.ts`)
    if (hasRates(next)) return ok(`known for ${current} and ${next}`)
    return today >= addMonths(semesterStart(next), -RATES_NOTICE_MONTHS)
      ? warn(`the rates of ${next} are missing: add them to app/claims/rates.ts before it begins`)
      : ok(`known for ${current}; those of ${next} are not published yet`)
  },
}

/** Rule 63: what the law sets, and whether counsel has read it. */
export const legalParameters: Check = {
  name: 'legal_parameters',
  find() {
    const unread = LEGAL_PARAMETERS.filter(({ validatedByCounsel }) => !validatedByCounsel)
    return unread.length === 0
      ? ok('all validated by counsel')
      : warn(
          `${unread.length} of ${LEGAL_PARAMETERS.length} are not validated by counsel: see app/claims/legal_parameters.ts`
        )
  },
}

/** The balance kept with each file is what its postings say. */
export const balances: Check = {
  name: 'balances',
  async find() {
    const wrong = await wrongBalances(NAMES_SHOWN)
    return wrong.length === 0
      ? ok('each file shows what its postings say')
      : fail(`not what the postings say: ${wrong.join(', ')}`)
  },
}
