import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { clock, instantOn } from '#shared/clock'
import Agency from '#agency/models/agency'
import Mandate from '#creditors/models/mandate'
import Claim from '#claims/models/claim'
import RaiseDispute from '#claims/actions/raise_dispute'
import LiftEndedPauses from '#claims/actions/lift_ended_pauses'
import Action from '#campaigns/models/action'
import { givenAgency, givenClaim, givenCreditor, givenUser } from '#tests/fixtures/domain'
import {
  actionsOf,
  due,
  givenCampaign,
  launch,
  playDays,
  renderLetters,
  storyOf,
  TEN,
} from '#tests/fixtures/campaigns'

const NOTHING = { letters: 0, emails: 0, toConfirm: 0, skipped: 0, deferred: [] }
const lettersOf = (claim: Claim) => db.from('letters').where('claim_id', claim.id)
const emailsOf = (claim: Claim) =>
  db.from('deliveries').where({ claim_id: claim.id, recipe: 'campaigns.reminder' }).orderBy('id')
const contactsOf = (claim: Claim) => db.from('contacts').where('person_id', claim.debtorId)

test.group('Due actions: what goes', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  test('the letter of the day is queued once, with its contact and its line in the timeline', async ({
    assert,
  }) => {
    const claim = await givenClaim()
    await givenCampaign([claim])

    assert.deepEqual(await due(TEN), { ...NOTHING, letters: 1 })
    const [letter, ...others] = await lettersOf(claim)
    assert.lengthOf(others, 0)
    assert.containSubset(letter, {
      ref: `${claim.ref}-L1`,
      kind: 'simple',
      template: 'first_letter',
      state: 'queued',
      dated_on: '2026-11-24',
    })
    assert.lengthOf(await contactsOf(claim), 1)
    const events = await db.from('claim_events').where({ claim_id: claim.id, type: 'campaign.letter_queued' })
    assert.deepEqual(
      events.map((event) => JSON.parse(event.detail)),
      [{ action: letter.action_id, channel: 'letter', position: 1 }]
    )
    const fresh = await Claim.findOrFail(claim.id)
    assert.equal(fresh.lastActivityAt, TEN)

    assert.deepEqual(await due(instantOn('2026-11-24', 11)), NOTHING)
  })

  test('rule 6: no email leaves before the first R124-4 letter has gone', async ({ assert }) => {
    const claim = await givenClaim()
    await givenCampaign([claim])
    await due(TEN)

    const early = await due(instantOn('2026-11-28', 10))
    assert.equal(early.emails, 0)
    assert.containSubset(early.deferred[0], {
      claim: claim.ref,
      reason: 'first_letter_pending',
      until: instantOn('2026-11-30', 8),
    })
    assert.lengthOf(await emailsOf(claim), 0)

    await renderLetters()
    const later = await due(instantOn('2026-11-30', 8))
    assert.equal(later.emails, 1)
  })

  test('rule 7: the first letter rendered is the one the file recalls, and goes by email too', async ({
    assert,
  }) => {
    const claim = await givenClaim({ email: 'camille@exemple.fr' })
    await givenCampaign([claim])
    await due(TEN)
    await renderLetters()

    const fresh = await Claim.findOrFail(claim.id)
    assert.equal(fresh.firstLetterRef, `${claim.ref}-L1`)
    assert.equal(fresh.firstLetterOn, '2026-11-24')
    const [copy] = await db.from('deliveries').where({ claim_id: claim.id, recipe: 'campaigns.first_letter' })
    assert.containSubset(copy, { recipient: 'camille@exemple.fr', state: 'queued' })
    assert.equal(copy.letter_id, (await lettersOf(claim).first())!.id)
  })

  test('R26, R29: a letter, four emails on their days, then a hand-over waits for a person', async ({
    assert,
  }) => {
    const claim = await givenClaim()
    await givenCampaign([claim])
    await playDays('2026-11-24', '2026-12-14')

    const actions = await actionsOf(claim)
    assert.deepEqual(
      actions.map(({ channel, state, doneAt }) => [channel, state, doneAt?.slice(0, 10) ?? null]),
      [
        ['letter', 'done', '2026-11-24'],
        ['email', 'done', '2026-11-28'],
        ['email', 'done', '2026-12-02'],
        // 6 December is a Sunday
        ['email', 'done', '2026-12-07'],
        ['email', 'done', '2026-12-10'],
        ['hand_over', 'to_confirm', null],
      ]
    )
    const [proposed] = await db.from('claim_events').where('type', 'campaign.hand_over_proposed')
    assert.equal(proposed.claim_id, claim.id)
  })

  test('a file without an email gets its letter, and each reminder says why it did not go', async ({
    assert,
  }) => {
    const claim = await givenClaim({ email: null })
    await givenCampaign([claim])
    await playDays('2026-11-24', '2026-12-14')
    assert.deepEqual(await storyOf(claim), [
      'letter done',
      'email skipped email_missing',
      'email skipped email_missing',
      'email skipped email_missing',
      'email skipped email_missing',
      'hand_over to_confirm',
    ])
    assert.lengthOf(await db.from('deliveries').where('claim_id', claim.id), 0)
  })

  test('a bounced address is not written to again', async ({ assert }) => {
    const claim = await givenClaim()
    await givenCampaign([claim])
    await playDays('2026-11-24', '2026-11-27')
    await db.from('contact_points').where('debtor_id', claim.debtorId).update({ bounced_at: TEN })
    await playDays('2026-11-28', '2026-11-28')
    assert.equal((await storyOf(claim))[1], 'email skipped email_bounced')
  })
})

