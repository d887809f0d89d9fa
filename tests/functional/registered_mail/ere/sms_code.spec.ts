import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { addMinutes, clock } from '#shared/clock'
import { mailboxDriver } from '#deliveries/drivers/mailbox'
import { ovhDriver } from '#deliveries/drivers/ovh'
import { useDriver } from '#deliveries/drivers/registry'
import Delivery from '#deliveries/models/delivery'
import { keptMessage } from '#deliveries/queries/kept_message'
import { smsLength } from '#deliveries/sms_text'
import Ere from '#registered_mail/ere/models/ere'
import { FakeOvh } from '#tests/fakes/ovh'
import { codeOf, eventsOf, givenNotified } from '#tests/fixtures/ere'
import { forgetLimits } from '#tests/fixtures/limits'
import { Recipient } from '#tests/fixtures/recipient'

const NUMBER = '+33612345678'
const PATIENCE_MS = 1000

const codeIn = (message: string) => /\b\d{6}\b/.exec(message)![0]

test.group('ERE, identified by a code sent by SMS', (group) => {
  let ovh: FakeOvh

  group.each.setup(async () => {
    await forgetLimits()
    ovh = await new FakeOvh().start()
    useDriver('sms', ovhDriver(ovh.settings, PATIENCE_MS))
    return async () => {
      useDriver('sms', mailboxDriver)
      await ovh.stop()
    }
  })

  test('sent to the number that the file had before, in one SMS; the log says where it is known from', async ({
    assert,
  }) => {
    const { ere, letter, token } = await givenNotified()
    const recipient = new Recipient()
    const { text } = await recipient.open(token)
    assert.include(text, '06 •• •• •• 78')
    assert.notInclude(text, '345678')
    await recipient.act('code', { by: 'sms' })
    const [job] = ovh.jobs
    assert.equal(job!.receiver, NUMBER)
    assert.include(job!.message, letter.ref)
    assert.equal(smsLength(job!.message).segments, 1)
    assert.include((await recipient.page()).text, 'Envoyé par SMS au 06 •• •• •• 78')
    assert.equal((await recipient.act('identity', { code: codeIn(job!.message) })).status, 303)
    assert.equal((await ere.refresh()).state, 'identified')
    const [sent] = await eventsOf(ere, 'identity.code_sent')
    assert.equal(sent!.data.channel, 'sms')
    assert.equal(sent!.data.address, '06 •• •• •• 78')
    assert.match(sent!.data.contactSource, /^coordonnée du dossier, connue depuis le \d\d\/\d\d\/\d{4}$/)
    const [verified] = await eventsOf(ere, 'identity.verified')
    assert.deepEqual(verified!.data, { channel: 'sms', address: '06 •• •• •• 78', attempts: 1 })
  })

  test('a number put in the file afterwards, or asked for in the form, gets no code', async ({ assert }) => {
    const { claim, token } = await givenNotified()
    await db
      .from('contact_points')
      .where({ debtor_id: claim.debtorId, kind: 'mobile' })
      .update({ value: '+33698765432' })
    const recipient = new Recipient()
    await recipient.open(token)
    await recipient.act('code', { by: 'sms', number: '+33698765432', mobile: '+33698765432' })
    assert.deepEqual(
      ovh.jobs.map(({ receiver }) => receiver),
      [NUMBER]
    )
  })

  test('not offered without a mobile, to a landline, or while nothing carries SMS; an email is', async ({
    assert,
  }) => {
    for (const mobile of [null, '+33145678901']) {
      const given = await givenNotified({ mobile })
      const recipient = new Recipient()
      assert.notInclude((await recipient.open(given.token)).text, 'SMS')
      await recipient.act('code', { by: 'sms' })
      assert.notInclude((await recipient.page()).text, 'Votre code à 6 chiffres')
      await recipient.act('code')
      assert.equal((await recipient.act('identity', { code: await codeOf(given.ere) })).status, 303)
    }
    useDriver('sms', null)
    const { token } = await givenNotified()
    assert.notInclude((await new Recipient().open(token)).text, 'SMS')
    assert.lengthOf(ovh.jobs, 0)
  })

  test('a code that could not leave is said so, and the other way is offered', async ({ assert }) => {
    ovh.invalid = [NUMBER]
    const { ere, token } = await givenNotified()
    const recipient = new Recipient()
    await recipient.open(token)
    await recipient.act('code', { by: 'sms' })
    const { text } = await recipient.page()
    assert.include(text, 'Le code n’a pas pu partir par SMS')
    assert.notInclude(text, 'Votre code à 6 chiffres')
    assert.lengthOf(await eventsOf(ere, 'identity.code_sent'), 0)
    await Ere.query().where('id', ere.id).update({ codeAskedAt: null })
    await recipient.act('code', { by: 'email' })
    assert.equal((await recipient.act('identity', { code: await codeOf(ere) })).status, 303)
    const [verified] = await eventsOf(ere, 'identity.verified')
    assert.equal(verified!.data.channel, 'email')
  })

  test('the last code alone works, whichever way it went; five an hour in all', async ({ assert }) => {
    const { ere, token } = await givenNotified()
    const recipient = new Recipient()
    await recipient.open(token)
    const again = () => Ere.query().where('id', ere.id).update({ codeAskedAt: null })
    await recipient.act('code', { by: 'sms' })
    const first = codeIn(ovh.jobs[0]!.message)
    await again()
    await recipient.act('code', { by: 'email' })
    const last = await codeOf(ere)
    if (first !== last) assert.equal((await recipient.act('identity', { code: first })).status, 422)
    for (let turn = 3; turn <= 6; turn++) {
      await again()
      assert.equal((await recipient.act('code', { by: 'sms' })).status, turn <= 5 ? 303 : 422)
    }
    assert.lengthOf(ovh.jobs, 4)
  })

  test('while it works nobody of the agency reads it', async ({ assert }) => {
    const { ere, token } = await givenNotified()
    const recipient = new Recipient()
    await recipient.open(token)
    await recipient.act('code', { by: 'sms' })
    const delivery = await Delivery.query().whereLike('key', `ere:${ere.id}:code:%`).firstOrFail()
    assert.isNull(await keptMessage(delivery))
    const later = await clock.at(addMinutes(clock.now(), 11), () => keptMessage(delivery))
    assert.include(later!.text!, codeIn(ovh.jobs[0]!.message))
  })
})
