import { cents, type Cents } from '#shared/money'

export interface EpcTransfer {
  beneficiary: string
  iban: string
  bic?: string | null
  amountCents: Cents
  /** ISO 11649; never together with `message` (rule 58). */
  reference?: string
  /** Free text for the beneficiary. */
  message?: string
}

const MAX_BYTES = 331
const MAX_AMOUNT_CENTS = 99_999_999_999

/**
 * What the QR code of a SEPA transfer holds (EPC069-12, version 2): scanned by a
 * banking application, it fills in the payment. Show it with error correction M.
 *
 * @throws when the standard does not allow it: both references, an amount out
 * of 0.01 to 999 999 999.99 €, more than 331 bytes
 */
export function epcPayload({ beneficiary, iban, bic, amountCents, reference, message }: EpcTransfer): string {
  if (reference && message) throw new RangeError('a transfer holds a reference or a message, never both')
  if (cents(amountCents) < 1 || amountCents > MAX_AMOUNT_CENTS) {
    throw new RangeError(`${amountCents} cents cannot be transferred`)
  }
  const payload = [
    'BCD',
    '002',
    '1',
    'SCT',
    bic ?? '',
    oneLine(beneficiary, 70),
    iban.replace(/\s/g, ''),
    `EUR${Math.floor(amountCents / 100)}.${String(amountCents % 100).padStart(2, '0')}`,
    '',
    reference ? oneLine(reference, 35) : '',
    message ? oneLine(message, 140) : '',
  ]
    .join('\n')
    .trimEnd()
  if (Buffer.byteLength(payload) > MAX_BYTES) throw new RangeError('the transfer does not fit in 331 bytes')
  return payload
}

/** Cut by characters, never inside one; a line break would begin another field. */
const oneLine = (text: string, length: number) =>
  [...text.replace(/\s+/g, ' ').trim()].slice(0, length).join('')
