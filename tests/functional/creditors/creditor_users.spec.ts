import { test } from '@japa/runner'
import Invitation from '#users/models/invitation'
import User from '#users/models/user'
import { givenAgency, givenCreditor, givenUser } from '#tests/fixtures/domain'

const NEW = { fullName: 'Zoé Rivage', email: 'zoe@rivage.example' }

test.group('a creditor’s users', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  test('a collector invites one, who belongs to that creditor', async ({ client, assert }) => {
    const collector = await givenUser('collector')
    const creditor = await givenCreditor()
    const page = await client
      .post(`/creditors/${creditor.ref}/users`)
      .loginAs(collector)
      .form({ ...NEW, role: 'admin' })
      .withCsrfToken()
    const [, token] = /\/invitations\/([\w-]{43})/.exec(page.text()) ?? []
    assert.exists(token)
    const user = await User.findByOrFail('email', NEW.email)
    assert.equal(user.role, 'creditor')
    assert.equal(user.creditorId, creditor.id)
  })

  test('a new link replaces the former one', async ({ client, assert }) => {
    const collector = await givenUser('collector')
    const creditor = await givenCreditor()
    const user = await givenUser('creditor', { creditorId: creditor.id })
    const links: string[] = []
    for (let n = 0; n < 2; n++) {
      const page = await client
        .post(`/creditors/${creditor.ref}/users/${user.id}/invitation`)
        .loginAs(collector)
        .withCsrfToken()
      links.push(/\/invitations\/([\w-]{43})/.exec(page.text())![1]!)
    }
    assert.isNull(await Invitation.openFor(links[0]!))
    assert.exists(await Invitation.openFor(links[1]!))
  })

  test('no link is made for somebody who is not of that creditor', async ({ client, assert }) => {
    const collector = await givenUser('collector')
    const admin = await givenUser('admin')
    const creditor = await givenCreditor()
    const other = await givenUser('creditor', { creditorId: (await givenCreditor()).id })
    for (const user of [admin, other]) {
      const answer = await client
        .post(`/creditors/${creditor.ref}/users/${user.id}/invitation`)
        .loginAs(collector)
        .withCsrfToken()
      answer.assertStatus(404)
    }
    assert.isNull(await Invitation.query().first())
  })
})
