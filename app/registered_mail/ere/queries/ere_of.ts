import Letter from '#letters/models/letter'
import { lastDayBefore } from '#registered_mail/ere/period'
import Ere from '#registered_mail/ere/models/ere'
import EreConsent from '#registered_mail/ere/models/ere_consent'
import { addresseesOf } from '#registered_mail/ere/queries/recipients'
import { isAnswerable } from '#registered_mail/ere/states'

/** All that the letter's page shows of its ERE, and what a person may do with it; null when it is none. */
export async function ereOf(letter: Letter) {
  if (letter.kind !== 'ere') return null
  const ere = await Ere.findBy('letterId', letter.id)
  if (!ere) return null
  const failed = ere.state === 'notification_failed'
  const unanswered = failed || ere.state === 'refused' || ere.state === 'expired'
  return {
    ere,
    lastOn: ere.deadlineAt && lastDayBefore(ere.deadlineAt),
    consent: ere.consentId ? await EreConsent.find(ere.consentId) : null,
    paper: ere.paperLetterId ? await Letter.find(ere.paperLetterId) : null,
    mayBounce: isAnswerable(ere.state) && !failed && ere.notices > 0,
    mayNotify: failed ? await addresseesOf(letter.claim) : [],
    mayFallBack: unanswered && !ere.paperLetterId,
    mayBeSeen: unanswered && !ere.seenAt,
  }
}
