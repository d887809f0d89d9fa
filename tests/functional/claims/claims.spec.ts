import { test } from '@japa/runner'
import Claim from '#claims/models/claim'
import { givenAgency, givenClaim, givenCreditor, givenUser } from '#tests/fixtures/domain'

test.group('claims', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  test('a guest is sent to the sign-in page', async ({ client }) => {
    const response = await client.get('/claims').redirects(0)
    response.assertStatus(302)
    response.assertHeader('location', '/sign-in')
  })

  test('staff see the claims of every creditor, and filter them', async ({ client, assert }) => {
    const user = await givenUser()
    const brume = await givenClaim({ debtor: { companyName: 'ÉTUDES BRUME' } })
    const other = await givenClaim({ kind: 'b2c', debtor: { fullName: 'Karim Benhaddou' } })
    const all = await client.get('/claims').loginAs(user)
    all.assertStatus(200)
    all.assertTextIncludes(brume.ref)
    all.assertTextIncludes(other.ref)

    const found = await client.get('/claims').qs({ q: 'etudes' }).loginAs(user).redirects(0)
    assert.equal(found.header('location'), `/claims/${brume.ref}`)

    const nonsense = await client
      .get('/claims')
      .qs({ from: '2026-02-31', min: 'abc', status: 'x' })
      .loginAs(user)
    nonsense.assertStatus(200)
    nonsense.assertTextIncludes(other.ref)
  })

  test('a search by invoice, email and amount finds the file', async ({ client, assert }) => {
    const user = await givenUser()
    await givenClaim()
    const claim = await givenClaim({
      email: 'compta@atelier.fr',
      invoices: [{ number: 'FA_100%', amountCents: 123_456 }],
    })
    for (const q of ['fa_100%', 'COMPTA@atelier', '1 234,56 €']) {
      const response = await client.get('/claims').qs({ q }).loginAs(user).redirects(0)
      assert.equal(response.header('location'), `/claims/${claim.ref}`, q)
    }
  })

  test('a creditor sees only its own claims, in the list, the file and the CSV', async ({ client }) => {
    const mine = await givenClaim()
    const theirs = await givenClaim()
    const user = await givenUser('creditor', { creditorId: mine.creditorId })
    const list = await client.get('/claims').qs({ creditor: 'C-anything' }).loginAs(user)
    list.assertTextIncludes(mine.ref)
    const csv = await client.get('/claims.csv').loginAs(user)
    csv.assertTextIncludes(mine.ref)
    for (const text of [list.text(), csv.text()]) {
      if (text.includes(theirs.ref)) throw new Error('another creditor’s claim is shown')
    }
    const page = await client.get(`/claims/${theirs.ref}`).loginAs(user)
    page.assertStatus(404)
  })

  test('the file shows what is owed, line by line', async ({ client }) => {
    const claim = await givenClaim({ invoices: [{ number: 'FA-7', amountCents: 120_000 }] })
    const response = await client.get(`/claims/${claim.ref}`).loginAs(await givenUser())
    response.assertStatus(200)
    response.assertTextIncludes('FA-7')
    response.assertTextIncludes('1\u202f200,00\u00a0€')
    response.assertTextIncludes('40,00\u00a0€')
  })

  test('a pause keeps its reason, stops the file and can be lifted', async ({ client, assert }) => {
    const user = await givenUser()
    const claim = await givenClaim({ claim: { launchedOn: '2026-05-01', status: 'active' } })
    const refused = await client
      .post(`/claims/${claim.ref}/pause`)
      .form({ reason: '', until_on: 'demain' })
      .loginAs(user)
      .withCsrfToken()
      .redirects(0)
    refused.assertStatus(302)
    await claim.refresh()
    assert.equal(claim.status, 'active')

    await client
      .post(`/claims/${claim.ref}/pause`)
      .form({ reason: 'Le débiteur rappelle lundi', until_on: '2026-12-01' })
      .loginAs(user)
      .withCsrfToken()
      .redirects(0)
    await claim.refresh()
    assert.equal(claim.status, 'paused')
    const page = await client.get(`/claims/${claim.ref}`).loginAs(user)
    page.assertTextIncludes('Le débiteur rappelle lundi')

    await client.delete(`/claims/${claim.ref}/pause`).loginAs(user).withCsrfToken().redirects(0)
    await claim.refresh()
    assert.equal(claim.status, 'active')
    const types = await claim.related('events').query().orderBy('id')
    assert.deepEqual(
      types.map((event) => event.type),
      ['claim.paused', 'claim.resumed']
    )
  })

  test('R19: a creditor may close its own claim, only as collected by itself', async ({ client, assert }) => {
    const claim = await givenClaim()
    const other = await givenClaim({ creditor: await givenCreditor() })
    const user = await givenUser('creditor', { creditorId: claim.creditorId })
    await client
      .post(`/claims/${claim.ref}/closure`)
      .form({ reason: 'irrecoverable', note: 'réglé chez nous' })
      .loginAs(user)
      .withCsrfToken()
      .redirects(0)
    await claim.refresh()
    assert.equal(claim.status, 'closed')
    const [event] = await claim.related('events').query().where('type', 'claim.closed')
    assert.equal(event!.detail.reason, 'collected_by_creditor')

    const refused = await client
      .post(`/claims/${other.ref}/closure`)
      .form({ reason: 'collected_by_creditor' })
      .loginAs(user)
      .withCsrfToken()
      .redirects(0)
    refused.assertStatus(404)
    assert.equal((await Claim.findOrFail(other.id)).status, 'new')
  })

  test('an accountant may neither pause nor close', async ({ client }) => {
    const user = await givenUser('accountant')
    const claim = await givenClaim()
    for (const path of ['pause', 'closure']) {
      const response = await client
        .post(`/claims/${claim.ref}/${path}`)
        .form({ reason: 'cancelled' })
        .loginAs(user)
        .withCsrfToken()
      response.assertStatus(403)
    }
  })

  test('the CSV opens in a spreadsheet and holds no live formula', async ({ client, assert }) => {
    await givenClaim({ debtor: { companyName: '=HYPERLINK("http://x")' } })
    const response = await client.get('/claims.csv').loginAs(await givenUser())
    response.assertHeader('content-type', 'text/csv; charset=utf-8')
    const lines = response.text().split('\r\n')
    assert.isTrue(lines[0]!.startsWith('\ufeffDossier;Statut'))
    assert.include(lines[1], `"'=HYPERLINK(""http://x"")"`)
    assert.include(lines[1], ';1200,00;')
  })
})
