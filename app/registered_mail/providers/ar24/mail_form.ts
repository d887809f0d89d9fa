import type { PostalOrder } from '#registered_mail/providers/provider'
import type { Ar24Settings } from '#registered_mail/providers/ar24/client'

/** 256 MB for all the attachments of a letter; ours has one, which must also fit in one request. */
const MAX_PDF_BYTES = 50_000_000
const MAX_NAME = 60

/**
 * The fields of `POST /mail` for one qualified letter, but its attachment: names as in the documentation. `ref_dossier`
 * is what the letter is found again by. The content is left empty: what AR24 shows before the letter is accepted
 * is its own affair, and the demand is in the PDF alone.
 *
 * A person is identified by AR24 before the letter opens, so the names are those of the file.
 *
 * @returns why it cannot be one, in words for a person
 */
export function mailForm(
  order: PostalOrder,
  { userId, webhook }: Ar24Settings
): Record<string, string> | string {
  if (order.kind !== 'lre') return 'AR24 sends qualified electronic letters only'
  if (!order.email) return 'a qualified electronic letter needs the addressee’s email'
  if (!order.addressee) return 'a qualified electronic letter needs the addressee’s name'
  if (order.pdf.byteLength > MAX_PDF_BYTES) return 'the PDF weighs more than 50 MB'
  const { company, firstName, lastName } = order.addressee
  if (order.recipientIsPerson && !(firstName && lastName))
    return 'the addressee’s first and last names must be known'
  return {
    id_user: userId,
    eidas: '1',
    to_email: order.email,
    dest_statut: order.recipientIsPerson ? 'particulier' : 'professionnel',
    ...(order.recipientIsPerson || !company ? {} : { to_company: company.slice(0, MAX_NAME) }),
    to_firstname: (firstName ?? '').slice(0, MAX_NAME),
    to_lastname: (lastName ?? '').slice(0, MAX_NAME),
    ref_dossier: order.reference,
    ...(webhook ? { webhook } : {}),
  }
}
