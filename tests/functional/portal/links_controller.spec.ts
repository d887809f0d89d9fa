import { setImmediate } from 'node:timers/promises'
import { test } from '@japa/runner'
import logger from '@adonisjs/core/services/logger'
import db from '@adonisjs/lucid/services/db'
import { clock } from '#shared/clock'
import { dialect, transaction } from '#shared/transaction'
import PortalLink from '#claims/models/portal_link'
import { revokeLinks } from '#claims/portal_link'
import { guarded } from '#portal/guesses'
import { as, givenPortal } from '#tests/fixtures/portal'
import { forgetLimits } from '#tests/fixtures/limits'

/** Every table with the number of its rows and what they hold. */
async function everything(): Promise<string> {
  const tables = await tableNames()
  const contents: Record<string, unknown> = {}
  for (const table of tables) {
    if (table !== 'rate_limits') contents[table] = await db.from(table)
  }
  return JSON.stringify(contents)
}

async function tableNames(): Promise<string[]> {
  const rows = await db.rawQuery(
    dialect() === 'postgres'
      ? `select tablename as name from pg_tables where schemaname = current_schema()`
      : `select name from sqlite_master where type = 'table'`
  )
  return (rows.rows ?? rows).map(({ name }: { name: string }) => name)
}

test.group('Opening a link', (group) => {
  group.each.setup(() => forgetLimits())

  test('the token is swapped for a session, and the address left has no token', async ({
    assert,
    client,
  }) => {
    const { token, link, claim } = await givenPortal()
    const response = await client.get(`/p/${token}`).redirects(0)
    response.assertStatus(303)
    response.assertHeader('location', '/p')
    response.assertHeader('referrer-policy', 'no-referrer')
    response.assertHeader('cache-control', 'private, no-store')
    response.assertSession('portal', { claimId: claim.id, linkId: link.id })
    assert.notInclude(JSON.stringify([response.headers(), response.text(), response.session()]), token)
  })

  test('the page speaks the debtor’s language, unless they chose another', async ({ assert, client }) => {
    const { token } = await givenPortal({ debtor: { locale: 'en' } })
    const english = await client.get(`/p/${token}`).redirects(0)
    assert.equal(english.session().locale, 'en')
    const chosen = await client.get(`/p/${token}?lang=fr`).redirects(0)
    assert.equal(chosen.session().locale, 'fr')
  })

  test('bar 24: the session gets a new id', async ({ assert, client }) => {
    const { token } = await givenPortal()
    const before = await client.get('/p')
    const id = before.cookie('amiable_session')!.value
    const response = await client.get(`/p/${token}`).withCookie('amiable_session', id).redirects(0)
    assert.notEqual(response.cookie('amiable_session')!.value, id)
  })

  test('bar 21: unknown, malformed, expired and revoked are one and the same answer', async ({
    assert,
    client,
  }) => {
    const [expired, revoked] = [await givenPortal(), await givenPortal()]
    await expired.link.merge({ expiresAt: clock.now() }).save()
    await transaction((trx) => revokeLinks(trx, revoked.claim.id))

    const answers = new Set<string>()
    for (const token of [
      'A'.repeat(43),
      'short',
      'a%20b',
      expired.token,
      revoked.token,
      `${expired.token}x`,
      '../../etc/passwd'.replaceAll('/', '%2F'),
    ]) {
      const response = await client.get(`/p/${token}`).redirects(0)
      const headers = { ...response.headers() }
      for (const name of ['date', 'content-length', 'set-cookie', 'x-request-id']) delete headers[name]
      answers.add(`${response.status()} ${JSON.stringify(headers)} ${response.text()}`)
      assert.equal(response.status(), 404)
    }
    const closed = await client.get('/p').redirects(0)
    assert.equal(closed.status(), 404)
    assert.equal(answers.size, 1)
    assert.isTrue([...answers][0]!.endsWith(closed.text()))
  })

  test('bar 22: ten bad tokens and nothing more is tried from there, whatever X-Forwarded-For says', async ({
    assert,
    client,
  }) => {
    const { token } = await givenPortal()
    for (let guess = 0; guess < 10; guess++) {
      const response = await client.get(`/p/guess${guess}`).header('x-forwarded-for', `10.0.0.${guess}`)
      response.assertStatus(404)
    }
    const blocked = await client.get(`/p/${token}`).header('x-forwarded-for', '10.9.9.9').redirects(0)
    blocked.assertStatus(429)
    assert.isUndefined(blocked.session().portal)
  })

  test('bar 22: many at once gain nothing, and many good links at once are no guesses', async ({
    assert,
  }) => {
    const thirty = (found: string | null) =>
      Promise.allSettled(
        Array.from({ length: 30 }, () =>
          guarded('192.0.2.1', async () => {
            await setImmediate()
            return found
          })
        )
      )
    const count = (looks: PromiseSettledResult<string | null>[], status: string) =>
      looks.filter((look) => look.status === status).length
    assert.equal(count(await thirty('a link'), 'fulfilled'), 30)
    const guesses = await thirty(null)
    assert.deepEqual([count(guesses, 'fulfilled'), count(guesses, 'rejected')], [10, 20])
  })

  test('opening a good link costs no attempt', async ({ client }) => {
    const { token } = await givenPortal()
    for (let time = 0; time < 15; time++) {
      const response = await client.get(`/p/${token}`).redirects(0)
      response.assertStatus(303)
    }
  })

  test('bar 23: GET and HEAD ten times change nothing in any table', async ({ assert, client }) => {
    const { token, link } = await givenPortal()
    const before = await everything()
    for (let time = 0; time < 10; time++) {
      await client.get(`/p/${token}`).redirects(0)
      await client.head(`/p/${token}`).redirects(0)
    }
    for (const page of ['', '/time/new', '/dispute/new', '/callback/new', '/transfer', '/payment', '/time']) {
      await as(client.get(`/p${page}`), link).redirects(0)
      await as(client.head(`/p${page}`), link).redirects(0)
    }
    assert.equal(await everything(), before)
  })

  test('bar 21: no log line holds the token, not even when something breaks', async ({
    assert,
    client,
    cleanup,
  }) => {
    const { token } = await givenPortal()
    const lines: string[] = []
    const pino = logger.pino as unknown as Record<symbol, { write(line: string): void }>
    const streamSymbol = Object.getOwnPropertySymbols(pino).find(
      (symbol) => String(symbol) === 'Symbol(pino.stream)'
    )!
    const stream = pino[streamSymbol]!
    const write = stream.write
    const level = logger.level
    logger.level = 'trace'
    stream.write = (line) => void lines.push(line)
    cleanup(() => {
      stream.write = write
      logger.level = level
    })

    await client.get(`/p/${token}`).redirects(0)
    await client.post(`/p/${token}`)
    await client.get(`/p/${token}/elsewhere`)
    await client.get(`/p/${token}x`)
    const query = PortalLink.query
    cleanup(() => void (PortalLink.query = query))
    PortalLink.query = () => {
      throw new Error('the table of links is broken')
    }
    const broken = await client.get(`/p/${token}`)
    broken.assertStatus(500)

    assert.include(lines.join(), 'the table of links is broken')
    assert.notInclude(lines.join(), token)
  })
})

