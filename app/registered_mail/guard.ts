import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { addDays } from '#shared/calendar'
import { civilDateAt, instantOn, type CivilDate, type Instant } from '#shared/clock'
import Agency from '#agency/models/agency'
import type { ClaimStatus } from '#claims/models/claim'
import Creditor from '#creditors/models/creditor'
import type { DebtorKind } from '#debtors/models/debtor'
import type { Guard, Verdict } from '#deliveries/recipes'
import { stopOf } from '#letters/stop'
import { consentOf } from '#registered_mail/ere/consents'
import { MAILING } from '#registered_mail/recipe_names'
import { NEVER_LEFT } from '#registered_mail/states'

/** It says by which day to pay: later than this another is written. */
export const DAYS_IT_KEEPS = 7

/**
 * A letter between its PDF and its carrier is judged again as it leaves: a file paid or stopped
 * meanwhile keeps it back (U3), so does an address from which a letter came back (rule 52), a consent
 * withdrawn (rule 46), and a letter whose date is too old.
 */
export const guardMailings: Guard = async (trx, delivery, at) => {
  if (delivery.recipe !== MAILING) return null
  const today = civilDateAt(at)
  const facts = await factsOf(trx, delivery.letterId!)
  if (facts.route !== delivery.route || !mayBeSent(facts.mailingState)) return { cancel: 'superseded' }
  const stop = stopOf({ status: facts.status, limitationOn: facts.limitationOn }, today)
  if (stop) return { cancel: stop }
  const unreachable = facts.email === null ? addressTrouble(facts) : await emailTrouble(trx, facts)
  if (unreachable) return { cancel: unreachable }
  if (facts.datedOn < addDays(today, -DAYS_IT_KEEPS)) return { cancel: 'letter_too_old' }
  return mayNotActYet(trx, facts.creditorId, today)
}

const addressTrouble = ({ undeliverableAt, replacedAt }: Facts) =>
  undeliverableAt || replacedAt ? 'address_undeliverable' : null

/** Rule 46, and an address from which mail came back: they hold to the last moment. */
async function emailTrouble(trx: TransactionClientContract, { email, kind, debtorId }: Facts) {
  if (kind === 'b2c' && !(await consentOf(trx, debtorId, email!))) return 'consent_withdrawn'
  const point = await trx
    .from('contact_points')
    .where({ debtor_id: debtorId, kind: 'email', value: email! })
    .select('bounced_at')
    .first()
  return point?.bounced_at ? 'email_bounced' : null
}

const mayBeSent = (state: string) => state === 'queued' || (NEVER_LEFT as readonly string[]).includes(state)

type Facts = {
  route: string
  mailingState: string
  status: ClaimStatus
  limitationOn: CivilDate
  undeliverableAt: Instant | null
  replacedAt: Instant | null
  datedOn: CivilDate
  creditorId: number
  debtorId: number
  kind: DebtorKind
  /** Where it leaves to electronically; null for paper. */
  email: string | null
}

async function factsOf(trx: TransactionClientContract, letterId: number): Promise<Facts> {
  const query = trx
    .from('letters')
    .join('mailings', 'mailings.letter_id', 'letters.id')
    .join('claims', 'claims.id', 'letters.claim_id')
    .joinRaw('left join addresses on addresses.id = mailings.address_id')
    .leftJoin('letter_addressees', 'letter_addressees.letter_id', 'letters.id')
    .where('letters.id', letterId)
    .select('letters.route', 'letters.dated_on', 'mailings.state', 'claims.status', 'claims.limitation_on')
    .select('claims.creditor_id', 'claims.debtor_id', 'claims.kind', 'letter_addressees.email')
    .select('addresses.undeliverable_at', 'addresses.replaced_at')
  const row = await query.firstOrFail()
  return {
    route: row.route,
    mailingState: row.state,
    status: row.status,
    limitationOn: row.limitation_on,
    undeliverableAt: row.undeliverable_at,
    replacedAt: row.replaced_at,
    datedOn: row.dated_on,
    creditorId: Number(row.creditor_id),
    debtorId: Number(row.debtor_id),
    kind: row.kind,
    email: row.email,
  }
}

/** Rules 1 and 2: it waits until the agency and the mandate are in order. */
export async function mayNotActYet(
  trx: TransactionClientContract,
  creditorId: number,
  today: CivilDate
): Promise<Verdict> {
  const deferUntil = instantOn(addDays(today, 1))
  const [gap] = (await Agency.query({ client: trx }).orderBy('id').firstOrFail()).legalGaps(today)
  if (gap) return { deferUntil, reason: gap }
  const creditor = await Creditor.findOrFail(creditorId, { client: trx })
  return (await creditor.mandateOn(today, trx)) ? null : { deferUntil, reason: 'mandate_missing' }
}
