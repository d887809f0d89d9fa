import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { rowsOf } from '#shared/sql'
import { dialect } from '#shared/transaction'
import { widenOneOf } from '#database/widen_check'
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

  test('a column without a check of its own is refused', async ({ assert }) => {
    await assert.rejects(
      () => widenOneOf(db.connection(), 'postings', 'reason', ['novelty']),
      'postings.reason has 0 checks of its own, not one'
    )
  })
})
