import db from '@adonisjs/lucid/services/db'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { addDays, contactInstantFrom } from '#shared/calendar'
import { civilDateAt, clock, type CivilDate, type Instant } from '#shared/clock'
import { rowsOf } from '#shared/sql'
import { transaction } from '#shared/transaction'
import { lockClaim } from '#claims/ledger'
import { CANNOT_RECEIVE } from '#payments/accounts/cannot_receive'
import { LEAST_CARD_CENTS } from '#payments/actions/start_payment'
import { debtorKey, tellDebtor, type DebtorPlanEvent } from '#payments/plans/announcements'
import { endPlan, type PlanEnd } from '#payments/plans/end_plan'
import { followPayments } from '#payments/plans/follow_payments'
import Plan from '#payments/plans/models/plan'

const REMINDER_DAYS = 3

/** A card that dies within so many days, before the plan does, is told. */
const EXPIRY_NOTICE_DAYS = 30

export type Kept = Record<'lapsed' | 'broken' | 'ended' | 'told', number>

/**
 * What time makes of plans, after the day's charges: those that never began lapse, those that were
 * not kept break, those whose file has ended end, and debtors are told beforehand of what comes.
 * Each is judged again with its file locked. Part of the tick.
 */
export class KeepPlans {
  async handle(at: Instant): Promise<Kept> {
    return clock.at(at, async () => ({
      ended: await this.#endWithFile(),
      lapsed: await this.#end('lapsed', LAPSED, { at }),
      broken: await this.#break(civilDateAt(at)),
      told: await this.#tell(at),
    }))
  }

  async #endWithFile(): Promise<number> {
    const rows = await rowsOf<{ id: number; status: string }>(
      db.connection(),
      `select p.id, c.status from plans p join claims c on c.id = p.claim_id
       where p.state in ('proposed', 'accepted', 'active') and c.status in ('paid', 'closed') order by p.id`
    )
    let ended = 0
    for (const { id, status } of rows) {
      const end: PlanEnd = status === 'paid' ? 'completed' : 'cancelled'
      if (await this.#close(Number(id), end)) ended += 1
    }
    return ended
  }

  async #break(today: CivilDate): Promise<number> {
    const rows = await rowsOf<{ id: number; due_on: CivilDate; held_on: CivilDate | null; grace: number }>(
      db.connection(),
      `select p.id, min(i.due_on) as due_on, k.missed_grace_days as grace, ${LAST_HELD} as held_on
       from plans p
       join plan_instalments i on i.plan_id = p.id
       join claims c on c.id = p.claim_id
       join creditors k on k.id = c.creditor_id
       where p.state = 'active' and i.amount_cents - i.paid_cents >= ${LEAST_CARD_CENTS} and i.due_on < :today
         and c.status = 'paused' and ${UNTOUCHED} and not (p.stripe_method_id is not null and ${CANNOT_RECEIVE})
       group by p.id, c.id, k.id order by p.id`,
      { today }
    )
    let broken = 0
    for (const { id, due_on: dueOn, held_on: heldOn, grace } of rows) {
      const since = heldOn && heldOn > dueOn ? heldOn : dueOn
      if (addDays(since, Number(grace)) >= today) continue
      if (await this.#close(Number(id), 'broken')) broken += 1
    }
    return broken
  }

  async #end(end: PlanEnd, sql: string, bindings: Record<string, string>): Promise<number> {
    const rows = await rowsOf<{ id: number }>(db.connection(), sql, bindings)
    let ended = 0
    for (const { id } of rows) if (await this.#close(Number(id), end)) ended += 1
    return ended
  }

