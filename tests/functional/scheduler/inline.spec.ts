import { setTimeout as sleep } from 'node:timers/promises'
import { test } from '@japa/runner'
import app from '@adonisjs/core/services/app'
import { givenInstallation, runCommand, startServer } from '#tests/fixtures/processes'

const sample = (name: string) => app.makePath('docs/samples', name)

test.group('SCHEDULER', (group) => {
  group.tap((one) => one.tags(['@any_database']))
  let home: Awaited<ReturnType<typeof givenInstallation>>
  group.setup(async () => {
    home = await givenInstallation()
    return home.discard
  })

  test('inline, the web process does what is due; off, it does not; told to end, it ends', async ({
    assert,
  }) => {
    for (const args of [
      ['agency:configure', sample('agency.json')],
      ['creditors:create', sample('creditor.json')],
      ['claims:import', sample('creances-sample.csv'), '--creditor=C-00001', '--partial', '--accept-terms'],
      ['campaigns:launch', '--creditor=C-00001', '--scenario=amiable', '--yes'],
      ['actions:confirm', '--campaign=1', '--on=2999-01-01'],
    ]) {
      const { code, stderr } = await runCommand([...args, '--json'], home.variables)
      assert.equal(code, 0, stderr)
    }
    // Whatever the hour at which this runs, what is looked at does not stay as it was.
    await home.database.query(`update actions set state = 'ready', confirmed_at = '2026-01-01T00:00:00.000Z',
      due_at = '2026-01-01T00:00:00.000Z', planned_on = '2026-01-01' where position = 1 and campaign_id = 1`)
    const waiting = async () =>
      (await home.database.query(`select id from actions where state = 'ready'`)).length
    assert.equal(await waiting(), 14)

    const off = await startServer(home.variables)
    await sleep(1500)
    await off.stop()
    assert.equal(await waiting(), 14)

    const inline = await startServer({ ...home.variables, SCHEDULER: 'inline' })
    try {
      for (const deadline = Date.now() + 60_000; (await waiting()) > 0 && Date.now() < deadline;)
        await sleep(50)
      assert.equal(await waiting(), 0)
    } finally {
      await inline.stop()
    }
    assert.equal(inline.process.exitCode, 0)
  })
})
