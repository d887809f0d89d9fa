import type { CivilDate, Instant } from '#shared/clock'
import { listPage } from '#shared/pages'
import { rowsOf } from '#shared/sql'
import type { StepChannel } from '#campaigns/models/scenario_step'
import type { DeferReason } from '#campaigns/reasons'
import { client, total } from '#reporting/agenda/read'

const PER_PAGE = 50

export type HeldAction = {
  ref: string
  debtor: string
  creditor: string
  channel: StepChannel
  template: string
  reason: DeferReason
  planned_on: CivilDate
  due_at: Instant
}

/** "Rien n'est parti pour…": every deferred action, with its reason and when it is looked at again. */
export async function heldActions(reason: DeferReason | null, page: number) {
  const condition = reason ? `a.state = 'deferred' and a.reason = :reason` : `a.state = 'deferred'`
  const bindings = { reason: reason ?? '', limit: PER_PAGE, offset: (page - 1) * PER_PAGE }
  const held = await rowsOf<HeldAction>(
    client(),
    `select c.ref, coalesce(d.company_name, d.full_name) as debtor, k.name as creditor, a.channel, s.template,
       a.reason, a.planned_on, a.due_at
     from actions a
     join claims c on c.id = a.claim_id
     join debtors d on d.id = c.debtor_id
     join creditors k on k.id = c.creditor_id
     join scenario_steps s on s.id = a.step_id
     where ${condition} and a.due_at is not null order by a.due_at, a.id limit :limit offset :offset`,
    bindings
  )
  const found = await total(`actions a where ${condition} and a.due_at is not null`, bindings)
  return { held, page: listPage(found, PER_PAGE, page) }
}
