import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { addMinutes, clock, instantOn } from '#shared/clock'
import { transaction } from '#shared/transaction'
import { deliverDue } from '#deliveries/deliver_due'
import { mailboxDriver } from '#deliveries/drivers/mailbox'
import { useDriver } from '#deliveries/drivers/registry'
import { smtpDriver } from '#deliveries/drivers/smtp'
import Delivery from '#deliveries/models/delivery'
import { SettleDelivery } from '#deliveries/actions/settle_delivery'
import Letter from '#letters/models/letter'
import { keptMessage } from '#deliveries/queries/kept_message'
import { AskCode } from '#registered_mail/ere/actions/ask_code'
import { FallBackToPaper } from '#registered_mail/ere/actions/fall_back_to_paper'
import { NotifyAgain } from '#registered_mail/ere/actions/notify_again'
import { RecordBounce } from '#registered_mail/ere/actions/record_bounce'
import { RecordConsent } from '#registered_mail/ere/actions/record_consent'
import { queueEre } from '#registered_mail/ere/actions/send_ere'
import { WithdrawConsent } from '#registered_mail/ere/actions/withdraw_consent'
import { depositEres } from '#registered_mail/ere/deposit_eres'
import { workEres } from '#registered_mail/ere/work_eres'
import Ere from '#registered_mail/ere/models/ere'
import EreConsent from '#registered_mail/ere/models/ere_consent'
import { SmtpSink } from '#tests/fakes/smtp_sink'
import { givenAgency, givenClaim, givenUser } from '#tests/fixtures/domain'
import {
  emailOf,
  eventsOf,
  givenConsent,
  givenEre,
  givenNotified,
  linkOf,
  typesOf,
} from '#tests/fixtures/ere'

/** Tuesday 24 November 2026, ten in the morning in Paris. */
const TEN = instantOn('2026-11-24', 10)
/** Where the sixteenth day begins. */
const OVER = instantOn('2026-12-10', 0)

const at = (instant: string) => clock.at(instant, () => workEres(instant))
const staff = () => givenUser('collector', { password: null })

