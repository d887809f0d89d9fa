import { test } from '@japa/runner'
import { givenAgency, givenCreditor, givenUser } from '#tests/fixtures/domain'
import { forgetLimits } from '#tests/fixtures/limits'

const OLD = 'correct horse battery'
const NEW = { password: 'une autre phrase longue', passwordConfirmation: 'une autre phrase longue' }

test.group('my account', (group) => {
  group.each.setup(async () => {
    await forgetLimits()
    await givenAgency()
  })

  test('everyone has one, creditors too', async ({ client, assert }) => {
    const creditor = await givenCreditor()
    for (const user of [
      await givenUser('accountant'),
      await givenUser('creditor', { creditorId: creditor.id }),
    ]) {
      const page = await client.get('/account').loginAs(user)
      page.assertStatus(200)
      assert.include(page.text(), `value="${user.fullName}"`)
    }
  })

  test('the name and the language are changed, and nothing else', async ({ client, assert }) => {
    const user = await givenUser('collector')
    const page = await client
      .put('/account')
      .loginAs(user)
      .form({ fullName: 'Autre Nom', locale: 'en', role: 'admin', email: 'x@y.fr' })
      .withCsrfToken()
    assert.include(page.text(), 'Account updated')
    const before = user.email
    await user.refresh()
    assert.deepEqual(
      [user.fullName, user.locale, user.role, user.email],
      ['Autre Nom', 'en', 'collector', before]
    )
  })

  test('a new password ends the sessions signed in under the former one, not this one', async ({
    client,
    assert,
  }) => {
    const user = await givenUser('collector')
    const enter = () =>
      client.post('/sign-in').form({ email: user.email, password: OLD }).withCsrfToken().redirects(0)
    const here = await enter()
    const elsewhere = await enter()

    const changed = await client
      .put('/account/password')
      .withSession(here.session())
      .form({ currentPassword: OLD, ...NEW })
      .withCsrfToken()
      .redirects(0)
    assert.equal(changed.header('location'), '/account')
    await user.refresh()
    assert.isTrue(await user.verifyPassword(NEW.password))
    const still = await client.get('/account').withSession(changed.session())
    still.assertStatus(200)
    const out = await client.get('/account').withSession(elsewhere.session()).redirects(0)
    assert.equal(out.header('location'), '/sign-in')
  })

  test('the former password is asked for, and tried ten times at most', async ({ client, assert }) => {
    const user = await givenUser('collector')
    const attempt = (currentPassword: string) =>
      client
        .put('/account/password')
        .header('Referer', '/account')
        .loginAs(user)
        .form({ currentPassword, ...NEW })
        .withCsrfToken()
    for (let n = 1; n <= 10; n++) {
      const page = await attempt(`wrong password ${n}`)
      assert.include(page.text(), 'il n’est pas reconnu')
      assert.notInclude(page.text(), `wrong password ${n}`)
    }
    assert.include((await attempt(OLD)).text(), 'Trop d’essais')
    await user.refresh()
    assert.isTrue(await user.verifyPassword(OLD))
  })
})
