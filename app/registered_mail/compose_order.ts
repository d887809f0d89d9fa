import db from '@adonisjs/lucid/services/db'
import Agency from '#agency/models/agency'
import Address from '#debtors/models/address'
import Debtor from '#debtors/models/debtor'
import { addressBlock } from '#letters/address_block'
import Letter from '#letters/models/letter'
import type { Compose } from '#deliveries/recipes'
import type Delivery from '#deliveries/models/delivery'
import { addresseeOf } from '#registered_mail/electronic/addressees'
import Mailing from '#registered_mail/models/mailing'
import type { OrderParts } from '#registered_mail/print_driver'

const LONGEST_LINE = 38
const MOST_LINES = 6

/**
 * The letter as its provider takes it: the stored PDF, and the address that the PDF bears, or the one that was chosen
 * when it leaves electronically.
 */
export const composeOrder: Compose = async (delivery: Delivery) => {
  const letter = await Letter.findOrFail(delivery.letterId!)
  const mailing = await Mailing.findByOrFail('letterId', letter.id)
  const address = await Address.findOrFail(mailing.addressId!)
  const debtor = await Debtor.findOrFail(address.debtorId)
  const agency = await Agency.currentOrFail()
  const { companyName, civility, fullName } = debtor
  const electronic = await addresseeOf(db.connection(), { letter_id: letter.id })
  const recipient = addressBlock({ companyName, civility, fullName, address }).lines
  const order: OrderParts = {
    kind: mailing.kind,
    reference: letter.ref,
    sender: senderBlock(agency),
    recipient,
    recipientIsPerson: debtor.kind === 'b2c',
    addressee: electronic && { company: companyName, ...namesOf(fullName) },
    email: electronic?.email ?? null,
    pages: letter.pages!,
    options: {
      duplex: agency.mailDuplex,
      addressSheet: agency.mailAddressSheet,
      colour: agency.mailColour,
    },
  }
  const to = electronic ? [electronic.email] : recipient
  return { subject: letter.ref, to, fileSha256: letter.fileSha256!, order: { ...order } }
}

/** Names are kept as « Prénom Nom »: the first word, then the rest. */
export function namesOf(fullName: string | null): { firstName: string | null; lastName: string | null } {
  const [firstName = null, ...rest] = (fullName ?? '').split(' ').filter(Boolean)
  return rest.length > 0 ? { firstName, lastName: rest.join(' ') } : { firstName: null, lastName: firstName }
}

/** The agency as NF Z10-011 wants it on the back of an envelope or the slip of a registered letter. */
export function senderBlock({ name, addressLines }: Pick<Agency, 'name' | 'addressLines'>): string[] {
  const written = addressLines.map((line) => line.trim()).filter(Boolean)
  const last = written.at(-1) ?? ''
  return [name, ...written.slice(0, -1).slice(0, MOST_LINES - 2), last.toUpperCase()].map((line) =>
    line.slice(0, LONGEST_LINE)
  )
}
