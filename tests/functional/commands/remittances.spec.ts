import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from '@japa/runner'
import app from '@adonisjs/core/services/app'
import { sha256 } from '#shared/files'
import { clock } from '#shared/clock'
import { givenInstallation, runCommand } from '#tests/fixtures/processes'

const sample = (name: string) => app.makePath('docs/samples', name)

test.group('remittances:prepare, remittances:export, accounting:export', (group) => {
  group.tap((one) => one.tags(['@any_database']))
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

test.group('Remittances prepared and ordered by several processes at once', (group) => {
  group.tap((one) => one.tags(['@any_database']))

  const PAYMENTS = 60
  const CENTS = 1_000

  /** An installation that has received sixty payments. */
  async function givenPayments() {
    const home = await givenInstallation()
    const run = (...args: string[]) => runCommand(args, home.variables)
    const creditor = async () =>
      JSON.parse((await run('creditors:create', sample('creditor.json'), '--json')).stdout).ref
    await run('agency:configure', sample('agency.json'))
    const table = sample('creances-sample.csv')
    await run('claims:import', table, `--creditor=${await creditor()}`, '--partial', '--accept-terms')
    const [at, on] = [clock.now(), clock.today()]
    for (let index = 1; index <= PAYMENTS; index++) {
      await home.database.query(
        `insert into payments (ref, source, claim_id, method, amount_cents, interest_cents, principal_cents,
           indemnity_cents, suspense_cents, received_on, created_at)
         select 'E-T-${index}', 'test:${index}', min(id), 'transfer', ${CENTS}, 0, ${CENTS}, 0, 0, '${on}', '${at}' from claims`
      )
    }
    await home.database.query(
      `insert into postings (key, kind, creditor_id, claim_id, payment_id, debit_account, credit_account,
         amount_cents, effective_on, reason, created_at)
       select 'payment:' || m.id, 'receipt', c.creditor_id, c.id, m.id, 'client_funds', 'creditor_payable', ${CENTS},
         '${on}', 'payment', '${at}'
       from payments m join claims c on c.id = m.claim_id`
    )
    return { home, run }
  }

  type Drawn = { lines: number; payments: number; cents: number }
  type Ordered = { orders: number; transfers: number; cents: number; exported: number; net: number }

  async function standing(home: Awaited<ReturnType<typeof givenInstallation>>) {
    const [drawn] = await home.database.query<Drawn>(
      `select count(*) as lines, count(distinct payment_id) as payments, sum(collected_cents) as cents
       from remittance_lines where released_at is null`
    )
    const [ordered] = await home.database.query<Ordered>(
      `select (select count(*) from transfer_orders) as orders, (select coalesce(sum(transfers), 0) from transfer_orders) as transfers,
         (select coalesce(sum(amount_cents), 0) from transfer_orders) as cents,
         (select count(*) from remittances where state = 'exported') as exported,
         (select coalesce(sum(net_cents), 0) from remittances where state = 'exported') as net`
    )
    const numbers = (row: object) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)]))
    return { drawn: numbers(drawn!), ordered: numbers(ordered!) }
  }

  const ALL_DRAWN = { lines: PAYMENTS, payments: PAYMENTS, cents: PAYMENTS * CENTS }

  test('three processes draw each payment once, and order it once', async ({ assert, cleanup }) => {
    const { home, run } = await givenPayments()
    cleanup(() => home.discard())
    const preparing = await Promise.all([1, 2, 3].map(() => run('remittances:prepare', '--json')))
    for (const { code, stderr } of preparing) assert.equal(code, 0, stderr)
    const made = preparing.flatMap(({ stdout }) => JSON.parse(stdout).remittances)
    assert.lengthOf(made, 1)
    assert.deepEqual((await standing(home)).drawn, ALL_DRAWN)

    const outs = [1, 2, 3].map((index) => join(home.folder, `order-${index}.xml`))
    const exporting = await Promise.all(
      outs.map((out) => run('remittances:export', `--out=${out}`, '--json'))
    )
    for (const { code, stderr } of exporting) assert.equal(code, 0, stderr)
    const answers = exporting.map(({ stdout }) => JSON.parse(stdout))
    assert.lengthOf(
      answers.filter(({ already }) => !already),
      1
    )
    const files = await Promise.all(outs.map(async (out) => sha256(await readFile(out))))
    assert.lengthOf([...new Set(files)], 1)
    const { ordered } = await standing(home)
    assert.deepEqual(ordered, {
      orders: 1,
      transfers: 1,
      exported: 1,
      cents: ordered.net!,
      net: ordered.net!,
    })
  })

  test('killed anywhere, started again: nothing is drawn or ordered twice', async ({ assert, cleanup }) => {
    const { home, run } = await givenPayments()
    cleanup(() => home.discard())
    const out = join(home.folder, 'order.xml')
    for (const [args, delays] of [
      [['remittances:prepare'], [600, 1000, 1400, 1800]],
      [
        ['remittances:export', `--out=${out}`],
        [600, 1000, 1400, 1800],
      ],
    ] as const) {
      for (const delay of delays) {
        await killedAfter(args, delay, home.variables)
        const { drawn, ordered } = await standing(home)
        // All of it, or nothing.
        assert.oneOf(drawn.lines, [0, PAYMENTS])
        assert.equal(ordered.cents, ordered.net)
      }
      const { code, stderr } = await run(...args, '--json')
      assert.equal(code, 0, stderr)
    }
    const { drawn, ordered } = await standing(home)
    assert.deepEqual(drawn, ALL_DRAWN)
    assert.equal(ordered.transfers, 1)
    assert.equal(ordered.cents, ordered.net)
    assert.include(await readFile(out, 'utf8'), '<NbOfTxs>1</NbOfTxs>')
  })
})

/** Starts a command and kills it, wherever it is by then. */
async function killedAfter(args: readonly string[], delayMs: number, env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, ['ace.js', ...args], {
    cwd: app.makePath('.'),
    env,
    stdio: 'ignore',
  })
  const closed = once(child, 'close')
  await sleep(delayMs)
  child.kill('SIGKILL')
  await closed
}