  /** Money that came at the same moment keeps the plan. */
  #close(planId: number, end: PlanEnd): Promise<boolean> {
    return transaction(async (trx) => {
      const { claimId } = await Plan.findOrFail(planId, { client: trx })
      await lockClaim(trx, claimId)
      const before = await Plan.query({ client: trx })
        .where('id', planId)
        .preload('instalments')
        .firstOrFail()
      await followPayments(trx, claimId)
      const plan = await Plan.query({ client: trx }).where('id', planId).preload('instalments').firstOrFail()
      const moved = paidOf(plan) !== paidOf(before) || plan.state !== before.state
      return !moved && (await endPlan(trx, plan, end))
    })
  }

  async #tell(at: Instant): Promise<number> {
    const today = civilDateAt(at)
    const notices = [
      ...(await this.#notices(REMINDERS, { today, until: addDays(today, REMINDER_DAYS) }, 'reminder')),
      ...(await this.#notices(REFUSALS, {}, 'refused_charge')),
      ...(await this.#notices(MISSED, { today }, 'missed')),
      ...(await this.#notices(
        EXPIRING,
        { month: addDays(today, EXPIRY_NOTICE_DAYS).slice(0, 7) },
        'card_expiring'
      )),
    ]
    const notBeforeAt = contactInstantFrom(at)
    for (const { planId, event, about } of notices) {
      await transaction(async (trx) => {
        const plan = await Plan.findOrFail(planId, { client: trx })
        if (plan.state === 'active') await this.#tellOnce(trx, plan, event, about, notBeforeAt)
      })
    }
    return notices.length
  }

  async #tellOnce(
    trx: TransactionClientContract,
    plan: Plan,
    event: DebtorPlanEvent,
    about: string,
    notBeforeAt: Instant
  ) {
    const key = debtorKey(plan.id, event, about)
    const claimed: unknown[] = await trx
      .insertQuery()
      .table('plan_notices')
      .knexQuery.insert({ plan_id: plan.id, key, created_at: clock.now() })
      .onConflict('key')
      .ignore()
      .returning('id')
    if (claimed.length === 1) await tellDebtor(trx, plan, event, { about, notBeforeAt })
  }

  /** What the SELECT finds and was not told yet: it names the plan and, in `about`, what it is about. */
  async #notices(select: string, bindings: Record<string, string>, event: DebtorPlanEvent) {
    const rows = await rowsOf<{ plan_id: number; about: string }>(
      db.connection(),
      `select found.plan_id, found.about from (${select}) as found
       where not exists (select 1 from plan_notices n
         where n.key = 'plan:' || found.plan_id || ':${event}:' || found.about)
       order by found.plan_id, found.about`,
      bindings
    )
    return rows.map((row) => ({ planId: Number(row.plan_id), event, about: String(row.about) }))
  }
}

const paidOf = (plan: Plan) => plan.instalments.map(({ paidCents }) => paidCents).join()

/** Nobody is at the till, and no debit is under way. */
const UNTOUCHED = `not exists (select 1 from payment_attempts a
  where a.claim_id = p.claim_id and a.state in ('created', 'open', 'unknown', 'processing'))
  and not exists (select 1 from pauses x where x.claim_id = p.claim_id and x.lifted_at is null)`

/** The day on which the file was last disputed or suspended: charges were held until then. */
const LAST_HELD = `(select max(held.on_day) from (
    select substr(d.resolved_at, 1, 10) as on_day, d.claim_id from disputes d where d.resolved_at is not null
    union all
    select substr(x.lifted_at, 1, 10) as on_day, x.claim_id from pauses x where x.lifted_at is not null
  ) held where held.claim_id = c.id)`

const LAPSED = `select p.id from plans p
  where (p.state = 'accepted' or (p.state = 'proposed' and p.offered_by_id is not null)) and p.start_by_at <= :at and ${UNTOUCHED} order by p.id`

const REMINDERS = `select i.plan_id, cast(i.seq as varchar(8)) as about from plan_instalments i
  join plans p on p.id = i.plan_id join claims c on c.id = p.claim_id
  where p.state = 'active' and c.status = 'paused' and i.paid_cents < i.amount_cents
    and i.due_on > :today and i.due_on <= :until and not (p.stripe_method_id is not null and ${CANNOT_RECEIVE})`

const REFUSALS = `select a.plan_id, a.instalment_seq || '-' || a.instalment_try as about from payment_attempts a
  join plans p on p.id = a.plan_id join plan_instalments i on i.plan_id = p.id and i.seq = a.instalment_seq
  where p.state = 'active' and a.instalment_try is not null and a.state = 'failed' and a.failure is not null
    and i.paid_cents < i.amount_cents`

/** Past its day, and nothing was left to charge it to. */
const MISSED = `select i.plan_id, cast(i.seq as varchar(8)) as about from plan_instalments i
  join plans p on p.id = i.plan_id join claims c on c.id = p.claim_id
  where p.state = 'active' and c.status = 'paused' and p.stripe_method_id is null
    and i.paid_cents < i.amount_cents and i.due_on < :today`

const EXPIRING = `select p.id as plan_id, p.method_expires_in as about from plans p
  where p.state = 'active' and p.method_expires_in is not null and p.method_expires_in <= :month
    and exists (select 1 from plan_instalments i where i.plan_id = p.id and i.paid_cents < i.amount_cents
      and substr(i.due_on, 1, 7) > p.method_expires_in)`
