import { setTimeout as sleep } from 'node:timers/promises'
import { test } from '@japa/runner'
import { simpleParser } from 'mailparser'
import db from '@adonisjs/lucid/services/db'
import { addMinutes } from '#shared/clock'
import { sha256 } from '#shared/files'
import { transaction } from '#shared/transaction'
import Delivery from '#deliveries/models/delivery'
import SentMessage from '#deliveries/models/sent_message'
import { MAX_ATTEMPTS } from '#deliveries/attempts'
import { listenAtCheckpoints } from '#deliveries/checkpoints'
import { deliverDue } from '#deliveries/deliver_due'
import { keyedHttpDriver } from '#deliveries/drivers/keyed_http'
import { mailboxDriver } from '#deliveries/drivers/mailbox'
import { useDriver } from '#deliveries/drivers/registry'
import { smtpDriver, type SmtpSettings } from '#deliveries/drivers/smtp'
import { openCopy } from '#deliveries/kept_copy'
import { enqueue, enqueueMany } from '#deliveries/outbox'
import { registerGuard, registerRecipe, type Verdict } from '#deliveries/recipes'
import { KeyedProvider } from '#tests/fakes/keyed_provider'
import { SmtpSink } from '#tests/fakes/smtp_sink'

const AT = '2026-11-23T09:00:00.000Z'

let composed = 0
let subject = 'Votre dossier AM-2026-0417'
registerRecipe('test.note', async (delivery) => {
  composed += 1
  if (delivery.parameters.poison) throw new Error('cannot be composed')
  if (delivery.parameters.cancel) return { cancel: 'claim_paid' }
  return {
    subject,
    text: `Bonjour n° ${composed}, élève.`,
    html: `<p>Bonjour n° ${composed}, <b>élève</b>.</p>`,
    attachments: [
      { name: 'reçu.pdf', mediaType: 'application/pdf', content: { bytes: Buffer.from('%PDF') } },
    ],
  }
})

let verdict: (delivery: Delivery) => Verdict = () => null
registerGuard(async (_trx, delivery) => (delivery.recipe === 'test.note' ? verdict(delivery) : null))

async function queue(key: string, extra: Partial<Parameters<typeof enqueue>[1]> = {}) {
  await transaction((trx) =>
    enqueue(trx, { key, recipe: 'test.note', recipient: `${key}@x.example`, notBeforeAt: AT, ...extra })
  )
}

const found = (key: string) => Delivery.findByOrFail('key', key)

