import { test } from '@japa/runner'
import { addDays, addMonths } from '#shared/calendar'
import { clock, instantOn } from '#shared/clock'
import LiftEndedPauses from '#claims/actions/lift_ended_pauses'
import GracePeriod from '#claims/models/grace_period'
import LimitationInterruption from '#claims/models/limitation_interruption'
import { loadOwed } from '#claims/owed'
import type Claim from '#claims/models/claim'
import { loadLetterContents } from '#letters/queries/letter_contents'
import { tick } from '#scheduler/tick'
import type User from '#users/models/user'
import { actionsOf, launch } from '#tests/fixtures/campaigns'
import { givenAgency, givenClaim, givenUser } from '#tests/fixtures/domain'
import type { ApiClient } from '@japa/api-client'

const today = clock.today()
let serial = 0
/** Each its own: the same content twice on a file is one document. */
const pdf = () => Buffer.from(`%PDF-1.7\n% ${++serial}\n%%EOF\n`)

const send = (client: ApiClient, user: User, path: string, fields: Record<string, string>) =>
  client
    .post(path)
    .fields(fields)
    .file('file', pdf(), { filename: 'piece.pdf' })
    .loginAs(user)
    .withCsrfToken()
    .redirects(0)

const cancel = (client: ApiClient, user: User, path: string) =>
  client.post(`${path}/cancellation`).loginAs(user).withCsrfToken().redirects(0)

test.group('What interrupts the limitation period', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  const consumer = (dueOn = '2025-03-01') =>
    givenClaim({ kind: 'b2c', invoices: [{ amountCents: 10_000, issuedOn: '2024-02-01', dueOn }] })

  for (const kind of ['acknowledgement', 'court_claim', 'enforcement'] as const) {
    test(`rule 38: ${kind} restarts it in full, with its document, and its removal undoes that`, async ({
      client,
      assert,
    }) => {
      const claim = await consumer()
      const user = await givenUser()
      const path = `/claims/${claim.ref}/interruptions`
      assert.equal(claim.limitationOn, '2027-03-01')
      await send(client, user, path, { kind, occurred_on: '2026-05-10' })
      assert.equal((await claim.refresh()).limitationOn, '2028-05-10')
      const act = await LimitationInterruption.findByOrFail('claimId', claim.id)
      const [document] = await claim.related('documents').query()
      assert.equal(act.documentId, document!.id)
      const page = await client.get(`/claims/${claim.ref}`).loginAs(user)
      page.assertTextIncludes('la prescription repart')

      await cancel(client, user, `${path}/${act.id}`)
      assert.equal((await claim.refresh()).limitationOn, '2027-03-01')
    })
  }

  test('rule 38: acts count in the order of their days, and none restarts what has run out', async ({
    client,
    assert,
  }) => {
    const claim = await consumer('2024-02-15')
    const user = await givenUser()
    const path = `/claims/${claim.ref}/interruptions`
    await send(client, user, path, { kind: 'court_claim', occurred_on: '2026-06-01' })
    assert.equal((await claim.refresh()).limitationOn, '2026-02-15', 'it had run out')
    await send(client, user, path, { kind: 'acknowledgement', occurred_on: '2025-01-10' })
    assert.equal((await claim.refresh()).limitationOn, '2028-06-01', 'the first saves the second')
  })

  test('rule 38: no letter ever changes it, and nothing is recorded without a document or in advance', async ({
    client,
    assert,
  }) => {
    const claim = await consumer()
    const user = await givenUser()
    await claim
      .merge({ firstLetterRef: 'L-1', firstLetterOn: '2026-05-10', noticeReceivedOn: '2026-05-12' })
      .save()
    const path = `/claims/${claim.ref}/interruptions`
    const bare = { kind: 'acknowledgement', occurred_on: '2026-05-10' }
    await client.post(path).fields(bare).loginAs(user).withCsrfToken().redirects(0)
    await send(client, user, path, { ...bare, occurred_on: addDays(today, 1) })
    await send(client, user, path, { ...bare, kind: 'letter' })
    assert.equal((await claim.refresh()).limitationOn, '2027-03-01')
    assert.lengthOf(await LimitationInterruption.query().where('claimId', claim.id), 0)
    const creditor = await givenUser('creditor', { creditorId: claim.creditorId })
    ;(await send(client, creditor, path, bare)).assertStatus(403)
  })
})

