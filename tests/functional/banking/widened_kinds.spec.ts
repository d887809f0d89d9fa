import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { rowsOf } from '#shared/sql'
import { dialect } from '#shared/transaction'
import { widenOneOf } from '#database/widen_check'
import { givenInstallation, runCommand } from '#tests/fixtures/processes'
import { collected, takenBack } from '#tests/fixtures/banking'
import { givenAgency, givenClaim } from '#tests/fixtures/domain'

/** What else the table is made of: nothing of it may be lost when it is built again. */
async function parts(): Promise<string[]> {
  const sql =
    dialect() === 'postgres'
      ? `select indexname as name from pg_indexes where tablename = 'postings'
         union all select tgname from pg_trigger where tgrelid = 'postings'::regclass and not tgisinternal
         union all select conname from pg_constraint where conrelid = 'postings'::regclass order by 1`
      : `select name from sqlite_master where tbl_name = 'postings' and sql is not null order by name`
  return (await rowsOf<{ name: string }>(db.connection(), sql)).map(({ name }) => name)
}

const all = () => db.from('postings').orderBy('id')

test.group('A table whose column takes more words', () => {
  test('keeps its rows, keys, indexes and triggers, reversals included', async ({ assert }) => {
    await givenAgency()
    const payment = await collected(await givenClaim(), 10_000)
    await takenBack(payment, 4_000)
    const [before, made] = [await all(), await parts()]
    assert.isTrue(before.some((posting) => posting.reverses_id !== null))

    await widenOneOf(db.connection(), 'postings', 'kind', ['novelty'])

    assert.deepEqual(await all(), before)
    assert.deepEqual(await parts(), made)
    const last = before.at(-1)
    const another = (changes: object) => ({
      ...last,
      id: undefined,
      key: 'new',
      reverses_id: null,
      ...changes,
    })
    const refused = async (work: () => Promise<unknown>, why: RegExp) => {
      await db.rawQuery('savepoint asking')
      await assert.rejects(work, why)
      await db.rawQuery('rollback to savepoint asking')
    }
    await db.table('postings').insert(another({ kind: 'novelty' }))
    await refused(
      () => db.table('postings').insert(another({ kind: 'nonsense', key: 'x' })),
      /check|constraint/i
    )
    await refused(() => db.table('postings').insert(another({ kind: 'novelty' })), /unique/i)
    await refused(() => db.from('postings').update({ amount_cents: 1 }), /append-only/)
    await refused(() => db.from('postings').delete(), /append-only/)
    const [{ id }] = await db.from('postings').where('key', 'new').select('id')
    assert.isAbove(Number(id), Number(last.id), 'ids go on')
  })

  test('a table that others refer to takes more words too, and no others', async ({ assert }) => {
    await givenAgency()
    const claim = await givenClaim()
    const letter = (ref: string, kind: string) =>
      db.table('letters').insert({
        ref,
        claim_id: claim.id,
        kind,
        template: 'first_letter',
        dated_on: '2026-11-24',
        created_at: '2026-11-24T09:00:00.000Z',
      })
    await widenOneOf(db.connection(), 'letters', 'kind', ['novelty'])
    await letter('L-1', 'novelty')
    await db.rawQuery('savepoint asking')
    await assert.rejects(() => letter('L-2', 'nonsense'), /check|constraint/i)
    await db.rawQuery('rollback to savepoint asking')
    assert.lengthOf(await db.from('letters').where('claim_id', claim.id), 1)
  })

  test('a column without a check of its own is refused', async ({ assert }) => {
    await assert.rejects(
      () => widenOneOf(db.connection(), 'postings', 'reason', ['novelty']),
      'postings.reason has 0 checks of its own, not one'
    )
  })
})

test.group('Migration of a ledger that holds returns', () => {
  test('the migration that widens it commits, and changes no row', async ({ assert, cleanup }) => {
    const home = await givenInstallation()
    cleanup(home.discard)
    const migrate = async (...args: string[]) => {
      const { code, stdout, stderr } = await runCommand(
        [...args, '--force', '--no-schema-generate'],
        home.variables
      )
      assert.equal(code, 0, stderr + stdout)
    }
    const done = await home.database.query<{ name: string }>(
      'select name from adonis_schema order by id desc'
    )
    const back = done.findIndex(({ name }) => name.endsWith('0010_remittances')) + 1
    await migrate('migration:rollback', `--step=${back}`)
    await home.database.query(
      `insert into creditors (ref, name, address_lines, created_at, updated_at)
       values ('C-1', 'X', '[]', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z')`
    )
    const posting = (id: number, kind: string, accounts: string, reverses: string) =>
      home.database.query(
        `insert into postings (id, key, kind, creditor_id, debit_account, credit_account, amount_cents,
           effective_on, reverses_id, reason, created_at)
         select ${id}, 'k${id}', '${kind}', id, ${accounts}, 100, '2026-01-01', ${reverses}, 'test',
           '2026-01-01T00:00:00.000Z' from creditors`
      )
    await posting(1, 'receipt', `'client_funds', 'creditor_payable'`, 'null')
    await posting(2, 'reversal', `'creditor_payable', 'client_funds'`, '1')
    const ledger = () => home.database.query('select * from postings order by id')
    const before = await ledger()
    await migrate('migration:run')
    assert.deepEqual(await ledger(), before)
    assert.lengthOf(await home.database.query('select * from remittances'), 0)
    await posting(3, 'remittance', `'creditor_payable', 'client_funds'`, 'null')
    await assert.rejects(
      () => posting(4, 'reversal', `'creditor_payable', 'client_funds'`, '99'),
      /foreign key/i
    )
  })
})