test.group('Deliveries over SMTP', (group) => {
  let sink: SmtpSink

  group.each.setup(async () => {
    composed = 0
    verdict = () => null
    subject = 'Votre dossier AM-2026-0417'
    sink = await SmtpSink.start()
    useDriver('email', smtpDriver(sink.settings, 2000))
    return async () => {
      useDriver('email', mailboxDriver)
      await sink.stop()
    }
  })

  test('a message leaves once, with both parts, its attachment, one recipient and its Message-ID kept', async ({
    assert,
  }) => {
    await queue('camille')
    assert.containSubset(await deliverDue(AT), { sent: 1 })
    assert.containSubset(await deliverDue(addMinutes(AT, 600)), { sent: 0 })

    assert.lengthOf(sink.taken, 1)
    const [received] = sink.taken
    assert.deepEqual(received!.to, ['camille@x.example'])
    const mail = await simpleParser(received!.raw)
    assert.deepEqual(
      [mail.to].flat().map((to) => to!.text),
      ['camille@x.example']
    )
    assert.equal(mail.subject, subject)
    assert.equal(mail.text!.trim(), 'Bonjour n° 1, élève.')
    assert.equal(mail.html, '<p>Bonjour n° 1, <b>élève</b>.</p>')
    assert.deepEqual(
      mail.attachments.map(({ filename, contentType, content }) => [filename, contentType, String(content)]),
      [['reçu.pdf', 'application/pdf', '%PDF']]
    )
    const delivery = await found('camille')
    assert.equal(delivery.messageId, mail.messageId!)
    assert.match(delivery.providerRef!, /queued as/)
    assert.containSubset(delivery.serialize(), {
      state: 'sent',
      provider: 'smtp',
      attempts: 1,
      leaseOwner: null,
    })
    assert.isTrue(delivery.sentAt! >= AT && delivery.sentAt! < addMinutes(AT, 1))
  })

  test('the kept copy is encrypted and is, byte for byte, what the server received', async ({ assert }) => {
    await queue('kept')
    await deliverDue(AT)
    const delivery = await found('kept')
    const { contentEncrypted } = await SentMessage.findByOrFail('deliveryId', delivery.id)
    assert.notInclude(contentEncrypted, 'Bonjour')
    const copy = await openCopy(contentEncrypted, 'email')
    assert.equal(sha256(copy), delivery.messageSha256!)
    // The server ends the last line; the rest is identical.
    assert.equal(sink.taken[0]!.raw.toString('latin1').trimEnd(), copy.toString('latin1').trimEnd())
  })

  test('nothing leaves before its hour', async ({ assert }) => {
    await queue('later', { notBeforeAt: addMinutes(AT, 10) })
    assert.containSubset(await deliverDue(addMinutes(AT, 9)), { sent: 0 })
    assert.containSubset(await deliverDue(addMinutes(AT, 10)), { sent: 1 })
  })

  test('a temporary refusal waits and is tried again with the same bytes', async ({ assert }) => {
    await queue('greylisted')
    sink.behaviour = () => 'refuse_recipient_for_now'
    assert.containSubset(await deliverDue(AT), { retried: 1 })
    const waiting = await found('greylisted')
    assert.containSubset(waiting.serialize(), { state: 'queued', attempts: 1, leaseOwner: null })
    assert.match(waiting.reason!, /450 try later/)
    assert.isTrue(waiting.notBeforeAt >= addMinutes(AT, 1))

    sink.behaviour = () => 'take'
    assert.containSubset(await deliverDue(AT), { sent: 0 })
    assert.containSubset(await deliverDue(addMinutes(AT, 2)), { sent: 1 })
    assert.equal(composed, 1)
    assert.equal((await found('greylisted')).messageId, waiting.messageId)
    assert.include(sink.taken[0]!.raw.toString(), waiting.messageId!)
  })

  test('a refusal for good fails at once, with the server’s words', async ({ assert }) => {
    for (const behaviour of ['refuse_recipient', 'refuse_message'] as const) {
      sink.behaviour = () => behaviour
      await queue(behaviour)
      assert.containSubset(await deliverDue(AT), { failed: 1 })
      assert.containSubset((await found(behaviour)).serialize(), { state: 'failed', attempts: 1 })
    }
    assert.match((await found('refuse_recipient')).reason!, /550 no such mailbox/)
    assert.match((await found('refuse_message')).reason!, /554 not wanted/)
    assert.lengthOf(sink.taken, 0)
  })

  test('a message refused for the moment after DATA was not taken, and goes later', async ({ assert }) => {
    await queue('busy')
    sink.behaviour = () => 'refuse_message_for_now'
    assert.containSubset(await deliverDue(AT), { retried: 1 })
    sink.behaviour = () => 'take'
    assert.containSubset(await deliverDue(addMinutes(AT, 2)), { sent: 1 })
    assert.lengthOf(sink.taken, 1)
  })

  test('a connection lost before DATA is tried again', async ({ assert }) => {
    await queue('cut')
    sink.behaviour = () => 'drop_before_data'
    assert.containSubset(await deliverDue(AT), { deferred: 1 })
    assert.containSubset((await found('cut')).serialize(), { state: 'queued', attempts: 0 })
    sink.behaviour = () => 'take'
    assert.containSubset(await deliverDue(addMinutes(AT, 10)), { sent: 1 })
    assert.lengthOf(sink.taken, 1)
  })

  test('a connection lost after DATA, taken or not, is uncertain and never sent again by itself: {$self}')
    .with(['drop_after_taking', 'drop_without_taking', 'never_answer'] as const)
    .run(async ({ assert }, behaviour) => {
      await queue('unknown')
      sink.behaviour = () => behaviour
      assert.containSubset(await deliverDue(AT), { uncertain: 1 })
      assert.equal((await found('unknown')).state, 'uncertain')
      sink.behaviour = () => 'take'
      const before = sink.taken.length
      await deliverDue(addMinutes(AT, 60 * 24 * 30))
      assert.equal((await found('unknown')).state, 'uncertain')
      assert.lengthOf(sink.taken, before)
    })

  test('a server that takes its time to say so has taken the message', async ({ assert }) => {
    useDriver('email', smtpDriver(sink.settings, 6000))
    sink.delayMs = () => 3200
    await queue('patience')
    assert.containSubset(await deliverDue(AT), { sent: 1 })
  })

  test('a server that stops answering makes a few messages uncertain, not a whole campaign', async ({
    assert,
  }) => {
    for (let index = 0; index < 8; index++) await queue(`silence${index}`)
    sink.behaviour = () => 'drop_without_taking'
    assert.containSubset(await deliverDue(AT, { lanes: 1 }), { uncertain: 3 })
    assert.lengthOf(await Delivery.query().where('state', 'queued'), 5)

    sink.behaviour = (to) => (/[36]/.test(to) ? 'drop_without_taking' : 'take')
    assert.containSubset(await deliverDue(AT, { lanes: 1 }), { uncertain: 2, sent: 3 })
  })

  test('a server may answer with anything: its words are kept on one line', async ({ assert }) => {
    await queue('odd')
    sink.behaviour = () => 'refuse_oddly'
    await deliverDue(AT)
    assert.equal((await found('odd')).reason, "Can't send mail - all recipients were rejected: 550 no way")
  })

  test('with no server at all every message waits, and none is blamed for it', async ({ assert }) => {
    await transaction((trx) =>
      enqueueMany(
        trx,
        Array.from({ length: 30 }, (_, index) => ({
          key: `outage:${index}`,
          recipe: 'test.note',
          recipient: `o${index}@x.example`,
          notBeforeAt: AT,
        }))
      )
    )
    useDriver('email', smtpDriver({ ...sink.settings, port: 1 }, 2000))
    const fates = await deliverDue(AT)
    assert.isAtMost(fates.deferred, 4, 'the run stops at the first refusal of each lane')
    assert.equal(fates.failed + fates.retried, 0)
    for (let hour = 1; hour <= 48; hour++) await deliverDue(addMinutes(AT, hour * 60))
    useDriver('email', smtpDriver(sink.settings, 2000))
    assert.containSubset(await deliverDue(addMinutes(AT, 60 * 49)), { sent: 30 })
    assert.lengthOf(new Set(sink.taken.map(({ to }) => to[0])), 30)
  })

  test('a connection that the server closed while idle is replaced, not blamed', async ({ assert }) => {
    for (const key of ['first', 'second', 'third']) await queue(key)
    sink.hangsUp = true
    listenAtCheckpoints(async (checkpoint) => {
      if (checkpoint === 'settled') await sleep(30)
    })
    try {
      assert.containSubset(await deliverDue(AT, { lanes: 1 }), { sent: 3 })
    } finally {
      listenAtCheckpoints(null)
    }
    assert.lengthOf(sink.taken, 3)
  })

  test('fact 10: a row with two recipients or a hidden header never reaches the server: {$self}')
    .with([
      'a@x.example, v@evil.example',
      'a@x.example\r\nBcc: v@evil.example',
      'V <a@x.example>',
      '"a b"@x.fr',
    ])
    .run(async ({ assert }, recipient) => {
      await queue('forged', { recipient })
      assert.containSubset(await deliverDue(AT), { failed: 1, sent: 0 })
      assert.containSubset((await found('forged')).serialize(), {
        state: 'failed',
        reason: 'recipient_invalid',
      })
      assert.lengthOf(sink.asked, 0)
    })

  test('rule 15: a subject with an amount never leaves: {$self}')
    .with([
      'Vous devez 120,50 €',
      'Solde : 1\u202f234,56\u00a0€',
      'Dette de 300 euros',
      'Pay EUR 5 or 5 EUR',
      '€12',
    ])
    .run(async ({ assert }, forbidden) => {
      subject = forbidden
      await queue('loud')
      assert.containSubset(await deliverDue(AT), { failed: 1 })
      assert.equal((await found('loud')).reason, 'subject_names_amount')
      assert.lengthOf(sink.taken, 0)
    })

  test('bar 11: a poison message fails visibly after its tries; the others go', async ({ assert }) => {
    await queue('poison', { parameters: { poison: true } })
    await queue('healthy')
    assert.containSubset(await deliverDue(AT), { sent: 1, retried: 1 })
    let at = AT
    for (let tries = 2; tries <= MAX_ATTEMPTS; tries++) {
      at = addMinutes(at, 60 * 24)
      await deliverDue(at)
    }
    const poison = await found('poison')
    assert.containSubset(poison.serialize(), { state: 'failed', attempts: MAX_ATTEMPTS })
    assert.equal(poison.reason, 'compose_failed: cannot be composed')
  })

  test('a row whose recipe is not known fails visibly', async ({ assert }) => {
    await queue('orphan', { recipe: 'test.unknown' })
    assert.containSubset(await deliverDue(AT), { failed: 1 })
    assert.equal((await found('orphan')).reason, 'recipe_missing')
  })

  test('what a guard objects to is cancelled with its reason, before anything is composed', async ({
    assert,
  }) => {
    await queue('paid')
    verdict = () => ({ cancel: 'claim_paid' })
    assert.containSubset(await deliverDue(AT), { cancelled: 1 })
    assert.containSubset((await found('paid')).serialize(), { state: 'cancelled', reason: 'claim_paid' })
    assert.equal(composed, 0)
    assert.lengthOf(sink.taken, 0)
  })

  test('a payment that commits while the message is composed still stops it', async ({ assert }) => {
    await queue('racing')
    let asked = 0
    verdict = () => (++asked === 2 ? { cancel: 'claim_paid' } : null)
    assert.containSubset(await deliverDue(AT), { cancelled: 1 })
    assert.equal(composed, 1)
    assert.lengthOf(sink.asked, 0)
    assert.isNull(await SentMessage.findBy('deliveryId', (await found('racing')).id))
  })

  test('a guard may put a row off; it counts as no failure', async ({ assert }) => {
    await queue('sunday')
    verdict = () => ({ deferUntil: addMinutes(AT, 120), reason: 'outside_contact_hours' })
    assert.containSubset(await deliverDue(AT), { deferred: 1 })
    assert.containSubset((await found('sunday')).serialize(), {
      state: 'queued',
      attempts: 0,
      notBeforeAt: addMinutes(AT, 120),
      reason: 'outside_contact_hours',
    })
  })

  test('a recipe may cancel when it composes', async ({ assert }) => {
    await queue('cancelled', { parameters: { cancel: true } })
    assert.containSubset(await deliverDue(AT), { cancelled: 1 })
  })

  test('the limit bounds a run, oldest first', async ({ assert }) => {
    await queue('newer', { notBeforeAt: addMinutes(AT, -1) })
    await queue('older', { notBeforeAt: addMinutes(AT, -2) })
    assert.containSubset(await deliverDue(AT, { limit: 1 }), { sent: 1 })
    assert.deepEqual(sink.asked, ['older@x.example'])
  })
})

