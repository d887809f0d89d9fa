import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { clock, instantOn } from '#shared/clock'
import { deliverDue } from '#deliveries/deliver_due'
import { ConfirmActions } from '#campaigns/actions/confirm_actions'
import { SendEreAction } from '#campaigns/actions/send_ere_action'
import type { StepMode } from '#campaigns/models/scenario_step'
import Letter from '#letters/models/letter'
import { carrierOf, useCarrier } from '#registered_mail/carriers'
import Ere from '#registered_mail/ere/models/ere'
import { workEres } from '#registered_mail/ere/work_eres'
import { FakePostal } from '#tests/fakes/postal_provider'
import { actionsOf, due, givenScenario, launch, storyOf, TEN } from '#tests/fixtures/campaigns'
import { givenAgency, givenClaim, givenUser } from '#tests/fixtures/domain'
import { emailOf, eventsOf, givenConsent, renderEres } from '#tests/fixtures/ere'

/** A file in a campaign whose only step before the hand-over is an ERE. */
async function givenStep(mode: StepMode, kind: 'b2b' | 'b2c' = 'b2b', channel: 'ere' | 'lre' = 'ere') {
  await givenAgency()
  const claim = await givenClaim({ kind })
  const scenario = await givenScenario(
    'ere',
    [
      { day: 0, channel, mode },
      { day: 5, channel: 'email', mode: 'automatic' },
    ],
    kind
  )
  await db
    .from('scenario_steps')
    .where({ scenario_id: scenario.id, channel })
    .update({ template: channel === 'ere' ? 'electronic_letter' : 'registered_letter' })
  const outcome = await launch({ creditorId: claim.creditorId, scenario: 'ere' })
  if (!outcome.launched) throw new Error(outcome.refusals.join())
  return claim
}

const works = (at: string) =>
  clock.at(at, async () => {
    await renderEres()
    return workEres(at)
  })

