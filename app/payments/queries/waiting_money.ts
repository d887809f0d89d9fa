import db from '@adonisjs/lucid/services/db'
import type { Instant } from '#shared/clock'
import type { Cents } from '#shared/money'
import { DIRECT, HELD, type Receiving } from '#claims/posting'
import { factOf, isAssignable } from '#payments/facts'
import StripeEvent from '#payments/models/stripe_event'

const SHOWN = 50

/** An event of Stripe's that a person must look at. */
export interface WaitingEvent {
  id: number
  type: string
  failure: string
  detail: string | null
  receivedAt: Instant
  amountCents: Cents | null
  claimRef: string | null
  intentId: string | null
  /** Money that can be given to a file by hand. */
  assignable: boolean
}

export interface HeldSurplus {
  claim: string
  debtor: string
  cents: Cents
  /** Who has it, and gives it back. */
  heldBy: 'agency' | 'creditor'
}

/** What came in and is not settled: events nobody could post, and what debtors paid too much. */
export async function waitingMoney(): Promise<{ events: WaitingEvent[]; surplus: HeldSurplus[] }> {
  const events = await StripeEvent.query()
    .whereNull('workedAt')
    .whereNotNull('failure')
    .orderBy('id')
    .limit(SHOWN)
  return { events: events.map(describe), surplus: [...(await surplusIn(HELD)), ...(await surplusIn(DIRECT))] }
}

function describe(event: StripeEvent): WaitingEvent {
  // One that could not be read, or only names its object, is shown by its failure alone.
  const { data, ...said } = JSON.parse(event.payload)
  const fact = data?.object && event.failure !== 'error' ? factOf({ ...said, data }) : null
  return {
    id: event.id,
    type: event.type,
    failure: event.failure!,
    detail: event.failure === 'unknown_claim' ? null : event.failureDetail,
    receivedAt: event.receivedAt,
    amountCents: fact?.kind === 'received' ? fact.amountCents : null,
    claimRef: fact?.subject.claimRef ?? null,
    intentId: fact?.subject.intentId ?? null,
    assignable: isAssignable(fact),
  }
}

async function surplusIn({ surplus }: Receiving): Promise<HeldSurplus[]> {
  const held = `sum(case when postings.credit_account = '${surplus}' then postings.amount_cents
    when postings.debit_account = '${surplus}' then -postings.amount_cents else 0 end)`
  const rows = await db
    .from('postings')
    .join('claims', 'claims.id', 'postings.claim_id')
    .join('debtors', 'debtors.id', 'claims.debtor_id')
    .where((some) => some.where('credit_account', surplus).orWhere('debit_account', surplus))
    .groupBy('claims.id', 'claims.ref', 'debtors.company_name', 'debtors.full_name')
    .havingRaw(`${held} > 0`)
    .orderBy('claims.id')
    .limit(SHOWN)
    .select(
      'claims.ref',
      db.raw('coalesce(debtors.company_name, debtors.full_name) as debtor'),
      db.raw(`${held} as cents`)
    )
  return rows.map((row) => ({
    claim: row.ref,
    debtor: row.debtor,
    cents: Number(row.cents),
    heldBy: surplus === HELD.surplus ? 'agency' : 'creditor',
  }))
}