test.group('Due actions: D7', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  test('a step to confirm waits for a person, without end', async ({ assert }) => {
    const claim = await givenClaim()
    await launch({ creditorId: claim.creditorId })
    assert.deepEqual(await due(TEN), NOTHING)
    assert.deepEqual(await due(instantOn('2026-12-15', 10)), NOTHING)
    const story = await storyOf(claim)
    assert.deepEqual(story.slice(0, 2), ['letter to_confirm', 'email planned'])
    assert.lengthOf(await lettersOf(claim), 0)
  })

  test('D15: an automatic step goes on its day without anybody', async ({ assert }) => {
    const claim = await givenClaim()
    await givenCampaign([claim])
    assert.equal((await due(instantOn('2026-11-24', 8))).letters, 1)
  })

  test('a letter confirmed late moves the reminders: the debtor keeps the days between', async ({
    assert,
  }) => {
    const claim = await givenClaim()
    await givenCampaign([claim])
    // The agency was closed for eight days: nothing went.
    await playDays('2026-12-02', '2026-12-07')
    const actions = await actionsOf(claim)
    assert.deepEqual(
      actions.map(({ state, plannedOn }) => [state, plannedOn]),
      [
        ['done', '2026-11-24'],
        ['done', '2026-12-07'],
        ['planned', '2026-12-10'],
        ['planned', '2026-12-14'],
        ['planned', '2026-12-18'],
        ['planned', '2026-12-22'],
      ]
    )
  })

  test('a step put off by a person takes the later ones with it', async ({ assert }) => {
    const claim = await givenClaim()
    await givenCampaign([claim])
    await playDays('2026-11-24', '2026-11-25')
    const [, reminder] = await actionsOf(claim)
    await reminder!.defer({ untilOn: '2026-12-05', by: await givenUser() })
    await playDays('2026-11-26', '2026-12-08')
    assert.deepEqual(
      (await actionsOf(claim)).map(({ state, plannedOn }) => [state, plannedOn]),
      [
        ['done', '2026-11-24'],
        ['done', '2026-12-05'],
        ['planned', '2026-12-09'],
        ['planned', '2026-12-14'],
        ['planned', '2026-12-17'],
        ['planned', '2026-12-21'],
      ]
    )
  })

  test('a letter written days late for want of a browser keeps its distance from the reminders', async ({
    assert,
  }) => {
    const claim = await givenClaim()
    await givenCampaign([claim])
    await due(TEN)
    await due(instantOn('2026-11-28', 10))
    await lettersOf(claim).update({ dated_on: '2026-12-01' })
    await clock.at(instantOn('2026-12-01', 10), () => renderLetters())

    const reminders = (await actionsOf(claim)).slice(1, 5)
    assert.deepEqual(
      reminders.map(({ plannedOn, dueAt }) => [plannedOn, dueAt]),
      [
        ['2026-12-05', '2026-12-05T00:00:00.000Z'],
        ['2026-12-09', null],
        ['2026-12-14', null],
        ['2026-12-17', null],
      ]
    )
    assert.equal((await due(instantOn('2026-12-04', 10))).emails, 0)
    assert.equal((await due(instantOn('2026-12-05', 10))).emails, 1)
  })
})

