import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { addDays } from '#shared/calendar'
import { dialect, transaction } from '#shared/transaction'
import { interestOn } from '#claims/interest'
import Claim from '#claims/models/claim'
import { allocatePayment, postPayment, reversePayment } from '#claims/ledger'
import { loadOwed } from '#claims/owed'
import { KNOWN_SEMESTERS, semesterEnd } from '#claims/rates'
import { givenClaim, givenCreditor, givenUser } from '#tests/fixtures/domain'

let paymentId = 1_000_000

async function pay(
  claimId: number,
  amountCents: number,
  receivedOn: string,
  chosenInvoiceIds: number[] = []
) {
  const payment = { id: ++paymentId, claimId, amountCents, receivedOn, chosenInvoiceIds }
  const result = await transaction(async (trx) => {
    const worked = await allocatePayment(trx, payment)
    const remainingCents = await postPayment(trx, payment, worked)
    return { ...worked, remainingCents }
  })
  return { ...result, payment }
}

test.group('ledger', () => {
  test('rule 25: a payment settles interest first, then principal, then the indemnity', async ({
    assert,
  }) => {
    const claim = await givenClaim({ invoices: [{ amountCents: 1_000_000, dueOn: '2026-06-20' }] })
    const { allocation } = await pay(claim.id, 500_000, '2026-07-10')
    assert.equal(allocation.interestCents, 6726)
    assert.equal(allocation.principalCents, 500_000 - 6726)
    assert.equal(allocation.indemnityCents, 0)

    const owed = await loadOwed(claim.id, '2026-07-10')
    assert.equal(owed.interestCents, 0)
    assert.equal(owed.principalCents, 1_000_000 - 500_000 + 6726)
    assert.equal(owed.indemnityCents, 4000)
    assert.equal(owed.paidCents, 500_000)
  })

  test('rule 26: with several invoices the one the debtor chose is settled first', async ({ assert }) => {
    const claim = await givenClaim({
      kind: 'b2c',
      invoices: [
        { amountCents: 10_000, dueOn: '2026-03-01' },
        { amountCents: 20_000, dueOn: '2026-04-01' },
      ],
    })
    const invoices = await claim.related('invoices').query().orderBy('id')
    await pay(claim.id, 20_000, '2026-07-10', [invoices[1]!.id])
    const owed = await loadOwed(claim.id, '2026-07-10')
    assert.deepEqual(
      owed.invoices.map((invoice) => invoice.principalCents),
      [10_000, 0]
    )
  })

  test('paying everything owed marks the claim paid and stops its interest', async ({ assert }) => {
    const claim = await givenClaim({ invoices: [{ amountCents: 1_000_000, dueOn: '2026-06-20' }] })
    const { remainingCents } = await pay(claim.id, 1_000_000 + 6726 + 4000, '2026-07-10')
    assert.equal(remainingCents, 0)
    await claim.refresh()
    assert.equal(claim.status, 'paid')
    assert.equal(claim.dueCents, 0)
    assert.equal((await loadOwed(claim.id, '2026-12-31')).totalCents, 0)
  })

  test('rule 30: what exceeds the debt goes to suspense', async ({ assert }) => {
    const claim = await givenClaim({ kind: 'b2c', invoices: [{ amountCents: 10_000 }] })
    const { allocation } = await pay(claim.id, 12_500, '2026-07-10')
    assert.equal(allocation.suspenseCents, 2500)
    const suspense = await db
      .from('postings')
      .where('claim_id', claim.id)
      .where('credit_account', 'suspense')
      .sum('amount_cents as cents')
      .first()
    assert.equal(Number(suspense.cents), 2500)
  })

  test('a payment written down late never pays again what a later one has settled', async ({ assert }) => {
    const claim = await givenClaim({ kind: 'b2c', invoices: [{ amountCents: 10_000 }] })
    await pay(claim.id, 7_000, '2026-07-10')
    const { allocation, remainingCents } = await pay(claim.id, 5_000, '2026-07-05')
    assert.equal(allocation.principalCents, 3_000)
    assert.equal(allocation.suspenseCents, 2_000)
    assert.equal(remainingCents, 0)
    await claim.refresh()
    assert.equal(claim.dueCents, 0)
    assert.equal(claim.status, 'paid')
  })

  test('interest of a payment written down late is that of the day it was received', async ({ assert }) => {
    const claim = await givenClaim({ invoices: [{ amountCents: 1_000_000, dueOn: '2026-06-20' }] })
    await pay(claim.id, 1_000, '2026-07-20')
    const { allocation } = await pay(claim.id, 500_000, '2026-07-10')
    assert.equal(allocation.interestCents, 6_726, 'as on 10 July; the 10 € of 20 July paid part of 20 July’s')
    assert.equal(allocation.principalCents, 500_000 - 6_726)
    const owed = await loadOwed(claim.id, '2026-07-20')
    assert.equal(owed.principalCents + allocation.principalCents, 1_000_000)
  })

  test('rule 32: a reversal reopens the balance, interest included, and doing it twice changes nothing', async ({
    assert,
  }) => {
    const claim = await givenClaim({
      invoices: [{ amountCents: 1_000_000, dueOn: '2026-06-20' }],
      claim: { status: 'active', launchedOn: '2026-07-01' },
    })
    const before = await loadOwed(claim.id, '2026-07-20')
    const { payment } = await pay(claim.id, 1_010_726, '2026-07-10')
    for (let time = 0; time < 2; time++) {
      await transaction((trx) => reversePayment(trx, payment, '2026-07-10', 'chargeback'))
    }
    assert.deepEqual(
      { ...(await loadOwed(claim.id, '2026-07-20')), invoices: [] },
      { ...before, invoices: [] }
    )
    const reopened = await Claim.findOrFail(claim.id)
    assert.equal(reopened.status, 'active')
    assert.equal(reopened.dueCents, 1_000_000)
    assert.equal(reopened.paidCents, 0)
  })

  test('rule 32: a part that goes back takes first what nobody owed, then what was settled last', async ({
    assert,
  }) => {
    const claim = await givenClaim({ invoices: [{ amountCents: 1_000_000, dueOn: '2026-06-20' }] })
    const owed = await loadOwed(claim.id, '2026-07-10')
    const { payment } = await pay(claim.id, owed.totalCents + 500, '2026-07-10')
    const back = (cents?: number) =>
      transaction((trx) => reversePayment(trx, payment, '2026-07-10', 'refund', cents))

    const splits = [await back(700), await back(5_000), await back(), await back()]
    assert.deepEqual(
      splits.map((split) => Object.values(split).join()),
      // interest, principal, indemnity, suspense
      ['0,0,200,500', '0,1200,3800,0', `${owed.interestCents},${1_000_000 - 1_200},0,0`, '0,0,0,0']
    )
    const reopened = await loadOwed(claim.id, '2026-07-10')
    assert.equal(reopened.totalCents, owed.totalCents)
    const postings = await db.from('postings').where('claim_id', claim.id).orderBy('id')
    const balance = new Map<string, number>()
    for (const { debit_account: debit, credit_account: credit, amount_cents: cents } of postings) {
      balance.set(debit, (balance.get(debit) ?? 0) + Number(cents))
      balance.set(credit, (balance.get(credit) ?? 0) - Number(cents))
    }
    assert.deepEqual(
      [...balance].filter(([, cents]) => cents !== 0),
      [
        ['claim_principal', 1_000_000],
        ['creditor_claims', -1_000_000],
      ]
    )
  })

  test('what comes after a file is cancelled or paid to the creditor settles nothing, and is theirs to have back', async ({
    assert,
  }) => {
    const by = await givenUser('admin')
    for (const reason of ['cancelled', 'collected_by_creditor'] as const) {
      const claim = await givenClaim()
      await claim.close({ reason, note: null, by })
      const { allocation, remainingCents } = await pay(claim.id, 5_000, '2026-07-10')
      assert.deepEqual([allocation.suspenseCents, remainingCents], [5_000, 0])
      await claim.refresh()
      assert.deepEqual([claim.status, claim.dueCents], ['closed', 120_000])
    }
  })

  test('rules 10 and 22: the 40 € once per invoice between professionals, never for a consumer', async ({
    assert,
  }) => {
    const business = await givenClaim({ invoices: [{ numberCount: 2 }, {}] })
    const consumer = await givenClaim({ kind: 'b2c', invoices: [{ numberCount: 2 }, {}] })
    assert.equal((await loadOwed(business.id, '2026-07-10')).indemnityCents, 12_000)
    const owed = await loadOwed(consumer.id, '2026-07-10')
    assert.equal(owed.indemnityCents, 0)
    assert.equal(owed.interestCents, 0)
  })

  test('rules 18 and 19: consumer interest starts at the formal notice, at the creditor’s quality', async ({
    assert,
  }) => {
    const claim = await givenClaim({
      kind: 'b2c',
      invoices: [{ amountCents: 50_000, dueOn: '2025-12-01', issuedOn: '2025-11-01' }],
    })
    assert.equal((await loadOwed(claim.id, '2026-08-15')).interestCents, 0)
    claim.noticeReceivedOn = '2026-01-15'
    await claim.save()
    assert.equal((await loadOwed(claim.id, '2026-08-15')).interestCents, 769)

    const person = await givenCreditor({ professional: false })
    const owed = await loadOwed((await givenClaim({ creditor: person, kind: 'b2b' })).id, '2026-08-15')
    assert.equal(owed.regime, 'legal_private')
    assert.equal(owed.indemnityCents, 0)
  })

  test('rule 38: a partial payment restarts the limitation period of the whole claim', async ({ assert }) => {
    const claim = await givenClaim({ kind: 'b2c', invoices: [{ amountCents: 10_000, dueOn: '2026-03-01' }] })
    assert.equal(claim.limitationOn, '2028-03-01')
    await pay(claim.id, 100, '2026-07-10')
    await claim.refresh()
    assert.equal(claim.limitationOn, '2028-07-10')
  })

  test('rule 39: a payment restarts no period that has run out, nor one that went back in full', async ({
    assert,
  }) => {
    const invoices = [{ amountCents: 10_000, issuedOn: '2024-02-01', dueOn: '2024-03-01' }]
    const prescribed = await givenClaim({ kind: 'b2c', invoices })
    await pay(prescribed.id, 100, '2026-03-02')
    await prescribed.refresh()
    assert.equal(prescribed.limitationOn, '2026-03-01')

    const running = await givenClaim({ kind: 'b2c', invoices })
    await pay(running.id, 100, '2025-01-10')
    const { payment } = await pay(running.id, 100, '2025-06-10')
    await running.refresh()
    assert.equal(running.limitationOn, '2027-06-10')
    await transaction((trx) => reversePayment(trx, payment, '2025-06-12', 'chargeback'))
    await running.refresh()
    assert.equal(running.limitationOn, '2027-01-10')
  })

  test('rule 17: what is paid while a rate is missing never closes the file for good', async ({ assert }) => {
    const claim = await givenClaim({
      invoices: [{ amountCents: 120_000, dueOn: '2098-12-01' }],
      claim: { status: 'active', launchedOn: '2098-12-02' },
    })
    const owed = await loadOwed(claim.id, '2099-02-01')
    assert.deepEqual([owed.totalCents, owed.missingRates], [124_000, ['2098-S2']])
    const { remainingCents } = await pay(claim.id, owed.totalCents, '2099-02-01')
    assert.equal(remainingCents, 0)
    const open = await claim.refresh()
    assert.deepEqual([open.status, open.paidOn, open.dueCents], ['active', null, 0])
    const [event] = await claim.related('events').query()
    assert.deepEqual([event!.type, event!.detail.semester], ['claim.interest_unknown', '2098-S2'])
  })

  test('rule 25: interest known until a half-year without a rate is settled before the principal', async ({
    assert,
  }) => {
    const lastKnown = KNOWN_SEMESTERS.at(-1)!
    const dueOn = addDays(semesterEnd(lastKnown), -10)
    const claim = await givenClaim({ invoices: [{ amountCents: 1_000_000, issuedOn: dueOn, dueOn }] })
    const { allocation } = await pay(claim.id, 500_000, addDays(dueOn, 30))
    const known = interestOn(1_000_000, [], 'late_payment', dueOn, semesterEnd(lastKnown)).cents
    assert.equal(allocation.interestCents, known)
    assert.equal(allocation.principalCents, 500_000 - known)
  })

  test('a posting can be neither changed nor deleted', async ({ assert }) => {
    const claim = await givenClaim()
    for (const attempt of [
      () =>
        transaction((trx) => trx.from('postings').where('claim_id', claim.id).update({ amount_cents: 1 })),
      () => transaction((trx) => trx.from('postings').where('claim_id', claim.id).delete()),
      () =>
        transaction((trx) =>
          trx.rawQuery(
            dialect() === 'postgres'
              ? 'truncate postings cascade'
              : 'insert or replace into postings select * from postings'
          )
        ),
    ]) {
      await assert.rejects(attempt, /postings is append-only/)
    }
  })

  test('a fraction of a cent is refused by the database', async ({ assert }) => {
    const claim = await givenClaim()
    const row = await db.from('postings').where('claim_id', claim.id).firstOrFail()
    await assert.rejects(() =>
      transaction((trx) =>
        trx.table('postings').insert({ ...row, id: undefined, key: 'fraction', amount_cents: 12.5 })
      )
    )
  })
})
