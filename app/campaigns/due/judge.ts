import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { contactInstantFrom } from '#shared/calendar'
import { addMinutes, instantOn, type Instant } from '#shared/clock'
import { rowsOf, sqlList, write, type Bindings } from '#shared/sql'
import { dialect } from '#shared/transaction'
import { collectionEmail } from '#debtors/collection_contact'
import { consentFor } from '#registered_mail/ere/consents'
import { windowLeftAt } from '#campaigns/calendar'
import type { Policy } from '#campaigns/due/policy'
import type { DeferReason, SkipReason } from '#campaigns/reasons'

/**
 * What becomes of a due action: it goes, waits for a person, is not due after all
 * (its file stopped or resumed before its day), or the reason it is skipped or deferred.
 */
export type Verdict = 'go' | 'confirm' | 'early' | SkipReason | DeferReason

/** These end the campaign on the file: its later steps go with the one looked at. */
export const STOPS = ['paid', 'closed', 'prescribed'] as const satisfies SkipReason[]
export const SKIPS = [...STOPS, 'email_missing', 'email_bounced'] as const satisfies SkipReason[]

export const isSkip = (verdict: Verdict) => (SKIPS as readonly Verdict[]).includes(verdict)
export const isWait = (verdict: Verdict) => !['go', 'confirm', 'early'].includes(verdict) && !isSkip(verdict)

/** Long enough to be fast, short enough that nobody waits: no statement takes more than a few tens of ms. */
export const BATCH = 10_000

/**
 * Takes the next due actions into a temporary table, each with its verdict: the whole
 * decision is set-based, so that a hundred thousand of them take about a second.
 *
 * @returns how many were taken; 0 when nothing is due
 */
export async function judgeDue(
  trx: TransactionClientContract,
  policy: Policy,
  campaignId: number | null = null
): Promise<number> {
  await emptyTable(trx)
  if (dialect() === 'postgres') await oneAtATime(trx)
  const taken = await write(trx, takeDue(policy, campaignId), {
    at: policy.at,
    today: policy.today,
    since: policy.windowStartsAt,
    campaign: campaignId ?? 0,
  })
  if (taken === 0) return 0
  if (!policy.contactTime) await holdUntilHours(trx)
  else await holdAboveCap(trx, policy)
  return taken
}

/** Several processes may tick: the cap is counted by person, so batches follow each other. */
const oneAtATime = (trx: TransactionClientContract) =>
  trx.rawQuery(`select pg_advisory_xact_lock(hashtext('campaigns.due'))`)

async function emptyTable(trx: TransactionClientContract) {
  const id = dialect() === 'postgres' ? 'bigint' : 'integer'
  await trx.rawQuery(
    `create temp table if not exists due_actions (
       id ${id} primary key, claim_id bigint not null, campaign_id bigint not null, step_id bigint not null,
       position integer not null, channel text not null, planned_on text not null, creditor_id bigint not null,
       debtor_id bigint not null, person_id bigint not null, recent integer not null, reason_before text, verdict text not null, until_at text)`
  )
  await trx.rawQuery(dialect() === 'postgres' ? 'truncate due_actions' : 'delete from due_actions')
}

function takeDue(policy: Policy, campaignId: number | null): string {
  return `
    insert into due_actions (id, claim_id, campaign_id, step_id, position, channel, planned_on, creditor_id,
      debtor_id, person_id, recent, reason_before, verdict)
    select a.id, a.claim_id, a.campaign_id, a.step_id, a.position, a.channel, a.planned_on, c.creditor_id,
      c.debtor_id, a.person_id,
      (select count(*) from contacts k where k.person_id = a.person_id and k.occurred_at > :since), a.reason, ${verdict(policy)}
    ${FACTS}
    where a.due_at <= :at ${campaignId === null ? '' : 'and a.campaign_id = :campaign'}
    order by a.due_at, a.id
    limit ${BATCH}
    ${dialect() === 'postgres' ? 'for update of a, c skip locked' : ''}`
}

