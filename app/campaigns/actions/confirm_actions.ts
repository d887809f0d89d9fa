import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { clock, type CivilDate } from '#shared/clock'
import { rowsOf, write } from '#shared/sql'
import { dialect, transaction } from '#shared/transaction'

/**
 * Chosen actions; all those of a campaign whose day has come on `on`; or all that waited when
 * a page was shown, up to its last one.
 */
export type ConfirmScope =
  { actionIds: readonly number[] } | { campaignId: number; on: CivilDate } | { upTo: number }

/** A list of bound ids longer than this is refused by SQLite. */
const SLICE = 500

/**
 * Confirms what waits for a person (D7, D9): it leaves at the next tick within hours, or on
 * its day when that is later. A hand-over and what a person does by hand are not confirmed
 * in mass: they are decided one by one.
 *
 * @returns how many were confirmed; those already confirmed, done or stopped are not
 */
export class ConfirmActions {
  handle(scope: ConfirmScope & { userId: number | null }): Promise<number> {
    return transaction(async (trx) => {
      if ('campaignId' in scope) return confirm(trx, campaignWide(scope), scope.userId)
      if ('upTo' in scope) return confirm(trx, shown(scope), scope.userId)
      let confirmed = 0
      for (let start = 0; start < scope.actionIds.length; start += SLICE) {
        const ids = scope.actionIds.slice(start, start + SLICE)
        confirmed += await confirm(trx, chosen(ids), scope.userId)
      }
      return confirmed
    })
  }
}

type Condition = { sql: string; bindings: Record<string, string | number> }

const CONFIRMABLE = `mode = 'confirm' and channel <> 'hand_over'`

const campaignWide = ({ campaignId, on }: { campaignId: number; on: CivilDate }): Condition => ({
  sql: `campaign_id = :campaign and ${CONFIRMABLE}
    and (state = 'to_confirm' or (state = 'planned' and due_at is not null and planned_on <= :on))`,
  bindings: { campaign: campaignId, on },
})

const shown = ({ upTo }: { upTo: number }): Condition => ({
  sql: `state = 'to_confirm' and id <= :last and ${CONFIRMABLE}`,
  bindings: { last: upTo },
})

/** One by one, a letter that a person starts by hand may be confirmed too: it is written here all the same. */
const chosen = (ids: readonly number[]): Condition => ({
  sql: `id in (${ids.map((_, index) => `:id${index}`).join(', ') || 'null'}) and state = 'to_confirm'
    and channel <> 'hand_over' and (mode = 'confirm' or channel in ('letter', 'lrar', 'ere', 'lre'))`,
  bindings: Object.fromEntries(ids.map((id, index) => [`id${index}`, id])),
})

async function confirm(trx: TransactionClientContract, { sql, bindings }: Condition, userId: number | null) {
  if (dialect() === 'postgres') await rowsOf(trx, `select id from actions where ${sql} for update`, bindings)
  const now = clock.now()
  const by = userId ?? 'null'
  await write(
    trx,
    `insert into claim_events (claim_id, type, actor, user_id, detail, occurred_at)
     select claim_id, 'campaign.confirmed', 'user', ${by},
       '{"action":' || id || ',"channel":"' || channel || '","position":' || position || '}', :now
     from actions where ${sql}`,
    { ...bindings, now }
  )
  return write(
    trx,
    `update actions set state = 'ready', reason = null, confirmed_at = :now, confirmed_by_id = ${by},
       due_at = case when planned_on > :today then planned_on || 'T00:00:00.000Z' else :now end
     where ${sql}`,
    { ...bindings, now, today: clock.today() }
  )
}
