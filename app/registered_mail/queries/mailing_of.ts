import db from '@adonisjs/lucid/services/db'
import Delivery from '#deliveries/models/delivery'
import { isElectronic } from '#letters/letter_content'
import type Letter from '#letters/models/letter'
import { addresseeOf } from '#registered_mail/electronic/addressees'
import EreConsent from '#registered_mail/ere/models/ere_consent'
import { headOf } from '#registered_mail/evidence/chains'
import Mailing from '#registered_mail/models/mailing'
import MailingFact from '#registered_mail/models/mailing_fact'
import { hasLeft, NEVER_LEFT, OVER } from '#registered_mail/states'
import { NOTED_STATES, SCANNED_PROOFS } from '#registered_mail/validators'

/** All that is known of what became of a letter, for its page. */
export async function mailingOf(letter: Letter) {
  const mailing = await Mailing.query()
    .where('letterId', letter.id)
    .preload('proofs', (proofs) => proofs.orderBy('id'))
    .first()
  const facts = mailing?.providerRef ? await factsOf(mailing) : []
  const addressee = await addresseeOf(db.connection(), { letter_id: letter.id })
  const stored = new Set(mailing?.proofs.map(({ kind }) => kind) ?? [])
  return {
    mailing,
    facts: facts.filter(({ state }) => state),
    proofs: mailing?.proofs ?? [],
    announced: [...new Set(facts.flatMap(({ proof }) => proof ?? []))].filter((kind) => !stored.has(kind)),
    delivery: await Delivery.query().where({ letterId: letter.id, channel: 'print' }).first(),
    mayPostByHand: mayPostByHand(letter, mailing),
    addressee,
    consent: addressee?.consentId ? await EreConsent.find(addressee.consentId) : null,
    hasChain: (await headOf(db.connection(), letter.id)) !== null,
    scannable:
      mailing && mayBeScanned(letter, mailing) ? SCANNED_PROOFS.filter((kind) => !stored.has(kind)) : [],
    notable: mayBeNoted(letter, mailing) ? NOTED_STATES : [],
  }
}

const factsOf = ({ provider, providerRef }: Mailing) =>
  MailingFact.query()
    .where({ provider, providerRef: providerRef! })
    .orderByRaw('coalesce(occurred_at, received_at)')
    .orderBy('id')

/** A slip or an envelope that came back on paper, of a letter that was posted. */
export const mayBeScanned = (letter: Letter, mailing: Mailing) =>
  !isElectronic(letter.kind) && letter.state === 'printed' && hasLeft(mailing.state)

/** Its provider did not take it: a person may do instead. */
export const mayPostByHand = (letter: Letter, mailing: Mailing | null) =>
  letter.state === 'rendered' &&
  letter.route !== 'manual' &&
  !isElectronic(letter.kind) &&
  mailing !== null &&
  (NEVER_LEFT as readonly string[]).includes(mailing.state)

/** What comes back by post, only whoever posted it, or had it posted without news, can say. */
export const mayBeNoted = (letter: Letter, mailing: Mailing | null) =>
  letter.state === 'printed' &&
  (mailing === null ||
    (['manual', 'folder'].includes(mailing.provider) &&
      hasLeft(mailing.state) &&
      !OVER.includes(mailing.state)))
