import { cents, divideHalfUp, type Cents } from '#shared/money'
import { VAT } from '#banking/fees/vat'

/** The agency's fee without VAT, and its VAT, as whole cents; negative when it is given back. */
export type Fee = { feeCents: Cents; vatCents: Cents }

/** The fee on all that was collected of one payment: a share of it, and nothing without success. Each is rounded half-up. */
export function feeOn(collectedCents: Cents, rateBps: number): Fee {
  const feeCents = shareOf(collectedCents, rateBps)
  return { feeCents, vatCents: shareOf(feeCents, VAT.bps) }
}

/**
 * The fee of one more line of a payment, after what its other lines bore: whatever the parts,
 * their fees sum to the fee on the whole, and to nothing when all went back.
 */
export function feeOfLine(
  drawn: Fee & { collectedCents: Cents },
  collectedCents: Cents,
  rateBps: number
): Fee {
  const whole = feeOn(drawn.collectedCents + collectedCents, rateBps)
  return { feeCents: whole.feeCents - drawn.feeCents, vatCents: whole.vatCents - drawn.vatCents }
}

const shareOf = (amount: Cents, bps: number) =>
  cents(Number(divideHalfUp(BigInt(amount) * BigInt(bps), 10_000n)))
