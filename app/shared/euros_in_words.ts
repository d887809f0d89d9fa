import { frenchNumber } from '#shared/french'
import type { Cents } from '#shared/money'

/**
 * `mille deux cent trente-quatre euros et cinquante-six centimes`, as French
 * receipts write an amount: traditional spelling, `cent` and `vingt` in the
 * plural only at the end of the number, `mille` never.
 *
 * @throws on a negative amount, or from a thousand million euros on
 */
export function eurosInWords(amount: Cents): string {
  if (amount < 0 || amount >= 100_000_000_000)
    throw new RangeError(`${amount} cents cannot be written in words`)
  const euros = Math.floor(amount / 100)
  const centimes = amount % 100
  const parts: string[] = []
  if (euros > 0 || centimes === 0) parts.push(`${inWords(euros)} ${unit(euros)}`)
  if (centimes > 0) parts.push(`${frenchNumber(centimes)} centime${centimes > 1 ? 's' : ''}`)
  return parts.join(' et ')
}

/** `un million d’euros`, but `un million deux euros`. */
function unit(euros: number): string {
  if (euros >= 1_000_000 && euros % 1_000_000 === 0) return 'd’euros'
  return euros > 1 ? 'euros' : 'euro'
}

function inWords(value: number): string {
  if (value < 100) return frenchNumber(value)
  if (value < 1000) return above(value, 100, hundreds)
  if (value < 1_000_000) return above(value, 1000, thousands)
  return above(value, 1_000_000, millions)
}

const above = (value: number, unitValue: number, name: (count: number, isLast: boolean) => string) => {
  const rest = value % unitValue
  const head = name(Math.floor(value / unitValue), rest === 0)
  return rest === 0 ? head : `${head} ${inWords(rest)}`
}

const hundreds = (count: number, isLast: boolean) =>
  count === 1 ? 'cent' : `${frenchNumber(count)} cent${isLast ? 's' : ''}`

const thousands = (count: number) =>
  count === 1 ? 'mille' : `${inWords(count).replace(/(cent|vingt)s$/, '$1')} mille`

const millions = (count: number) => `${inWords(count)} million${count > 1 ? 's' : ''}`
