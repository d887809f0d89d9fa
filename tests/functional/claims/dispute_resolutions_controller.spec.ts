import { test } from '@japa/runner'
import RaiseDispute from '#claims/actions/raise_dispute'
import Dispute from '#claims/models/dispute'
import type { Role } from '#users/models/user'
import { givenClaim, givenCreditor, givenUser } from '#tests/fixtures/domain'

async function givenDispute() {
  const claim = await givenClaim({ claim: { status: 'active', launchedOn: '2026-09-16' } })
  await new RaiseDispute().handle({
    claimId: claim.id,
    reason: 'other',
    message: 'Rien ne va.',
    invoiceIds: [],
    evidence: [],
    raisedBy: 'debtor',
  })
  return { claim, dispute: await Dispute.findByOrFail('claimId', claim.id) }
}

const address = (ref: string, id: number) => `/claims/${ref}/disputes/${id}/resolution`
const rejection = { outcome: 'rejected', answer: 'Le bon de commande est signé.' }

test.group('Answering a dispute', () => {
  test('a collector answers, and comes back to the file', async ({ assert, client }) => {
    const { claim, dispute } = await givenDispute()
    const user = await givenUser('collector')
    const response = await client
      .post(address(claim.ref, dispute.id))
      .loginAs(user)
      .withCsrfToken()
      .form(rejection)
      .redirects(0)
    response.assertStatus(302)
    response.assertHeader('location', `/claims/${claim.ref}`)
    await dispute.refresh()
    assert.equal(dispute.outcome, 'rejected')
    assert.equal(dispute.userId, user.id)
  })

  test('an answer without words, or without an outcome, changes nothing', async ({ assert, client }) => {
    const { claim, dispute } = await givenDispute()
    const user = await givenUser('admin')
    for (const form of [
      { outcome: 'rejected' },
      { answer: rejection.answer },
      { ...rejection, outcome: 'x' },
    ]) {
      const response = await client
        .post(address(claim.ref, dispute.id))
        .loginAs(user)
        .withCsrfToken()
        .form(form)
        .redirects(0)
      response.assertStatus(302)
      response.assertHeader('location', `/claims/${claim.ref}`)
    }
    await dispute.refresh()
    assert.isNull(dispute.outcome)
  })

  test('a dispute is not found under another file', async ({ assert, client }) => {
    const [one, other] = [await givenDispute(), await givenDispute()]
    const user = await givenUser('collector')
    const response = await client
      .post(address(other.claim.ref, one.dispute.id))
      .loginAs(user)
      .withCsrfToken()
      .accept('json')
      .form(rejection)
    response.assertStatus(404)
    await one.dispute.refresh()
    assert.isNull(one.dispute.outcome)
  })

  test('guests, accountants and creditors may not', async ({ assert, client }) => {
    const { claim, dispute } = await givenDispute()
    await givenUser('admin')
    const guest = await client
      .post(address(claim.ref, dispute.id))
      .withCsrfToken()
      .accept('json')
      .form(rejection)
    guest.assertStatus(401)
    const creditor = await givenCreditor()
    for (const role of ['accountant', 'creditor'] satisfies Role[]) {
      const user = await givenUser(role, role === 'creditor' ? { creditorId: creditor.id } : {})
      const response = await client
        .post(address(claim.ref, dispute.id))
        .loginAs(user)
        .withCsrfToken()
        .accept('json')
        .form(rejection)
      response.assertStatus(403)
    }
    await dispute.refresh()
    assert.isNull(dispute.outcome)
  })

  test('bar 24: without a CSRF token nothing is written', async ({ assert, client }) => {
    const { claim, dispute } = await givenDispute()
    const user = await givenUser('admin')
    await client.post(address(claim.ref, dispute.id)).loginAs(user).form(rejection).redirects(0)
    await dispute.refresh()
    assert.isNull(dispute.outcome)
  })
})
