import { test } from '@japa/runner'
import { addMinutes, clock } from '#shared/clock'
import { sha256 } from '#shared/files'
import { transaction } from '#shared/transaction'
import Claim from '#claims/models/claim'
import ContactPoint from '#debtors/models/contact_point'
import { SettleDelivery } from '#deliveries/actions/settle_delivery'
import { deliverDue } from '#deliveries/deliver_due'
import { brevoDriver } from '#deliveries/drivers/brevo'
import { mailboxDriver } from '#deliveries/drivers/mailbox'
import { ovhDriver } from '#deliveries/drivers/ovh'
import { smsLeaves, useDriver } from '#deliveries/drivers/registry'
import { listenAtCheckpoints } from '#deliveries/checkpoints'
import { openCopy } from '#deliveries/kept_copy'
import Delivery from '#deliveries/models/delivery'
import SentMessage from '#deliveries/models/sent_message'
import { enqueue } from '#deliveries/outbox'
import { registerGuard, registerRecipe, type Content } from '#deliveries/recipes'
import { ReceivePayment } from '#payments/actions/receive_payment'
import { FakeBrevo } from '#tests/fakes/brevo'
import { FakeOvh } from '#tests/fakes/ovh'
import { givenAgency, givenClaim, givenUser } from '#tests/fixtures/domain'

const AT = '2026-11-23T09:00:00.000Z'
const NUMBER = '+33612345678'
const CODE_TEXT = 'Votre code : 482913'
const PATIENCE_MS = 1000
const SECRET_MINUTES = 15

let composed = 0
let content: Content
const compose = async () => {
  composed += 1
  return content
}
registerRecipe('test.sms', compose)
registerRecipe('test.sms_code', compose, { secretMinutes: SECRET_MINUTES })

/** A paid file is not written to, as every guard of the house reads it: with the file locked. */
registerGuard(async (trx, { recipe, claimId }) => {
  if (recipe !== 'test.sms' || !claimId) return null
  const claim = await Claim.findOrFail(claimId, { client: trx })
  return claim.status === 'paid' ? { cancel: 'claim_paid' } : null
})

async function queue(key: string, extra: Partial<Parameters<typeof enqueue>[1]> = {}) {
  await transaction((trx) =>
    enqueue(trx, {
      key,
      recipe: 'test.sms',
      channel: 'sms',
      recipient: NUMBER,
      notBeforeAt: AT,
      ...extra,
    })
  )
}

const found = (key: string) => Delivery.findByOrFail('key', key)

