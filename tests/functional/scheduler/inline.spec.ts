import { setTimeout as sleep } from 'node:timers/promises'
import { test } from '@japa/runner'
import Database from 'better-sqlite3'
import app from '@adonisjs/core/services/app'
import { givenInstallation, runCommand, startServer } from '#tests/fixtures/processes'

const sample = (name: string) => app.makePath('docs/samples', name)

test.group('SCHEDULER', (group) => {
  group.tap((one) => one.timeout(180_000))
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
    write(`update actions set state = 'ready', confirmed_at = '2026-01-01T00:00:00.000Z',
      due_at = '2026-01-01T00:00:00.000Z', planned_on = '2026-01-01' where position = 1 and campaign_id = 1`)
    const waiting = () => count(`select count(*) as n from actions where state = 'ready'`)
    assert.equal(waiting(), 14)

    const off = await startServer(home.variables)
    await sleep(1500)
    await off.stop()
    assert.equal(waiting(), 14)

    const inline = await startServer({ ...home.variables, SCHEDULER: 'inline' })
    try {
      for (const deadline = Date.now() + 60_000; waiting() > 0 && Date.now() < deadline;) await sleep(50)
      assert.equal(waiting(), 0)
    } finally {
      await inline.stop()
    }
    assert.equal(inline.process.exitCode, 0)
  })

  function write(sql: string) {
    const database = new Database(home.variables.DB_FILE!)
    database.exec(sql)
    database.close()
  }

  function count(sql: string): number {
    const database = new Database(home.variables.DB_FILE!, { readonly: true })
    try {
      return (database.prepare(sql).get() as { n: number }).n
    } finally {
      database.close()
    }
  }
})
