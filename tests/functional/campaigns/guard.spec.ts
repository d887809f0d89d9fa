import { test } from '@japa/runner'
import { simpleParser } from 'mailparser'
import db from '@adonisjs/lucid/services/db'
import { clock, instantOn, type Instant } from '#shared/clock'
import type Claim from '#claims/models/claim'
import { SettleDelivery } from '#deliveries/actions/settle_delivery'
import { deliverDue } from '#deliveries/deliver_due'
import { smtpDriver } from '#deliveries/drivers/smtp'
import { mailboxDriver } from '#deliveries/drivers/mailbox'
import { useDriver } from '#deliveries/drivers/registry'
import Delivery from '#deliveries/models/delivery'
import Letter from '#letters/models/letter'
import { ReceivePayment } from '#payments/actions/receive_payment'
import { SmtpSink } from '#tests/fakes/smtp_sink'
import { givenAgency, givenClaim, givenUser } from '#tests/fixtures/domain'
import { due, givenCampaign, playDays, renderLetters, storyOf, TEN } from '#tests/fixtures/campaigns'

const REMINDED_AT = instantOn('2026-11-28', 10)

/** A file whose first reminder waits in the outbox. */
async function givenReminder(values: Parameters<typeof givenClaim>[0] = {}) {
  const claim = await givenClaim(values)
  await givenCampaign([claim])
  await playDays('2026-11-24', '2026-11-24')
  await due(REMINDED_AT)
  return claim
}

const deliver = (at: Instant) => clock.at(at, () => deliverDue(at, { lanes: 1 }))
const rowOf = (claim: Claim, recipe: string) =>
  db.from('deliveries').where({ claim_id: claim.id, recipe }).first()
const pay = (claim: Claim, amountCents: number) =>
  clock.at(REMINDED_AT, () =>
    new ReceivePayment().handle({
      source: `manual:${claim.ref}`,
      claimId: claim.id,
      method: 'cheque',
      amountCents,
      receivedOn: '2026-11-28',
    })
  )

