import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { transaction } from '#shared/transaction'
import type Agency from '#agency/models/agency'
import Claim from '#claims/models/claim'
import Action from '#campaigns/models/action'
import Campaign from '#campaigns/models/campaign'
import { previewLaunch } from '#campaigns/launch/preview'
import { givenAgency, givenClaim, givenCreditor } from '#tests/fixtures/domain'
import { actionsOf, launch, TUESDAY } from '#tests/fixtures/campaigns'

const CALENDAR = [
  { day: 0, on: '2026-11-24', channel: 'letter', count: 2 },
  { day: 4, on: '2026-11-28', channel: 'email', count: 1 },
  { day: 8, on: '2026-12-02', channel: 'email', count: 1 },
  { day: 12, on: '2026-12-07', channel: 'email', count: 1 },
  { day: 16, on: '2026-12-10', channel: 'email', count: 1 },
  { day: 20, on: '2026-12-14', channel: 'hand_over', count: 2 },
]

test.group('Launching', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  test('R23: a mixed table makes two campaigns, each with its calendar', async ({ assert }) => {
    const creditor = await givenCreditor()
    await givenClaim({ creditor, kind: 'b2b' })
    await givenClaim({ creditor, kind: 'b2b', email: null })
    await givenClaim({ creditor, kind: 'b2c' })

    const outcome = await launch({ creditorId: creditor.id })
    assert.isTrue(outcome.launched)
    const { campaigns, excluded } = outcome.preview
    assert.deepEqual(
      campaigns.map(({ kind, claims, withEmail }) => ({ kind, claims, withEmail })),
      [
        { kind: 'b2b', claims: 2, withEmail: 1 },
        { kind: 'b2c', claims: 1, withEmail: 1 },
      ]
    )
    assert.deepEqual(
      campaigns[0]!.calendar.map(({ day, on, channel, count }) => ({ day, on, channel, count })),
      CALENDAR as typeof CALENDAR
    )
    assert.deepEqual(excluded, [])
    const created = await Campaign.query().where('creditorId', creditor.id).orderBy('kind')
    assert.deepEqual(
      created.map(({ name }) => name),
      ['STUDIO RIVAGE, professionnels, novembre 2026', 'STUDIO RIVAGE, particuliers, novembre 2026']
    )
  })

  test('every action is planned on its day, and only the first is looked at', async ({ assert }) => {
    const claim = await givenClaim()
    await launch({ creditorId: claim.creditorId, on: '2026-11-25' })
    const actions = await actionsOf(claim)
    assert.deepEqual(
      actions.map(({ position, plannedOn, state, dueAt }) => [position, plannedOn, state, dueAt]),
      [
        [1, '2026-11-25', 'to_confirm', null],
        [2, '2026-11-30', 'planned', null],
        [3, '2026-12-03', 'planned', null],
        [4, '2026-12-07', 'planned', null],
        [5, '2026-12-11', 'planned', null],
        [6, '2026-12-15', 'planned', null],
      ]
    )
    const fresh = await Claim.findOrFail(claim.id)
    assert.equal(fresh.status, 'active')
    assert.equal(fresh.launchedOn, '2026-11-25')
  })

  test('a launch on a Sunday begins on the Monday, one for later waits for its day', async ({ assert }) => {
    const sunday = await givenClaim()
    await launch({ creditorId: sunday.creditorId, on: '2026-11-29' })
    const [first] = await actionsOf(sunday)
    assert.deepEqual([first!.plannedOn, first!.state], ['2026-11-30', 'planned'])
    assert.equal(first!.dueAt, '2026-11-30T00:00:00.000Z')
  })

  test('R22: each campaign’s email to the creditor holds its count and its calendar', async ({ assert }) => {
    const creditor = await givenCreditor()
    await givenClaim({ creditor, kind: 'b2b' })
    await givenClaim({ creditor, kind: 'b2b', email: null })
    await givenClaim({ creditor, kind: 'b2b', claim: { status: 'disputed' } })
    await launch({ creditorId: creditor.id })
    const [email, ...others] = await db
      .from('deliveries')
      .where({ recipe: 'campaigns.launched', creditor_id: creditor.id })
    assert.lengthOf(others, 0)
    assert.equal(email.recipient, 'compta@studio-rivage.example')
    const parameters = JSON.parse(email.parameters)
    assert.containSubset(parameters, { claims: 2, excluded: 1 })
    assert.deepEqual(
      JSON.parse(parameters.calendar),
      CALENDAR.map(({ on, channel, count }) => ({ on, channel, count }))
    )
  })

  test('left out, with the reason: {reason}')
    .with([
      { reason: 'paid', claim: { status: 'paid' as const } },
      { reason: 'closed', claim: { status: 'closed' as const } },
      { reason: 'disputed', claim: { status: 'disputed' as const } },
      { reason: 'paused', claim: { status: 'paused' as const } },
      { reason: 'prescribed', claim: { limitationOn: '2026-11-23' } },
      { reason: 'not_due', claim: { oldestDueOn: '2026-11-24' } },
    ])
    .run(async ({ assert }, { reason, claim: facts }) => {
      const creditor = await givenCreditor()
      await givenClaim({ creditor })
      const left = await givenClaim({ creditor, claim: facts })
      const outcome = await launch({ creditorId: creditor.id })
      assert.deepEqual(
        outcome.preview.excluded.map((one) => [one.claim, one.reason]),
        [[left.ref, reason]]
      )
      assert.lengthOf(await actionsOf(left), 0)
      assert.equal((await Claim.findOrFail(left.id)).launchedOn, null)
    })

  test('left out: an address missing or undeliverable', async ({ assert }) => {
    const creditor = await givenCreditor()
    await givenClaim({ creditor })
    const undeliverable = await givenClaim({ creditor })
    const missing = await givenClaim({ creditor })
    await db
      .from('addresses')
      .where('debtor_id', undeliverable.debtorId)
      .update({ undeliverable_at: '2026-11-01T08:00:00.000Z' })
    await db.from('addresses').where('debtor_id', missing.debtorId).delete()
    const outcome = await launch({ creditorId: creditor.id })
    assert.deepEqual(
      outcome.preview.excluded.map((one) => [one.claim, one.reason]),
      [
        [undeliverable.ref, 'address_undeliverable'],
        [missing.ref, 'address_missing'],
      ]
    )
  })

  test('a file already in a campaign is not put in a second one', async ({ assert }) => {
    const claim = await givenClaim()
    await launch({ creditorId: claim.creditorId })
    const again = await launch({ creditorId: claim.creditorId })
    assert.isFalse(again.launched)
    assert.deepEqual(again.preview.refusals, ['nothing_to_launch'])
    assert.equal(again.preview.excluded[0]!.reason, 'in_campaign')
    assert.lengthOf(await actionsOf(claim), 6)
  })

  test('only the files of the import named are launched', async ({ assert }) => {
    const creditor = await givenCreditor()
    const mine = await givenClaim({ creditor, claim: { importId: 7 } })
    const other = await givenClaim({ creditor, claim: { importId: 8 } })
    await launch({ creditorId: creditor.id, target: { importId: 7 } })
    assert.lengthOf(await actionsOf(mine), 6)
    assert.lengthOf(await actionsOf(other), 0)
  })

  test('a preview writes nothing', async ({ assert }) => {
    const claim = await givenClaim()
    const preview = await transaction((trx) =>
      previewLaunch(trx, {
        creditorId: claim.creditorId,
        target: { creditorId: claim.creditorId },
        scenario: 'amiable',
        on: TUESDAY,
      })
    )
    assert.equal(preview.campaigns[0]!.claims, 1)
    assert.lengthOf(await Campaign.query().where('creditorId', claim.creditorId), 0)
    assert.lengthOf(await Action.query().where('claimId', claim.id), 0)
    assert.equal((await Claim.findOrFail(claim.id)).status, 'new')
  })
})

