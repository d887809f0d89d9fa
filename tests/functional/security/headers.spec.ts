import { test } from '@japa/runner'
import { givenAgency, givenUser } from '#tests/fixtures/domain'

test.group('what every answer says to the browser', () => {
  test('pages, errors and addresses that nothing matches carry the policy: {$self}')
    .with(['/sign-in', '/', '/nowhere/at/all', '/p/not-a-link', '/health/live'])
    .run(async ({ client, assert }, address) => {
      await givenAgency()
      await givenUser()
      const response = await client.get(address).redirects(0)
      const policy = response.header('content-security-policy') as string
      assert.include(policy, `default-src 'none'`)
      assert.include(policy, `script-src 'self';`)
      assert.include(policy, `style-src 'self';`)
      assert.notInclude(policy, 'unsafe')
      assert.equal(response.header('x-content-type-options'), 'nosniff')
      const referrer = address.startsWith('/p/') ? 'no-referrer' : 'same-origin'
      assert.equal(response.header('referrer-policy'), referrer)
      assert.equal(response.header('x-frame-options'), 'SAMEORIGIN')
    })

  test('a multipart body is refused where no file is taken', async ({ client, assert }) => {
    await givenAgency()
    await givenUser()
    const response = await client
      .post('/sign-in')
      .withCsrfToken()
      .file('toString', Buffer.from('x'), { filename: 'x.pdf', contentType: 'application/pdf' })
      .redirects(0)
    response.assertStatus(415)
    assert.exists(response.header('content-security-policy'))
  })
})
