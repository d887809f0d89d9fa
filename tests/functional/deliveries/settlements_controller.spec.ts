import { test } from '@japa/runner'
import { addMinutes, clock } from '#shared/clock'
import ClaimEvent from '#claims/models/claim_event'
import { SettleDelivery } from '#deliveries/actions/settle_delivery'
import { deliverDue } from '#deliveries/deliver_due'
import { mailboxDriver } from '#deliveries/drivers/mailbox'
import { useDriver } from '#deliveries/drivers/registry'
import { smtpDriver } from '#deliveries/drivers/smtp'
import { givenDelivery } from '#tests/fixtures/deliveries'
import { givenAgency, givenClaim, givenCreditor, givenUser } from '#tests/fixtures/domain'
import { SmtpSink } from '#tests/fakes/smtp_sink'

test.group('Settling a message by hand', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  test('guests, accountants and creditors settle nothing', async ({ client, assert }) => {
    const delivery = await givenDelivery({ state: 'uncertain', reason: 'interrupted' })
    const creditor = await givenUser('creditor', { creditorId: (await givenCreditor()).id })
    const path = `/mailbox/${delivery.id}/settlement`
    const form = { outcome: 'again' }
    const guest = await client.post(path).withCsrfToken().form(form).redirects(0)
    assert.equal(guest.header('location'), '/sign-in')
    for (const user of [creditor, await givenUser('accountant')]) {
      ;(await client.post(path).withCsrfToken().loginAs(user).form(form)).assertStatus(403)
    }
    await delivery.refresh()
    assert.equal(delivery.state, 'uncertain')
  })

  test('without the form’s token nothing is settled', async ({ client, assert }) => {
    const delivery = await givenDelivery({ state: 'uncertain', reason: 'interrupted' })
    const path = `/mailbox/${delivery.id}/settlement`
    await client
      .post(path)
      .loginAs(await givenUser())
      .form({ outcome: 'again' })
      .redirects(0)
    await delivery.refresh()
    assert.equal(delivery.state, 'uncertain')
  })

  test('it arrived: noted as sent at the time it left, and in the file’s history with who said so', async ({
    client,
    assert,
  }) => {
    const claim = await givenClaim()
    const delivery = await givenDelivery({ state: 'uncertain', reason: 'interrupted', claimId: claim.id })
    const user = await givenUser()
    const response = await client
      .post(`/mailbox/${delivery.id}/settlement`)
      .withCsrfToken()
      .loginAs(user)
      .form({ outcome: 'arrived' })
    response.assertStatus(200)
    response.assertTextIncludes('Le message est noté comme parti.')
    const became = delivery.updatedAt
    await delivery.refresh()
    assert.containSubset(delivery.serialize(), { state: 'sent', reason: null, sentAt: became })
    const event = await ClaimEvent.query()
      .where('claimId', claim.id)
      .where('type', 'deliveries.settled_arrived')
      .firstOrFail()
    assert.containSubset(event.serialize(), { actor: 'user', userId: user.id })
  })

  test('do not send again: cancelled, and no later run sends it', async ({ client, assert }) => {
    const delivery = await givenDelivery({ state: 'uncertain', reason: 'interrupted' })
    await client
      .post(`/mailbox/${delivery.id}/settlement`)
      .withCsrfToken()
      .loginAs(await givenUser())
      .form({ outcome: 'abandoned' })
    await deliverDue(addMinutes(clock.now(), 60))
    await delivery.refresh()
    assert.containSubset(delivery.serialize(), { state: 'cancelled', reason: 'abandoned' })
  })

  test('send again: the same message leaves once more, under the same Message-ID', async ({
    client,
    assert,
    cleanup,
  }) => {
    const sink = await SmtpSink.start()
    useDriver('email', smtpDriver(sink.settings, 2000))
    cleanup(async () => {
      useDriver('email', mailboxDriver)
      await sink.stop()
    })
    sink.behaviour = () => 'drop_after_taking'
    const delivery = await givenDelivery({ state: 'queued' })
    assert.containSubset(await deliverDue(addMinutes(clock.now(), 1)), { uncertain: 1 })

    await client
      .post(`/mailbox/${delivery.id}/settlement`)
      .withCsrfToken()
      .loginAs(await givenUser())
      .form({ outcome: 'again' })
    sink.behaviour = () => 'take'
    assert.containSubset(await deliverDue(addMinutes(clock.now(), 1)), { sent: 1 })
    assert.lengthOf(sink.taken, 2)
    assert.deepEqual(sink.taken[0]!.raw, sink.taken[1]!.raw)
  })

  test('a message that failed for sure may be sent again, never noted as arrived: {$self}')
    .with(['arrived', 'abandoned'] as const)
    .run(async ({ assert }, settlement) => {
      const delivery = await givenDelivery({ state: 'failed', reason: '550 no' })
      const { id: userId } = await givenUser()
      assert.isFalse(await new SettleDelivery().handle({ delivery, settlement, userId }))
      assert.isTrue(await new SettleDelivery().handle({ delivery, settlement: 'again', userId }))
    })

  test('two people who decide at once: the first one does, the second is told', async ({
    client,
    assert,
  }) => {
    const delivery = await givenDelivery({ state: 'uncertain', reason: 'interrupted' })
    const path = `/mailbox/${delivery.id}/settlement`
    const user = await givenUser()
    await client.post(path).withCsrfToken().loginAs(user).form({ outcome: 'abandoned' })
    const second = await client.post(path).withCsrfToken().loginAs(user).form({ outcome: 'again' })
    second.assertTextIncludes('n’attend plus de décision')
    await delivery.refresh()
    assert.equal(delivery.state, 'cancelled')
  })

  test('a sent message and an unknown decision change nothing', async ({ client, assert }) => {
    const delivery = await givenDelivery()
    const path = `/mailbox/${delivery.id}/settlement`
    const user = await givenUser()
    for (const outcome of ['again', 'arrived', 'abandoned', 'delete']) {
      await client.post(path).withCsrfToken().loginAs(user).form({ outcome })
    }
    await delivery.refresh()
    assert.equal(delivery.state, 'sent')
  })
})