test.group('SMS by the outbox', (group) => {
  let ovh: FakeOvh

  group.each.setup(async () => {
    composed = 0
    content = { sms: CODE_TEXT }
    ovh = await new FakeOvh().start()
    useDriver('sms', ovhDriver(ovh.settings, PATIENCE_MS))
    return async () => {
      useDriver('sms', mailboxDriver)
      await ovh.stop()
    }
  })

  test('an SMS leaves once; its number and text are kept, encrypted, and hashed', async ({ assert }) => {
    await queue('once')
    await queue('once')
    assert.containSubset(await deliverDue(AT), { sent: 1 })
    assert.containSubset(await deliverDue(addMinutes(AT, 600)), { sent: 0 })
    assert.deepEqual(
      ovh.jobs.map(({ receiver, message }) => [receiver, message]),
      [[NUMBER, CODE_TEXT]]
    )
    const delivery = await found('once')
    assert.containSubset(delivery.serialize(), {
      state: 'sent',
      provider: 'ovh',
      providerRef: '90001',
      subject: null,
      messageId: null,
      attempts: 1,
    })
    const { contentEncrypted } = await SentMessage.findByOrFail('deliveryId', delivery.id)
    assert.notInclude(contentEncrypted, '482913')
    const copy = await openCopy(contentEncrypted, 'sms')
    assert.deepEqual(JSON.parse(copy.toString()), { to: NUMBER, text: CODE_TEXT })
    assert.equal(sha256(copy), delivery.messageSha256!)
  })

  test('the recipe may correct the number', async ({ assert }) => {
    content = { sms: CODE_TEXT, to: '+33698765432' }
    await queue('corrected')
    await deliverDue(AT)
    assert.equal(ovh.jobs[0]!.receiver, '+33698765432')
    assert.equal((await found('corrected')).recipient, '+33698765432')
  })

  test('a lost answer is uncertain and never sent again by itself: {$self}')
    .with(['drop_reply', 'drop_request', 'slow', 'fail_after', 'busy', 'page_after'] as const)
    .run(async ({ assert }, how) => {
      await queue('lost')
      ovh.misbehave = ({ method }) => (method === 'POST' ? how : 'answer')
      assert.containSubset(await deliverDue(AT), { uncertain: 1 })
      const taken = ovh.jobs.length
      ovh.misbehave = () => 'answer'
      await deliverDue(addMinutes(AT, 60 * 24 * 30))
      assert.equal((await found('lost')).state, 'uncertain')
      assert.lengthOf(ovh.jobs, taken)
    })

  test('settled by a person, it arrived or it leaves again, the same text', async ({ assert }) => {
    const { id: userId } = await givenUser()
    ovh.misbehave = ({ method }) => (method === 'POST' ? 'drop_reply' : 'answer')
    await queue('arrived')
    await queue('again')
    assert.containSubset(await deliverDue(AT), { uncertain: 2 })
    const settle = async (key: string, settlement: 'arrived' | 'again') =>
      new SettleDelivery().handle({ delivery: await found(key), settlement, userId })
    assert.isTrue(await settle('arrived', 'arrived'))
    assert.isTrue(await clock.at(AT, () => settle('again', 'again')))
    ovh.misbehave = () => 'answer'
    assert.containSubset(await deliverDue(addMinutes(AT, 1)), { sent: 1 })
    assert.equal((await found('arrived')).state, 'sent')
    assert.lengthOf(ovh.jobs, 3)
    assert.equal(composed, 2, 'what leaves again is not composed again')
  })

  test('a worker that dies at {at} loses nothing and sends nothing twice')
    .with([
      { at: 'composed', ends: 'sent' },
      { at: 'departed', ends: 'uncertain' },
      { at: 'handed_over', ends: 'uncertain' },
    ] as const)
    .run(async ({ assert, cleanup }, { at, ends }) => {
      cleanup(() => listenAtCheckpoints(null))
      await queue('killed')
      listenAtCheckpoints((checkpoint) => {
        if (checkpoint === at) throw new Error('dies here')
      })
      await assert.rejects(() => deliverDue(AT), 'dies here')
      listenAtCheckpoints(null)
      await Delivery.query().update({ leasedUntilAt: AT })
      await deliverDue(addMinutes(AT, 1))
      await deliverDue(addMinutes(AT, 120))
      assert.equal((await found('killed')).state, ends)
      assert.lengthOf(ovh.jobs, at === 'departed' ? 0 : 1)
    })

  test('a paid file is not written to, and not when it is paid while the text is written', async ({
    assert,
  }) => {
    await givenAgency()
    const pay = async (claim: Claim) =>
      clock.at(AT, () =>
        new ReceivePayment().handle({
          source: `manual:${claim.ref}`,
          claimId: claim.id,
          method: 'transfer',
          amountCents: 1_000_000,
          receivedOn: '2026-11-23',
        })
      )
    const [before, meanwhile] = [await givenClaim(), await givenClaim()]
    await queue('before', { claimId: before.id })
    await pay(before)
    await deliverDue(AT, { key: 'before' })
    assert.containSubset((await found('before')).serialize(), { state: 'cancelled', reason: 'claim_paid' })
    assert.equal(composed, 0)

    await queue('meanwhile', { claimId: meanwhile.id })
    listenAtCheckpoints(async (checkpoint) => {
      if (checkpoint === 'composed') await pay(meanwhile)
    })
    try {
      await deliverDue(AT, { key: 'meanwhile' })
    } finally {
      listenAtCheckpoints(null)
    }
    assert.equal(composed, 1)
    assert.containSubset((await found('meanwhile')).serialize(), { state: 'cancelled', reason: 'claim_paid' })
    assert.lengthOf(ovh.jobs, 0)
  })

  test('a row whose number is no mobile in E.164 never reaches the provider: {$self}')
    .with(['0612345678', '+33123456789', '+33612345678,+33698765432', '+33 6 12 34 56 78', 'a@x.fr', '36111'])
    .run(async ({ assert }, recipient) => {
      await queue('forged', { recipient })
      assert.containSubset(await deliverDue(AT), { failed: 1 })
      assert.equal((await found('forged')).reason, 'recipient_invalid')
      assert.lengthOf(ovh.requests, 0)
    })

  test('{reason}: {name}')
    .with([
      { name: 'empty', sms: ' \n', reason: 'text_invalid' },
      { name: 'a control character', sms: 'Bonjour\u0007', reason: 'text_invalid' },
      { name: 'a carriage return', sms: 'Bonjour\r\nBonjour', reason: 'text_invalid' },
      { name: 'half a character', sms: 'Bonjour \ud83d', reason: 'text_invalid' },
      { name: 'four SMS', sms: 'a'.repeat(460), reason: 'text_too_long' },
      { name: 'four SMS in UCS-2', sms: 'ê'.repeat(202), reason: 'text_too_long' },
      { name: 'rule 15, an amount', sms: 'Vous devez 120,50 €', reason: 'text_names_amount' },
      { name: 'rule 15, an amount in words', sms: 'Dette de 300 euros', reason: 'text_names_amount' },
      { name: 'rule 15, an amount before', sms: 'Solde €12', reason: 'text_names_amount' },
    ])
    .run(async ({ assert }, { sms, reason }) => {
      content = { sms }
      await queue('refused')
      assert.containSubset(await deliverDue(AT), { failed: 1 })
      assert.equal((await found('refused')).reason, reason)
      assert.lengthOf(ovh.requests, 0)
    })

  test('three full SMS on several lines leave', async ({ assert }) => {
    content = { sms: `${'a'.repeat(229)}\n${'b'.repeat(229)}` }
    await queue('long')
    assert.containSubset(await deliverDue(AT), { sent: 1 })
  })

  test('a recipe that composes for another channel sends nothing', async ({ assert }) => {
    content = { subject: 'Bonjour', text: 'Bonjour', html: '<p>Bonjour</p>' }
    await queue('email_as_sms')
    assert.containSubset(await deliverDue(AT), { retried: 1 })
    assert.match((await found('email_as_sms')).reason!, /composed for another channel than sms/)

    content = { sms: CODE_TEXT }
    await queue('sms_as_email', { channel: 'email', recipient: 'a@x.example' })
    assert.containSubset(await deliverDue(AT), { retried: 1 })
    assert.lengthOf(ovh.requests, 0)
  })

  test('a number that the provider takes for nobody’s is marked, on that file only', async ({
    assert,
    client,
  }) => {
    await givenAgency()
    const [claim] = [await givenClaim({ mobile: NUMBER }), await givenClaim({ mobile: NUMBER })]
    ovh.invalid = [NUMBER]
    await queue('nobody', { claimId: claim.id })
    assert.containSubset(await deliverDue(AT), { failed: 1 })
    const marked = await ContactPoint.query().whereNotNull('bouncedAt')
    assert.deepEqual(
      marked.map(({ debtorId, kind }) => [debtorId, kind]),
      [[claim.debtorId, 'mobile']]
    )
    const agenda = await client.get('/').loginAs(await givenUser())
    agenda.assertTextIncludes('Mobile refusé')
    agenda.assertTextIncludes('06 12 34 56 78 ne reçoit pas nos SMS.')
  })

  test('without credits every SMS waits, and none is blamed', async ({ assert }) => {
    ovh.credits = 0
    for (let index = 0; index < 6; index++) await queue(`poor${index}`)
    const fates = await deliverDue(AT)
    assert.equal(fates.failed + fates.retried + fates.uncertain, 0)
    ovh.credits = 6
    assert.containSubset(await deliverDue(addMinutes(AT, 10)), { sent: 6 })
    assert.lengthOf(ovh.jobs, 6)
  })

  test('Brevo takes the same row', async ({ assert, cleanup }) => {
    const brevo = await new FakeBrevo().start()
    cleanup(() => brevo.stop())
    useDriver('sms', brevoDriver(brevo.settings, PATIENCE_MS))
    await queue('brevo')
    brevo.misbehave = () => 'limit'
    assert.containSubset(await deliverDue(AT), { retried: 1 })
    brevo.misbehave = () => 'answer'
    assert.containSubset(await deliverDue(addMinutes(AT, 2)), { sent: 1 })
    assert.lengthOf(brevo.sms, 1)
    assert.equal(composed, 1)
    assert.containSubset((await found('brevo')).serialize(), { provider: 'brevo', attempts: 2 })
  })

  test('with nobody to carry them SMS wait, which can be asked before one is offered', async ({ assert }) => {
    useDriver('sms', null)
    assert.isFalse(smsLeaves())
    await queue('waits')
    await deliverDue(addMinutes(AT, 60))
    assert.containSubset((await found('waits')).serialize(), { state: 'queued', attempts: 0 })
    useDriver('sms', mailboxDriver)
    assert.isTrue(smsLeaves())
    assert.containSubset(await deliverDue(addMinutes(AT, 60)), { sent: 1 })
    assert.equal((await found('waits')).provider, 'mailbox')
    assert.lengthOf(ovh.jobs, 0)
  })
})