test.group('Deliveries over SMTP with a password', (group) => {
  let sink: SmtpSink

  group.each.setup(async () => {
    verdict = () => null
    sink = await SmtpSink.start('s3cret')
    return async () => {
      useDriver('email', mailboxDriver)
      await sink.stop()
    }
  })

  const signedIn = (changes: Partial<SmtpSettings> = {}) =>
    smtpDriver({ ...sink.settings, credentials: { user: 'agency', pass: 's3cret' }, ...changes }, 20_000)

  test('over STARTTLS, and on this machine under any certificate', async ({ assert }) => {
    useDriver('email', signedIn({ requireTls: true }))
    await queue('private')
    assert.containSubset(await deliverDue(AT), { sent: 1 })
  })

  test('{name}: nothing leaves, and no message is blamed')
    .with([
      { name: 'a certificate nobody vouches for', changes: { anyCertificate: false }, says: /certificate/ },
      { name: 'a wrong password', changes: { credentials: { user: 'agency', pass: 'x' } }, says: /535/ },
      { name: 'no password', changes: { credentials: null }, says: /530/ },
    ])
    .run(async ({ assert }, { changes, says }) => {
      useDriver('email', signedIn(changes))
      await queue('private')
      assert.containSubset(await deliverDue(AT), { deferred: 1, failed: 0, retried: 0 })
      const waiting = await found('private')
      assert.containSubset(waiting.serialize(), { state: 'queued', attempts: 0 })
      assert.match(waiting.reason!, says)
      assert.lengthOf(sink.taken, 0)
    })
})

