import type { Session } from '@adonisjs/session'
import { addMinutes, clock, type Instant } from '#shared/clock'
import Claim from '#claims/models/claim'
import Letter from '#letters/models/letter'
import { findOpenEreLink } from '#registered_mail/ere/links'
import type EreLink from '#registered_mail/ere/models/ere_link'
import Ere from '#registered_mail/ere/models/ere'

const KEY = 'ere'
const IDENTITY = 'ereIdentity'

/** Long enough to read and sign; a telephone left on a table is nobody's by then. */
const IDENTIFIED_MINUTES = 60

/** The one ERE that a recipient's link opened, and whether they have shown that its address is theirs. */
export default class RecipientSession {
  private constructor(
    readonly ere: Ere,
    readonly letter: Letter,
    readonly claim: Claim,
    readonly isIdentified: boolean
  ) {}

  /** Swaps a link for a session, under a new session id; whoever was identified before is not any more. */
  static async open(session: Session, link: EreLink) {
    session.regenerate()
    session.forget(IDENTITY)
    session.put(KEY, { ereId: link.ereId, linkId: link.id })
    if (session.has('locale')) return
    const { claim } = await loaded(link.ereId)
    session.put('locale', claim.debtor.locale)
  }

  /** Null without a session, and once its link has expired or been revoked. */
  static async current(session: Session): Promise<RecipientSession | null> {
    const kept = session.get(KEY) as { ereId: number; linkId: number } | undefined
    if (!kept || !Number.isSafeInteger(kept.ereId) || !Number.isSafeInteger(kept.linkId)) return null
    if (!(await findOpenEreLink(kept.linkId, kept.ereId))) return null
    const { ere, letter, claim } = await loaded(kept.ereId)
    return new RecipientSession(ere, letter, claim, wasIdentified(session, kept.ereId))
  }

  /** A right code was entered: under a new session id, for an hour. */
  static identify(session: Session, ereId: number) {
    session.regenerate()
    session.put(IDENTITY, { ereId, at: clock.now() })
  }

  static close(session: Session) {
    session.forget(KEY)
    session.forget(IDENTITY)
    session.regenerate()
  }
}

function wasIdentified(session: Session, ereId: number): boolean {
  const identity = session.get(IDENTITY) as { ereId: number; at: Instant } | undefined
  return identity?.ereId === ereId && clock.now() < addMinutes(identity.at, IDENTIFIED_MINUTES)
}

async function loaded(ereId: number) {
  const ere = await Ere.findOrFail(ereId)
  const letter = await Letter.findOrFail(ere.letterId)
  const claim = await Claim.query()
    .where('id', letter.claimId)
    .preload('creditor')
    .preload('debtor')
    .firstOrFail()
  return { ere, letter, claim }
}
