import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock, type Instant } from '#shared/clock'
import type User from '#users/models/user'
import ClaimEvent from '#claims/models/claim_event'

export type EventInput = {
  claimId: number
  /** `domain.what_happened`, worded in `resources/lang/<locale>/events.json`. */
  type: string
  actor: ClaimEvent['actor']
  userId?: number | null
  detail?: ClaimEvent['detail']
  at?: Instant
}

/** Who acts when somebody signed in does. */
export const actorOf = (user: User) => (user.role === 'creditor' ? ('creditor' as const) : ('user' as const))

/** Writes one line of a file's timeline and moves the file's "last activity" (C1). */
export async function recordEvent(trx: TransactionClientContract, input: EventInput) {
  const occurredAt = input.at ?? clock.now()
  const event = await ClaimEvent.create(
    {
      claimId: input.claimId,
      type: input.type,
      actor: input.actor,
      userId: input.userId ?? null,
      detail: input.detail ?? {},
      occurredAt,
    },
    { client: trx }
  )
  await trx
    .from('claims')
    .where('id', input.claimId)
    .where('last_activity_at', '<', occurredAt)
    .update({ last_activity_at: occurredAt })
  return event
}

/** The same line on the timeline of many files at once; `where` restricts `claims`. */
export async function recordEvents(
  trx: TransactionClientContract,
  where: { sql: string; bindings: readonly (number | string)[] },
  input: Omit<EventInput, 'claimId'>
) {
  const occurredAt = input.at ?? clock.now()
  await trx.rawQuery(
    `insert into claim_events (claim_id, type, actor, user_id, detail, occurred_at)
     select claims.id, ?, ?, ?, ?, ? from claims where ${where.sql}`,
    [
      input.type,
      input.actor,
      input.userId ?? null,
      JSON.stringify(input.detail ?? {}),
      occurredAt,
      ...where.bindings,
    ] as never[]
  )
  await trx.rawQuery(`update claims set last_activity_at = ? where last_activity_at < ? and (${where.sql})`, [
    occurredAt,
    occurredAt,
    ...where.bindings,
  ])
}