test.group('Launching is refused', () => {
  test('rule 1: while the agency lacks {reason}')
    .with([
      { reason: 'insurance_missing', agency: { insurancePolicy: null } },
      { reason: 'insurance_expired', agency: { insuranceValidUntilOn: '2026-11-23' } },
      { reason: 'dedicated_account_missing', agency: { dedicatedIban: null } },
      { reason: 'declaration_missing', agency: { declarationOn: '2026-11-25' } },
    ])
    .run(async ({ assert }, { reason, agency }) => {
      await givenAgency(agency as Partial<Agency>)
      const claim = await givenClaim()
      const outcome = await launch({ creditorId: claim.creditorId })
      assert.isFalse(outcome.launched)
      assert.deepEqual(outcome.preview.refusals, [reason])
      assert.lengthOf(await actionsOf(claim), 0)
    })

  test('before the agency is configured', async ({ assert }) => {
    const claim = await givenClaim()
    const outcome = await launch({ creditorId: claim.creditorId })
    assert.deepEqual(outcome.preview.refusals, ['agency_missing'])
  })

  test('rule 2: without a mandate, with one that is over, or with an empty statement', async ({ assert }) => {
    await givenAgency()
    const mandates = [null, { endsOn: '2026-11-23' }, { signedOn: '2026-11-25' }, { basis: ' ' }]
    for (const mandate of mandates) {
      const creditor = await givenCreditor({}, mandate)
      await givenClaim({ creditor })
      const outcome = await launch({ creditorId: creditor.id })
      assert.deepEqual(outcome.preview.refusals, ['mandate_missing'], JSON.stringify(mandate))
    }
  })

  test('R21: until the creditor’s bank details are set', async ({ assert }) => {
    await givenAgency()
    const creditor = await givenCreditor({ iban: null })
    await givenClaim({ creditor })
    const outcome = await launch({ creditorId: creditor.id })
    assert.deepEqual(outcome.preview.refusals, ['creditor_iban_missing'])
  })

  test('with a scenario that does not exist', async ({ assert }) => {
    await givenAgency()
    const claim = await givenClaim()
    const outcome = await launch({ creditorId: claim.creditorId, scenario: 'severe' })
    assert.deepEqual(outcome.preview.refusals, ['scenario_unknown'])
  })
})
