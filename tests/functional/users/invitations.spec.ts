import { test } from '@japa/runner'
import { clock } from '#shared/clock'
import { sha256 } from '#shared/files'
import { transaction } from '#shared/transaction'
import { givenAgency, givenUser } from '#tests/fixtures/domain'
import Invitation from '#users/models/invitation'
import type User from '#users/models/user'

const CHOSEN = { password: 'a long enough phrase', passwordConfirmation: 'a long enough phrase' }

const issueFor = (user: User) => transaction((trx) => Invitation.issue(trx, user))

test.group('invitations', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  test('the link lets a person choose a password and enter', async ({ client, assert }) => {
    const user = await givenUser('collector', { password: null })
    const token = await issueFor(user)

    const page = await client.get(`/invitations/${token}`)
    page.assertStatus(200)
    assert.include(page.text(), user.email)

    const entered = await client.post(`/invitations/${token}`).form(CHOSEN).withCsrfToken().redirects(0)
    assert.equal(entered.header('location'), '/')
    entered.assertSession('auth_web', user.id)
    await user.refresh()
    assert.isTrue(await user.verifyPassword(CHOSEN.password))
  })

  test('only the hash of the token is stored', async ({ assert }) => {
    const token = await issueFor(await givenUser('collector', { password: null }))
    assert.lengthOf(Buffer.from(token, 'base64url'), 32)
    const stored = await Invitation.query().firstOrFail()
    assert.equal(stored.tokenSha256, sha256(token))
    assert.notInclude(JSON.stringify(stored.serialize()), token)
  })

  test('looking at the link ten times spends nothing', async ({ client }) => {
    const token = await issueFor(await givenUser('collector', { password: null }))
    for (let n = 0; n < 10; n++) await client.get(`/invitations/${token}`)
    const entered = await client.post(`/invitations/${token}`).form(CHOSEN).withCsrfToken().redirects(0)
    entered.assertStatus(302)
  })

  test('the link serves once', async ({ client, assert }) => {
    const user = await givenUser('collector', { password: null })
    const token = await issueFor(user)
    await client.post(`/invitations/${token}`).form(CHOSEN).withCsrfToken().redirects(0)
    const again = await client
      .post(`/invitations/${token}`)
      .form({ password: 'somebody else was here', passwordConfirmation: 'somebody else was here' })
      .withCsrfToken()
    again.assertStatus(404)
    await user.refresh()
    assert.isTrue(await user.verifyPassword(CHOSEN.password))
  })

  test('every link that is not good gets the same page')
    .with(['unknown', 'expired', 'replaced', 'of a disabled user'])
    .run(async ({ client, assert }, reason) => {
      const user = await givenUser('collector', { password: null })
      const token = reason === 'unknown' ? 'x'.repeat(43) : await issueFor(user)
      if (reason === 'replaced') await issueFor(user)
      if (reason === 'expired') await Invitation.query().update({ expiresAt: clock.now() })
      if (reason === 'of a disabled user') await user.merge({ disabledAt: clock.now() }).save()

      const page = await client.get(`/invitations/${token}`)
      page.assertStatus(404)
      assert.include(page.text(), 'Ce lien n’est plus valable')
      const used = await client.post(`/invitations/${token}`).form(CHOSEN).withCsrfToken().redirects(0)
      used.assertStatus(404)
      used.assertSessionMissing('auth_web')
    })

  test('a password of eleven characters, or typed otherwise the second time, is refused')
    .with([
      { password: 'elevenchars', passwordConfirmation: 'elevenchars' },
      { password: 'a long enough phrase', passwordConfirmation: 'a long enough phrasé' },
    ])
    .run(async ({ client, assert }, typed) => {
      const user = await givenUser('collector', { password: null })
      const token = await issueFor(user)
      const page = await client
        .post(`/invitations/${token}`)
        .header('Referer', `/invitations/${token}`)
        .form(typed)
        .withCsrfToken()
      assert.include(page.text(), 'Un point est à corriger')
      await user.refresh()
      assert.isNull(user.password)
    })
})