/** Rule 2: a mandate in force whose statements are all there. */
const FACTS = `
    from actions a
    join claims c on c.id = a.claim_id
    left join (
      select distinct creditor_id from mandates
      where signed_on <= :today and (ends_on is null or ends_on >= :today)
        and trim(basis) <> '' and trim(guarantee) <> ''
    ) mandated on mandated.creditor_id = c.creditor_id`

const emailOf = (condition: string) =>
  `exists (select 1 from contact_points p where p.debtor_id = c.debtor_id and p.kind = 'email' ${condition})`
const addressOf = (condition: string) =>
  `exists (select 1 from addresses x where x.debtor_id = c.debtor_id and x.replaced_at is null ${condition})`

/**
 * Rule 6: the R124-4 letter reached nobody yet. Written, it must still be posted, or have left by
 * email with its PDF: a copy refused or uncertain is neither.
 */
const FIRST_LETTER_PENDING = `(c.first_letter_on is null or exists (
      select 1 from letters l where l.ref = c.first_letter_ref and l.state = 'rendered' and not exists (
        select 1 from deliveries copy where copy.action_id = l.action_id and copy.state = 'sent')))`

/**
 * Money that may be this debtor's has come, and a person has yet to say so: what was written of it
 * when the line was judged holds until that day (`banking/matching/held_files.ts`).
 */
const TRANSFER_WAITING = `exists (select 1 from awaited_transfers w join bank_lines l on l.id = w.line_id
      where w.claim_id = c.id and w.until_on >= :today and l.state = 'suggested' and not exists (
        select 1 from bank_matches m where m.line_id = w.line_id and m.claim_id = c.id and m.undone_at is null))`

/** Rule 46: a person who is no business agreed beforehand, for the address that is written to. */
const CONSENTED = `(${consentFor('c', `(${collectionEmail('c')})`)}) is not null`

/** Written now, the letter would grow old in the outbox, and its step say that it left. */
const carrierMissing = ({ electronicRoutes: { ere, lre }, shutRoutes }: Policy) =>
  `a.channel in ('ere', 'lre') and coalesce(
      (select s.route from scenario_steps s where s.id = a.step_id),
      case a.channel when 'lre' then '${lre}' else '${ere}' end) in (${sqlList(shutRoutes)})`

/** The rules in the order in which a person would ask them; the first that answers decides. */
const verdict = (policy: Policy) => `
  case
    when c.status in ('paid', 'closed') then c.status
    when c.limitation_on < :today then 'prescribed'
    when a.planned_on > :today then 'early'
    when c.status in ('disputed', 'paused') then c.status
    when ${TRANSFER_WAITING} then 'transfer_waiting'
    when a.channel = 'hand_over' then 'confirm'
    ${policy.legalGap ? `when true then '${policy.legalGap}'` : ''}
    when mandated.creditor_id is null then 'mandate_missing'
    when a.channel in ('email', 'ere', 'lre') and not ${emailOf('and p.bounced_at is null')}
      then case when ${emailOf('')} then 'email_bounced' else 'email_missing' end
    when a.channel = 'email' and ${FIRST_LETTER_PENDING} then 'first_letter_pending'
    when a.channel in ('ere', 'lre') and c.kind = 'b2c' and not ${CONSENTED} then 'consent_missing'
    when a.channel in ('ere', 'lre') and not ${addressOf('')} then 'address_missing'
    ${policy.shutRoutes.length > 0 ? `when ${carrierMissing(policy)} then 'carrier_missing'` : ''}
    when a.channel in ('letter', 'lrar') and not ${addressOf('and x.undeliverable_at is null')}
      then case when ${addressOf('')} then 'address_undeliverable' else 'address_missing' end
    when a.mode <> 'automatic' and a.confirmed_at is null then 'confirm'
    else 'go'
  end`

/**
 * The verdict on one action as things are now, whatever its state: asked again when its
 * message is about to leave (U3). Locks the file, so that a payment committed first is seen.
 */