test.group('The time that a judge grants', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  const grant = (client: ApiClient, user: User, claim: Claim, startsOn: string, endsOn: string) =>
    send(client, user, `/claims/${claim.ref}/grace`, { starts_on: startsOn, ends_on: endsOn })

  test('C. civ. 1343-5: no interest from its first day to its last', async ({ client, assert }) => {
    const claim = await givenClaim({ invoices: [{ amountCents: 1_000_000, dueOn: '2026-07-01' }] })
    await grant(client, await givenUser(), claim, '2026-07-03', '2026-07-06')
    const on = async (day: string) => (await loadOwed(claim.id, day)).interestCents
    assert.deepEqual(
      [await on('2026-07-02'), await on('2026-07-06'), await on('2026-07-10')],
      [340, 340, 1699]
    )
    const refreshed = await claim.refresh()
    assert.equal(refreshed.status, 'new', 'a grace that is over holds nothing')
  })

  test('it holds reminders and letters until it ends, and nobody resumes the file before', async ({
    client,
    assert,
  }) => {
    const user = await givenUser()
    const claim = await givenClaim()
    await launch({ creditorId: claim.creditorId })
    const endsOn = addMonths(today, 3)
    await grant(client, user, claim, today, endsOn)
    assert.equal((await claim.refresh()).status, 'paused')
    await client.delete(`/claims/${claim.ref}/pause`).loginAs(user).withCsrfToken().redirects(0)
    assert.equal((await claim.refresh()).status, 'paused')
    await claim.pause({ reason: 'Rappel lundi', untilOn: null, by: user })
    await claim.resume({ by: user })
    assert.equal((await claim.refresh()).status, 'paused')
    const page = await client.get(`/claims/${claim.ref}`).loginAs(user)
    page.assertTextIncludes('les intérêts ne courent pas et rien ne part')

    const [letter] = await loadLetterContents(
      [{ ref: 'L', claimId: claim.id, kind: 'simple', datedOn: today }],
      () => 'http://x'
    )
    assert.deepInclude(letter, { withheld: 'cancelled' })
    await tick(instantOn(addDays(today, 20), 10))
    const actions = await actionsOf(claim)
    assert.isTrue(actions.every(({ state }) => state !== 'done'))
    assert.include(
      actions.map(({ reason }) => reason),
      'paused'
    )

    await new LiftEndedPauses().handle(instantOn(endsOn, 23))
    assert.equal((await claim.refresh()).status, 'paused', 'its last day is still one of grace')
    await new LiftEndedPauses().handle(instantOn(addDays(endsOn, 1), 1))
    assert.equal((await claim.refresh()).status, 'active')
  })

  test('two years at the most, with its decision, and two never overlap', async ({ client, assert }) => {
    const user = await givenUser()
    const claim = await givenClaim()
    await grant(client, user, claim, '2026-01-10', '2028-01-10')
    await grant(client, user, claim, '2026-01-10', '2026-01-09')
    assert.lengthOf(await GracePeriod.query().where('claimId', claim.id), 0)
    await grant(client, user, claim, '2026-01-10', '2028-01-09')
    await grant(client, user, claim, '2027-06-01', '2027-07-01')
    assert.lengthOf(await GracePeriod.query().where('claimId', claim.id), 1)
  })

  test('taken back, interest accrues again from that day on and never before', async ({ client, assert }) => {
    const user = await givenUser()
    const startsOn = addDays(today, -30)
    const claim = await givenClaim({ invoices: [{ amountCents: 1_000_000, dueOn: '2026-07-01' }] })
    await grant(client, user, claim, startsOn, addMonths(today, 6))
    const yesterday = (await loadOwed(claim.id, addDays(today, -1))).interestCents
    const grace = await GracePeriod.findByOrFail('claimId', claim.id)
    await cancel(client, user, `/claims/${claim.ref}/grace/${grace.id}`)
    assert.equal((await loadOwed(claim.id, addDays(today, -1))).interestCents, yesterday)
    assert.isAbove((await loadOwed(claim.id, today)).interestCents, yesterday)
    assert.equal((await claim.refresh()).status, 'new')
  })
})
