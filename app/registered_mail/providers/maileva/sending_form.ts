import { randomUUID } from 'node:crypto'
import { addressParts, type AddressParts } from '#registered_mail/providers/address_lines'
import { wireKey } from '#registered_mail/providers/wire_key'
import type { Json } from '#shared/http'
import type { PostalOrder } from '#registered_mail/providers/provider'
import { REGISTERED, SIMPLE } from '#registered_mail/providers/maileva/client'

/** One sending, in the three bodies it is made of. */
export interface SendingForm {
  /** The API it goes to. */
  api: string
  customId: string
  sending: Json
  recipient: Json
  document: { name: string; bytes: Uint8Array }
}

const MAX_CUSTOM_ID = 32
const MAX_NAME = 256
/** « Le poids total des documents ajoutés ne doit pas dépasser 20 Mo par envoi. » */
const MAX_PDF_BYTES = 20_000_000
/** The shortest that registered mail allows; the proofs are fetched and kept here at once. */
const ARCHIVING_YEARS = 3

/**
 * The bodies of `POST /sendings`, `/documents` and `/recipients`, field names
 * as in the descriptions of registered_mail v4 and mail v2 (2.6). `custom_id` is our key; 32
 * characters are what recipients' may have, and no length is given for sendings'.
 *
 * `acknowledgement_of_receipt_scanning` is registered_mail v2's and no longer described in
 * v4, where receipts are always digital; it is sent all the same, so that no receipt can go back on
 * paper. `returned_mail_scanning` is v4's word for the envelope that comes back.
 *
 * @returns why it cannot be one, in words for a person
 */
export function sendingForm(order: PostalOrder): SendingForm | string {
  if (order.kind === 'ere' || order.kind === 'lre') return 'Maileva sends paper only'
  const sender = addressParts(order.sender, 'sender')
  if (typeof sender === 'string') return sender
  const recipient = addressParts(order.recipient, 'addressee')
  if (typeof recipient === 'string') return recipient
  if (order.pdf.byteLength > MAX_PDF_BYTES) return 'the PDF weighs more than 20 MB'

  const registered = order.kind === 'lrar'
  const customId = wireKey(order.key, MAX_CUSTOM_ID)
  return {
    api: registered ? REGISTERED : SIMPLE,
    customId,
    sending: {
      name: order.reference.slice(0, MAX_NAME) || customId,
      custom_id: customId,
      color_printing: order.options.colour,
      duplex_printing: order.options.duplex,
      optional_address_sheet: order.options.addressSheet,
      print_sender_address: true,
      ...addressLines(sender, false, 'sender_'),
      sender_country_code: country(sender),
      ...(registered ? REGISTERED_OPTIONS : SIMPLE_OPTIONS),
    },
    recipient: {
      custom_id: customId,
      ...addressLines(recipient, order.recipientIsPerson, ''),
      country_code: country(recipient),
    },
    document: { name: `${fileName(order.reference)}.pdf`, bytes: order.pdf },
  }
}

const REGISTERED_OPTIONS: Json = {
  acknowledgement_of_receipt: true,
  acknowledgement_of_receipt_scanning: true,
  returned_mail_scanning: true,
  archiving_duration: ARCHIVING_YEARS,
  postage_type: 'FAST',
}

/** A window for the sender's address too. */
const SIMPLE_OPTIONS: Json = {
  postage_type: 'ECONOMIC',
  envelope_windows_type: 'DOUBLE',
  archiving_duration: 0,
}

/**
 * `address_line_1` company, 2 person, 3 building, 4 number and street, 5 hamlet
 * or box, 6 postcode and city. A block has lost its empty lines: the street is
 * the line between that begins with a number, or the last one that is no
 * box; the order of the lines never changes, for it is what is printed.
 */
export function addressLines(
  { first, middle, postcode, city }: AddressParts,
  isPerson: boolean,
  prefix: string
): Json {
  const numbered = middle.findIndex((line) => /^\d/.test(line))
  const lastIsBox = /^(BP|CS|TSA|LIEU[ -]DIT)\b/i.test(middle.at(-1) ?? '')
  const street = numbered >= 0 ? numbered : middle.length - 1 - (lastIsBox && middle.length > 1 ? 1 : 0)
  const before = [first, ...middle.slice(0, Math.max(street, 0))]
  const after = middle.slice(Math.max(street, 0))
  // Lines 1 to 3, a person's name alone on the second; 4 and 5 hold the street and what follows it.
  const fits = before.length <= 3 && after.length <= 2
  const [name, ...building] = before
  const head = before.length > 2 ? before : isPerson ? ['', name!, ...building] : [name!, '', ...building]
  const placed = fits ? [...padded(head, 3), ...padded(after, 2)] : padded([first, ...middle], 5)
  const lines = [...placed, `${postcode} ${city}`].map((line, index) => [
    `${prefix}address_line_${index + 1}`,
    line,
  ])
  return Object.fromEntries(lines.filter(([, line]) => line !== ''))
}

const padded = (lines: readonly string[], length: number) =>
  Array.from({ length }, (_, index) => lines[index] ?? '')

/** Of the codes it allows (FR, MC, RE, YT, MQ, GP, MF, BL, GF), the postcode's. */
const country = ({ postcode }: AddressParts) => COUNTRIES[postcode.slice(0, 3)] ?? 'FR'

const COUNTRIES: Record<string, string> = {
  971: 'GP',
  972: 'MQ',
  973: 'GF',
  974: 'RE',
  976: 'YT',
  977: 'BL',
  978: 'MF',
  980: 'MC',
}

const fileName = (reference: string) => reference.replace(/[^\w-]+/g, '-').slice(0, 60) || 'lettre'

/** `document` and `metadata`, the second as a JSON part without a file name. */
export function documentBody({ name, bytes }: SendingForm['document']): {
  contentType: string
  bytes: Uint8Array
} {
  const boundary = `amiable-${randomUUID()}`
  const part = (headers: string[]) => `--${boundary}\r\n${headers.join('\r\n')}\r\n\r\n`
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    bytes: Buffer.concat([
      Buffer.from(
        part(['Content-Disposition: form-data; name="metadata"', 'Content-Type: application/json']) +
          `${JSON.stringify({ priority: 1, name })}\r\n` +
          part([
            `Content-Disposition: form-data; name="document"; filename="${name}"`,
            'Content-Type: application/pdf',
          ])
      ),
      bytes,
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ]),
  }
}
