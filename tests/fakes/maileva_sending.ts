import { randomUUID } from 'node:crypto'
import type { ProviderReply, ProviderRequest } from '#tests/fakes/provider_server'

const COUNTRIES = ['FR', 'MC', 'RE', 'YT', 'MQ', 'GP', 'MF', 'BL', 'GF']

export type Fields = Record<string, unknown>

/** A sending as the fake keeps it. */
export interface MailevaSending {
  id: string
  api: string
  fields: Fields
  status: string
  createdAt: string
  documents: { id: string; name: string; size: number; sha256: string }[]
  recipients: (Fields & { id: string })[]
  /** Its one letter's fields once it is on its way: registered number, statuses, addresses of proofs. */
  progress: Fields
  statuses: { code: string; date: string }[]
}

/** What Maileva says no to. */
export class Declined extends Error {
  constructor(
    readonly status: number,
    readonly code: string
  ) {
    super(code)
  }
}

export const shown = ({ id, fields, status, createdAt, statuses, documents }: MailevaSending) => ({
  ...fields,
  id,
  status,
  statuses,
  creation_date: createdAt,
  documents_count: documents.length,
})

export function addRecipient(sending: MailevaSending, { body }: ProviderRequest): ProviderReply {
  const fields = JSON.parse(body.toString('utf8')) as Fields
  checkLines(fields, '')
  const recipient = { ...fields, id: randomUUID() }
  sending.recipients.push(recipient)
  return { status: 201, json: { ...recipient, status: 'DRAFT' } }
}

export function checkLines(fields: Fields, prefix: string) {
  const line = (number: number) => String(fields[`${prefix}address_line_${number}`] ?? '')
  for (const number of [1, 2, 3, 4, 5, 6]) {
    if (line(number).length > 38) throw new Declined(400, `ADDRESS_LINE_${number}_TOO_LONG`)
  }
  if (!line(1) && !line(2)) throw new Declined(400, 'EMPTY_ADDRESS_LINE_1_OR_ADDRESS_LINE_2')
  if (!/^\d{5} \S/.test(line(6))) throw new Declined(400, 'INVALID_ADDRESS_LINE_6')
  const country = fields[prefix ? 'sender_country_code' : 'country_code']
  if (!COUNTRIES.includes(String(country))) throw new Declined(400, 'INVALID_COUNTRY_CODE')
}
