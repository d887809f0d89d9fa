import db from '@adonisjs/lucid/services/db'
import { addDays, daysBetween } from '#shared/calendar'
import { clock, instantOn, type CivilDate } from '#shared/clock'
import { sha256 } from '#shared/files'
import CancelCreditNote from '#claims/actions/cancel_credit_note'
import CancelGrace from '#claims/actions/cancel_grace'
import GrantGrace from '#claims/actions/grant_grace'
import RecordCreditNote from '#claims/actions/record_credit_note'
import Claim from '#claims/models/claim'
import CreditNote from '#claims/models/credit_note'
import GracePeriod from '#claims/models/grace_period'
import { loadStatement } from '#claims/statement'
import { ReceivePayment } from '#payments/actions/receive_payment'
import { TakeBackPayment } from '#payments/actions/take_back_payment'
import Payment from '#payments/models/payment'
import { givenClaim } from '#tests/fixtures/domain'
import { between, randomText, type Random } from '#tests/fakes/stripe/random'
import type Creditor from '#creditors/models/creditor'
import type User from '#users/models/user'

const TODAY: CivilDate = '2026-11-20'
const SINCE: CivilDate = '2026-06-25'
/** The day of a statement that nothing of a later day may change. */
const KEPT_ON: CivilDate = '2026-08-31'

/** A command, and the day on which it takes effect. */
type Command = (claim: Claim, random: Random, by: User) => Promise<CivilDate>

const dayOf = (random: Random, from = SINCE) => addDays(from, between(random, 0, daysBetween(from, TODAY)))
const one = <T>(random: Random, all: readonly T[]): T | undefined => all[between(random, 0, all.length - 1)]

const COMMANDS: Record<string, Command> = {
  async pay(claim, random) {
    const receivedOn = dayOf(random)
    const invoices = await claim.related('invoices').query()
    await new ReceivePayment().handle({
      source: `manual:${randomText(random, 16)}`,
      claimId: claim.id,
      method: 'transfer',
      amountCents: between(random, 1, 60_000),
      receivedOn,
      invoiceIds: random() < 0.3 ? [one(random, invoices)!.id] : [],
    })
    return receivedOn
  },

  async takeBack(claim, random) {
    const payment = one(random, await Payment.query().where('claimId', claim.id))
    if (!payment) return TODAY
    const returnedOn = dayOf(random, payment.receivedOn)
    await new TakeBackPayment().handle({
      payment,
      how: 'refund',
      source: `test:${randomText(random, 16)}`,
      totalCents: between(random, 1, payment.amountCents),
      returnedOn,
    })
    return returnedOn
  },

  async credit(claim, random, by) {
    const issuedOn = dayOf(random)
    const number = randomText(random, 12)
    const amountCents = between(random, 1, 30_000)
    await new RecordCreditNote().handle({ claim, by, number, issuedOn, amountCents, invoiceId: null })
    return issuedOn
  },

  async cancelCredit(claim, random, by) {
    const note = one(random, await CreditNote.query().where('claimId', claim.id))
    if (note) await new CancelCreditNote().handle({ note, by })
    return TODAY
  },

  async grant(claim, random, by) {
    const startsOn = dayOf(random)
    const endsOn = addDays(startsOn, between(random, 0, 90))
    const decision = {
      name: 'decision.pdf',
      bytes: Buffer.from(randomText(random, 20)),
      mediaType: 'application/pdf',
    }
    await new GrantGrace().handle({ claim, startsOn, endsOn, decision, by })
    return startsOn
  },

  async cancelGrace(claim, random, by) {
    const grace = one(random, await GracePeriod.query().where('claimId', claim.id))
    if (grace) await new CancelGrace().handle({ grace, by })
    return TODAY
  },
}

/**
 * One file and some commands on it, in any order and with any days. After each, what is shown is
 * what the postings say, the accounts sum to zero, and the statement of an earlier day is as it was.
 */