test.group('SMS in the mailbox', (group) => {
  let ovh: FakeOvh

  group.each.setup(async () => {
    await givenAgency()
    content = { sms: 'Votre page : https://amiable.example/p/0123456789abcdefghijABCDEFGHIJ0123456789abc' }
    ovh = await new FakeOvh().start()
    useDriver('sms', ovhDriver({ ...ovh.settings, sender: 'AMIABLE' }, PATIENCE_MS))
    return async () => {
      useDriver('sms', mailboxDriver)
      await ovh.stop()
    }
  })

  test('the list says that it is an SMS and to which number, which is found as people write it', async ({
    client,
    assert,
  }) => {
    const collector = await givenUser()
    await queue('listed')
    await deliverDue(AT)
    for (const q of ['', '06 12 34 56 78', '0612345678', '+33612345678']) {
      const list = await client.get('/mailbox').qs({ q }).loginAs(collector)
      list.assertTextIncludes('06 12 34 56 78')
      list.assertTextIncludes('<small>SMS</small>')
      assert.notInclude(list.text(), 'Votre page')
    }
    const other = await client.get('/mailbox').qs({ q: '06 98 76 54 32' }).loginAs(collector)
    assert.notInclude(other.text(), '06 12 34 56 78')
  })

  test('the page shows the text, the number and the length; the link is an admin’s', async ({
    client,
    assert,
  }) => {
    const [admin, collector] = [await givenUser('admin'), await givenUser('collector')]
    await queue('shown')
    await deliverDue(AT)
    const { id, messageSha256 } = await found('shown')
    const seen = await client.get(`/mailbox/${id}`).loginAs(collector)
    for (const words of [
      'Texte du SMS',
      'Votre page',
      '06 12 34 56 78',
      '1 SMS',
      'SMS (OVH)',
      '/p/••••••••',
    ]) {
      seen.assertTextIncludes(words)
    }
    assert.notInclude(seen.text(), '0123456789abcdefghij')
    assert.include((await client.get(`/mailbox/${id}`).loginAs(admin)).text(), '0123456789abcdefghij')
    ;(await client.get(`/mailbox/${id}/body`).loginAs(admin)).assertStatus(404)

    ;(await client.get(`/mailbox/${id}/source`).loginAs(collector)).assertStatus(403)
    const source = await client.get(`/mailbox/${id}/source`).loginAs(admin)
    assert.equal(source.header('content-disposition'), `attachment; filename="message-${id}.json"`)
    assert.equal(sha256(Buffer.from(source.text())), messageSha256!)
  })

  test('a code is its recipient’s alone while it works', async ({ client, assert }) => {
    const admin = await givenUser('admin')
    content = { sms: CODE_TEXT }
    await queue('code', { recipe: 'test.sms_code', notBeforeAt: undefined })
    assert.containSubset(await deliverDue(clock.now(), { key: 'code' }), { sent: 1 })
    const delivery = await found('code')
    const secret = await client.get(`/mailbox/${delivery.id}`).loginAs(admin)
    assert.notInclude(secret.text(), '482913')
    ;(await client.get(`/mailbox/${delivery.id}/source`).loginAs(admin)).assertStatus(404)

    const sentAt = addMinutes(delivery.sentAt!, -SECRET_MINUTES - 1)
    await delivery.merge({ sentAt }).save()
    assert.include((await client.get(`/mailbox/${delivery.id}`).loginAs(admin)).text(), '482913')
  })

  test('an uncertain SMS is listed, and says what sending it again would do', async ({ client }) => {
    const collector = await givenUser()
    ovh.misbehave = ({ method }) => (method === 'POST' ? 'drop_reply' : 'answer')
    await queue('doubt')
    await deliverDue(AT)
    const { id } = await found('doubt')
    const list = await client.get('/mailbox?state=uncertain').loginAs(collector)
    list.assertTextIncludes('06 12 34 56 78')
    const page = await client.get(`/mailbox/${id}`).loginAs(collector)
    page.assertTextIncludes('La réponse du prestataire s’est perdue')
    page.assertTextIncludes('le destinataire le recevra deux fois')
    const agenda = await client.get('/').loginAs(collector)
    agenda.assertTextIncludes('06 12 34 56 78')
  })

  test('SMS that nothing carries are told', async ({ client, assert }) => {
    const collector = await givenUser()
    useDriver('sms', null)
    assert.notInclude((await client.get('/mailbox').loginAs(collector)).text(), 'Des SMS attendent')
    await queue('stuck')
    ;(await client.get('/mailbox').loginAs(collector)).assertTextIncludes('Des SMS attendent')
  })
})
