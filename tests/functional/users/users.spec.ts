import { test } from '@japa/runner'
import { givenAgency, givenUser } from '#tests/fixtures/domain'
import Invitation from '#users/models/invitation'
import User from '#users/models/user'

const NEW = { fullName: 'Paul Ravier', email: 'Paul@Amiable.example', role: 'collector' }

test.group('users', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  test('an admin sees everyone', async ({ client, assert }) => {
    const admin = await givenUser('admin')
    const other = await givenUser('accountant', { fullName: 'Zoé Marchand' })
    const page = await client.get('/settings/users').loginAs(admin)
    page.assertStatus(200)
    assert.include(page.text(), other.fullName)
    assert.include(page.text(), other.email)
  })

  test('a person who is not admin may not look, add or change')
    .with(['collector', 'accountant'] as const)
    .run(async ({ client, assert }, role) => {
      const user = await givenUser(role)
      const admin = await givenUser('admin')
      const answers = [
        await client.get('/settings/users').loginAs(user),
        await client.get('/settings/users/create').loginAs(user),
        await client.post('/settings/users').loginAs(user).form(NEW).withCsrfToken(),
        await client.post(`/settings/users/${admin.id}/suspension`).loginAs(user).withCsrfToken(),
        await client.post(`/settings/users/${admin.id}/invitation`).loginAs(user).withCsrfToken(),
        await client
          .put(`/settings/users/${user.id}`)
          .loginAs(user)
          .form({ fullName: 'Moi', role: 'admin' })
          .withCsrfToken(),
      ]
      assert.deepEqual(
        answers.map((answer) => answer.status()),
        answers.map(() => 403)
      )
      assert.equal(
        await User.query()
          .where('role', 'admin')
          .count('* as n')
          .first()
          .then((r) => Number(r!.$extras.n)),
        1
      )
      await admin.refresh()
      assert.isNull(admin.disabledAt)
    })

  test('adding a person shows their link once', async ({ client, assert }) => {
    const admin = await givenUser('admin')
    const page = await client.post('/settings/users').loginAs(admin).form(NEW).withCsrfToken()
    const [, token] = /\/invitations\/([\w-]{43})/.exec(page.text()) ?? []
    assert.exists(token)
    const added = await User.findByOrFail('email', 'paul@amiable.example')
    assert.equal(added.role, 'collector')
    assert.isTrue(added.pending)
    assert.equal((await Invitation.openFor(token!))!.userId, added.id)

    const again = await client.get('/settings/users').loginAs(admin)
    assert.notInclude(again.text(), token!)
  })

  test('an address already used is refused beside its field, and what was typed is kept', async ({
    client,
    assert,
  }) => {
    const admin = await givenUser('admin', { email: 'paul@amiable.example' })
    const page = await client
      .post('/settings/users')
      .header('Referer', '/settings/users/create')
      .loginAs(admin)
      .form(NEW)
      .withCsrfToken()
    assert.include(page.text(), 'une personne l’utilise déjà')
    assert.include(page.text(), 'value="Paul Ravier"')
    assert.include(page.text(), 'aria-invalid="true"')
  })

  test('a creditor’s user is not made here', async ({ client, assert }) => {
    const admin = await givenUser('admin')
    await client
      .post('/settings/users')
      .loginAs(admin)
      .form({ ...NEW, role: 'creditor' })
      .withCsrfToken()
    assert.isNull(await User.findBy('email', 'paul@amiable.example'))
  })

  test('an admin changes a name and a role', async ({ client, assert }) => {
    const admin = await givenUser('admin')
    const user = await givenUser('accountant')
    await client
      .put(`/settings/users/${user.id}`)
      .loginAs(admin)
      .form({ fullName: 'Nouveau Nom', role: 'admin' })
      .withCsrfToken()
    await user.refresh()
    assert.equal(user.fullName, 'Nouveau Nom')
    assert.equal(user.role, 'admin')
  })

  test('suspending and reinstating', async ({ client, assert }) => {
    const admin = await givenUser('admin')
    const user = await givenUser('collector')
    await client.post(`/settings/users/${user.id}/suspension`).loginAs(admin).withCsrfToken()
    await user.refresh()
    assert.isNotNull(user.disabledAt)
    await client.delete(`/settings/users/${user.id}/suspension`).loginAs(admin).withCsrfToken()
    await user.refresh()
    assert.isNull(user.disabledAt)
  })

  test('the last admin keeps their role and access', async ({ client, assert }) => {
    const admin = await givenUser('admin')
    await givenUser('admin', { password: null })
    await givenUser('admin', { disabledAt: '2026-01-01T00:00:00.000Z' })

    const suspended = await client
      .post(`/settings/users/${admin.id}/suspension`)
      .loginAs(admin)
      .withCsrfToken()
    assert.include(suspended.text(), 'dernière personne qui administre')
    await client
      .put(`/settings/users/${admin.id}`)
      .loginAs(admin)
      .form({ fullName: admin.fullName, role: 'collector' })
      .withCsrfToken()
    await admin.refresh()
    assert.equal(admin.role, 'admin')
    assert.isNull(admin.disabledAt)
  })

  test('a user that does not exist is not found', async ({ client }) => {
    const admin = await givenUser('admin')
    const page = await client.get('/settings/users/999999/edit').loginAs(admin)
    page.assertStatus(404)
  })
})
