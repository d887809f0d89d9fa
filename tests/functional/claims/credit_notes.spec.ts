import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { addDays } from '#shared/calendar'
import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import CancelCreditNote from '#claims/actions/cancel_credit_note'
import RecordCreditNote from '#claims/actions/record_credit_note'
import { allocatePayment, postPayment } from '#claims/ledger'
import type Claim from '#claims/models/claim'
import CreditNote from '#claims/models/credit_note'
import { loadOwed } from '#claims/owed'
import { loadStatement, statementTotals } from '#claims/statement'
import type User from '#users/models/user'
import { givenAgency, givenClaim, givenCreditor, givenUser } from '#tests/fixtures/domain'

const today = clock.today()
let number = 0

const record = (claim: Claim, by: User, values: Partial<Parameters<RecordCreditNote['handle']>[0]> = {}) =>
  new RecordCreditNote().handle({
    claim,
    by,
    number: `AV-${++number}`,
    issuedOn: '2026-07-05',
    amountCents: 400_000,
    invoiceId: null,
    ...values,
  })

const balances = async (claim: Claim) => {
  const { dueCents, paidCents, principalCents } = await claim.refresh()
  return { dueCents, paidCents, principalCents }
}

test.group('Credit notes', () => {
  test('rule 27: it reduces the principal from its day, moves no money and gives no receipt', async ({
    assert,
  }) => {
    const by = await givenUser()
    const claim = await givenClaim({ invoices: [{ amountCents: 1_000_000, dueOn: '2026-07-01' }] })
    assert.equal((await record(claim, by)).outcome, 'recorded')

    const owed = await loadOwed(claim.id, '2026-07-10')
    assert.deepEqual(
      [owed.principalCents, owed.interestCents, owed.indemnityCents, owed.paidCents],
      [600_000, 2378, 4000, 0]
    )
    assert.deepEqual(await balances(claim), { dueCents: 600_000, paidCents: 0, principalCents: 1_000_000 })
    assert.lengthOf(await db.from('payments').where('claim_id', claim.id), 0)
    const [posting] = await db.from('postings').where('claim_id', claim.id).whereNotNull('credit_note_id')
    assert.equal(posting.effective_on, '2026-07-05')
    assert.equal(posting.reason, 'credit_note')
    const [event] = await claim.related('events').query().where('type', 'credit_note.recorded')
    assert.equal(event!.detail.amountCents, 400_000)
  })

  test('without an invoice it goes to the oldest first; with one, to that one only', async ({ assert }) => {
    const by = await givenUser()
    const claim = await givenClaim({
      kind: 'b2c',
      invoices: [
        { amountCents: 10_000, dueOn: '2026-03-01' },
        { amountCents: 20_000, dueOn: '2026-04-01' },
      ],
    })
    const [, second] = await claim.related('invoices').query().orderBy('id')
    await record(claim, by, { amountCents: 12_000 })
    const left = async () => (await loadOwed(claim.id, today)).invoices.map((line) => line.principalCents)
    assert.deepEqual(await left(), [0, 18_000])
    await record(claim, by, { amountCents: 5_000, invoiceId: second!.id })
    assert.deepEqual(await left(), [0, 13_000])
    const more = await record(claim, by, { amountCents: 13_001 })
    assert.deepEqual(more, { outcome: 'more_than_due', mostCents: 13_000 })
    assert.deepEqual(await left(), [0, 13_000])
  })

  test('what was paid is never credited too, whichever was written down first', async ({ assert }) => {
    const by = await givenUser()
    const claim = await givenClaim({ kind: 'b2c', invoices: [{ amountCents: 10_000, dueOn: '2026-03-01' }] })
    await pay(claim, 7_000, '2026-07-10')
    const late = await record(claim, by, { amountCents: 4_000, issuedOn: '2026-07-05' })
    assert.deepEqual(late, { outcome: 'more_than_due', mostCents: 3_000 })
    await record(claim, by, { amountCents: 3_000, issuedOn: '2026-07-05' })
    const { allocation } = await pay(claim, 1_000, '2026-07-01')
    assert.equal(allocation.suspenseCents, 1_000)
  })

  test('the same number twice is one credit note; what leaves nothing owed settles the file', async ({
    assert,
  }) => {
    const by = await givenUser()
    const claim = await givenClaim({
      kind: 'b2c',
      invoices: [{ amountCents: 10_000, dueOn: '2026-03-01' }],
      claim: { status: 'active', launchedOn: '2026-07-01' },
    })
    await record(claim, by, { number: 'AV', amountCents: 10_000 })
    assert.equal((await record(claim, by, { number: 'AV', amountCents: 10_000 })).outcome, 'already_recorded')
    assert.equal((await claim.refresh()).status, 'paid')

    const note = await CreditNote.findByOrFail('number', 'AV')
    assert.equal(await new CancelCreditNote().handle({ note, by }), 'cancelled')
    assert.equal(await new CancelCreditNote().handle({ note, by }), 'already_cancelled')
    assert.equal((await claim.refresh()).status, 'active')
    assert.equal(claim.dueCents, 10_000)
    assert.equal(
      (await loadOwed(claim.id, addDays(today, -1))).principalCents,
      0,
      'yesterday stays as it was'
    )
    assert.equal((await loadOwed(claim.id, today)).principalCents, 10_000)
    const again = { number: 'AV', amountCents: 10_000 }
    assert.equal((await record(claim, by, again)).outcome, 'more_than_due', 'on that day it still counted')
    assert.equal((await record(claim, by, { ...again, issuedOn: today })).outcome, 'recorded')
  })

  test('interest paid before a credit note of an earlier day is told, and counts for what comes', async ({
    client,
    assert,
  }) => {
    await givenAgency()
    const by = await givenUser()
    const claim = await givenClaim({ invoices: [{ amountCents: 1_000_000, dueOn: '2026-06-20' }] })
    const on = addDays(today, -1)
    const interestCents = (await loadOwed(claim.id, on)).interestCents
    await pay(claim, interestCents, on)
    await record(claim, by, { amountCents: 600_000, issuedOn: '2026-06-20' })
    const [line] = (await loadOwed(claim.id, on)).invoices
    assert.equal(line!.interestCents, 0)
    assert.equal(line!.overpaidInterestCents, interestCents - line!.accruedCents)
    const page = await client.get(`/claims/${claim.ref}`).loginAs(by)
    page.assertTextIncludes('Ils comptent pour les intérêts à venir')
  })

  test('the statement shows it with what it took off, and what its cancellation gave back', async ({
    assert,
  }) => {
    const by = await givenUser()
    const claim = await givenClaim({ invoices: [{ amountCents: 1_000_000, dueOn: '2026-06-20' }] })
    await record(claim, by, { number: 'AV-S', amountCents: 100_000 })
    await pay(claim, 50_000, '2026-07-10')
    await new CancelCreditNote().handle({ note: await CreditNote.findByOrFail('number', 'AV-S'), by })
    const statement = await loadStatement(claim, today)
    assert.deepEqual(
      statement.movements.map(({ kind, principalCents, interestCents }) => [
        kind,
        principalCents,
        interestCents,
      ]),
      [
        ['credit_note', 100_000, 0],
        ['payment', 50_000 - 6556, 6556],
        ['credit_note_cancelled', -100_000, 0],
      ]
    )
    assert.equal(statementTotals(statement).paidCents, 50_000)
  })

  test('a creditor credits its own files, and those of no other', async ({ client, assert }) => {
    await givenAgency()
    const claim = await givenClaim({ invoices: [{ number: 'FA-9', amountCents: 120_000 }] })
    const theirs = await givenClaim({ creditor: await givenCreditor() })
    const user = await givenUser('creditor', { creditorId: claim.creditorId })
    const form = { number: 'AV-77', issued_on: '2026-07-05', amount: '200,00', invoice: '' }
    const post = (ref: string, values: object) =>
      client
        .post(`/claims/${ref}/credit-notes`)
        .form({ ...form, ...values })
        .loginAs(user)
        .withCsrfToken()
        .redirects(0)

    ;(await post(theirs.ref, {})).assertStatus(404)
    for (const wrong of [{ amount: '0' }, { amount: '-5' }, { issued_on: addDays(today, 1) }, { number: '' }])
      await post(claim.ref, wrong)
    const [foreign] = await theirs.related('invoices').query()
    ;(await post(claim.ref, { invoice: String(foreign!.id) })).assertStatus(404)
    assert.lengthOf(await CreditNote.query().where('claimId', claim.id), 0)

    ;(await post(claim.ref, {})).assertStatus(302)
    const page = await client.get(`/claims/${claim.ref}`).loginAs(user)
    for (const words of ['AV-77', '200,00', 'Avoir AV-77 de'])
      assert.include(page.text().replaceAll('\u00a0', ' '), words)
    const note = await CreditNote.findByOrFail('claimId', claim.id)
    await client
      .post(`/claims/${claim.ref}/credit-notes/${note.id}/cancellation`)
      .loginAs(user)
      .withCsrfToken()
      .redirects(0)
    assert.isNotNull((await note.refresh()).cancelledAt)
    assert.equal((await claim.refresh()).dueCents, 120_000)
  })
})

let paymentId = 2_000_000
async function pay(claim: Claim, amountCents: number, receivedOn: string) {
  const payment = { id: ++paymentId, claimId: claim.id, amountCents, receivedOn }
  return transaction(async (trx) => {
    const worked = await allocatePayment(trx, payment)
    await postPayment(trx, payment, worked)
    return worked
  })
}
