import { civilDateAt, isCivilDate, type CivilDate } from '#shared/clock'
import type { Cents } from '#shared/money'
import { UnreadableStatement } from '#banking/statements/statement'
import type { XmlNode } from '#banking/statements/xml_nodes'

/** Amounts are positive: the sign is the indicator's, of a reversal too. */
export function amountOf(amount: XmlNode | null, indicator: string | null, at: number | null): Cents {
  if (!amount) throw new UnreadableStatement('amount_missing', at)
  const currency = amount.attribute('Ccy')
  if (currency !== 'EUR') throw new UnreadableStatement('currency', at, currency)
  const match = /^\+?(\d{1,13})(?:\.(\d{0,2})0*)?$/.exec(amount.value)
  if (!match) throw new UnreadableStatement('amount_invalid', at, amount.value)
  if (indicator !== 'CRDT' && indicator !== 'DBIT')
    throw new UnreadableStatement('sign_invalid', at, indicator)
  const amountCents = Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'))
  return indicator === 'DBIT' && amountCents !== 0 ? -amountCents : amountCents
}

/** A day, or an instant: then the day it was in Paris. */
export function dateOf(entry: XmlNode, name: string, at: number | null): CivilDate | null {
  const node = entry.at(name)
  const text = node?.textAt('Dt') ?? node?.textAt('DtTm')
  if (!text) return null
  const zoned = /T.*(?:Z|[+-]\d{2}:?\d{2})$/.test(text)
  const day = zoned && !Number.isNaN(Date.parse(text)) ? civilDateAt(text) : text.slice(0, 10)
  if (!isCivilDate(day)) throw new UnreadableStatement('date_invalid', at, text)
  return day
}