test.group('The session a link opened', (group) => {
  group.each.setup(() => forgetLimits())

  test('ends when the link is revoked or expires', async ({ client }) => {
    const { link, claim } = await givenPortal()
    const open = await as(client.get('/p'), link)
    open.assertStatus(200)

    await link.merge({ expiresAt: clock.now() }).save()
    const expired = await as(client.get('/p'), link)
    expired.assertStatus(404)

    await link.merge({ expiresAt: '2099-01-01T00:00:00.000Z' }).save()
    await transaction((trx) => revokeLinks(trx, claim.id))
    const revoked = await as(client.get('/p'), link)
    revoked.assertStatus(404)
  })

  test('a session whose link is another file’s opens nothing', async ({ client }) => {
    const [own, other] = [await givenPortal(), await givenPortal()]
    const response = await client
      .get('/p')
      .withSession({ portal: { claimId: other.claim.id, linkId: own.link.id } })
    response.assertStatus(404)
  })

  test('opening another link replaces the file, and leaves nothing of the first', async ({
    assert,
    client,
  }) => {
    const [first, second] = [await givenPortal(), await givenPortal()]
    const response = await as(client.get(`/p/${second.token}`), first.link).redirects(0)
    assert.deepEqual(response.session().portal, { claimId: second.claim.id, linkId: second.link.id })
  })

  test('can be left, on a borrowed telephone', async ({ assert, client }) => {
    const { link } = await givenPortal()
    const response = await as(client.post('/p?_method=DELETE'), link).withCsrfToken().redirects(0)
    response.assertStatus(303)
    assert.isUndefined(response.session().portal)
  })
})
