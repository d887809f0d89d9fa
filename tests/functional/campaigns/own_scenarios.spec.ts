import type { ApiClient } from '@japa/api-client'
import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import pg from 'pg'
import { dialect } from '#shared/transaction'
import { ChangeSteps } from '#campaigns/actions/change_steps'
import { CopyScenario } from '#campaigns/actions/copy_scenario'
import { RemoveScenario } from '#campaigns/actions/remove_scenario'
import Scenario from '#campaigns/models/scenario'
import type { WantedStep } from '#campaigns/scenarios/read_steps'
import { actionsOf, launch, TUESDAY } from '#tests/fixtures/campaigns'
import { givenAgency, givenClaim, givenCreditor, givenUser } from '#tests/fixtures/domain'
import { givenPublishedTemplate } from '#tests/fixtures/templates'

const SCENARIOS = '/campaigns/scenarios'

/** As PostgreSQL numbers it. */
const LOCK_NOT_AVAILABLE = '55P03'

async function givenCopy(name = 'Ton ferme') {
  const copied = await new CopyScenario().handle({ from: 'amiable', name })
  if (copied.outcome !== 'copied') throw new Error(copied.outcome)
  return copied.slug
}

const stepsOf = async (slug: string, kind: 'b2b' | 'b2c' = 'b2b') => {
  const version = (await Scenario.versions(slug)).find((one) => one.kind === kind)
  return version!.steps
}

/** `0 letter confirm first_letter` */
const told = async (slug: string, kind: 'b2b' | 'b2c' = 'b2b') =>
  (await stepsOf(slug, kind)).map((step) => `${step.day} ${step.channel} ${step.mode} ${step.template}`)

type Row = Record<string, string | number>

/** The rows of a version as its form shows them. */
const rowsOf = async (slug: string, kind: 'b2b' | 'b2c' = 'b2b'): Promise<Row[]> =>
  (await stepsOf(slug, kind)).map(({ id, day, channel, mode }) => ({ id, day, channel, mode }))

const fields = (kind: string, rows: Row[]) =>
  rows.flatMap((row, index) =>
    Object.entries(row).map(([name, value]) => [`${kind}[${index}][${name}]`, String(value)] as const)
  )

async function put(client: ApiClient, slug: string, { b2b, b2c }: { b2b?: Row[]; b2c?: Row[] }) {
  const form = Object.fromEntries([
    ...fields('b2b', b2b ?? (await rowsOf(slug))),
    ...fields('b2c', b2c ?? (await rowsOf(slug, 'b2c'))),
  ])
  return client
    .put(`${SCENARIOS}/${slug}`)
    .form(form)
    .withCsrfToken()
    .loginAs(await givenUser('admin'))
    .redirects(0)
}

const copy = async (client: ApiClient, form: { from: string; name: string }) =>
  client
    .post(SCENARIOS)
    .form(form)
    .withCsrfToken()
    .loginAs(await givenUser('admin'))
    .redirects(0)

const remove = async (client: ApiClient, slug: string) =>
  client
    .delete(`${SCENARIOS}/${slug}`)
    .withCsrfToken()
    .loginAs(await givenUser('admin'))
    .redirects(0)

const ELECTRONIC: WantedStep[] = [
  { id: null, day: 0, channel: 'ere', mode: 'confirm' },
  { id: null, day: 15, channel: 'email', mode: 'confirm' },
]

