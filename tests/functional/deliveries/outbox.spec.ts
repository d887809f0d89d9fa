import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { transaction } from '#shared/transaction'
import { enqueue, enqueueMany, enqueueSelected } from '#deliveries/outbox'
import Delivery from '#deliveries/models/delivery'

const row = (key: string) => ({ key, recipe: 'test.note', recipient: 'a@x.fr', parameters: { n: 1 } })

test.group('Outbox', () => {
  test('the same key is queued once', async ({ assert }) => {
    assert.isTrue(await transaction((trx) => enqueue(trx, row('once'))))
    assert.isFalse(await transaction((trx) => enqueue(trx, { ...row('once'), recipient: 'b@x.fr' })))
    const [only, ...others] = await Delivery.query().where('key', 'once')
    assert.lengthOf(others, 0)
    assert.containSubset(only!.serialize(), {
      state: 'queued',
      channel: 'email',
      recipient: 'a@x.fr',
      attempts: 0,
      parameters: { n: 1 },
    })
  })

  test('nothing leaves when the caller’s transaction is rolled back', async ({ assert }) => {
    const refused = transaction(async (trx) => {
      await enqueue(trx, row('rolled-back'))
      throw new Error('later in the transaction')
    })
    await assert.rejects(() => refused, 'later in the transaction')
    assert.isNull(await Delivery.findBy('key', 'rolled-back'))
  })

  test('many rows go in batches, and those already there are left alone', async ({ assert }) => {
    await transaction((trx) => enqueue(trx, row('many:7')))
    const rows = Array.from({ length: 1203 }, (_, index) => row(`many:${index}`))
    assert.equal(await transaction((trx) => enqueueMany(trx, rows)), 1202)
    assert.equal(await transaction((trx) => enqueueMany(trx, rows)), 0)
    assert.lengthOf(await Delivery.query().whereLike('key', 'many:%'), 1203)
  })

  test('rows chosen by a SELECT are queued without leaving the database', async ({ assert }) => {
    const at = '2026-11-23T08:00:00.000Z'
    await db.table('users').multiInsert(
      ['u1@x.fr', 'u2@x.fr', 'u3@x.fr'].map((email) => ({
        email,
        full_name: 'Ada',
        role: 'admin',
        created_at: at,
        updated_at: at,
      }))
    )
    const select = {
      sql: `select 'user:' || email as key, email as recipient, cast(null as integer) as claim_id,
              cast(null as integer) as creditor_id, cast(null as integer) as action_id,
              cast(null as integer) as letter_id
            from users where email <> ?`,
      bindings: ['u3@x.fr'],
    }
    const queue = () =>
      transaction((trx) => enqueueSelected(trx, select, { recipe: 'test.note', notBeforeAt: at }))
    assert.equal(await queue(), 2)
    assert.equal(await queue(), 0)
    const queued = await Delivery.query().whereLike('key', 'user:%').orderBy('id')
    assert.deepEqual(
      queued.map(({ recipient, notBeforeAt, parameters }) => ({ recipient, notBeforeAt, parameters })),
      [
        { recipient: 'u1@x.fr', notBeforeAt: at, parameters: {} },
        { recipient: 'u2@x.fr', notBeforeAt: at, parameters: {} },
      ]
    )
  })
})
