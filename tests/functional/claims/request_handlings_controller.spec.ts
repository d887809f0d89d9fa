import { test } from '@japa/runner'
import RecordRequest from '#claims/actions/record_request'
import { givenClaim, givenUser } from '#tests/fixtures/domain'

async function givenRequest() {
  const claim = await givenClaim()
  const { request } = await new RecordRequest().handle({
    kind: 'time',
    claimId: claim.id,
    wantedOn: '2026-12-15',
    message: null,
  })
  return { claim, request, address: `/claims/${claim.ref}/requests/${request.id}/handling` }
}

test.group('Marking a request as handled', () => {
  test('a collector marks it, and comes back to the file', async ({ assert, client }) => {
    const { address, claim, request } = await givenRequest()
    const user = await givenUser('collector')
    const response = await client.post(address).loginAs(user).withCsrfToken().redirects(0)
    response.assertStatus(302)
    response.assertHeader('location', `/claims/${claim.ref}`)
    await request.refresh()
    assert.isNotNull(request.handledAt)
    assert.equal(request.userId, user.id)
  })

  test('a request is not found under another file, nor by others than staff', async ({ assert, client }) => {
    const [one, other] = [await givenRequest(), await givenRequest()]
    const user = await givenUser('admin')
    const elsewhere = await client
      .post(`/claims/${other.claim.ref}/requests/${one.request.id}/handling`)
      .loginAs(user)
      .withCsrfToken()
      .accept('json')
    elsewhere.assertStatus(404)

    const guest = await client.post(one.address).withCsrfToken().accept('json')
    guest.assertStatus(401)
    const accountant = await client
      .post(one.address)
      .loginAs(await givenUser('accountant'))
      .withCsrfToken()
      .accept('json')
    accountant.assertStatus(403)

    await client.post(one.address).loginAs(user).redirects(0)
    await one.request.refresh()
    assert.isNull(one.request.handledAt)
  })
})