export async function judgeAgain(
  trx: TransactionClientContract,
  policy: Policy,
  actionId: number
): Promise<{ verdict: Verdict; personId: number }> {
  const [row] = await rowsOf<{ verdict: Verdict; person_id: number }>(
    trx,
    `select ${verdict(policy)} as verdict, a.person_id ${FACTS} where a.id = :action
     ${dialect() === 'postgres' ? 'for update of c' : ''}`,
    { today: policy.today, action: actionId }
  )
  if (!row) throw new Error(`action ${actionId} does not exist`)
  return { verdict: row.verdict, personId: Number(row.person_id) }
}

/** What a contact is counted under: the action that it is, or the delivery when it is none. */
export type ContactKey = { column: 'action_id' | 'delivery_id'; id: number }

/** When the person has room for one contact more, besides the one of that key; null when it is now. */
export async function capLiftedAt(
  trx: TransactionClientContract,
  policy: Policy,
  personId: number,
  { column, id }: ContactKey
): Promise<Instant | null> {
  const [blocking] = await rowsOf<{ occurred_at: Instant }>(
    trx,
    `select occurred_at from contacts
     where person_id = :person and occurred_at > :since and (${column} is null or ${column} <> :own)
     order by occurred_at desc limit 1 offset ${Math.max(0, policy.cap - 1)}`,
    { person: personId, since: policy.windowStartsAt, own: id }
  )
  return blocking ? windowLeftAt(blocking.occurred_at) : null
}

const holdUntilHours = (trx: TransactionClientContract) =>
  write(trx, `update due_actions set verdict = 'outside_hours' where verdict = 'go'`)

/**
 * A person's contacts of the last seven days, then those of this batch in their order. Most
 * persons have one action in a batch: only the few that would pass the cap are ranked.
 */
async function holdAboveCap(trx: TransactionClientContract, policy: Policy) {
  await write(
    trx,
    `update due_actions set verdict = 'contact_cap' where verdict = 'go' and id in (
       select ranked.id from (
         select id, recent, row_number() over (partition by person_id order by planned_on, id) as place
         from due_actions
         where verdict = 'go' and person_id in (
           select person_id from due_actions where verdict = 'go'
           group by person_id having count(*) + max(recent) > :cap)
       ) ranked
       where ranked.place + ranked.recent > :cap)`,
    { cap: policy.cap }
  )
}

/**
 * Says until when each deferred action waits. Asked once this batch's contacts are
 * written, because they count for those the cap holds back.
 */
export async function setWaits(trx: TransactionClientContract, policy: Policy) {
  await write(
    trx,
    `update due_actions set until_at = case verdict
       when 'outside_hours' then :hours
       when 'paused' then coalesce((select max(until_on) from pauses p
         where p.claim_id = due_actions.claim_id and p.lifted_at is null and p.until_on >= :today), :nextDay)
       when 'contact_cap' then coalesce((select substr(k.occurred_at, 1, 16) from contacts k
         where k.person_id = due_actions.person_id and k.occurred_at > :since
         order by k.occurred_at desc limit 1 offset ${Math.max(0, policy.cap - 1)}), :nextDay)
       else :nextDay end
     where verdict not in (${sqlList(['go', 'confirm', 'early', ...SKIPS])})`,
    {
      hours: policy.contactFrom,
      nextDay: policy.nextContactDayAt,
      since: policy.windowStartsAt,
      today: policy.today,
    }
  )
  await replaceWaits(trx, 10, (until) => contactInstantFrom(addMinutes(instantOn(until), 24 * 60)))
  await replaceWaits(trx, 16, (minute) => windowLeftAt(addMinutes(`${minute}:00.000Z`, 1)))
}

/** SQL finds the day or the minute that decides; the calendar turns each into an instant, once. */
async function replaceWaits(
  trx: TransactionClientContract,
  length: number,
  instantOf: (text: string) => string
) {
  const found = await rowsOf<{ until_at: string }>(
    trx,
    'select distinct until_at from due_actions where length(until_at) = :length',
    { length }
  )
  for (const { until_at: text } of found) {
    const bindings: Bindings = { text, until: instantOf(text) }
    await write(trx, 'update due_actions set until_at = :until where until_at = :text', bindings)
  }
}
