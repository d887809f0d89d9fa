import db from '@adonisjs/lucid/services/db'
import { addDays } from '#shared/calendar'
import type { CivilDate } from '#shared/clock'
import { sum, type Cents } from '#shared/money'
import { rowsOf } from '#shared/sql'
import { waitingMoney } from '#payments/queries/waiting_money'
import { lastBalance, type BankBalance } from '#banking/funds/bank_balance'
import { explainedCents, reconciliation, type ReconcilingGroup } from '#banking/funds/reconciliation'

/** What is held for one creditor: receipts − refunds − remittances − fees kept (rule 37). */
export type HeldForCreditor = {
  ref: string
  name: string
  receiptsCents: Cents
  refundsCents: Cents
  remittancesCents: Cents
  feesCents: Cents
  heldCents: Cents
}

/** What can make the bank's balance differ from ours: on its way, or not written down yet. */
export type Explanation = { name: 'ordered' | 'gateway' | 'unmatched'; count: number; cents: Cents }

export type HeldFunds = {
  creditors: HeldForCreditor[]
  /** Paid too much, or not matched: nobody's yet. */
  suspenseCents: Cents
  /** Fees kept that have not left for the agency's own account. */
  feesCents: Cents
  expectedCents: Cents
  /** The last that the bank said until that day. */
  balance: BankBalance | null
  /** What the bank says less what we expect; null until it has said something for that very day. */
  differenceCents: Cents | null
  /** With statements of the dedicated account: all that explains the difference, and what nothing explains. */
  reconciliation: ReconcilingGroup[] | null
  unexplainedCents: Cents | null
  /** Without any: what may explain it. */
  explanations: Explanation[]
}

/** A gateway pays out a few days after the debtor paid. */
const PAYOUT_DAYS = 7

/** What is on the dedicated account on a day by our books, and what the bank says (R124-2, rule 37). */
export async function heldFunds(on: CivilDate): Promise<HeldFunds> {
  const creditors = await heldByCreditor(on)
  const suspenseCents = await creditOf('suspense', on)
  const feesCents = await creditOf('agency_fee', on)
  const expectedCents = sum(creditors.map(({ heldCents }) => heldCents)) + suspenseCents + feesCents
  const balance = await lastBalance(on)
  const differenceCents = balance?.on === on ? balance.cents - expectedCents : null
  const groups = await reconciliation(on)
  return {
    creditors,
    suspenseCents,
    feesCents,
    expectedCents,
    balance,
    differenceCents,
    reconciliation: groups,
    unexplainedCents: groups && differenceCents !== null ? differenceCents - explainedCents(groups) : null,
    explanations: groups ? [] : await explanations(on),
  }
}

async function heldByCreditor(on: CivilDate): Promise<HeldForCreditor[]> {
  const total = (condition: string) => `sum(case when ${condition} then p.amount_cents else 0 end)`
  const rows = await rowsOf<Record<string, string | number>>(
    db.connection(),
    `select k.ref, k.name, x.* from (
       select p.creditor_id, ${total(`p.kind = 'receipt'`)} as receipts,
         ${total(`p.kind = 'reversal' and p.payment_id is not null`)} as refunds,
         ${total(`p.kind = 'remittance'`)} - ${total(`p.kind = 'reversal' and p.debit_account = 'client_funds'`)} as remittances,
         ${total(`p.credit_account = 'agency_fee'`)} - ${total(`p.debit_account = 'agency_fee'`)} as fees
       from postings p
       where (p.debit_account = 'creditor_payable' or p.credit_account = 'creditor_payable') and p.effective_on <= :on
       group by p.creditor_id) x
     join creditors k on k.id = x.creditor_id order by k.name, k.id`,
    { on }
  )
  return rows.map((row) => {
    const [receiptsCents, refundsCents, remittancesCents, feesCents] = [
      Number(row.receipts),
      Number(row.refunds),
      Number(row.remittances),
      Number(row.fees),
    ]
    return {
      ref: String(row.ref),
      name: String(row.name),
      receiptsCents,
      refundsCents,
      remittancesCents,
      feesCents,
      heldCents: receiptsCents - refundsCents - remittancesCents - feesCents,
    }
  })
}

/** What stands to the credit of an account that owes, on a day. */
async function creditOf(account: 'suspense' | 'agency_fee', on: CivilDate): Promise<Cents> {
  const [row] = await rowsOf<{ cents: number | null }>(
    db.connection(),
    `select sum(case when credit_account = :account then amount_cents else -amount_cents end) as cents
     from postings where (credit_account = :account or debit_account = :account) and effective_on <= :on`,
    { account, on }
  )
  return Number(row!.cents ?? 0)
}

async function explanations(on: CivilDate): Promise<Explanation[]> {
  const [ordered] = await rowsOf<{ count: number; cents: number | null }>(
    db.connection(),
    `select count(*) as count, sum(net_cents) as cents from remittances where state = 'exported'`
  )
  const [gateway] = await rowsOf<{ count: number; cents: number | null }>(
    db.connection(),
    `select count(*) as count, sum(amount_cents) as cents from payments
     where method in ('card', 'sepa_debit', 'paypal', 'online') and destination_account is null and received_on > :since and received_on <= :on`,
    { since: addDays(on, -PAYOUT_DAYS), on }
  )
  const unmatched = (await waitingMoney()).events.flatMap(({ amountCents }) => amountCents ?? [])
  const all: Explanation[] = [
    { name: 'ordered', count: Number(ordered!.count), cents: -Number(ordered!.cents ?? 0) },
    { name: 'gateway', count: Number(gateway!.count), cents: -Number(gateway!.cents ?? 0) },
    { name: 'unmatched', count: unmatched.length, cents: sum(unmatched) },
  ]
  return all.filter(({ count }) => count > 0)
}
