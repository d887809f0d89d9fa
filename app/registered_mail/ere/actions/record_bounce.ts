import type User from '#users/models/user'
import { bounced, type Bounce } from '#registered_mail/ere/bounce'
import { holdEre } from '#registered_mail/ere/change'
import { isAnswerable } from '#registered_mail/ere/states'

/** A person read the mail server's report that a notice did not arrive. False when it is answered or over. */
export class RecordBounce {
  handle({ ereId, code, nature, by }: Omit<Bounce, 'to'> & { ereId: number; by: User }): Promise<boolean> {
    return holdEre(ereId, async (held) => {
      const { state, notices, email } = held.ere
      if (!isAnswerable(state) || state === 'notification_failed' || notices === 0) return false
      await bounced(held, { to: email, code, nature }, { kind: 'user', id: String(by.id) })
      return true
    })
  }
}