test.group('A step of kind ERE', () => {
  test('automatic: the tick writes, deposits and notifies, and counts one contact', async ({ assert }) => {
    const claim = await givenStep('automatic')
    await due(TEN)
    assert.deepEqual((await storyOf(claim))[0], 'ere done')
    assert.equal((await works(TEN)).deposited, 1)
    await deliverDue(TEN)
    const ere = await Ere.firstOrFail()
    assert.equal(ere.mobile, '+33612345678')
    assert.match(ere.mobileSource!, /^coordonnée du dossier, connue depuis le \d\d\/\d\d\/\d{4}$/)
    assert.equal(ere.state, 'notified')
    assert.equal(ere.email, await emailOf(claim))
    assert.lengthOf(await db.from('contacts'), 1)
    const letter = await Letter.findOrFail(ere.letterId)
    assert.deepEqual([letter.kind, letter.route, letter.state], ['ere', 'ere', 'printed'])
    // Rule 6: it is the first letter, and no copy of it goes in clear by email.
    await claim.refresh()
    assert.equal(claim.firstLetterRef, letter.ref)
    assert.lengthOf(await db.from('deliveries').where('recipe', 'campaigns.first_letter'), 0)
  })

  test('rule 6: a reminder waits while the notice of the first letter has reached nobody', async ({
    assert,
  }) => {
    const claim = await givenStep('automatic')
    await due(TEN)
    await works(TEN)
    const later = instantOn('2026-12-01', 10)
    await due(later)
    assert.match((await storyOf(claim))[1]!, /email deferred first_letter_pending/)
  })

  test('to confirm: confirmed from the agenda in mass, it leaves by the tick', async ({ assert }) => {
    const claim = await givenStep('confirm')
    await due(TEN)
    const [action] = await actionsOf(claim)
    assert.equal(action!.state, 'to_confirm')
    const { id: userId } = await givenUser()
    await clock.at(TEN, () => new ConfirmActions().handle({ actionIds: [action!.id], userId }))
    await due(TEN)
    assert.equal((await works(TEN)).deposited, 1)
  })

  test('D16: "Envoyer courrier + Terminer l’action" to a chosen contact is one act, and two clicks are one', async ({
    assert,
  }) => {
    const claim = await givenStep('confirm')
    await due(TEN)
    const [action] = await actionsOf(claim)
    await db.table('contact_points').insert({
      debtor_id: claim.debtorId,
      kind: 'email',
      value: 'compta@brume.example',
      label: 'comptabilité',
      collection_contact: false,
      created_at: clock.now(),
    })
    const by = await givenUser()
    const send = () =>
      clock.at(TEN, () =>
        new SendEreAction().handle({ actionId: action!.id, email: 'compta@brume.example', by })
      )
    const [one, two] = await Promise.all([send(), send()])
    assert.sameMembers([one.outcome, two.outcome], ['sent', 'over'])
    const eres = await Ere.all()
    assert.lengthOf(eres, 1)
    assert.equal(eres[0]!.email, 'compta@brume.example')
    assert.equal(eres[0]!.state, 'deposited')
    assert.match(eres[0]!.contactSource, /^comptabilité/)
    assert.equal((await action!.refresh()).state, 'done')
    const [deposited] = await eventsOf(eres[0]!, 'letter.deposited')
    assert.deepEqual([deposited!.actor.kind, deposited!.actor.id], ['user', String(by.id)])
    assert.lengthOf(await db.from('contacts'), 1)
    await deliverDue(TEN)
    assert.lengthOf(await db.from('contacts'), 1, 'the notice is the same contact')
  })

  test('rule 46: a consumer’s step waits for the consent, with that reason, then goes', async ({
    assert,
  }) => {
    const claim = await givenStep('automatic', 'b2c')
    await due(TEN)
    assert.equal((await storyOf(claim))[0], 'ere deferred consent_missing')
    await givenConsent(claim)
    const next = instantOn('2026-11-25', 10)
    await due(next)
    assert.equal((await storyOf(claim))[0], 'ere done')
    const ere = await Ere.firstOrFail()
    assert.isNotNull(ere.consentId)
  })

  test('a file without a usable email is skipped with its reason', async ({ assert }) => {
    const claim = await givenStep('automatic')
    await db
      .from('contact_points')
      .where({ debtor_id: claim.debtorId, kind: 'email' })
      .update({ bounced_at: TEN })
    await due(TEN)
    assert.equal((await storyOf(claim))[0], 'ere skipped email_bounced')
  })

  test('what the policy holds back is refused to a person too, and leaves the action open', async ({
    assert,
  }) => {
    const claim = await givenStep('confirm')
    await due(TEN)
    const [action] = await actionsOf(claim)
    await claim.merge({ status: 'disputed' }).save()
    const by = await givenUser()
    const sent = await clock.at(TEN, async () =>
      new SendEreAction().handle({ actionId: action!.id, email: await emailOf(claim), by })
    )
    assert.deepEqual(sent, { outcome: 'refused', reason: 'disputed' })
    assert.lengthOf(await Ere.all(), 0)
    assert.notEqual((await action!.refresh()).state, 'done')
  })

  test('rule 47: an LRE waits, with that reason, until its provider is set up; nobody counts as contacted', async ({
    assert,
    cleanup,
  }) => {
    const before = carrierOf('ar24')
    cleanup(() => useCarrier('ar24', before))
    useCarrier('ar24', { provider: null, webhook: null, missing: ['AR24_TOKEN'] })
    const claim = await givenStep('automatic', 'b2b', 'lre')
    await due(TEN)
    assert.equal((await storyOf(claim))[0], 'lre deferred carrier_missing')
    assert.lengthOf(await Letter.all(), 0)
    assert.lengthOf(await db.from('contacts'), 0)
    const [action] = await actionsOf(claim)
    const by = await givenUser()
    const sent = await clock.at(TEN, async () =>
      new SendEreAction().handle({ actionId: action!.id, email: await emailOf(claim), by })
    )
    assert.deepEqual(sent, { outcome: 'refused', reason: 'carrier_missing' })

    useCarrier('ar24', { provider: new FakePostal('ar24'), webhook: null, missing: [] })
    await due(instantOn('2026-11-25', 10))
    assert.equal((await storyOf(claim))[0], 'lre done')
    assert.equal((await Letter.firstOrFail()).route, 'ar24')
  })

  test('the route of the step decides: ours carries an ERE whatever the agency’s provider lacks', async ({
    assert,
    cleanup,
  }) => {
    const before = carrierOf('merci_facteur')
    cleanup(() => useCarrier('merci_facteur', before))
    useCarrier('merci_facteur', { provider: null, webhook: null, missing: ['MERCI_FACTEUR_SECRET_KEY'] })
    const claim = await givenStep('automatic')
    await db.from('agencies').update({ ere_route: 'merci_facteur' })
    await due(TEN)
    assert.equal((await storyOf(claim))[0], 'ere deferred carrier_missing')
    await db.from('scenario_steps').where('channel', 'ere').update({ route: 'ere' })
    await due(instantOn('2026-11-25', 10))
    assert.equal((await storyOf(claim))[0], 'ere done')
  })
})