test.group('Due actions: what stops them', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  test('U3: a paid file gets nothing more, and each of its steps says why', async ({ assert }) => {
    const claim = await givenClaim()
    await givenCampaign([claim])
    await playDays('2026-11-24', '2026-11-25')
    await db.from('claims').where('id', claim.id).update({ status: 'paid' })

    const carried = await due(instantOn('2026-11-25', 11))
    assert.equal(carried.skipped, 1)
    assert.deepEqual(await storyOf(claim), [
      'letter done',
      'email skipped paid',
      'email skipped paid',
      'email skipped paid',
      'email skipped paid',
      'hand_over skipped paid',
    ])
  })

  test('a closed file gets nothing more', async ({ assert }) => {
    const claim = await givenClaim()
    await givenCampaign([claim])
    const by = await givenUser()
    await clock.at(TEN, () => claim.close({ reason: 'collected_by_creditor', note: null, by }))
    await due(TEN)
    assert.isTrue((await storyOf(claim)).every((line) => line.endsWith('skipped closed')))
    assert.lengthOf(await lettersOf(claim), 0)
  })

  test('rule 39: a prescribed claim is written to no more', async ({ assert }) => {
    const claim = await givenClaim({ claim: { limitationOn: '2026-11-26' } })
    await givenCampaign([claim])
    await playDays('2026-11-24', '2026-11-28')
    assert.deepEqual((await storyOf(claim)).slice(0, 2), ['letter done', 'email skipped prescribed'])
    assert.lengthOf(await emailsOf(claim), 0)
  })

  test('rule 39: the last day of the limitation period still counts', async ({ assert }) => {
    const claim = await givenClaim({ claim: { limitationOn: '2026-11-24' } })
    await givenCampaign([claim])
    assert.equal((await due(TEN)).letters, 1)
  })

  test('rule 41: a dispute suspends the file until a person decides', async ({ assert }) => {
    const claim = await givenClaim()
    await givenCampaign([claim])
    await playDays('2026-11-24', '2026-11-27')
    await clock.at(instantOn('2026-11-27', 11), () =>
      new RaiseDispute().handle({
        claimId: claim.id,
        reason: 'already_paid',
        message: 'J’ai déjà payé cette facture.',
        invoiceIds: [],
        evidence: [],
        raisedBy: 'debtor',
      })
    )
    await playDays('2026-11-28', '2026-12-10')
    assert.deepEqual((await storyOf(claim)).slice(0, 3), [
      'letter done',
      'email deferred disputed',
      'email planned',
    ])
    const told = await db.from('claim_events').where({ claim_id: claim.id, type: 'campaign.deferred' })
    assert.lengthOf(told, 1, 'waiting is told once, not every day')
    assert.lengthOf(await emailsOf(claim), 0)
  })

  test('U3: a paused file waits until the day after its pause, then goes on', async ({ assert }) => {
    const claim = await givenClaim()
    await givenCampaign([claim])
    const by = await givenUser()
    await playDays('2026-11-24', '2026-11-24')
    await clock.at(instantOn('2026-11-24', 15), () =>
      claim.pause({ reason: 'Le créancier négocie', untilOn: '2026-12-04', by })
    )
    const [held] = (await due(instantOn('2026-11-28', 10))).deferred
    assert.deepEqual([held!.reason, held!.until], ['paused', instantOn('2026-12-05', 9)])

    const resumedAt = instantOn('2026-12-05', 10)
    assert.equal(await clock.at(resumedAt, () => new LiftEndedPauses().handle(resumedAt)), 1)
    assert.equal((await due(resumedAt)).emails, 1)
  })

  test('a pause lifted before the step’s day changes nothing to that day', async ({ assert }) => {
    const claim = await givenClaim()
    await givenCampaign([claim])
    const by = await givenUser()
    await playDays('2026-11-24', '2026-11-24')
    await claim.pause({ reason: 'Vérification', untilOn: null, by })
    await due(instantOn('2026-11-25', 10))
    await claim.resume({ by })
    assert.equal((await due(instantOn('2026-11-26', 10))).emails, 0)
    assert.deepEqual((await storyOf(claim)).slice(0, 2), ['letter done', 'email planned'])
    assert.equal((await due(instantOn('2026-11-28', 10))).emails, 1)
  })

  test('an undeliverable address holds the letters until it is corrected', async ({ assert }) => {
    const claim = await givenClaim()
    await givenCampaign([claim])
    await db.from('addresses').where('debtor_id', claim.debtorId).update({ undeliverable_at: TEN })
    const [held] = (await due(TEN)).deferred
    assert.equal(held!.reason, 'address_undeliverable')
    await db.from('addresses').where('debtor_id', claim.debtorId).update({ undeliverable_at: null })
    assert.equal((await due(held!.until)).letters, 1)
  })
})