export function playSequence(random: Random, creditor: Creditor, by: User): Promise<string[]> {
  return clock.at(instantOn(TODAY, 12), async () => {
    const claim = await givenClaim({
      creditor,
      kind: random() < 0.7 ? 'b2b' : 'b2c',
      invoices: Array.from({ length: between(random, 1, 3) }, () => ({
        amountCents: between(random, 500, 60_000),
        dueOn: addDays('2026-04-01', between(random, 0, 120)),
      })),
      claim: random() < 0.5 ? { noticeReceivedOn: '2026-06-20' } : {},
    })
    const problems: string[] = []
    const commands = Object.keys(COMMANDS)
    let kept = await printOf(claim)
    for (let step = between(random, 3, 9); step > 0; step--) {
      const name = one(random, [...commands, 'pay', 'pay', 'credit'])!
      const takesEffectOn = await COMMANDS[name]!(await Claim.findOrFail(claim.id), random, by)
      const print = await printOf(claim)
      if (takesEffectOn > KEPT_ON && print !== kept) {
        problems.push(`${claim.ref}: ${name} on ${takesEffectOn} changed the statement of ${KEPT_ON}`)
      }
      kept = print
      problems.push(...(await wrongWith(claim)).map((what) => `${claim.ref}: after ${name}, ${what}`))
    }
    return problems
  })
}

const printOf = async (claim: Claim) => sha256(JSON.stringify(await loadStatement(claim, KEPT_ON)))

async function wrongWith({ id }: Claim): Promise<string[]> {
  const claim = await Claim.findOrFail(id)
  const { owed, upcoming } = await loadStatement(claim, TODAY)
  const balance = await balancesOf(id)
  const of = (account: string) => balance.get(account) ?? 0
  const received = await sumOf('payments', 'claim_id', id)
  const returned = await sumOf(
    'payment_returns as r join payments p on p.id = r.payment_id',
    'p.claim_id',
    id,
    'r.'
  )
  const principal = owed.principalCents + upcoming.reduce((all, line) => all + line.principalCents, 0)
  const checks: [boolean, string][] = [
    [of('claim_principal') === claim.dueCents, `${claim.dueCents} due is shown, ${of('claim_principal')} is`],
    [principal === claim.dueCents, `the statement owes ${principal} of principal, not ${claim.dueCents}`],
    [of('client_funds') === claim.paidCents, `${claim.paidCents} received is shown`],
    [received - returned === claim.paidCents, `${received - returned} was received and kept`],
    [of('client_funds') === -of('creditor_payable') - of('suspense'), 'money is nobody’s'],
    [of('claim_interest') === 0 && of('claim_indemnity') === 0, 'interest or indemnity is left over'],
    [[...balance.values()].reduce((all, cents) => all + cents, 0) === 0, 'the accounts do not sum to zero'],
    [owed.invoices.every((line) => line.principalCents >= 0), 'a principal is negative'],
    [
      owed.principalCents + owed.interestCents + owed.indemnityCents === owed.totalCents,
      'the parts do not sum',
    ],
    [claim.status !== 'paid' || claim.dueCents === 0, 'it is paid and owes'],
  ]
  return checks.filter(([holds]) => !holds).map(([, what]) => what)
}

async function balancesOf(claimId: number) {
  const balance = new Map<string, number>()
  const add = (account: string, cents: number) => balance.set(account, (balance.get(account) ?? 0) + cents)
  for (const row of await db.from('postings').where('claim_id', claimId)) {
    add(row.debit_account, Number(row.amount_cents))
    add(row.credit_account, -Number(row.amount_cents))
  }
  return balance
}

async function sumOf(from: string, column: string, claimId: number, prefix = ''): Promise<number> {
  const result = await db.rawQuery(
    `select coalesce(sum(${prefix}amount_cents), 0) as cents from ${from} where ${column} = ?`,
    [claimId]
  )
  return Number((result.rows ?? result)[0].cents)
}
