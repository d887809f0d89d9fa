import type { MailingKind, PostalOrder } from '#registered_mail/providers/provider'
import { addressParts, type AddressParts } from '#registered_mail/providers/address_lines'
import { wireKey } from '#registered_mail/providers/wire_key'
import type { MerciFacteurSettings } from '#registered_mail/providers/merci_facteur/client'

/**
 * `lrare`, not `lrar`: the same registered letter, whose signed receipt is
 * scanned instead of coming back on paper, so that it can be kept as a proof.
 */
export const MODES: Record<Exclude<MailingKind, 'lre'>, string> = {
  simple: 'normal',
  lrar: 'lrare',
  ere: 'ere_otp_mail',
}

/** One PDF may weigh 50 MB (`skills/mf-envoi-courrier`, section 3). */
const MAX_PDF_BYTES = 50_000_000
const MAX_KEY = 200
const MAX_REFERENCE = 30
const MAX_LABEL = 50

/**
 * The form of `POST /sendCourrier` (guide `mf-envoi-courrier`). Every key of an
 * address is there, empty ones as `""`, for one that is missing is refused; no list
 * is ever empty. `dateEnvoi` is left out: an empty one is refused.
 *
 * An address is printed from its parts, so the lines of the block keep their order.
 *
 * @returns why it cannot be one, in words for a person
 */
export function orderForm(
  order: PostalOrder,
  { userId, senderEmail }: MerciFacteurSettings
): Record<string, string> | string {
  if (order.kind === 'lre') return 'Merci Facteur sends no qualified electronic letter'
  const sender = addressParts(order.sender, 'sender')
  if (typeof sender === 'string') return sender
  const recipient = addressParts(order.recipient, 'addressee')
  if (typeof recipient === 'string') return recipient
  const byEmail = order.kind === 'ere'
  if (byEmail && !order.email) return 'an electronic registered letter needs the addressee’s email'
  if (byEmail && !senderEmail) return 'an electronic registered letter needs MERCI_FACTEUR_SENDER_EMAIL'
  if (order.pdf.byteLength > MAX_PDF_BYTES) return 'the PDF weighs more than 50 MB'

  const reference = plainReference(order.reference)
  return {
    idUser: userId ?? '',
    modeEnvoi: MODES[order.kind],
    adress: JSON.stringify({
      exp: address(sender, { isPerson: false, email: byEmail ? senderEmail! : '', reference: '' }),
      dest: [
        {
          ...address(recipient, {
            isPerson: order.recipientIsPerson,
            email: byEmail ? order.email! : '',
            reference,
          }),
          // Said of persons only: the domain lets no ERE go to one who has not agreed.
          consent: byEmail && order.recipientIsPerson ? 1 : 0,
        },
      ],
    }),
    content: JSON.stringify({
      letter: {
        files: '',
        base64files: [Buffer.from(order.pdf).toString('base64')],
        print_sides: order.options.duplex && !byEmail ? 'rectoverso' : 'recto',
        final_filename: label(reference),
      },
      photo: '',
      card: '',
    }),
    designation: label(reference),
    antidoublon: wireKey(order.key, MAX_KEY),
  }
}

/** Digits, letters, spaces, `-` and `_`, 30 at most: it is printed on the receipt and comes back as `ref_interne`. */
export const plainReference = (reference: string) =>
  reference
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\w -]/g, '-')
    .slice(0, MAX_REFERENCE)

/** The addressee of an ERE sees it: a word and the letter's reference, no amount and no matter. */
const label = (reference: string) => `Courrier ${reference}`.trim().slice(0, MAX_LABEL)

export interface MerciFacteurAddress {
  civilite: string
  nom: string
  prenom: string
  societe: string
  adresse1: string
  adresse2: string
  adresse3: string
  cp: string
  ville: string
  pays: string
  phone: string
  email: string
  reference: string
}

/** Four lines between the first and the last are one too many for it: the first of them is the name, or is joined. */
export function address(
  { first, middle, postcode, city }: AddressParts,
  { isPerson, email, reference }: { isPerson: boolean; email: string; reference: string }
): MerciFacteurAddress {
  const crowded = middle.length > 3
  const lines = !crowded
    ? middle
    : isPerson
      ? [`${middle[0]} ${middle[1]}`, ...middle.slice(2)]
      : middle.slice(1)
  return {
    civilite: '',
    nom: isPerson ? first : crowded ? middle[0]! : '',
    prenom: '',
    societe: isPerson ? '' : first,
    adresse1: lines[0] ?? '',
    adresse2: lines[1] ?? '',
    adresse3: lines[2] ?? '',
    cp: postcode,
    ville: city,
    pays: country(postcode),
    phone: '',
    email,
    reference,
  }
}

/** As spelt in its list of countries, where the overseas departments have names of their own. */
const country = (postcode: string) => OVERSEAS[postcode.slice(0, 3)] ?? 'FRANCE'

const OVERSEAS: Record<string, string> = {
  971: 'GUADELOUPE',
  972: 'MARTINIQUE',
  973: 'GUYANE FRANCAISE',
  974: 'REUNION',
  975: 'ST-PIERRE-MIQUELON',
  976: 'MAYOTTE',
  977: 'SAINT BARTHELEMY',
  978: 'SAINT MARTIN',
  980: 'MONACO',
  986: 'WALLIS ET FUTUNA',
  987: 'POLYNESIE FRANCAISE',
  988: 'NOUVELLE CALEDONIE',
}