test.group('Due actions: agency and mandate', () => {
  const gaps: [string, Partial<Agency>][] = [
    ['insurance_missing', { insurer: null }],
    ['insurance_expired', { insuranceValidUntilOn: '2026-11-23' }],
    ['dedicated_account_missing', { dedicatedIban: null }],
    ['declaration_missing', { declarationOn: null }],
  ]
  test('rule 1: nothing goes out while the agency lacks {$self}')
    .with(gaps.map(([reason]) => reason))
    .run(async ({ assert }, reason) => {
      const agency = await givenAgency()
      const claim = await givenClaim()
      await givenCampaign([claim])
      await agency.merge(Object.fromEntries(gaps)[reason]!).save()

      const carried = await due(TEN)
      assert.equal(carried.letters, 0)
      assert.equal(carried.deferred[0]!.reason, reason)
      assert.lengthOf(await lettersOf(claim), 0)
      assert.lengthOf(await contactsOf(claim), 0)
    })

  test('rule 2: no contact on a file whose creditor has no mandate in force', async ({ assert }) => {
    await givenAgency()
    const creditor = await givenCreditor()
    const claim = await givenClaim({ creditor })
    await givenCampaign([claim])
    await Mandate.query().where('creditorId', creditor.id).update({ endsOn: '2026-11-23' })
    const carried = await due(TEN)
    assert.equal(carried.letters, 0)
    assert.equal(carried.deferred[0]!.reason, 'mandate_missing')
  })

  test('rule 2: a mandate with an empty statement is not one', async ({ assert }) => {
    await givenAgency()
    const creditor = await givenCreditor()
    const claim = await givenClaim({ creditor })
    await givenCampaign([claim])
    await Mandate.query().where('creditorId', creditor.id).update({ guarantee: ' ' })
    assert.equal((await due(TEN)).deferred[0]!.reason, 'mandate_missing')
  })
})

