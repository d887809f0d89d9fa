import { addMinutes, clock } from '#shared/clock'
import { holdEre } from '#registered_mail/ere/change'
import { queueCode } from '#registered_mail/ere/queue'
import type { CodeChannel } from '#registered_mail/ere/codes'
import { smsNumberOf } from '#registered_mail/ere/code_channels'
import { isAnswerable, isOpened } from '#registered_mail/ere/states'

/** A code is asked for so often in an hour: more would be somebody trying. */
export const CODES_PER_HOUR = 5
const APART_SECONDS = 30

export type AskedCode =
  { outcome: 'queued'; key: string } | { outcome: 'sent_just_now' | 'too_many' | 'over' }

/** A one-time code to the recipient's own address or telephone, as they were known before. Two clicks send one. */
export class AskCode {
  handle({
    ereId,
    channel,
    locale,
  }: {
    ereId: number
    channel: CodeChannel
    locale: string
  }): Promise<AskedCode> {
    return holdEre(ereId, async (held): Promise<AskedCode> => {
      const { ere, trx } = held
      if (!isAnswerable(ere.state) && !isOpened(ere.state)) return { outcome: 'over' }
      const recipient = channel === 'sms' ? smsNumberOf(ere) : ere.email
      if (!recipient) return { outcome: 'over' }
      const now = clock.now()
      if (ere.codeAskedAt && ere.codeAskedAt > addMinutes(now, -APART_SECONDS / 60))
        return { outcome: 'sent_just_now' }
      const [{ count }] = await trx
        .from('deliveries')
        .whereLike('key', `ere:${ere.id}:code:%`)
        .where('created_at', '>', addMinutes(now, -60))
        .count('* as count')
      if (Number(count) >= CODES_PER_HOUR) return { outcome: 'too_many' }
      const key = await queueCode(held, { channel, recipient, locale })
      await held.set({ codes: ere.codes + 1, codeAskedAt: now })
      return { outcome: 'queued', key }
    })
  }
}
