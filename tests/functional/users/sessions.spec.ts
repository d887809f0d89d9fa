import { test } from '@japa/runner'
import { givenAgency, givenCreditor, givenUser } from '#tests/fixtures/domain'
import { forgetLimits } from '#tests/fixtures/limits'

const PASSWORD = 'correct horse battery'
const REFUSED = 'Adresse ou mot de passe inconnu.'

test.group('sign-in', (group) => {
  group.each.setup(async () => {
    await forgetLimits()
    await givenAgency()
  })

  test('a guest is led to the sign-in page, then to what they wanted', async ({ client, assert }) => {
    const admin = await givenUser('admin')
    const guest = await client.get('/settings/users').redirects(0)
    guest.assertStatus(302)
    assert.equal(guest.header('location'), '/sign-in')

    const entered = await client
      .post('/sign-in')
      .withSession(guest.session())
      .form({ email: admin.email, password: PASSWORD })
      .withCsrfToken()
      .redirects(0)
    assert.equal(entered.header('location'), '/settings/users')
  })

  test('the session id is renewed', async ({ client, assert }) => {
    const admin = await givenUser('admin')
    const before = await client.get('/sign-in')
    const after = await client
      .post('/sign-in')
      .withCookie('amiable_session', before.cookie('amiable_session')!.value)
      .form({ email: admin.email, password: PASSWORD })
      .withCsrfToken()
      .redirects(0)
    assert.notEqual(after.cookie('amiable_session')!.value, before.cookie('amiable_session')!.value)
  })

  test('an address typed with capitals and spaces is the same address', async ({ client, assert }) => {
    const admin = await givenUser('admin', { email: 'claire@amiable.example' })
    const response = await client
      .post('/sign-in')
      .form({ email: '  Claire@Amiable.example ', password: PASSWORD })
      .withCsrfToken()
      .redirects(0)
    assert.equal(response.header('location'), '/')
    response.assertSession('auth_web', admin.id)
  })

  test('a creditor arrives in their own space', async ({ client, assert }) => {
    const creditor = await givenCreditor()
    const user = await givenUser('creditor', { creditorId: creditor.id })
    const response = await client
      .post('/sign-in')
      .form({ email: user.email, password: PASSWORD })
      .withCsrfToken()
      .redirects(0)
    assert.equal(response.header('location'), '/home')
  })

  test('every failure says the same')
    .with(['unknown address', 'wrong password', 'disabled', 'not yet invited'])
    .run(async ({ client, assert }, failure) => {
      await givenUser('admin')
      const user = await givenUser('collector', {
        password: failure === 'not yet invited' ? null : PASSWORD,
        disabledAt: failure === 'disabled' ? '2026-01-01T00:00:00.000Z' : null,
      })
      const response = await client
        .post('/sign-in')
        .form({
          email: failure === 'unknown address' ? 'nobody@amiable.example' : user.email,
          password: failure === 'wrong password' ? 'wrong horse battery' : PASSWORD,
        })
        .withCsrfToken()
      response.assertStatus(200)
      assert.include(response.text(), REFUSED)
      response.assertSessionMissing('auth_web')
    })

  test('an account is tried ten times in fifteen minutes, whatever X-Forwarded-For says', async ({
    client,
    assert,
  }) => {
    const user = await givenUser('admin')
    const said: string[] = []
    for (let n = 1; n <= 12; n++) {
      const response = await client
        .post('/sign-in')
        .header('X-Forwarded-For', `203.0.113.${n}`)
        .form({ email: user.email, password: n === 12 ? PASSWORD : `wrong password ${n}` })
        .withCsrfToken()
      said.push(response.text().includes(REFUSED) ? 'tried' : 'not tried')
    }
    assert.deepEqual(said, [...Array(10).fill('tried'), 'not tried', 'not tried'])
  })

  test('an address tries ten accounts in fifteen minutes', async ({ client, assert }) => {
    const user = await givenUser('admin')
    for (let n = 1; n <= 10; n++) {
      await client
        .post('/sign-in')
        .form({ email: `guess${n}@amiable.example`, password: PASSWORD })
        .withCsrfToken()
    }
    const response = await client
      .post('/sign-in')
      .form({ email: user.email, password: PASSWORD })
      .withCsrfToken()
    assert.include(response.text(), 'Trop d’essais')
  })

  test('many tries at once do not slip through', async ({ client, assert }) => {
    const user = await givenUser('admin')
    const responses = await Promise.all(
      Array.from({ length: 25 }, (_, n) =>
        client
          .post('/sign-in')
          .form({ email: user.email, password: `wrong password ${n}` })
          .withCsrfToken()
      )
    )
    assert.lengthOf(
      responses.filter((response) => response.text().includes(REFUSED)),
      10
    )
  })

  test('people who sign in do not use up the tries of their office', async ({ client, assert }) => {
    for (let n = 1; n <= 12; n++) {
      const user = await givenUser('collector')
      const response = await client
        .post('/sign-in')
        .form({ email: user.email, password: PASSWORD })
        .withCsrfToken()
        .redirects(0)
      assert.equal(response.header('location'), '/', `sign-in ${n}`)
    }
  })

  test('without its CSRF token nothing is tried', async ({ client, assert }) => {
    const user = await givenUser('admin')
    const response = await client
      .post('/sign-in')
      .form({ email: user.email, password: PASSWORD })
      .redirects(0)
    response.assertSessionMissing('auth_web')
    assert.equal(response.status(), 302)
  })

  test('the page never shows the password back', async ({ client, assert }) => {
    const user = await givenUser('admin')
    const response = await client
      .post('/sign-in')
      .form({ email: user.email, password: 'a secret that is wrong' })
      .withCsrfToken()
    assert.include(response.text(), user.email)
    assert.notInclude(response.text(), 'a secret that is wrong')
  })
})

test.group('sign-out', (group) => {
  group.each.setup(async () => {
    await forgetLimits()
    await givenAgency()
  })

  test('ends the session', async ({ client, assert }) => {
    const user = await givenUser('admin')
    const response = await client.post('/sign-out').loginAs(user).withCsrfToken().redirects(0)
    assert.equal(response.header('location'), '/sign-in')
    response.assertSessionMissing('auth_web')
  })

  test('a session ends when its user is disabled', async ({ client, assert }) => {
    const user = await givenUser('admin')
    await user.merge({ disabledAt: '2026-01-01T00:00:00.000Z' }).save()
    const response = await client.get('/settings/users').loginAs(user).redirects(0)
    assert.equal(response.header('location'), '/sign-in')
  })

  test('a session ends when its user chose another password elsewhere', async ({ client, assert }) => {
    const user = await givenUser('admin')
    const entered = await client
      .post('/sign-in')
      .form({ email: user.email, password: PASSWORD })
      .withCsrfToken()
      .redirects(0)
    await user.merge({ password: 'another long password' }).save()
    const response = await client.get('/settings/users').withSession(entered.session()).redirects(0)
    assert.equal(response.header('location'), '/sign-in')
  })
})