test.group('What leaves is judged again', (group) => {
  let sink: SmtpSink

  group.each.setup(async () => {
    await givenAgency()
    sink = await SmtpSink.start()
    useDriver('email', smtpDriver(sink.settings, 2000))
    return async () => {
      useDriver('email', mailboxDriver)
      await sink.stop()
    }
  })

  /** What left for debtors. */
  const sent = async () =>
    Promise.all(
      sink.taken
        .filter(({ to }) => !to[0]!.startsWith('compta@'))
        .map(async ({ to, raw }) => {
          const mail = await simpleParser(raw)
          return {
            to: to[0],
            subject: mail.subject ?? '',
            text: mail.text ?? '',
            attachments: mail.attachments,
          }
        })
    )

  test('rule 7: a reminder recalls the first letter’s reference and date, and holds no amount', async ({
    assert,
  }) => {
    const claim = await givenReminder({ email: 'camille@exemple.fr' })
    await deliver(REMINDED_AT)
    const reminder = (await sent()).find(({ attachments }) => attachments.length === 0)!
    assert.equal(reminder.to, 'camille@exemple.fr')
    assert.include(reminder.text, `${claim.ref}-L1`)
    assert.include(reminder.text, '24/11/2026')
    assert.match(reminder.text, /\/p\/[\w-]{43}/)
    assert.notMatch(reminder.subject + reminder.text, /€|\d+,\d\d/)
  })

  test('rule 6: the first email is the R124-4 letter itself, attached', async ({ assert }) => {
    const claim = await givenClaim()
    await givenCampaign([claim])
    await playDays('2026-11-24', '2026-11-24')
    await deliver(instantOn('2026-11-24', 11))
    const [first, ...others] = await sent()
    assert.lengthOf(others, 0)
    assert.deepEqual(
      first!.attachments.map(({ filename, content }) => [filename, content.toString()]),
      [[`${claim.ref}-L1.pdf`, `%PDF-1.7 ${claim.ref}-L1`]]
    )
  })

  test('U3: a payment committed after the reminder was queued stops it', async ({ assert }) => {
    const claim = await givenReminder()
    await pay(claim, 1_000_000)
    await deliver(REMINDED_AT)

    const recipients = (await sent()).filter(({ attachments }) => attachments.length === 0)
    assert.deepEqual(
      recipients.filter(({ text }) => text.includes(`${claim.ref}-L1`) && !text.includes('quittance')),
      []
    )
    const row = await rowOf(claim, 'campaigns.reminder')
    assert.equal(row.state, 'cancelled')
    assert.equal(row.reason, 'paid')
    assert.equal((await storyOf(claim))[1], 'email skipped paid')
    assert.lengthOf(await db.from('contacts').where('action_id', row.action_id), 0)
  })

  test('a part paid does not stop the reminders', async ({ assert }) => {
    const claim = await givenReminder()
    await pay(claim, 1000)
    await deliver(REMINDED_AT)
    assert.equal((await rowOf(claim, 'campaigns.reminder')).state, 'sent')
  })

  test('a file {status} between the queue and the wire is not written to')
    .with([{ status: 'disputed' }, { status: 'paused' }, { status: 'closed' }])
    .run(async ({ assert }, { status }) => {
      const claim = await givenReminder()
      await db.from('claims').where('id', claim.id).update({ status })
      await deliver(REMINDED_AT)
      assert.containSubset(await rowOf(claim, 'campaigns.reminder'), { state: 'cancelled', reason: status })
      assert.equal((await storyOf(claim))[1], `email skipped ${status}`)
    })

  test('rule 39: a claim prescribed while its reminder waited is not written to', async ({ assert }) => {
    const claim = await givenReminder({ claim: { limitationOn: '2026-11-28' } })
    await deliver(instantOn('2026-11-30', 10))
    assert.containSubset(await rowOf(claim, 'campaigns.reminder'), {
      state: 'cancelled',
      reason: 'prescribed',
    })
  })

  test('rule 13: queued within hours and late to leave, it waits for the next hours', async ({ assert }) => {
    const claim = await givenReminder()
    await deliver(instantOn('2026-11-28', 14))
    const row = await rowOf(claim, 'campaigns.reminder')
    assert.containSubset(row, { state: 'queued', not_before_at: instantOn('2026-11-30', 8) })
    await deliver(instantOn('2026-11-30', 8))
    assert.equal((await rowOf(claim, 'campaigns.reminder')).state, 'sent')
  })

  test('rule 13: the cap counts the time it really left, not the time it was queued', async ({ assert }) => {
    const claim = await givenReminder()
    await deliver(instantOn('2026-11-30', 9))
    const row = await rowOf(claim, 'campaigns.reminder')
    const contact = await db.from('contacts').where('action_id', row.action_id).firstOrFail()
    assert.equal(contact.occurred_at.slice(0, 16), instantOn('2026-11-30', 9).slice(0, 16))
  })

  test('of the reminders an outage held back, only the last one leaves', async ({ assert }) => {
    const claim = await givenClaim()
    await givenCampaign([claim])
    // The mail server is down from the first day: four reminders pile up.
    await playDays('2026-11-24', '2026-12-10')
    await deliver(instantOn('2026-12-10', 11))
    assert.deepEqual((await storyOf(claim)).slice(1, 5), [
      'email skipped superseded',
      'email skipped superseded',
      'email skipped superseded',
      'email done',
    ])
    assert.lengthOf(
      (await sent()).filter(({ attachments }) => attachments.length === 0),
      1
    )
    assert.lengthOf(await db.from('contacts').where('person_id', claim.debtorId), 2)
  })

  test('rule 13: three contacts made since it was queued hold it until one leaves the week', async ({
    assert,
  }) => {
    const claim = await givenReminder()
    const others = await db
      .from('actions')
      .where({ claim_id: claim.id, state: 'planned' })
      .orderBy('id')
      .limit(3)
    for (const [index, { id }] of others.entries()) {
      await db.table('contacts').insert({
        person_id: claim.debtorId,
        action_id: id,
        channel: 'email',
        occurred_at: instantOn('2026-11-27', 9 + index),
      })
    }
    await deliver(REMINDED_AT)
    const row = await rowOf(claim, 'campaigns.reminder')
    assert.containSubset(row, {
      state: 'queued',
      reason: 'contact_cap',
      not_before_at: instantOn('2026-12-04', 9),
    })
    await deliver(row.not_before_at)
    assert.equal((await rowOf(claim, 'campaigns.reminder')).state, 'sent')
  })

  test('rules 1 and 2: what the agency or the creditor lost since then holds the reminder', async ({
    assert,
  }) => {
    const claim = await givenReminder()
    await db.from('agencies').update({ dedicated_iban: null })
    await deliver(REMINDED_AT)
    assert.containSubset(await rowOf(claim, 'campaigns.reminder'), {
      state: 'queued',
      reason: 'dedicated_account_missing',
      not_before_at: instantOn('2026-11-30', 8),
    })
  })

  test('rule 6: the first letter refused by email and not posted yet, no reminder leaves', async ({
    assert,
  }) => {
    const claim = await givenClaim()
    await givenCampaign([claim])
    await due(TEN)
    await clock.at(TEN, () => renderLetters('rendered'))
    sink.behaviour = () => 'refuse_message'
    await deliver(TEN)
    assert.equal((await rowOf(claim, 'campaigns.first_letter')).state, 'failed')
    sink.behaviour = () => 'take'

    const [held] = (await due(REMINDED_AT)).deferred
    assert.containSubset(held, { claim: claim.ref, reason: 'first_letter_pending' })

    const letter = await Letter.findByOrFail('claimId', claim.id)
    await letter.dispatch({ registeredNumber: null, by: await givenUser() })
    assert.equal((await due(held!.until)).emails, 1)
  })

  test('an address that does not exist is not written to again until a person corrects it', async ({
    assert,
  }) => {
    const claim = await givenReminder({ email: 'inconnue@exemple.fr' })
    sink.behaviour = () => 'unknown_mailbox'
    await deliver(REMINDED_AT)
    const [address] = await db.from('contact_points').where({ debtor_id: claim.debtorId, kind: 'email' })
    assert.isNotNull(address.bounced_at)
    assert.equal((await rowOf(claim, 'campaigns.first_letter')).state, 'failed')
    await playDays('2026-12-02', '2026-12-02')
    assert.deepEqual((await storyOf(claim)).slice(1, 3), [
      'email skipped email_bounced',
      'email skipped email_bounced',
    ])
    assert.lengthOf(
      sink.asked.filter((to) => to === 'inconnue@exemple.fr'),
      1
    )
  })

  test('a refusal that may be the relay’s own does not condemn the address', async ({ assert }) => {
    const claim = await givenReminder()
    sink.behaviour = () => 'refuse_recipient'
    await deliver(REMINDED_AT)
    assert.lengthOf(
      await db.from('contact_points').where('debtor_id', claim.debtorId).whereNotNull('bounced_at'),
      0
    )
  })

  test('rule 14: an address corrected while the reminder waited does not get it', async ({ assert }) => {
    const claim = await givenReminder({ email: 'homonyme@exemple.fr' })
    await db
      .from('contact_points')
      .where({ debtor_id: claim.debtorId, kind: 'email' })
      .update({ value: 'camille@exemple.fr' })
    await deliver(REMINDED_AT)
    const recipients = (await sent()).map(({ to }) => to)
    assert.deepEqual([...new Set(recipients)], ['camille@exemple.fr'])
    assert.equal((await rowOf(claim, 'campaigns.reminder')).recipient, 'camille@exemple.fr')
  })

  test('refused, then sent again by a person, it is a contact like any other', async ({ assert }) => {
    const claim = await givenReminder()
    sink.behaviour = () => 'refuse_recipient'
    await deliver(REMINDED_AT)
    sink.behaviour = () => 'take'
    const refused = await Delivery.findByOrFail({ claimId: claim.id, recipe: 'campaigns.reminder' })
    const { id: userId } = await givenUser()
    await clock.at(REMINDED_AT, () =>
      new SettleDelivery().handle({ delivery: refused, settlement: 'again', userId })
    )
    await deliver(REMINDED_AT)
    assert.equal((await storyOf(claim))[1], 'email done')
    assert.lengthOf(await db.from('contacts').where('action_id', refused.actionId!), 1)
  })

  test('an address the server refuses for good fails the step, and nobody was contacted', async ({
    assert,
  }) => {
    const claim = await givenReminder({ email: 'inconnu@exemple.fr' })
    sink.behaviour = () => 'refuse_recipient'
    await deliver(REMINDED_AT)
    assert.equal((await storyOf(claim))[1], 'email failed delivery_failed')
    const row = await rowOf(claim, 'campaigns.reminder')
    assert.lengthOf(await db.from('contacts').where('action_id', row.action_id), 0)
  })

  test('a person closing the file stops what waits, without a tick', async ({ assert }) => {
    const claim = await givenReminder()
    await claim.close({ reason: 'collected_by_creditor', note: null, by: await givenUser() })
    await deliver(REMINDED_AT)
    assert.containSubset(await rowOf(claim, 'campaigns.reminder'), { state: 'cancelled', reason: 'closed' })
  })
})
