import { test } from '@japa/runner'

test.group('health probes', () => {
  test('live and ready answer without a session', async ({ client, assert }) => {
    const live = await client.get('/health/live')
    live.assertStatus(200)
    live.assertBody({ status: 'ok' })

    const ready = await client.get('/health/ready')
    ready.assertStatus(200)
    assert.equal(ready.body().status, 'ok')
    assert.sameMembers(Object.keys(ready.body().checks), ['migrations', 'durability', 'storage', 'disk'])
    for (const probe of [live, ready]) {
      assert.isEmpty(probe.cookies())
      assert.equal(probe.header('cache-control'), 'no-store')
    }
  })
})
