import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { clock, instantOn } from '#shared/clock'
import Campaign from '#campaigns/models/campaign'
import { simulateCampaign } from '#campaigns/actions/simulate_campaign'
import { ConfirmActions } from '#campaigns/actions/confirm_actions'
import { givenAgency, givenClaim, givenCreditor, givenUser } from '#tests/fixtures/domain'
import {
  actionsOf,
  due,
  givenCampaign,
  launch,
  playDays,
  storyOf,
  TEN,
  TUESDAY,
} from '#tests/fixtures/campaigns'

test.group('Campaigns pages', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  test('what can be launched is offered, by table and by creditor', async ({ client, assert }) => {
    const creditor = await givenCreditor({ name: 'NOVALIS FORMATION' })
    await givenClaim({ creditor })
    const page = await client.get('/campaigns/create').loginAs(await givenUser())
    page.assertStatus(200)
    assert.include(page.text(), 'NOVALIS FORMATION')
    assert.include(page.text(), `/campaigns/create?creditor=${creditor.ref}`)
  })

  test('the preview shows the split, the calendar and who is left out, and writes nothing', async ({
    client,
    assert,
  }) => {
    const creditor = await givenCreditor()
    await givenClaim({ creditor, kind: 'b2b' })
    await givenClaim({ creditor, kind: 'b2c' })
    const left = await givenClaim({ creditor, claim: { status: 'disputed' } })
    const page = await client
      .get(`/campaigns/create?creditor=${creditor.ref}&on=2026-11-24`)
      .loginAs(await givenUser())
    page.assertStatus(200)
    for (const words of ['Professionnels', 'Particuliers', '07/12/2026', left.ref, 'Contesté', '3,04']) {
      assert.include(page.text(), words)
    }
    assert.lengthOf(await Campaign.all(), 0)
  })

  test('a launch from the page makes its campaigns and says that nothing leaves without agreement', async ({
    client,
    assert,
  }) => {
    const creditor = await givenCreditor()
    const claim = await givenClaim({ creditor })
    const user = await givenUser()
    const form = { creditor: creditor.ref, scenario: 'amiable', on: clock.today() }
    const page = await client.post('/campaigns').loginAs(user).form(form).withCsrfToken()
    page.assertStatus(200)
    assert.include(page.text(), 'rien ne part sans votre accord')
    const [campaign] = await Campaign.all()
    assert.equal(campaign!.userId, user.id)
    assert.lengthOf(await actionsOf(claim), 6)

    await client.post('/campaigns').loginAs(user).form(form).withCsrfToken()
    assert.lengthOf(await Campaign.all(), 1, 'launching again launches nothing')
  })

  test('who launches steps that leave by themselves is told so before and after', async ({
    client,
    assert,
  }) => {
    const creditor = await givenCreditor()
    await givenClaim({ creditor })
    await db.from('scenario_steps').where('channel', 'email').update({ mode: 'automatic' })
    const user = await givenUser()
    const preview = await client.get(`/campaigns/create?creditor=${creditor.ref}`).loginAs(user)
    assert.include(preview.text(), 'Les étapes automatiques partent à leur jour')
    assert.notInclude(preview.text(), 'Chaque étape attend votre accord')
    const form = { creditor: creditor.ref, scenario: 'amiable', on: clock.today() }
    const page = await client.post('/campaigns').loginAs(user).form(form).withCsrfToken()
    assert.include(page.text(), 'les étapes automatiques partent à leur jour')
    assert.notInclude(page.text(), 'rien ne part sans votre accord')
  })

  test('a refused launch says each reason and launches nothing', async ({ client, assert }) => {
    const creditor = await givenCreditor({ iban: null }, null)
    await givenClaim({ creditor })
    const user = await givenUser()
    const url = `/campaigns/create?creditor=${creditor.ref}`
    const preview = await client.get(url).loginAs(user)
    for (const words of ['coordonnées bancaires', 'mandat en cours']) assert.include(preview.text(), words)
    assert.notInclude(preview.text(), 'id="launch"')
    await client.post('/campaigns').loginAs(user).form({ creditor: creditor.ref }).withCsrfToken()
    assert.lengthOf(await Campaign.all(), 0)
  })

  test('a campaign’s page shows its progress and every action with its reason', async ({
    client,
    assert,
  }) => {
    const creditor = await givenCreditor()
    const claims = [await givenClaim({ creditor }), await givenClaim({ creditor, email: null })]
    const campaign = await givenCampaign(claims)
    await playDays('2026-11-24', '2026-11-28')
    const user = await givenUser()
    const page = await client.get(`/campaigns/${campaign.ref}`).loginAs(user)
    page.assertStatus(200)
    for (const { ref } of claims) assert.include(page.text(), ref)
    assert.include(page.text(), 'Aucune adresse e-mail')
    const skipped = await client.get(`/campaigns/${campaign.ref}?state=skipped`).loginAs(user)
    assert.include(skipped.text(), claims[1]!.ref)
    assert.notInclude(skipped.text(), `/claims/${claims[0]!.ref}"`)
    assert.equal((await client.get('/campaigns/CA-2026-99999').loginAs(user)).status(), 404)
    assert.include((await client.get('/campaigns').loginAs(user)).text(), campaign.ref)
  })

  test('an accountant, a creditor and a guest may not see or launch')
    .with(['accountant', 'creditor', 'guest'] as const)
    .run(async ({ client, assert }, role) => {
      const creditor = await givenCreditor()
      await givenClaim({ creditor })
      await givenUser('admin')
      const user =
        role === 'guest'
          ? null
          : await givenUser(role, role === 'creditor' ? { creditorId: creditor.id } : {})
      const asked = [
        client.get('/campaigns'),
        client.get('/campaigns/create'),
        client.get('/campaigns/CA-2026-00001'),
        client.post('/campaigns').form({ creditor: creditor.ref }).withCsrfToken(),
      ]
      for (const request of asked) {
        const answer = await (user ? request.loginAs(user) : request).redirects(0)
        if (user) answer.assertStatus(403)
        else assert.include(answer.header('location'), '/sign-in')
      }
      assert.lengthOf(await Campaign.all(), 0)
    })
})

