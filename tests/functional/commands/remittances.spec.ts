import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from '@japa/runner'
import app from '@adonisjs/core/services/app'
import { sha256 } from '#shared/files'
import { clock } from '#shared/clock'
import { givenInstallation, runCommand } from '#tests/fixtures/processes'

const sample = (name: string) => app.makePath('docs/samples', name)

test.group('remittances:prepare, remittances:export, accounting:export', (group) => {
  group.tap((one) => one.tags(['@any_database']).timeout(180_000))
  let home: Awaited<ReturnType<typeof givenInstallation>>
  let creditor: string
  group.setup(async () => {
    home = await givenInstallation()
    await answer('agency:configure', sample('agency.json'))
    creditor = (await answer('creditors:create', sample('creditor.json'))).ref
    await answer(
      'claims:import',
      sample('creances-sample.csv'),
      `--creditor=${creditor}`,
      '--partial',
      '--accept-terms'
    )
    return home.discard
  })

  const run = (...args: string[]) => runCommand(args, home.variables)
  async function answer(...args: string[]) {
    const { code, stdout, stderr } = await run(...args, '--json')
    if (code !== 0) throw new Error(stderr)
    return JSON.parse(stdout)
  }

  /** 100 € received for the first file. */
  async function givenMoney() {
    const at = clock.now()
    const on = clock.today()
    await home.database.query(
      `insert into payments (ref, source, claim_id, method, amount_cents, interest_cents, principal_cents,
         indemnity_cents, suspense_cents, received_on, created_at)
       select 'E-T-1', 'test:1', min(id), 'transfer', 10000, 0, 10000, 0, 0, '${on}', '${at}' from claims`
    )
    await home.database.query(
      `insert into postings (key, kind, creditor_id, claim_id, payment_id, debit_account, credit_account,
         amount_cents, effective_on, reason, created_at)
       select 'payment:t', 'receipt', c.creditor_id, c.id, m.id, 'client_funds', 'creditor_payable', 10000,
         '${on}', 'payment', '${at}'
       from payments m join claims c on c.id = m.claim_id`
    )
  }

  test('what is asked wrongly, or before there is anything, is one line: {command}')
    .with([
      { command: 'remittances:prepare --until=demain', says: '--until takes a date' },
      { command: 'remittances:export', says: 'Name the file to write with --out' },
      { command: 'remittances:export --out=/tmp/none.xml', says: 'No remittance is prepared' },
      { command: 'accounting:export --out=/tmp', says: 'Name the year' },
      { command: 'accounting:export --year=2026', says: 'Name the folder' },
    ])
    .run(async ({ assert }, { command, says }) => {
      const { code, stdout, stderr } = await run(...command.split(' '), '--json')
      assert.equal(code, 1)
      assert.equal(stdout, '')
      assert.include(stderr, says)
      assert.lengthOf(stderr.trim().split('\n'), 1)
    })

  test('what came in is prepared once, ordered once, and told to the accountant', async ({ assert }) => {
    await givenMoney()
    const { remittances } = await answer('remittances:prepare')
    assert.lengthOf(remittances, 1)
    const { ref, dueOn, ...amounts } = remittances[0]
    assert.match(ref, /^R-\d{4}-00001$/)
    assert.isAbove(dueOn.localeCompare(clock.today()), 0)
    assert.deepEqual(amounts, {
      creditor,
      collectedCents: 10_000,
      feeCents: 1_200,
      vatCents: 240,
      netCents: 8_560,
      payments: 1,
    })
    assert.deepEqual(await answer('remittances:prepare', `--until=${clock.today()}`), { remittances: [] })

    const out = join(home.folder, 'order.xml')
    const order = await answer('remittances:export', `--out=${out}`)
    const first = await readFile(out)
    assert.isFalse(order.already)
    assert.equal(order.sha256, sha256(first))
    assert.equal(order.remittances[0].ref, ref)
    const again = await run('remittances:export', `--out=${join(home.folder, 'again.xml')}`, '--json')
    assert.isTrue(JSON.parse(again.stdout).already)
    assert.include(again.stderr, 'was exported before')
    assert.deepEqual(await readFile(join(home.folder, 'again.xml')), first)

    const folder = join(home.folder, 'fec')
    const year = clock.today().slice(0, 4)
    const entries = await answer('accounting:export', `--year=${year}`, `--out=${folder}`)
    assert.equal(entries.lines, 2)
    assert.equal(entries.debitCents, 10_000)
    assert.equal(entries.creditCents, 10_000)
    assert.lengthOf(await readdir(folder), 1)
  })
})