test.group('A scenario of the agency’s own', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  test('is a copy of both versions with their steps, templates and routes', async ({ client, assert }) => {
    await db.from('scenario_steps').where({ channel: 'letter' }).update({ route: 'folder' })
    const response = await copy(client, { from: 'amiable', name: 'Ton ferme (été)' })
    response.assertHeader('location', `${SCENARIOS}/ton-ferme-ete/edit`)
    const versions = await Scenario.versions('ton-ferme-ete')
    assert.deepEqual(
      versions.map(({ kind, name }) => [kind, name]),
      [
        ['b2b', 'Ton ferme (été), professionnels'],
        ['b2c', 'Ton ferme (été), particuliers'],
      ]
    )
    for (const kind of ['b2b', 'b2c'] as const) {
      assert.deepEqual(await told('ton-ferme-ete', kind), await told('amiable', kind))
      assert.equal((await stepsOf('ton-ferme-ete', kind))[0]!.route, 'folder')
    }
  })

  test('a name that is taken, or that no address can bear, is refused: {name}')
    .with([
      { name: 'Amiable', says: 'Un scénario porte déjà ce nom : choisissez-en un autre.' },
      { name: 'TON-ferme', says: 'Un scénario porte déjà ce nom : choisissez-en un autre.' },
      { name: '…!!', says: 'Le nom doit contenir au moins une lettre ou un chiffre.' },
    ])
    .run(async ({ client, assert }, { name, says }) => {
      await givenCopy('Ton ferme')
      const response = await copy(client, { from: 'amiable', name })
      response.assertFlashMessage('inputErrorsBag', { name: [says.replace(' :', '\u00a0:')] })
      assert.deepEqual(await Scenario.slugs(), ['amiable', 'ton-ferme'])
    })

  test('two copies under one name at once make one, whole', async ({ assert }) => {
    const made = await Promise.all(
      [1, 2].map(() => new CopyScenario().handle({ from: 'amiable', name: 'Ferme' }))
    )
    assert.sameMembers(
      made.map(({ outcome }) => outcome),
      ['copied', 'name_taken']
    )
    const versions = await Scenario.versions('ferme')
    assert.deepEqual(
      versions.map(({ steps }) => steps.length),
      [6, 6]
    )
  })

  test('its form shows each step and rows for more; a collector sees neither it nor its acts', async ({
    client,
    assert,
  }) => {
    const slug = await givenCopy()
    const page = await client.get(`${SCENARIOS}/${slug}/edit`).loginAs(await givenUser('admin'))
    page.assertStatus(200)
    assert.include(page.text(), 'name="b2b[8][day]"')
    assert.notInclude(page.text(), 'name="b2b[9][day]"')
    const collector = await givenUser('collector')
    ;(await client.get(`${SCENARIOS}/${slug}/edit`).loginAs(collector)).assertStatus(403)
    const read = await client.get(`${SCENARIOS}/${slug}`).loginAs(collector)
    for (const act of ['Modifier les étapes', 'Copier ce scénario', 'Supprimer']) {
      assert.notInclude(read.text(), act)
    }
  })

  test('steps are added, changed, removed and put in order; what fits stays', async ({ client, assert }) => {
    const slug = await givenCopy()
    await givenPublishedTemplate({ slug: 'firm', channel: 'lrar' })
    const [letter, first, second, third, , handOver] = await rowsOf(slug)
    await db.from('scenario_steps').where({ id: letter!.id! }).update({ route: 'folder' })
    await db.from('scenario_steps').where({ id: second!.id! }).update({ template: 'reminder_4' })
    const b2c = await told(slug, 'b2c')
    const response = await put(client, slug, {
      b2b: [
        handOver!,
        letter!,
        { ...first!, remove: 'on' },
        second!,
        { ...third!, channel: 'lrar', day: 10, mode: 'automatic' },
        { day: 6, channel: 'ere', mode: 'manual' },
        { day: '', channel: '', mode: 'confirm' },
      ],
    })
    response.assertHeader('location', `${SCENARIOS}/${slug}`)
    assert.deepEqual(await told(slug), [
      '0 letter confirm first_letter',
      '6 ere manual electronic_letter',
      '8 email confirm reminder_4',
      '10 lrar automatic registered_letter',
      '20 hand_over confirm hand_over',
    ])
    const steps = await stepsOf(slug)
    assert.deepEqual(
      steps.map(({ position }) => position),
      [1, 2, 3, 4, 5]
    )
    assert.equal(steps[0]!.route, 'folder')
    assert.deepEqual(await told(slug, 'b2c'), b2c)
  })

  test('a registered letter that becomes an LRE keeps its words, and not who carried the paper', async ({
    client,
    assert,
  }) => {
    const slug = await givenCopy()
    await givenPublishedTemplate({ slug: 'firm', channel: 'lrar' })
    await put(client, slug, { b2b: [{ day: 0, channel: 'lrar', mode: 'confirm' }] })
    const [step] = await stepsOf(slug)
    await step!.merge({ template: 'firm', route: 'maileva' }).save()
    await put(client, slug, { b2b: [{ id: step!.id, day: 2, channel: 'lre', mode: 'confirm' }] })
    assert.deepEqual(await told(slug), ['2 lre confirm firm'])
    assert.isNull((await stepsOf(slug))[0]!.route)
  })

  test('what is wrong is said beside its field with its row, what was typed is kept, nothing changes', async ({
    client,
    assert,
  }) => {
    const slug = await givenCopy()
    const before = await told(slug)
    const [letter, email] = await rowsOf(slug)
    const b2c = [{ day: 3, channel: 'email', mode: 'confirm' }]
    const response = await put(client, slug, { b2b: [letter!, { ...email!, day: 0 }], b2c })
    assert.deepEqual(response.flashMessage('inputErrorsBag'), {
      'b2b.1.day': ['Professionnels, ligne 2\u00a0: une autre étape tombe déjà ce jour-là.'],
      'b2c.0.channel': [
        'Particuliers, ligne 1\u00a0: la première étape est une lettre, un recommandé, une ERE ou une LRE (art. R124-4).',
      ],
    })
    assert.deepEqual(await told(slug), before)
    assert.deepEqual(response.flashMessage('b2c'), [{ day: '3', channel: 'email', mode: 'confirm' }])
  })

  test('more than twenty steps are refused, even where the form has no row for them', async ({
    client,
    assert,
  }) => {
    const slug = await givenCopy()
    const b2b = Array.from({ length: 30 }, (_, day) => ({
      day,
      channel: day ? 'email' : 'letter',
      mode: 'confirm',
    }))
    const response = await put(client, slug, { b2b })
    assert.deepEqual(response.flashMessage('inputErrorsBag'), {
      'b2b.20.day': ['Professionnels, ligne 21\u00a0: au plus 20 étapes.'],
    })
    assert.lengthOf(await stepsOf(slug), 6)
  })

  test('once it has served it is not changed nor removed, and the page says to copy it', async ({
    client,
    assert,
  }) => {
    const slug = await givenCopy()
    const claim = await givenClaim({ kind: 'b2b' })
    const outcome = await launch({ creditorId: claim.creditorId, scenario: slug })
    assert.isTrue(outcome.launched)
    // The version for consumers did not serve, but the two are one scenario.
    const response = await put(client, slug, { b2c: [{ day: 0, channel: 'letter', mode: 'confirm' }] })
    response.assertFlashMessage(
      'error',
      'Ce scénario a servi entre-temps\u00a0: rien n’a changé. Copiez-le pour le changer.'
    )
    assert.lengthOf(await stepsOf(slug, 'b2c'), 6)
    await remove(client, slug)
    assert.lengthOf(await Scenario.versions(slug), 2)
    const admin = await givenUser('admin')
    const page = await client.get(`${SCENARIOS}/${slug}`).loginAs(admin)
    page.assertTextIncludes('copiez-le pour le changer')
    assert.notInclude(page.text(), 'Modifier les étapes')
    ;(await client.get(`${SCENARIOS}/${slug}/edit`).loginAs(admin).redirects(0)).assertStatus(302)
  })

  test('one that never served is removed; the last one stays', async ({ client, assert }) => {
    const slug = await givenCopy()
    const response = await remove(client, 'amiable')
    response.assertHeader('location', `${SCENARIOS}/${slug}`)
    assert.deepEqual(await Scenario.slugs(), [slug])
    const last = await remove(client, slug)
    last.assertFlashMessage('error', 'C’est le dernier scénario\u00a0: il reste.')
    assert.deepEqual(await Scenario.slugs(), [slug])
    // What was proposed by its name is the one that is left.
    const creditor = await givenCreditor()
    await givenClaim({ creditor })
    const admin = await givenUser('admin')
    ;(await client.get(`/campaigns/create?creditor=${creditor.ref}`).loginAs(admin)).assertTextIncludes(
      `value="${slug}" selected`
    )
    ;(await client.get('/campaigns').loginAs(admin)).assertTextIncludes(`${SCENARIOS}/${slug}`)
  })

  test('two removed at once leave one', async ({ assert }) => {
    const slug = await givenCopy()
    const outcomes = await Promise.all([slug, 'amiable'].map((one) => new RemoveScenario().handle(one)))
    assert.sameMembers(outcomes, ['removed', 'last'])
    assert.lengthOf(await Scenario.slugs(), 1)
  })

  test('what does not exist is not found', async ({ client }) => {
    const admin = await givenUser('admin')
    ;(await client.get(`${SCENARIOS}/none/edit`).loginAs(admin)).assertStatus(404)
    ;(await copy(client, { from: 'none', name: 'Ferme' })).assertStatus(404)
    ;(await remove(client, 'none')).assertStatus(404)
    const put404 = client.put(`${SCENARIOS}/none`).form({}).withCsrfToken().loginAs(admin)
    ;(await put404).assertStatus(404)
  })

  test('an electronic step is offered at the launch, planned on its day, and said when nothing carries it', async ({
    client,
    assert,
  }) => {
    const slug = await givenCopy('Par voie électronique')
    const lre: WantedStep[] = [{ id: null, day: 0, channel: 'lre', mode: 'confirm' }]
    await new ChangeSteps().handle(slug, { b2b: ELECTRONIC, b2c: lre })
    const creditor = await givenCreditor()
    const claim = await givenClaim({ creditor, kind: 'b2b' })
    const admin = await givenUser('admin')
    const offered = await client
      .get(`/campaigns/create?creditor=${creditor.ref}&scenario=${slug}`)
      .loginAs(admin)
    offered.assertTextIncludes(`<option value="${slug}" selected`)
    await client
      .post('/campaigns')
      .form({ creditor: creditor.ref, scenario: slug, on: TUESDAY })
      .withCsrfToken()
      .loginAs(admin)
    const [first] = await actionsOf(claim)
    assert.deepEqual([first!.channel, first!.plannedOn], ['ere', TUESDAY])

    const page = await client.get(`${SCENARIOS}/${slug}`).loginAs(admin)
    page.assertTextIncludes('part en LRE et son prestataire n’est pas encore configuré')
    page.assertTextIncludes('href="/settings/mail"')
    assert.notInclude(page.text(), 'part en ERE')
  })
})

