import { addWorkingDays } from '#shared/calendar'
import type { CivilDate } from '#shared/clock'
import type { Cents } from '#shared/money'
import { accountForms, plainAccount } from '#banking/statements/account_forms'
import BankPeriod from '#banking/models/bank_period'

/** A period does not follow the one before on its account: another balance, or days that no file tells. */
export type Break = {
  kind: 'balance' | 'days'
  account: string
  closedOn: CivilDate
  closedCents: Cents
  openedOn: CivilDate
  openedCents: Cents
}

type Opened = { openingOn: CivilDate; openingCents: Cents }
type Closed = { closingOn: CivilDate; closingCents: Cents }

/**
 * Where the balances of some statements do not follow what is known of their accounts before, by
 * statement. Worked out each time: the file that was missing may come later.
 */
export async function breaksOf(statementIds: readonly number[]): Promise<Map<number, Break[]>> {
  const periods = await BankPeriod.query()
    .whereIn('statementId', [...statementIds])
    .orderBy('id')
  const known = await knownPeriods(periods)
  const found = new Map<number, Break[]>()
  for (const period of periods) {
    const broken = breakBefore(period, known.get(plainAccount(period.account)) ?? [])
    if (broken) found.set(period.statementId, [...(found.get(period.statementId) ?? []), broken])
  }
  return found
}

async function knownPeriods(periods: readonly BankPeriod[]): Promise<Map<string, BankPeriod[]>> {
  const accounts = [...new Set(periods.map(({ account }) => account))]
  // A French IBAN is also looked for as CFONB 120 writes it, and the other way round.
  const all = await BankPeriod.query()
    .where((any) => {
      any.whereIn('account', accounts.flatMap(accountForms))
      for (const account of accounts.filter((one) => /^[A-Z0-9]{21}$/.test(one)))
        any.orWhere('account', 'like', `FR__${account}__`)
    })
    .orderBy('id')
  return Map.groupBy(all, ({ account }) => plainAccount(account))
}

/** Null for the first period of an account, and where several files overlap: their lines are told once anyway. */
function breakBefore(period: BankPeriod, known: readonly BankPeriod[]): Break | null {
  if (!hasOpened(period)) return null
  const { openingOn, openingCents } = period
  const others = known.filter(({ id }) => id !== period.id)
  const isCovered = others.some(
    (other) =>
      other.openingOn && other.closingOn && other.openingOn < openingOn && other.closingOn > openingOn
  )
  if (isCovered) return null
  const before = others
    .filter(hasClosed)
    .filter(({ closingOn }) => closingOn <= openingOn)
    // The same file again opens where this one does: it does not come before.
    .filter((other) => other.openingOn !== openingOn || other.openingCents !== openingCents)
  const [last, ...same] = latest(before)
  if (!last) return null
  const agreeing = [last, ...same].find(({ closingCents }) => closingCents === openingCents)
  const isBetween = addWorkingDays(last.closingOn, 1) < openingOn
  if (agreeing && !isBetween) return null
  return {
    kind: agreeing ? 'days' : 'balance',
    account: period.account,
    closedOn: last.closingOn,
    closedCents: (agreeing ?? last).closingCents,
    openedOn: openingOn,
    openedCents: openingCents,
  }
}

/** Those that close on the latest day. */
function latest<Period extends Closed>(periods: readonly Period[]): Period[] {
  const day = periods.reduce((most, { closingOn }) => (closingOn > most ? closingOn : most), '')
  return periods.filter(({ closingOn }) => closingOn === day)
}

const hasOpened = (period: BankPeriod): period is BankPeriod & Opened => period.openingOn !== null
const hasClosed = (period: BankPeriod): period is BankPeriod & Closed => period.closingOn !== null
