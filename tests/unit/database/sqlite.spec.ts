import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from '@japa/runner'
import Database from 'better-sqlite3'
import { tuneSqlite } from '#database/sqlite'

const NORMAL = 1
const FULL = 2

test.group('SQLite connections', (group) => {
  let folder: string
  group.setup(async () => {
    folder = await mkdtemp(join(tmpdir(), 'amiable-sqlite-'))
    return () => rm(folder, { recursive: true })
  })

  const pragma = (connection: Database.Database, name: string) => connection.pragma(name, { simple: true })

  test('the driver alone falls to synchronous=NORMAL at the first write in WAL', ({ assert }) => {
    const connection = new Database(join(folder, 'untuned.sqlite'))
    connection.pragma('journal_mode = WAL')
    connection.exec('create table t (x)')
    assert.equal(pragma(connection, 'synchronous'), NORMAL)
    connection.close()
  })

  test('ours stays FULL, in WAL, with foreign keys, whoever comes first', ({ assert }) => {
    for (const attempt of ['first connection', 'second connection']) {
      const connection = new Database(join(folder, 'tuned.sqlite'))
      tuneSqlite(connection, () => {})
      connection.exec('create table if not exists t (x); insert into t values (1)')
      assert.equal(pragma(connection, 'synchronous'), FULL, attempt)
      assert.equal(pragma(connection, 'journal_mode'), 'wal', attempt)
      assert.equal(pragma(connection, 'foreign_keys'), 1, attempt)
      connection.close()
    }
  })

  test('a transaction takes the write lock when it begins', ({ assert }) => {
    const [one, two] = [1, 2].map(() => {
      const connection = new Database(join(folder, 'locks.sqlite'))
      tuneSqlite(connection, () => {})
      return connection
    }) as [Database.Database, Database.Database]
    one.prepare('BEGIN;').run()
    assert.throws(() => two.prepare('BEGIN;').run(), /database is locked/)
    one.exec('rollback')
    two.prepare('BEGIN;').run()
    two.exec('rollback')
    one.close()
    two.close()
  })

  test('a statement is prepared once, and again after the schema has changed: {$self}')
    .with(['by itself', 'by another process'])
    .run(({ assert }, by) => {
      const connections = [1, 2].map(() => {
        const connection = new Database(join(folder, `kept-${by}.sqlite`))
        tuneSqlite(connection, () => {})
        return connection
      })
      const [one, other] = connections as [Database.Database, Database.Database]
      one.exec('create table t (x)')
      one.prepare('insert into t values (?)').run(1)
      const statement = one.prepare('select * from t where x = ?')
      assert.deepEqual(statement.all(1), [{ x: 1 }])
      assert.strictEqual(one.prepare('select * from t where x = ?'), statement)

      const changing = by === 'by itself' ? one : other
      changing.prepare(`alter table t add column y text not null default 'new'`).run()
      assert.deepEqual(one.prepare('select * from t where x = ?').all(1), [{ x: 1, y: 'new' }])
      for (const connection of connections) connection.close()
    })
})
