import db from '@adonisjs/lucid/services/db'
import { civilDateAt, type Instant } from '#shared/clock'
import { acknowledge } from '#registered_mail/ere/acknowledge'
import { holdEre } from '#registered_mail/ere/change'
import { depositEres } from '#registered_mail/ere/deposit_eres'
import { expireIfOver } from '#registered_mail/ere/expiry'
import { remindersDue } from '#registered_mail/ere/period'
import { queueReminder } from '#registered_mail/ere/queue'
import { RUNNING } from '#registered_mail/ere/states'

export interface WorkedEres {
  deposited: number
  acknowledged: number
  expired: number
  reminders: number
  failed: { ereId: number; reason: string }[]
}

/** What time sets off for EREs: those that wait are deposited, periods end, who has not answered is reminded. */
export async function workEres(at: Instant, signal?: AbortSignal): Promise<WorkedEres> {
  const { deposited, failed } = await depositEres(undefined, signal)
  const acknowledged = await acknowledge(undefined, signal)
  return {
    deposited,
    acknowledged: acknowledged.made,
    expired: await eachOf(expiring(at), expireIfOver, signal),
    reminders: await remind(at, signal),
    failed: [...failed, ...acknowledged.failed],
  }
}

const running = () =>
  db
    .from('eres')
    .whereIn('state', [...RUNNING])
    .whereNotNull('deadline_at')
    .orderBy('id')

const expiring = (at: Instant) => running().where('deadline_at', '<=', at).select('id')

async function eachOf(
  rows: PromiseLike<{ id: number }[]>,
  work: Parameters<typeof holdEre<boolean>>[1],
  signal?: AbortSignal
): Promise<number> {
  let done = 0
  for (const { id } of await rows) {
    if (signal?.aborted) break
    if (await holdEre(Number(id), work)) done += 1
  }
  return done
}

/** One at a time, whatever a long silence of the machine made late. */
async function remind(at: Instant, signal?: AbortSignal): Promise<number> {
  const today = civilDateAt(at)
  const rows = await running()
    .where('deadline_at', '>', at)
    .select('id', 'notified_at', 'deadline_at', 'reminders_asked')
  const due = rows.filter(
    (row) => remindersDue(row.notified_at, row.deadline_at, today) > row.reminders_asked
  )
  return eachOf(
    Promise.resolve(due),
    async (held) => {
      const { state, notifiedAt, deadlineAt, remindersAsked } = held.ere
      if (!(RUNNING as readonly string[]).includes(state) || !deadlineAt) return false
      const count = remindersDue(notifiedAt!, deadlineAt, today)
      if (count <= remindersAsked) return false
      await held.set({ remindersAsked: count - 1 })
      await queueReminder(held)
      return true
    },
    signal
  )
}