test.group('A scenario changed while it is launched', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  test('one comes first: what is launched is a whole scenario, the one that stays', async ({ assert }) => {
    const claims = []
    for (let index = 0; index < 4; index++) claims.push(await givenClaim())
    for (const [index, claim] of claims.entries()) {
      const slug = await givenCopy(`Essai ${index}`)
      const wanted = { b2b: ELECTRONIC, b2c: ELECTRONIC }
      const [changed, launched] = await Promise.all([
        new ChangeSteps().handle(slug, wanted),
        launch({ creditorId: claim.creditorId, scenario: slug }),
      ])
      assert.isTrue(launched.launched)
      const planned = (await actionsOf(claim)).map(({ stepId, channel }) => `${stepId} ${channel}`)
      const stays = (await stepsOf(slug)).map(({ id, channel }) => `${id} ${channel}`)
      assert.deepEqual(planned, stays)
      assert.lengthOf(planned, changed === 'changed' ? 2 : 6)
    }
  })

  /** What another process would be told that asks for the rows of the built-in scenario. */
  async function asked(lock: 'update' | 'share'): Promise<'held' | 'free'> {
    const client = new pg.Client({ connectionString: process.env.DATABASE_URL })
    await client.connect()
    try {
      await client.query(`select id from scenarios where slug = 'amiable' for ${lock} nowait`)
      return 'free'
    } catch (error) {
      if ((error as { code?: string }).code !== LOCK_NOT_AVAILABLE) throw error
      return 'held'
    } finally {
      await client.end()
    }
  }

  test('a launch holds the steps that it reads, and a change those that it writes', async ({ assert }) => {
    const { creditorId } = await givenClaim()
    assert.equal(await asked('update'), 'free')
    await launch({ creditorId: (await givenClaim({ claim: { status: 'closed' } })).creditorId })
    assert.equal(await asked('update'), 'held')
    assert.equal(await asked('share'), 'free', 'another launch does not wait')
    await new ChangeSteps().handle('amiable', { b2b: ELECTRONIC, b2c: ELECTRONIC })
    assert.equal(await asked('share'), 'held')
    assert.isTrue((await launch({ creditorId })).launched)
  }).skip(() => dialect() === 'sqlite', 'SQLite has one writer at a time')
})
