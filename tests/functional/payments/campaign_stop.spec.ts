import { test } from '@japa/runner'
import { addDays } from '#shared/calendar'
import { clock, instantOn } from '#shared/clock'
import { transaction } from '#shared/transaction'
import { loadOwed } from '#claims/owed'
import type Claim from '#claims/models/claim'
import { mayStillSend } from '#deliveries/recipes'
import Delivery from '#deliveries/models/delivery'
import { ReceivePayment } from '#payments/actions/receive_payment'
import PaymentAttempt from '#payments/models/payment_attempt'
import { due, givenCampaign, renderLetters, storyOf, TEN, TUESDAY } from '#tests/fixtures/campaigns'
import { givenAgency, givenClaim } from '#tests/fixtures/domain'

let serial = 0

function pay(claim: Claim, amountCents: number) {
  return clock.at(TEN, () =>
    new ReceivePayment().handle({
      source: `manual:stop-${++serial}`,
      claimId: claim.id,
      method: 'transfer',
      amountCents,
      receivedOn: TUESDAY,
    })
  )
}

/** A consumer's file whose first letter has left; the first reminder is due a week later. */
async function aFileInCampaign() {
  await givenAgency()
  const claim = await clock.at(TEN, () => givenClaim({ kind: 'b2c', invoices: [{ amountCents: 10_000 }] }))
  await givenCampaign([claim])
  await due(TEN)
  await renderLetters()
  await due(TEN)
  return claim
}

const inAMonth = () => due(instantOn(addDays(TUESDAY, 29), 10))

test.group('After a payment', () => {
  test('U3: a file paid in full is written to no more', async ({ assert }) => {
    const claim = await aFileInCampaign()
    await pay(claim, (await loadOwed(claim.id, TUESDAY)).totalCents)
    await claim.refresh()
    assert.equal(claim.status, 'paid')
    await inAMonth()
    const [, ...reminders] = await storyOf(claim)
    assert.isAbove(reminders.length, 3)
    assert.deepEqual([...new Set(reminders.map((line) => line.replace(/^\w+ /, '')))], ['skipped paid'])
  })

  test('a part of the sum stops nothing', async ({ assert }) => {
    const claim = await aFileInCampaign()
    await pay(claim, 4_000)
    await inAMonth()
    assert.notInclude((await storyOf(claim)).join(), 'paid')
  })

  test('U6: what a campaign would say waits while a debit is in progress', async ({ assert }) => {
    const claim = await aFileInCampaign()
    await due(instantOn(addDays(TUESDAY, 7), 10))
    const reminder = await Delivery.query()
      .where('claimId', claim.id)
      .whereNotNull('actionId')
      .orderBy('id', 'desc')
      .firstOrFail()
    const verdict = () =>
      transaction((trx) => mayStillSend(trx, reminder, instantOn(addDays(TUESDAY, 7), 11)))
    assert.isNull(await verdict())

    const attempt = await PaymentAttempt.create({
      key: 'pay-debit',
      claimId: claim.id,
      amountCents: 10_000,
      invoiceIds: [],
      request: {} as PaymentAttempt['request'],
      state: 'processing',
      expiresAt: TEN,
      createdAt: TEN,
      updatedAt: TEN,
    })
    assert.deepInclude(await verdict(), { reason: 'payment_in_progress' })
    await attempt.merge({ state: 'failed' }).save()
    assert.isNull(await verdict())
  })
})
