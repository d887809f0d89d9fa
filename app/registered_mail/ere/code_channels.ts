import db from '@adonisjs/lucid/services/db'
import { maskedEmail } from '#shared/email_address'
import { maskedNumber, parseSmsNumber } from '#shared/phone'
import { smsLeaves } from '#deliveries/drivers/registry'
import type Delivery from '#deliveries/models/delivery'
import type Ere from '#registered_mail/ere/models/ere'
import type { CodeChannel } from '#registered_mail/ere/codes'

/** Where a code may go by SMS: the number that was on file when the letter was queued, while something carries it. */
export const smsNumberOf = ({ mobile }: Pick<Ere, 'mobile'>): string | null =>
  mobile && smsLeaves() ? parseSmsNumber(mobile) : null

/** By which way a message with a code goes, or went. */
export const channelOf = ({ channel }: Pick<Delivery, 'channel'>): CodeChannel =>
  channel === 'sms' ? 'sms' : 'email'

/** Enough of an address or a number to recognise one's own. */
export const maskedContact = (channel: CodeChannel, contact: string) =>
  channel === 'sms' ? maskedNumber(contact) : maskedEmail(contact)

/** The last code that was asked for: by what it goes, where to, and whether it could not; null before the first. */
export async function lastCodeAsked(
  ereId: number
): Promise<{ channel: CodeChannel; to: string; lost: boolean } | null> {
  const row = await db
    .from('deliveries')
    .whereLike('key', `ere:${ereId}:code:%`)
    .orderBy('id', 'desc')
    .select('channel', 'recipient', 'state')
    .first()
  if (!row) return null
  const { channel, recipient, state } = row
  return { channel, to: maskedContact(channel, recipient), lost: state === 'failed' || state === 'cancelled' }
}
