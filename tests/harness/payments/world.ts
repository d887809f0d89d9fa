import Stripe from 'stripe'
import db from '@adonisjs/lucid/services/db'
import { sum } from '#shared/money'
import { clock } from '#shared/clock'
import { loadDebts } from '#claims/debts'
import { amountOwed } from '#claims/owed'
import Claim from '#claims/models/claim'
import { ReceivePayment } from '#payments/actions/receive_payment'
import { ReconcileStripe } from '#payments/actions/reconcile_stripe'
import { StartPayment } from '#payments/actions/start_payment'
import { stripeGateway } from '#payments/gateway'
import { givenClaim, givenCreditor } from '#tests/fixtures/domain'
import { DEBIT, FAILING_DEBIT, payOnPage, useStripeSimulator } from '#tests/fixtures/stripe'
import type { StripeSimulator } from '#tests/fakes/stripe_simulator'
import { between, type Random } from '#tests/fakes/stripe/random'
import type { Bucket, Expected } from '#tests/harness/payments/model'

export interface LivedFile {
  claim: Claim
  buckets: Bucket[]
  transfers: number[]
}

export interface PayableFile {
  id: number
  ref: string
  cents: number
}

let serial = 0
let creditors: Awaited<ReturnType<typeof givenCreditor>>[] = []

/** One creditor gets what is paid online on its own account. */
const CONNECTED = 'acct_1HarnessCreditor'

/** A gateway whose events wait, and which loses answers and breaks now and then. */
export async function startGateway(seed: number, now: () => number = Date.now) {
  const gateway = await useStripeSimulator({ seed, now, webhookUrl: null })
  gateway.simulator.apiFaults = {
    dropReplyRate: 0.05,
    serverErrorRate: 0.05,
    brokenReplyRate: 0.05,
    slowMs: 0,
  }
  gateway.simulator.account.connect(CONNECTED)
  creditors = [await givenCreditor(), await givenCreditor({ stripeAccount: CONNECTED })]
  return gateway
}

/** A consumer's file: what it owes is its principal. */
export async function aPayableFile(random: Random): Promise<PayableFile> {
  const cents = between(random, 200, 90_000)
  const { id, ref } = await givenClaim({ kind: 'b2c', invoices: [{ amountCents: cents }] })
  return { id, ref, cents }
}

/** One file and a few tries to pay it: cards, refused cards, debits, expiry, a transfer, too much. */
export async function liveThrough(simulator: StripeSimulator, random: Random): Promise<LivedFile> {
  const claim = await givenClaim({
    creditor: creditors[random() < 0.3 ? 1 : 0],
    kind: random() < 0.5 ? 'b2b' : 'b2c',
    invoices: Array.from({ length: between(random, 1, 3) }, () => ({
      amountCents: between(random, 500, 90_000),
    })),
  })
  const buckets = await bucketsOf(claim.id)
  const transfers: number[] = []
  const tries = between(random, 1, 4)
  for (let index = 0; index < tries; index++) {
    if (random() < 0.2) transfers.push(await transfer(claim.id, between(random, 1, 60_000)))
    else await tryToPay(simulator, claim.id, random)
  }
  return { claim, buckets, transfers }
}

async function tryToPay(simulator: StripeSimulator, claimId: number, random: Random) {
  const owed = (await bucketsOf(claimId)).reduce((all, { cents }) => all + cents, 0)
  const amountCents = random() < 0.4 ? owed : between(random, 100, Math.max(100, owed))
  const started = await new StartPayment().handle({
    claimId,
    amountCents,
    successUrl: 'http://127.0.0.1:9/merci?session={CHECKOUT_SESSION_ID}',
    cancelUrl: 'http://127.0.0.1:9/dossier',
  })
  if (started.outcome !== 'checkout') return
  // While the debtor is at the till somebody else may pay: what is then too much goes aside.
  if (random() < 0.1) await transfer(claimId, between(random, 1, 5_000), `till:${started.attemptId}`)
  await pay(simulator, started.url, random)
}

/** The debtor on the hosted page. */
async function pay(simulator: StripeSimulator, url: string, random: Random) {
  const sessionId = url.split('/').at(-1)!
  const chance = random()
  if (chance < 0.1) return
  if (chance < 0.2) {
    if (simulator.account.session(sessionId).status === 'open') simulator.account.expireSession(sessionId)
    return
  }
  if (chance < 0.35) await payOnPage(url, { number: '4000 0000 0000 0002' })
  if (chance < 0.75) return void (await payOnPage(url))
  await payOnPage(url, chance < 0.88 ? DEBIT : FAILING_DEBIT)
  const intent = simulator.account.session(sessionId).payment_intent as string | null
  const processing = intent && simulator.account.intent(intent).status === 'processing'
  if (processing && random() < 0.9) simulator.account.settle(intent)
}

const tillTransfers = new Map<number, number[]>()

async function transfer(claimId: number, amountCents: number, name = `t${++serial}`) {
  const { outcome } = await new ReceivePayment().handle({
    source: `manual:${name}`,
    claimId,
    method: 'transfer',
    amountCents,
    receivedOn: clock.today(),
  })
  if (name.startsWith('till:') && outcome === 'posted') {
    tillTransfers.set(claimId, [...(tillTransfers.get(claimId) ?? []), amountCents])
  }
  return amountCents
}