test.group('Sending an ERE', (group) => {
  let sink: SmtpSink
  group.each.setup(async () => {
    sink = await SmtpSink.start()
    useDriver('email', smtpDriver(sink.settings, 5000))
    return async () => {
      useDriver('email', mailboxDriver)
      await sink.stop()
    }
  })

  test('one act: sealed and deposited, the notice by SMTP, its fate in the chain, the period from its dispatch', async ({
    assert,
  }) => {
    const { ere, letter, email } = await givenNotified({}, TEN)
    const [sent] = await eventsOf(ere, 'notification.sent')
    assert.equal(sent!.data.to, email)
    assert.match(sent!.data.reply, /queued as \d+/)
    assert.include(sink.taken.find(({ to }) => to[0] === email)!.raw.toString(), sent!.data.messageId)
    assert.equal(ere.deadlineAt, OVER)
    assert.equal((await letter.refresh()).state, 'printed')
    const [deposited] = await eventsOf(ere, 'letter.deposited')
    assert.equal(deposited!.data.channel, 'ere')
    assert.equal(deposited!.data.recipient.email, email)
    assert.isString(deposited!.data.seal)
    // D17: the creditor and the agency are told, with the references and the head of the chain.
    await deliverDue(TEN)
    const senders = await Delivery.query().whereLike('key', `ere:${ere.id}:notified:%`).where('state', 'sent')
    assert.sameMembers(
      senders.map(({ recipient }) => recipient),
      ['compta@studio-rivage.example', 'contact@amiable.example']
    )
  })

  test('depositing again, and delivering again, does nothing twice', async ({ assert }) => {
    const { ere } = await givenNotified({}, TEN)
    await depositEres()
    await deliverDue(TEN)
    await at(TEN)
    assert.lengthOf(await Delivery.query().where('recipe', 'ere.notice'), 1)
    assert.lengthOf(await eventsOf(ere, 'notification.sent'), 1)
  })

  test('rule 13: outside hours the notice waits; the period begins when it leaves, not when it was deposited', async ({
    assert,
  }) => {
    const night = instantOn('2026-11-24', 23)
    const { ere } = await clock.at(night, () => givenEre())
    await deliverDue(night)
    assert.equal((await ere.refresh()).state, 'deposited')
    await deliverDue(instantOn('2026-11-25', 8))
    assert.equal((await ere.refresh()).deadlineAt, instantOn('2026-12-11', 0))
  })

  test('an address that the server refuses for good bounces: never unclaimed, however long one waits', async ({
    assert,
  }) => {
    sink.behaviour = () => 'unknown_mailbox'
    const { ere, letter } = await clock.at(TEN, () => givenEre())
    await deliverDue(TEN)
    await ere.refresh()
    assert.equal(ere.state, 'notification_failed')
    assert.isNull(ere.deadlineAt)
    const [bounced] = await eventsOf(ere, 'notification.bounced')
    assert.equal(bounced!.data.nature, 'hard')
    await at(instantOn('2027-06-01', 10))
    assert.equal((await ere.refresh()).state, 'notification_failed')
    assert.notInclude(await typesOf(ere), 'letter.expired')
    // Rule 6: nobody has this letter, so nothing may recall it as the first one.
    assert.equal((await letter.refresh()).state, 'rendered')
  })

  test('a bounce noted by a person stops the period; notified again it begins again; both stay in the proof', async ({
    assert,
  }) => {
    const { ere, email, token } = await givenNotified({}, TEN)
    const by = await staff()
    const noted = () =>
      new RecordBounce().handle({ ereId: ere.id, code: '5.1.1 user unknown', nature: 'hard', by })
    assert.isTrue(await clock.at(instantOn('2026-11-26', 10), noted))
    assert.isFalse(await clock.at(instantOn('2026-11-26', 10), noted), 'noted once')
    assert.equal((await ere.refresh()).state, 'notification_failed')
    await at(OVER)
    assert.equal((await ere.refresh()).state, 'notification_failed')

    const later = instantOn('2026-12-14', 10)
    const again = () => new NotifyAgain().handle({ ereId: ere.id, email, by })
    assert.equal((await clock.at(later, again)).outcome, 'queued')
    assert.equal((await clock.at(later, again)).outcome, 'not_failed', 'two clicks are one notice')
    await deliverDue(later)
    await ere.refresh()
    assert.equal(ere.state, 'notified')
    assert.equal(ere.deadlineAt, instantOn('2026-12-30', 0))
    assert.notEqual((await linkOf(ere)).token, token)
    assert.deepEqual(
      (await typesOf(ere)).filter((type) => type.startsWith('notification')),
      ['notification.sent', 'notification.bounced', 'notification.sent']
    )
  })

  test('paper instead: a registered letter is written, the links end, and nothing regresses', async ({
    assert,
  }) => {
    const { ere, token } = await givenNotified({}, TEN)
    const by = await staff()
    const fallBack = () => new FallBackToPaper().handle({ ereId: ere.id, reason: 'adresse morte', by })
    assert.isNull(await fallBack(), 'not while the period runs')
    await new RecordBounce().handle({ ereId: ere.id, code: '550 no', nature: 'hard', by })
    const paper = await fallBack()
    assert.equal(paper!.kind, 'lrar')
    assert.equal(paper!.state, 'queued')
    assert.isNull(await fallBack(), 'once')
    assert.equal((await ere.refresh()).state, 'replaced')
    assert.include(await typesOf(ere), 'fallback.paper')
    const { findEreLink } = await import('#registered_mail/ere/links')
    assert.isNull(await findEreLink(token))
    assert.equal(
      (await new NotifyAgain().handle({ ereId: ere.id, email: ere.email, by })).outcome,
      'not_failed'
    )
  })

  test('unanswered at the end of the fifteenth day it is unclaimed, not an instant before', async ({
    assert,
  }) => {
    const { ere } = await givenNotified({}, TEN)
    await at(addMinutes(OVER, -1))
    assert.equal((await ere.refresh()).state, 'notified')
    const { expired } = await at(OVER)
    assert.equal(expired, 1)
    assert.equal((await ere.refresh()).state, 'expired')
    const [event] = await eventsOf(ere, 'letter.expired')
    assert.deepEqual(event!.data, { sentAt: ere.notifiedAt!, deadlineAt: OVER, reminders: ere.reminders })
    assert.equal((await at(OVER)).expired, 0)
    // A bounce heard afterwards is kept, and changes nothing (rule 50).
    const by = await staff()
    assert.isFalse(await new RecordBounce().handle({ ereId: ere.id, code: '550 late', nature: 'hard', by }))
  })

  test('who has not answered is reminded twice, within hours and under the cap; who has is not', async ({
    assert,
  }) => {
    const { ere, claim } = await givenNotified({}, TEN)
    const answered = await givenNotified({}, TEN)
    await Ere.query().where('id', answered.ere.id).update({ state: 'refused' })
    const fifth = instantOn('2026-11-30', 10)
    await at(fifth)
    await at(fifth)
    await deliverDue(fifth)
    assert.equal((await ere.refresh()).reminders, 1)
    assert.equal((await answered.ere.refresh()).reminders, 0)
    const reminder = await Delivery.query().whereLike('key', `ere:${ere.id}:%:reminder:1`).firstOrFail()
    const [reminded] = await eventsOf(ere, 'notification.reminded')
    assert.equal(reminded!.data.messageId, reminder.messageId)
    assert.equal(reminded!.data.messageSha256, reminder.messageSha256)

    // The cap: three contacts in the week already.
    const eleventh = instantOn('2026-12-05', 10)
    const person = (await db.from('debtors').where('id', claim.debtorId).firstOrFail()).id
    for (let count = 0; count < 3; count++) {
      await db.table('contacts').insert({
        person_id: person,
        delivery_id: (await Delivery.query().firstOrFail()).id,
        channel: 'email',
        occurred_at: addMinutes(eleventh, -60),
      })
    }
    await at(eleventh)
    await deliverDue(eleventh)
    const held = await Delivery.query().whereLike('key', `ere:${ere.id}:%:reminder:2`).firstOrFail()
    assert.equal(held.state, 'queued')
    assert.equal(held.reason, 'contact_cap')
    assert.equal((await ere.refresh()).reminders, 1)
    // After the last day it is not sent at all.
    await deliverDue(instantOn('2026-12-14', 10))
    assert.equal((await held.refresh()).state, 'cancelled')
  })

  test('U3: a file paid before the notice leaves cancels it, in the chain and on the letter', async ({
    assert,
  }) => {
    const { ere, letter, claim } = await clock.at(TEN, () => givenEre())
    await claim.merge({ status: 'paid' }).save()
    await deliverDue(TEN)
    assert.equal((await ere.refresh()).state, 'cancelled')
    assert.include(await typesOf(ere), 'letter.cancelled')
    assert.equal((await letter.refresh()).state, 'cancelled')
    assert.lengthOf(sink.taken, 0)
  })

  test('a notice of which nobody can tell is no proof until a person says that it arrived', async ({
    assert,
  }) => {
    sink.behaviour = () => 'drop_after_taking'
    const { ere } = await clock.at(TEN, () => givenEre())
    await deliverDue(TEN)
    const delivery = await Delivery.findByOrFail('recipe', 'ere.notice')
    assert.equal(delivery.state, 'uncertain')
    assert.notInclude(await typesOf(ere), 'notification.sent')
    const { id: userId } = await staff()
    await new SettleDelivery().handle({ delivery, settlement: 'arrived', userId })
    assert.equal((await ere.refresh()).state, 'notified')
    assert.equal((await eventsOf(ere, 'notification.sent'))[0]!.data.reply, 'aucune réponse (smtp)')
  })

  test('while a one-time code works nobody of the agency reads it; afterwards it is kept like any message', async ({
    assert,
  }) => {
    const { ere } = await givenNotified({}, TEN)
    const asked = await clock.at(TEN, () =>
      new AskCode().handle({ ereId: ere.id, channel: 'email', locale: 'fr' })
    )
    if (asked.outcome !== 'queued') throw new Error(asked.outcome)
    await deliverDue(TEN, { key: asked.key })
    const delivery = await Delivery.findByOrFail('key', asked.key)
    assert.equal(delivery.state, 'sent')
    assert.isNull(await clock.at(addMinutes(TEN, 5), () => keptMessage(delivery)))
    assert.match((await clock.at(addMinutes(TEN, 15), () => keptMessage(delivery)))!.text!, /\d{6}/)
  })

  test('rule 46: nothing leaves to a consumer without a standing consent for that very address', async ({
    assert,
  }) => {
    await givenAgency()
    const claim = await givenClaim({ kind: 'b2c', claim: { status: 'active' } })
    const by = await staff()
    const email = await emailOf(claim)
    const order = { claimId: claim.id, template: 'electronic_letter', email, userId: by.id }
    const asked = () => transaction((trx) => queueEre(trx, order))
    assert.deepEqual(await asked(), { outcome: 'refused', reason: 'consent_missing' })
    await givenConsent(claim, 'autre@exemple.fr')
    assert.deepEqual(await asked(), { outcome: 'refused', reason: 'consent_missing' })
    const text = 'J’accepte de recevoir mes courriers ici.'
    const consent = { claim, email, text, source: 'e-mail du débiteur', by }
    assert.equal(await new RecordConsent().handle({ ...consent, givenOn: '2999-01-01' }), 'date_future')
    assert.equal(
      await new RecordConsent().handle({ ...consent, email: 'inconnu@exemple.fr', givenOn: '2026-11-02' }),
      'email_unknown'
    )
    assert.equal(await new RecordConsent().handle({ ...consent, givenOn: '2026-11-02' }), 'recorded')
    const queued = await asked()
    assert.equal(queued.outcome, 'queued')
    const { id: consentId } = await EreConsent.query().where('email', email).firstOrFail()
    await new WithdrawConsent().handle({ claim, consentId, by })
    assert.deepEqual(await asked(), { outcome: 'refused', reason: 'consent_missing' })
    await assert.rejects(
      () => transaction((trx) => trx.from('ere_consents').update({ source: 'x' })),
      /append-only/
    )
  })

  test('the consent opens the chain, with the hash of its text; withdrawn before it leaves, the notice does not', async ({
    assert,
  }) => {
    const { ere, claim } = await clock.at(TEN, () => givenEre({ kind: 'b2c' }))
    const [consent] = await eventsOf(ere, 'consent.recorded')
    assert.equal(consent!.seq, 1)
    assert.equal(consent!.data.source, 'formulaire signé')
    const { id: consentId } = await EreConsent.findByOrFail('debtorId', claim.debtorId)
    await new WithdrawConsent().handle({ claim, consentId, by: await staff() })
    await deliverDue(TEN)
    assert.equal((await ere.refresh()).state, 'cancelled')
    assert.lengthOf(sink.taken, 0)
  })

  test('refused with its reason: an address that is not the file’s or bounces, a file that stopped, no mandate', async ({
    assert,
  }) => {
    await givenAgency()
    const by = await staff()
    const reasonFor = async (claim: Awaited<ReturnType<typeof givenClaim>>, email?: string) => {
      const order = { claimId: claim.id, template: 'electronic_letter', userId: by.id }
      const outcome = await transaction(async (trx) =>
        queueEre(trx, { ...order, email: email ?? (await emailOf(claim)) })
      )
      return outcome.outcome === 'refused' ? outcome.reason : outcome.outcome
    }
    const active = { claim: { status: 'active' as const } }
    assert.equal(await reasonFor(await givenClaim(active), 'stranger@exemple.fr'), 'email_unknown')
    const bouncing = await givenClaim(active)
    await db.from('contact_points').where('debtor_id', bouncing.debtorId).update({ bounced_at: clock.now() })
    assert.equal(await reasonFor(bouncing), 'email_bounced')
    assert.equal(await reasonFor(await givenClaim({ claim: { status: 'disputed' } })), 'claim_disputed')
    assert.equal(await reasonFor(await givenClaim({ claim: { status: 'paid' } })), 'claim_paid')
    const unmandated = await givenClaim(active)
    await db.from('mandates').where('creditor_id', unmandated.creditorId).update({ ends_on: '2026-02-01' })
    assert.equal(await reasonFor(unmandated), 'mandate_missing')
  })

  test('a letter whose file stopped before it was written leaves no ERE behind', async ({ assert }) => {
    await givenAgency()
    const claim = await givenClaim({ claim: { status: 'active' } })
    const { id: userId } = await staff()
    const order = { claimId: claim.id, template: 'electronic_letter', email: await emailOf(claim), userId }
    const queued = await transaction((trx) => queueEre(trx, order))
    await claim.merge({ status: 'disputed' }).save()
    const { RenderLetters } = await import('#letters/actions/render_letters')
    await new RenderLetters().handle()
    const ere = await Ere.findByOrFail('letterId', (queued as { letterId: number }).letterId)
    assert.equal(ere.state, 'cancelled')
    assert.equal((await Letter.findOrFail(ere.letterId)).state, 'cancelled')
  })
})