test.group('Due actions: hours and cap', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  test('rule 13: outside hours, on Sundays and on holidays it is deferred, not sent: {at}')
    .with([
      { at: instantOn('2026-11-24', 7, 59), until: instantOn('2026-11-24', 8) },
      { at: instantOn('2026-11-24', 19), until: instantOn('2026-11-25', 8) },
      { at: instantOn('2026-11-28', 13), until: instantOn('2026-11-30', 8) },
      { at: instantOn('2026-11-29', 10), until: instantOn('2026-11-30', 8) },
      { at: instantOn('2026-12-25', 10), until: instantOn('2026-12-26', 9) },
    ])
    .run(async ({ assert }, { at, until }) => {
      const claim = await givenClaim()
      await givenCampaign([claim])
      const carried = await due(at)
      assert.equal(carried.letters, 0)
      assert.deepEqual(
        carried.deferred.map((held) => [held.claim, held.reason, held.until]),
        [[claim.ref, 'outside_hours', until]]
      )
      assert.lengthOf(await lettersOf(claim), 0)
      assert.equal((await due(until)).letters, 1)
    })

  test('rule 13: above three contacts in seven days, one person is left alone whatever the files and creditors', async ({
    assert,
  }) => {
    const person = { debtor: { personKey: 'siren:732829320' } }
    const claims = [
      await givenClaim(person),
      await givenClaim(person),
      await givenClaim(person),
      await givenClaim(person),
    ]
    for (const claim of claims) await givenCampaign([claim])
    const other = await givenClaim()
    await givenCampaign([other])

    const carried = await due(TEN)
    assert.equal(carried.letters, 4, 'three for the person, one for somebody else')
    assert.deepEqual(
      carried.deferred.map(({ claim, reason, until }) => [claim, reason, until]),
      [[claims[3]!.ref, 'contact_cap', instantOn('2026-12-01', 10, 1)]]
    )

    assert.equal((await due(instantOn('2026-12-01', 10, 1))).letters, 1)
  })

  test('rule 13: the cap is the agency’s', async ({ assert }) => {
    await Agency.query().update({ contactsPerWeek: 1 })
    const claim = await givenClaim()
    await givenCampaign([claim])
    await playDays('2026-11-24', '2026-11-28')
    assert.equal((await storyOf(claim))[1], 'email deferred contact_cap')
    await playDays('2026-11-29', '2026-12-02')
    assert.equal((await storyOf(claim))[1], 'email done')
  })

  test('rule 13: no week of a long campaign on several files has more than three contacts', async ({
    assert,
  }) => {
    const person = { debtor: { personKey: 'siren:552081317' } }
    for (let files = 0; files < 3; files++) await givenCampaign([await givenClaim(person)])
    await playDays('2026-11-24', '2027-01-20')
    const contacts = await db
      .from('contacts')
      .join('debtors', 'debtors.id', 'contacts.person_id')
      .where('debtors.person_key', 'siren:552081317')
      .orderBy('occurred_at')
    const times = contacts.map(({ occurred_at: at }) => Date.parse(at))
    assert.lengthOf(times, 15, 'everything went in the end')
    for (const [index, time] of times.entries()) {
      const within = times.slice(0, index + 1).filter((other) => time - other < 7 * 24 * 3_600_000)
      assert.isAtMost(within.length, 3)
    }
  })
})

test.group('Due actions: batches', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  test('a campaign of which nothing is left is over', async ({ assert }) => {
    const claim = await givenClaim()
    const campaign = await givenCampaign([claim])
    await playDays('2026-11-24', '2026-11-24')
    assert.equal((await campaign.refresh()).state, 'running')
    await db.from('claims').where('id', claim.id).update({ status: 'paid' })
    await due(instantOn('2026-11-25', 10))
    assert.equal((await campaign.refresh()).state, 'ended')
  })

  test('an action is never done twice in the same campaign', async ({ assert }) => {
    const claim = await givenClaim()
    await givenCampaign([claim])
    await due(TEN)
    const [letter] = await Action.query().where('claimId', claim.id).orderBy('position')
    await assert.rejects(() => Action.create({ ...letter!.$attributes, id: undefined } as Partial<Action>))
  })
})