async function bucketsOf(claimId: number): Promise<Bucket[]> {
  const debt = (await loadDebts([claimId])).get(claimId)!
  return amountOwed(debt, clock.today()).invoices.flatMap((line) => [
    { part: 'interest', cents: line.interestCents },
    { part: 'principal', cents: line.principalCents },
    { part: 'indemnity', cents: line.indemnityCents },
  ])
}

/**
 * Reconciles, then once more when every checkout has passed its hour: a wish
 * whose answer was lost and that the gateway never heard of is given up only then.
 */
export const reconcile = async () => {
  const first = await persistently()
  const later = new Date(Date.parse(clock.now()) + 2 * 60 * 60_000).toISOString()
  const again = await clock.at(later, persistently)
  return { ...first, postedLater: again.posted }
}

/** Asked again while the gateway loses answers, as an operator would. */
async function persistently() {
  for (let tries = 0; ; tries++) {
    try {
      return { ...(await new ReconcileStripe(stripeGateway()!).handle()), tries }
    } catch (error) {
      if (tries === 50 || !(error instanceof Stripe.errors.StripeError)) throw error
    }
  }
}

export const paymentsPosted = async () =>
  Number((await db.from('payments').count('* as total').first()).total)

/** What Stripe really took for a file, in cents. */
export const chargesOf = (simulator: StripeSimulator, ref: string, destination?: string) =>
  [...simulator.account.intents.values()]
    .filter((intent) => intent.metadata.claim === ref && intent.status === 'succeeded')
    .filter(({ transfer_data: sent }) => destination === undefined || sent?.destination === destination)
    .map((intent) => intent.amount_received)

/** Where a file's rows differ from the model of what Stripe and the bank really received. */
export async function differences(
  simulator: StripeSimulator,
  file: LivedFile,
  model: (buckets: Bucket[], money: number[]) => Expected
): Promise<string[]> {
  const { claim, buckets, transfers } = file
  const charged = chargesOf(simulator, claim.ref)
  const expected = model(buckets, [...charged, ...transfers, ...(tillTransfers.get(claim.id) ?? [])])
  const found = await ledgerFound(claim.id)
  // Stripe alone says where it sent the money: what it did not send to the creditor is held.
  const direct = sum(chargesOf(simulator, claim.ref, CONNECTED))
  return Object.entries({ ...expected, direct })
    .filter(([name, value]) => found[name as keyof Found] !== value)
    .map(([name, value]) => `${claim.ref} ${name}: ${found[name as keyof Found]} instead of ${value}`)
}

type Found = Expected & { direct: number }

async function ledgerFound(claimId: number): Promise<Found> {
  const moved = async (column: 'debit_account' | 'credit_account', account: string, kind?: string) => {
    const query = db.from('postings').where('claim_id', claimId).where(column, account)
    if (kind) query.where('kind', kind)
    return Number((await query.sum('amount_cents as cents').first()).cents ?? 0)
  }
  const direct = await moved('debit_account', 'creditor_account')
  const claim = await Claim.findOrFail(claimId)
  const payments = await db.from('payments').where('claim_id', claimId).count('* as total').first()
  return {
    payments: Number(payments.total),
    interest: await moved('credit_account', 'claim_interest', 'payment'),
    principal: await moved('credit_account', 'claim_principal', 'payment'),
    indemnity: await moved('credit_account', 'claim_indemnity', 'payment'),
    suspense:
      (await moved('credit_account', 'suspense')) + (await moved('credit_account', 'creditor_surplus')),
    funds: (await moved('debit_account', 'client_funds')) + direct,
    direct,
    due: claim.dueCents,
    paid: claim.status === 'paid',
  }
}

/** What must hold over the whole book, whatever was paid. */
export async function bookProblems(): Promise<string[]> {
  const problems: string[] = []
  const numbers = (await db.from('receipts').orderBy('id').select('number')).map(
    (row) => row.number as string
  )
  const gapless = numbers.every((number, index) => number.endsWith(`-${String(index + 1).padStart(5, '0')}`))
  if (!gapless) problems.push('receipts are not numbered without gaps')
  const counts = {
    payments: await paymentsPosted(),
    receipts: numbers.length,
    events: Number(
      (await db.from('claim_events').where('type', 'payment.received').count('* as n').first()).n
    ),
    'debtors told': Number(
      (await db.from('deliveries').where('recipe', 'payments.receipt').count('* as n').first()).n
    ),
    'creditors told': Number(
      (await db.from('deliveries').where('recipe', 'payments.creditor_notice').count('* as n').first()).n
    ),
  }
  if (new Set(Object.values(counts)).size > 1) problems.push(`not one of each: ${JSON.stringify(counts)}`)
  const waiting = await db
    .from('stripe_events')
    .whereNull('worked_at')
    .select('type', 'failure', 'failure_detail')
  for (const row of waiting) problems.push(`${row.type} waits: ${row.failure} ${row.failure_detail}`)
  const undecided = await db
    .from('payment_attempts')
    .whereIn('state', ['created', 'unknown'])
    .count('* as n')
    .first()
  if (Number(undecided.n) > 0) problems.push(`${undecided.n} attempts are undecided`)
  return problems
}