test.group('Deliveries with a provider that honours our key', (group) => {
  let provider: KeyedProvider

  group.each.setup(async () => {
    composed = 0
    verdict = () => null
    provider = await KeyedProvider.start()
    useDriver('email', keyedHttpDriver({ url: provider.url, apiKey: 'k' }, 1000))
    return async () => {
      useDriver('email', mailboxDriver)
      await provider.stop()
    }
  })

  test('a lost reply is asked for again and makes no second copy', async ({ assert }) => {
    await queue('once')
    provider.caprice = () => 'drop_reply'
    assert.containSubset(await deliverDue(AT), { retried: 1 })
    assert.equal(provider.taken.size, 1)
    provider.caprice = () => 'answer'
    assert.containSubset(await deliverDue(addMinutes(AT, 2)), { sent: 1 })
    assert.equal(provider.taken.size, 1)
    assert.equal(provider.repeats, 1)
    assert.deepEqual(provider.conflicts, [])
    assert.equal((await found('once')).providerRef, 'snd_1')
  })

  test('when the reply is lost every time, the row ends uncertain rather than failed', async ({ assert }) => {
    await queue('mute')
    provider.caprice = () => 'drop_reply'
    for (let tries = 0; tries < MAX_ATTEMPTS; tries++) await deliverDue(addMinutes(AT, tries * 60 * 24))
    assert.containSubset((await found('mute')).serialize(), { state: 'uncertain', attempts: MAX_ATTEMPTS })
    assert.equal(provider.taken.size, 1)
  })

  test('a busy provider is asked later, a refusal is final', async ({ assert }) => {
    await queue('busy')
    await queue('refused')
    provider.caprice = (key) => (key === 'busy' ? 'busy' : 'refuse')
    assert.containSubset(await deliverDue(AT), { retried: 1, failed: 1 })
    assert.match((await found('busy')).reason!, /^503/)
    assert.match((await found('refused')).reason!, /^422/)
  })

  test('a provider that sends us elsewhere is not followed, and no message is blamed', async ({ assert }) => {
    await queue('elsewhere')
    provider.caprice = () => 'redirect'
    assert.containSubset(await deliverDue(AT), { deferred: 1 })
    assert.containSubset((await found('elsewhere')).serialize(), { state: 'queued', attempts: 0 })
    assert.equal(provider.requests, 1)
  })
})

test.group('Deliveries without SMTP', () => {
  test('the message is kept in the mailbox as it would have gone', async ({ assert }) => {
    verdict = () => null
    await queue('shown')
    assert.containSubset(await deliverDue(AT), { sent: 1 })
    const delivery = await found('shown')
    assert.containSubset(delivery.serialize(), { state: 'sent', provider: 'mailbox' })
    const { contentEncrypted } = await SentMessage.findByOrFail('deliveryId', delivery.id)
    const mail = await simpleParser(await openCopy(contentEncrypted, 'email'))
    assert.include(mail.text, 'élève')
  })

  test('rows of a channel that nothing carries stay queued', async ({ assert }) => {
    await queue('paper', { channel: 'print' })
    await deliverDue(addMinutes(AT, 60))
    assert.equal((await found('paper')).state, 'queued')
  })

  test('what the database refuses: an unknown state', async ({ assert }) => {
    await queue('odd')
    await assert.rejects(
      () => db.from('deliveries').where('key', 'odd').update({ state: 'lost' }),
      /CHECK|check/
    )
  })
})
