import { test } from '@japa/runner'
import app from '@adonisjs/core/services/app'
import { givenInstallation, runCommand } from '#tests/fixtures/processes'

const sample = (name: string) => app.makePath('docs/samples', name)

test.group('campaigns:launch, actions:confirm, tick, campaigns:simulate', (group) => {
  group.tap((one) => one.tags(['@any_database']))
  let home: Awaited<ReturnType<typeof givenInstallation>>
  group.setup(async () => {
    home = await givenInstallation()
    return home.discard
  })

  const run = (...args: string[]) => runCommand(args, home.variables)
  const answer = async (...args: string[]) => {
    const { code, stdout, stderr } = await run(...args, '--json')
    if (code !== 0) throw new Error(stderr)
    return JSON.parse(stdout)
  }
  const launch = ['campaigns:launch', '--import=1', '--scenario=amiable', '--on=2026-11-24', '--yes']

  /** The built-in scenario, copied, whose letter leaves electronically. */
  async function givenElectronicCopy() {
    await home.database.query(
      `insert into scenarios (slug, kind, name, created_at)
       select 'electronique', kind, 'Électronique', created_at from scenarios where slug = 'amiable'`
    )
    await home.database.query(
      `insert into scenario_steps (scenario_id, position, day, channel, mode, template)
       select own.id, s.position, s.day, case s.position when 1 then 'ere' else s.channel end, s.mode,
         case s.position when 1 then 'electronic_letter' else s.template end
       from scenario_steps s
       join scenarios original on original.id = s.scenario_id and original.slug = 'amiable'
       join scenarios own on own.slug = 'electronique' and own.kind = original.kind`
    )
  }

  test('a launch is refused in one line, and nothing is half done: {says}')
    .with([
      { args: ['--scenario=amiable'], says: 'Say which files' },
      { args: ['--scenario=amiable', '--import=9'], says: 'There is no such import' },
      { args: ['--scenario=amiable', '--creditor=C-9'], says: 'There is no such creditor' },
      { args: ['--import=1'], says: 'scenario' },
    ])
    .run(async ({ assert }, { args, says }) => {
      const { code, stdout, stderr } = await run('campaigns:launch', ...args, '--json')
      assert.equal(code, 1)
      assert.equal(stdout, '')
      assert.include(stderr, says)
    })

  test('the sample’s 25 files make two campaigns, wait for agreement, and leave on their days', async ({
    assert,
  }) => {
    const { ref } = await answer('creditors:create', sample('creditor.json'))
    const imported = await answer(
      'claims:import',
      sample('creances-sample.xlsx'),
      `--creditor=${ref}`,
      '--partial',
      '--accept-terms'
    )
    assert.equal(imported.claims, 25)

    const early = await run(...launch, '--json')
    assert.equal(early.code, 1)
    assert.include(early.stderr, 'The agency is not configured')
    await answer('agency:configure', sample('agency.json'))

    await givenElectronicCopy()
    const electronic = await answer(
      'campaigns:launch',
      '--import=1',
      '--scenario=electronique',
      '--on=2026-11-24',
      '--dry-run'
    )
    assert.deepInclude(electronic.campaigns[0].calendar[0], { day: 0, on: '2026-11-24', channel: 'ere' })

    const dry = await answer(...launch, '--dry-run')
    const launched = await answer(...launch)
    assert.deepEqual(
      launched.campaigns.map(({ kind, claims }: { kind: string; claims: number }) => ({ kind, claims })),
      [
        { kind: 'b2b', claims: 14 },
        { kind: 'b2c', claims: 11 },
      ]
    )
    assert.deepEqual(
      dry.campaigns.map(({ calendar }: { calendar: object }) => calendar),
      launched.campaigns.map(({ calendar }: { calendar: object }) => calendar)
    )
    assert.deepEqual(launched.campaigns[0].calendar[0], {
      day: 0,
      on: '2026-11-24',
      channel: 'letter',
      count: 14,
    })
    assert.deepEqual(launched.excluded, [])
    for (const more of [[], ['--dry-run']]) {
      const again = await run(...launch, ...more, '--json')
      assert.equal(again.code, 1)
      assert.include(again.stderr, 'No file can be launched')
      const { campaigns, excluded } = JSON.parse(again.stdout)
      assert.deepEqual([campaigns, excluded.length], [[], 25])
      assert.equal(excluded[0].reason, 'in_campaign')
    }

    const [b2b, b2c] = launched.campaigns
    const tooFar = await run('campaigns:simulate', `--campaign=${b2b.id}`, '--until=2999-01-01')
    assert.equal(tooFar.code, 1)
    assert.match(tooFar.stderr, /--until goes to \d{4}-\d\d-\d\d at most/)
    const simulated = await answer('campaigns:simulate', `--campaign=${b2b.id}`, '--until=2026-12-31')
    assert.equal(simulated.costCents, 14 * 152)

    assert.containSubset((await answer('tick', '--at=2026-11-24T06:00:00Z')).done, { letters: 0 })
    assert.deepEqual(await answer('actions:confirm', `--campaign=${b2b.id}`, '--on=2026-11-24'), {
      confirmed: 14,
    })
    const night = await answer('tick', '--at=2026-11-24T20:00:00Z')
    assert.lengthOf(night.deferred, 14)
    assert.containSubset(night.deferred[0], {
      reason: 'outside_hours',
      until: '2026-11-25T07:00:00.000Z',
    })

    const day = await answer('tick', '--at=2026-11-25T09:00:00Z', '--until-idle')
    assert.equal(day.at, '2026-11-25T09:00:00.000Z')
    assert.containSubset(day.done, { letters: 14, rendered: 14 })
    assert.deepEqual([day.deferred, day.failed], [[], []])
    assert.deepEqual(
      await home.database.query(`select distinct state, channel from deliveries where channel = 'email'`),
      [{ state: 'queued', channel: 'email' }],
      'without SMTP emails wait: none counts as sent'
    )
    assert.deepEqual(await answer('actions:confirm', `--campaign=${b2c.ref}`), { confirmed: 11 })
  })
})
