import { addDays } from '#shared/calendar'
import { civilDateAt } from '#shared/clock'
import Claim from '#claims/models/claim'
import Letter from '#letters/models/letter'
import { stopOf } from '#letters/stop'
import type { Guard } from '#deliveries/recipes'
import { consentOf } from '#registered_mail/ere/consents'
import Ere from '#registered_mail/ere/models/ere'
import { ERE_NOTICE, ERE_REMINDER } from '#registered_mail/ere/recipe_names'
import { RUNNING, type EreState } from '#registered_mail/ere/states'
import { DAYS_IT_KEEPS, mayNotActYet } from '#registered_mail/guard'

const TO_NOTIFY: readonly EreState[] = ['deposited', 'notified', 'notification_failed']

/**
 * An ERE's notices and reminders are judged again as they leave: who has answered, whose period is over or
 * whose file stopped meanwhile (U3) is not written to.
 */
export const guardEres: Guard = async (trx, delivery, at) => {
  if (delivery.recipe !== ERE_NOTICE && delivery.recipe !== ERE_REMINDER) return null
  const ere = await Ere.query({ client: trx }).where('letterId', delivery.letterId!).firstOrFail()
  const isNotice = delivery.recipe === ERE_NOTICE
  if (Number(delivery.parameters[isNotice ? 'number' : 'notice']) !== ere.notices)
    return { cancel: 'superseded' }
  if (isNotice ? !TO_NOTIFY.includes(ere.state) : !isRunning(ere, at)) return { cancel: 'superseded' }
  const letter = await Letter.findOrFail(ere.letterId, { client: trx })
  const claim = await Claim.findOrFail(letter.claimId, { client: trx })
  const today = civilDateAt(at)
  const stop = stopOf(claim, today)
  if (stop) return { cancel: stop }
  if (isNotice && ere.notices === 1 && letter.datedOn < addDays(today, -DAYS_IT_KEEPS))
    return { cancel: 'letter_too_old' }
  if (claim.kind === 'b2c' && !(await consentOf(trx, claim.debtorId, ere.email)))
    return { cancel: 'consent_withdrawn' }
  return mayNotActYet(trx, claim.creditorId, today)
}

const isRunning = ({ state, deadlineAt }: Ere, at: string) =>
  (RUNNING as readonly EreState[]).includes(state) && deadlineAt !== null && at < deadlineAt