test.group('N2: simulating', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  test('who gets what, when and at what cost, as the days then prove; and nothing is written', async ({
    assert,
  }) => {
    const creditor = await givenCreditor()
    const claims = [
      await givenClaim({ creditor }),
      await givenClaim({ creditor, email: null }),
      await givenClaim({ creditor, claim: { limitationOn: '2026-12-03' } }),
    ]
    const outcome = await launch({ creditorId: creditor.id })
    const campaign = outcome.launched ? outcome.campaigns[0]! : null
    const before = await tables()

    const simulated = await clock.at(TEN, () => simulateCampaign(campaign!, '2026-12-12'))
    assert.deepEqual(await tables(), before)
    assert.equal(simulated.costCents, 3 * 152)

    for (let day = TUESDAY; day <= '2026-12-12'; day = nextDay(day)) {
      const at = instantOn(day, 10)
      await clock.at(at, () =>
        new ConfirmActions().handle({ campaignId: campaign!.id, on: day, userId: null })
      )
      await playDays(day, day)
      await clock.at(at, () =>
        new ConfirmActions().handle({ campaignId: campaign!.id, on: day, userId: null })
      )
      await playDays(day, day)
    }
    for (const claim of claims) {
      const told = simulated.actions.filter((one) => one.claim === claim.ref)
      const lived = await actionsOf(claim)
      assert.deepEqual(
        told
          .map(({ action, state, reason }) => ({ action, state, reason }))
          .sort((a, b) => a.action - b.action),
        lived
          .filter(({ id }) => told.some((one) => one.action === id))
          .map(({ id, state, reason }) => ({ action: id, state, reason }))
      )
      for (const one of told.filter(({ state }) => state === 'done')) {
        assert.equal(lived.find(({ id }) => id === one.action)!.doneAt!.slice(0, 10), one.on)
      }
    }
  })

  test('begun on a Sunday, what waits for a person is played from the Monday', async ({ assert }) => {
    const creditor = await givenCreditor()
    await givenClaim({ creditor })
    const outcome = await launch({ creditorId: creditor.id })
    await playDays(TUESDAY, TUESDAY)
    const sunday = instantOn('2026-11-29', 10)
    const { actions, costCents } = await clock.at(sunday, () =>
      simulateCampaign(outcome.launched ? outcome.campaigns[0]! : assert.fail(), '2026-12-12')
    )
    assert.equal(costCents, 152)
    assert.equal(actions.find(({ channel }) => channel === 'letter')!.on, '2026-11-30')
  })

  const nextDay = (day: string) => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10)

  async function tables() {
    const names = ['actions', 'claims', 'letters', 'deliveries', 'contacts', 'claim_events']
    return Promise.all(names.map((name) => db.from(name).orderBy('id')))
  }
})

test.group('Confirming a campaign', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  test('what waits is confirmed, what is planned for later is not', async ({ assert }) => {
    const creditor = await givenCreditor()
    const claims = [await givenClaim({ creditor }), await givenClaim({ creditor })]
    const outcome = await launch({ creditorId: creditor.id })
    const [campaign] = outcome.launched ? outcome.campaigns : []
    const confirm = (on: string) =>
      clock.at(TEN, () => new ConfirmActions().handle({ campaignId: campaign!.id, on, userId: null }))
    assert.equal(await confirm('2026-11-24'), 2)
    assert.equal(await confirm('2026-11-24'), 0)
    assert.equal((await due(TEN)).letters, 2)
    assert.deepEqual((await storyOf(claims[0]!)).slice(0, 2), ['letter done', 'email planned'])
  })

  test('confirmed before its day, it leaves on its day', async ({ assert }) => {
    const claim = await givenClaim()
    const outcome = await clock.at(instantOn('2026-11-20', 10), () =>
      launch({ creditorId: claim.creditorId, on: '2026-11-24' })
    )
    const [campaign] = outcome.launched ? outcome.campaigns : []
    await db
      .from('actions')
      .where('position', 1)
      .update({ state: 'planned', due_at: '2026-11-24T00:00:00.000Z' })
    const confirmed = await clock.at(instantOn('2026-11-20', 11), () =>
      new ConfirmActions().handle({ campaignId: campaign!.id, on: '2026-11-24', userId: null })
    )
    assert.equal(confirmed, 1)
    assert.equal((await due(instantOn('2026-11-20', 12))).letters, 0)
    assert.equal((await due(TEN)).letters, 1)
  })
})
