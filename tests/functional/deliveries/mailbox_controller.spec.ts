import { test } from '@japa/runner'
import { simpleParser } from 'mailparser'
import { sha256 } from '#shared/files'
import { attachmentOf, EXAMPLE_TOKEN, givenDelivery } from '#tests/fixtures/deliveries'
import { givenAgency, givenClaim, givenCreditor, givenUser } from '#tests/fixtures/domain'

const binary = (response: unknown, done: (error: Error | null, body: Buffer) => void) => {
  const parts: Buffer[] = []
  const stream = response as NodeJS.ReadableStream
  stream.on('data', (part: Buffer) => parts.push(part))
  stream.on('end', () => done(null, Buffer.concat(parts)))
}

test.group('The mailbox', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  test('a guest is sent to sign in, an accountant and a creditor are refused, everywhere', async ({
    client,
    assert,
  }) => {
    const { id, key } = await givenDelivery()
    const creditor = await givenUser('creditor', { creditorId: (await givenCreditor()).id })
    const accountant = await givenUser('accountant')
    const paths = [
      '',
      `/${id}`,
      `/${id}/body`,
      `/${id}/attachments/${sha256(attachmentOf(key))}`,
      `/${id}/source`,
    ]
    for (const path of paths.map((tail) => `/mailbox${tail}`)) {
      const guest = await client.get(path).redirects(0)
      assert.equal(guest.header('location'), '/sign-in', path)
      for (const user of [creditor, accountant]) {
        const refused = await client.get(path).loginAs(user)
        assert.equal(refused.status(), 403, path)
        assert.notInclude(refused.text(), EXAMPLE_TOKEN)
      }
    }
  })

  test('the list tells each message’s state and reason, and is filtered by the address', async ({
    client,
    assert,
  }) => {
    const collector = await givenUser()
    const claim = await givenClaim()
    await givenDelivery({ recipient: 'elise@exemple.fr', claimId: claim.id })
    await givenDelivery({ recipient: 'paul@exemple.fr', state: 'failed', reason: '550 no such mailbox' })
    await givenDelivery({ recipient: 'zoe@exemple.fr', state: 'uncertain', reason: 'interrupted' })

    const all = await client.get('/mailbox').loginAs(collector)
    all.assertStatus(200)
    for (const text of ['elise@', 'paul@', 'zoe@', '550 no such mailbox', 'Interrompu', claim.ref]) {
      all.assertTextIncludes(text)
    }
    all.assertTextIncludes('Aucun e-mail ne part d’ici')
    all.assertTextIncludes('Un envoi est incertain')

    const uncertain = await client.get('/mailbox?state=uncertain').loginAs(collector)
    uncertain.assertTextIncludes('zoe@')
    assert.notInclude(uncertain.text(), 'paul@')
    const found = await client.get('/mailbox').qs({ q: claim.ref.toLowerCase() }).loginAs(collector)
    found.assertTextIncludes('elise@')
    assert.notInclude(found.text(), 'zoe@')
  })

  test('a filter that makes no sense is left out; a percent sign is only a percent sign', async ({
    client,
  }) => {
    const collector = await givenUser()
    await givenDelivery({ recipient: 'elise@exemple.fr' })
    const odd = await client.get('/mailbox?state=nowhere&page=-3').loginAs(collector)
    odd.assertStatus(200)
    odd.assertTextIncludes('elise@')
    const none = await client.get('/mailbox').qs({ q: '%' }).loginAs(collector)
    none.assertTextIncludes('Aucun message')
  })

  test('the recipient’s link is for an admin; a collector reads the message without it', async ({
    client,
    assert,
  }) => {
    const { id } = await givenDelivery()
    const [admin, collector] = [await givenUser('admin'), await givenUser('collector')]
    for (const path of [`/mailbox/${id}`, `/mailbox/${id}/body`]) {
      const seen = await client.get(path).loginAs(admin)
      assert.include(seen.text(), EXAMPLE_TOKEN, path)
      const masked = await client.get(path).loginAs(collector)
      masked.assertStatus(200)
      assert.notInclude(masked.text(), EXAMPLE_TOKEN, path)
      assert.include(masked.text(), '/p/••••••••', path)
    }
  })

  test('the body is served under a policy of its own, that lets nothing run and nothing load', async ({
    client,
    assert,
  }) => {
    const { id } = await givenDelivery()
    const body = await client.get(`/mailbox/${id}/body`).loginAs(await givenUser('admin'))
    const policy = body.header('content-security-policy') as string
    assert.equal(
      policy,
      `default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox`
    )
    assert.equal(body.header('content-type'), 'text/html; charset=utf-8')
    assert.include(body.text(), 'Trouvons une solution ensemble')
    assert.include(body.header('cache-control') as string, 'no-store')
    const page = await client.get(`/mailbox/${id}`).loginAs(await givenUser('admin'))
    assert.match(page.text(), /<iframe [^>]*sandbox=""/)
  })

  test('the files that left with a message can be saved, under their own name', async ({
    client,
    assert,
  }) => {
    const [{ id, key }, other] = [await givenDelivery(), await givenDelivery()]
    const user = await givenUser()
    const file = await client
      .get(`/mailbox/${id}/attachments/${sha256(attachmentOf(key))}`)
      .loginAs(user)
      .setup((request) => void request.request.buffer(true).parse(binary))
    assert.equal(file.header('content-type'), 'application/pdf')
    assert.equal(file.header('content-disposition'), `attachment; filename*=UTF-8''Lettre%20%C3%A9lue.pdf`)
    assert.deepEqual(file.body(), attachmentOf(key))
    for (const hash of [sha256(attachmentOf(other.key)), '1', 'undefined']) {
      ;(await client.get(`/mailbox/${id}/attachments/${hash}`).loginAs(user)).assertStatus(404)
    }
  })

  test('the source is the very message, of which the row keeps the SHA-256, and is for an admin', async ({
    client,
    assert,
  }) => {
    const delivery = await givenDelivery()
    const path = `/mailbox/${delivery.id}/source`
    ;(await client.get(path).loginAs(await givenUser('collector'))).assertStatus(403)
    const source = await client
      .get(path)
      .loginAs(await givenUser('admin'))

      .setup((request) => void request.request.buffer(true).parse(binary))
    assert.equal(source.header('content-type'), 'message/rfc822')
    assert.equal(sha256(source.body() as Buffer), delivery.messageSha256!)
    assert.equal((await simpleParser(source.body() as Buffer)).messageId, delivery.messageId!)
  })

  test('what is not written yet says so, and unknown messages are not found', async ({ client }) => {
    const admin = await givenUser('admin')
    const { id } = await givenDelivery({ state: 'queued' })
    const page = await client.get(`/mailbox/${id}`).loginAs(admin)
    page.assertStatus(200)
    page.assertTextIncludes('Pas encore écrit')
    for (const tail of ['/body', '/attachments/1', '/source']) {
      ;(await client.get(`/mailbox/${id}${tail}`).loginAs(admin)).assertStatus(404)
    }
    for (const path of ['/mailbox/999999', '/mailbox/999999/body', '/mailbox/abc']) {
      ;(await client.get(path).loginAs(admin)).assertStatus(404)
    }
  })
})
