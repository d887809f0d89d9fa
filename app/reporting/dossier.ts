import db from '@adonisjs/lucid/services/db'
import { daysBetween } from '#shared/calendar'
import { clock, type CivilDate, type Instant } from '#shared/clock'
import type { Cents } from '#shared/money'
import { dailyInterestCents } from '#claims/interest'
import { isPrescribed, limitationPeriod, type LimitationBasis } from '#claims/limitation'
import type Claim from '#claims/models/claim'
import { loadOwed, type Owed } from '#claims/owed'
import { hasRates, semesterOf } from '#claims/rates'
import { CURRENT_RECEIPT } from '#payments/queries/receipts_to_dispatch'
import { deliveriesOfClaim } from '#deliveries/queries/delivery_list'

/** One line of a file's timeline: what happened, what will, and what did not and why. */
export type TimelineLine = {
  at: Instant
  type: string
  actor: string
  by: string | null
  detail: Record<string, string | number | boolean | null>
  tone: 'good' | 'accent' | 'wait' | 'none'
  icon: string
  skipped: boolean
}

export type UpcomingAction = {
  id: number
  channel: string
  template: string
  state: string
  plannedOn: CivilDate
  reason: string | null
  deferredUntilAt: Instant | null
}

/**
 * Everything about one debtor's file on one page (P1): who owes what to whom, the balance split,
 * the next action, the timeline, invoices, documents, contacts. Reads only, across domains.
 */
export async function loadDossier(claim: Claim) {
  const today = clock.today()
  await claim.load('debtor', (debtor) =>
    debtor
      .preload('addresses', (addresses) => addresses.whereNull('replacedAt').orderBy('id', 'desc'))
      .preload('contactPoints', (points) => points.orderBy('id'))
  )
  await claim.load('creditor')
  await claim.load('documents', (documents) => documents.orderBy('id', 'desc'))
  const owed = await loadOwed(claim.id, today)
  const basis = limitationPeriod(claim.limitationBasis as LimitationBasis)
  return {
    claim,
    debtor: claim.debtor,
    address: claim.debtor.addresses[0] ?? null,
    creditor: claim.creditor,
    mandate: await claim.creditor.mandateOn(today),
    owed,
    balance: balanceOf(owed, claim.paidCents),
    daysOverdue: Math.max(0, daysBetween(claim.oldestDueOn, today)),
    limitation: { on: claim.limitationOn, ...basis, prescribed: isPrescribed(claim.limitationOn, today) },
    upcoming: await upcomingActions(claim.id),
    timeline: await timelineOf(claim.id),
    documents: claim.documents,
    letters: await db.from('letters').where('claim_id', claim.id).orderBy('id', 'desc'),
    messages: await deliveriesOfClaim(claim.id),
    payments: await paymentsOf(claim.id),
    pause: await db.from('pauses').where('claim_id', claim.id).whereNull('lifted_at').first(),
    disputes: await db.from('disputes').where('claim_id', claim.id).orderBy('id', 'desc'),
    requests: await db.from('debtor_requests').where('claim_id', claim.id).whereNull('handled_at'),
    closure: await db.from('closures').where('claim_id', claim.id).first(),
  }
}

export type Dossier = Awaited<ReturnType<typeof loadDossier>>

/** Widths of the balance bar in per mille, so that the page draws and does not calculate. */
function balanceOf(owed: Owed, receivedCents: Cents) {
  const whole = Math.max(1, owed.totalCents + receivedCents)
  const share = (cents: Cents) => Math.round((1000 * cents) / whole)
  const rates = [...new Set(owed.invoices.flatMap((line) => line.segments.map((segment) => segment.rateBps)))]
  const semester = semesterOf(owed.on)
  const bearing = owed.invoices.filter((line) => line.segments.length > 0)
  return {
    principal: share(owed.principalCents),
    interestAt: share(owed.principalCents),
    interest: share(owed.interestCents),
    indemnityAt: share(owed.principalCents + owed.interestCents),
    indemnity: share(owed.indemnityCents),
    paid: share(receivedCents),
    receivedCents,
    ratesBps: rates,
    invoiceCount: owed.invoices.reduce((total, line) => total + line.numberCount, 0),
    indemnityCount: owed.indemnityCents / 4000,
    dailyCents: hasRates(semester)
      ? dailyInterestCents(
          bearing.reduce((total, line) => total + line.principalCents, 0),
          owed.regime,
          owed.on
        )
      : null,
  }
}

async function upcomingActions(claimId: number): Promise<UpcomingAction[]> {
  const rows = await db
    .from('actions')
    .join('scenario_steps', 'scenario_steps.id', 'actions.step_id')
    .where('actions.claim_id', claimId)
    .whereIn('actions.state', ['planned', 'to_confirm', 'ready', 'deferred', 'failed'])
    .orderBy('actions.planned_on')
    .orderBy('scenario_steps.position')
    .select('actions.*', 'scenario_steps.template')
  return rows.map((row) => ({
    id: Number(row.id),
    channel: row.channel,
    template: row.template,
    state: row.state,
    plannedOn: row.planned_on,
    reason: row.reason,
    deferredUntilAt: row.state === 'deferred' ? row.due_at : null,
  }))
}

async function paymentsOf(claimId: number) {
  return db
    .from('payments')
    .joinRaw(`left join receipts q on q.payment_id = payments.id and ${CURRENT_RECEIPT}`)
    .where('payments.claim_id', claimId)
    .orderBy('payments.id', 'desc')
    .select(
      'payments.*',
      'q.number as receipt_number',
      db.raw(
        '(select sum(r.amount_cents) from payment_returns r where r.payment_id = payments.id) as returned_cents'
      )
    )
}

const TIMELINE_LENGTH = 200

async function timelineOf(claimId: number): Promise<TimelineLine[]> {
  const events = await db
    .from('claim_events')
    .leftJoin('users', 'users.id', 'claim_events.user_id')
    .where('claim_id', claimId)
    .orderBy('occurred_at', 'desc')
    .orderBy('claim_events.id', 'desc')
    .limit(TIMELINE_LENGTH)
    .select('claim_events.*', 'users.full_name as by')
  return events.map((event) => ({
    at: event.occurred_at,
    type: event.type,
    actor: event.actor,
    by: event.by,
    detail: JSON.parse(event.detail),
    ...lookOf(event.type),
  }))
}

/** How an event looks, from the first word that fits its type. */
function lookOf(type: string): Pick<TimelineLine, 'tone' | 'icon' | 'skipped'> {
  const looks: [RegExp, TimelineLine['tone'], string][] = [
    [/skipped|deferred|cancelled/, 'none', 'redo-dot'],
    [/failed|bounced|undeliverable|uncertain/, 'wait', 'circle-alert'],
    [/taken_back/, 'wait', 'undo-2'],
    [/payment|paid|receipt/, 'good', 'euro'],
    [/letter/, 'good', 'file-text'],
    [/email|reminder|message|deliver/, 'good', 'mail'],
    [/dispute/, 'wait', 'circle-help'],
    [/paused|resumed/, 'none', 'circle-pause'],
    [/closed|undone/, 'none', 'circle-stop'],
    [/request|callback/, 'accent', 'phone'],
    [/campaign|launched|action/, 'accent', 'send'],
  ]
  const look = looks.find(([pattern]) => pattern.test(type))
  return { tone: look?.[1] ?? 'none', icon: look?.[2] ?? 'info', skipped: /skipped|deferred/.test(type) }
}
