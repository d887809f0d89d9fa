/** An amount in integer cents of a euro. */
export type Cents = number & { readonly unit?: 'cents' }

/** @throws when `value` is not a safe integer: a fraction of a cent is a bug, never data */
export function cents(value: number): Cents {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a whole number of cents`)
  return value
}

export function sum(amounts: Iterable<Cents>): Cents {
  let total = 0
  for (const amount of amounts) total += amount
  return cents(total)
}

/**
 * numerator / denominator rounded half away from zero, exactly.
 *
 * @throws when the denominator is not positive
 */
export function divideHalfUp(numerator: bigint, denominator: bigint): bigint {
  if (denominator <= 0n) throw new RangeError('denominator must be positive')
  const sign = numerator < 0n ? -1n : 1n
  return (sign * (2n * sign * numerator + denominator)) / (2n * denominator)
}

/**
 * Splits an amount in proportion to weights; the parts sum exactly to the whole.
 * The cents left by rounding go to the largest remainders, first come first.
 *
 * @throws when the amount is negative, a weight is negative or all weights are zero
 */
export function splitByWeights(amount: Cents, weights: readonly number[]): Cents[] {
  const total = sum(weights)
  if (amount < 0 || total <= 0 || weights.some((weight) => weight < 0)) {
    throw new RangeError('splitByWeights takes a non-negative amount and non-negative weights')
  }
  const parts = weights.map((weight, index) => {
    const exact = BigInt(amount) * BigInt(weight)
    return { index, whole: Number(exact / BigInt(total)), rest: exact % BigInt(total) }
  })
  let left = amount - sum(parts.map((part) => part.whole))
  for (const part of parts.toSorted((a, b) =>
    b.rest > a.rest ? 1 : b.rest < a.rest ? -1 : a.index - b.index
  )) {
    if (left === 0) break
    part.whole += 1
    left -= 1
  }
  return parts.map((part) => part.whole)
}

const NARROW_NO_BREAK_SPACE = '\u202f'
const NO_BREAK_SPACE = '\u00a0'

/** `1 234,56 €`: U+202F between thousands, U+00A0 before the sign. */
export function formatEuros(amount: Cents): string {
  return `${formatDecimal(amount)}${NO_BREAK_SPACE}€`
}

/** `1 234,56` without the sign. */
export function formatDecimal(amount: Cents): string {
  const digits = Math.abs(amount).toString().padStart(3, '0')
  const euros = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, NARROW_NO_BREAK_SPACE)
  return `${amount < 0 ? '−' : ''}${euros},${digits.slice(-2)}`
}

const SPACES = /[\s\u00a0\u202f]/g
const EURO_SIGNS = /^€|(?:€|eur|euros?)$/gi

/** Digits, or groups of three; one group and nothing else (`1,234`) might be thousandths, and is refused. */
const AMOUNT =
  /^(\d{1,9}|\d{1,3}(?:\.\d{3}){1,2}(?=,)|\d{1,3}(?:,\d{3}){1,2}(?=\.)|\d{1,3}(?:\.\d{3}){2}$|\d{1,3}(?:,\d{3}){2}$)(?:[.,](\d{1,2}))?$/

/**
 * Reads an amount as people type it: `500`, `1 234,56 €`, `1234.5`, `1.234,56`, `1,234.56`.
 *
 * @returns null when it is not plainly one; negative amounts and thousandths are not
 */
export function parseEuros(typed: string): Cents | null {
  const match = AMOUNT.exec(typed.replace(SPACES, '').replace(EURO_SIGNS, ''))
  if (!match) return null
  const euros = Number(match[1]!.replace(/[.,]/g, ''))
  return cents(euros * 100 + Number((match[2] ?? '').padEnd(2, '0')))
}
