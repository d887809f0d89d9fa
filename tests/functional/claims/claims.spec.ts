import { test } from '@japa/runner'
import { addDays, contactDayFrom } from '#shared/calendar'
import { clock } from '#shared/clock'
import Action from '#campaigns/models/action'
import RaiseDispute from '#claims/actions/raise_dispute'
import Claim from '#claims/models/claim'
import DebtorRequest from '#claims/models/debtor_request'
import Dispute from '#claims/models/dispute'
import { launch } from '#tests/fixtures/campaigns'
import { givenAgency, givenClaim, givenCreditor, givenUser } from '#tests/fixtures/domain'

test.group('claims', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  test('a guest is sent to the sign-in page', async ({ client }) => {
    await givenUser()
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

  test('the file says what comes next and why, what is disputed and asked, and what was answered', async ({
    client,
    assert,
  }) => {
    const claim = await givenClaim({
      email: 'compta@brume.example',
      invoices: [{ number: 'FA-7' }, { number: 'FA-8' }],
    })
    await launch({ creditorId: claim.creditorId, on: contactDayFrom(clock.today()) })
    await Claim.query()
      .where('id', claim.id)
      .update({ first_letter_ref: 'L-7', first_letter_on: addDays(clock.today(), -3) })
    await Action.query().where({ claimId: claim.id, position: 1 }).update({ state: 'done', due_at: null })
    const invoices = await claim.related('invoices').query().where('number', 'FA-8')
    const dispute = {
      claimId: claim.id,
      message: 'La remise manque.',
      evidence: [],
      raisedBy: 'debtor' as const,
    }
    await new RaiseDispute().handle({
      ...dispute,
      reason: 'wrong_amount',
      invoiceIds: invoices.map(({ id }) => id),
    })
    await DebtorRequest.create({
      claimId: claim.id,
      kind: 'callback',
      phone: '+33612345678',
      wantedOn: '2026-12-02',
      slot: 'morning',
      createdAt: clock.now(),
    })
    const user = await givenUser()
    const page = await client.get(`/claims/${claim.ref}`).loginAs(user)
    for (const words of [
      'Relance 1, prévue le',
      'Contesté\u00a0: attend votre réponse',
      'il y a 3 jours',
      'Contestation\u00a0: Le montant n’est pas juste',
      'Factures concernées\u00a0: FA-8',
      'La remise manque.',
      'Souhaite être appelé le 02/12/2026, de 9 h à 12 h.',
      '06 12 34 56 78',
    ]) {
      assert.include(page.text(), words)
    }
    assert.match(page.text(), /E-mail · compta@brume\.example/)

    const { id } = await Dispute.findByOrFail('claimId', claim.id)
    await client
      .post(`/claims/${claim.ref}/disputes/${id}/resolution`)
      .form({ outcome: 'rejected', answer: 'La remise est déduite ligne 3.' })
      .loginAs(user)
      .withCsrfToken()
    const answered = await client.get(`/claims/${claim.ref}`).loginAs(user)
    for (const words of ['Répondu le', 'Contestation non retenue', 'La remise est déduite ligne 3.'])
      assert.include(answered.text(), words)
    assert.notInclude(answered.text(), 'Enregistrer la réponse')
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

  test('a document is attached by its content, shown to those who may, and kept once', async ({
    client,
    assert,
  }) => {
    const claim = await givenClaim()
    const user = await givenUser('creditor', { creditorId: claim.creditorId })
    const stranger = await givenUser('creditor', { creditorId: (await givenCreditor()).id })
    const pdf = Buffer.from('%PDF-1.7\nbon de commande')
    for (let time = 0; time < 2; time++) {
      const response = await client
        .post(`/claims/${claim.ref}/documents`)
        .file('files[]', pdf, { filename: 'bon de commande.pdf' })
        .field('kind', 'order')
        .loginAs(user)
        .withCsrfToken()
        .redirects(0)
      response.assertStatus(302)
    }
    const documents = await claim.related('documents').query()
    assert.lengthOf(documents, 1)
    const path = `/claims/${claim.ref}/documents/${documents[0]!.id}`
    const shown = await client.get(path).loginAs(user)
    shown.assertHeader('content-disposition', `attachment; filename*=UTF-8''bon%20de%20commande.pdf`)
    const refused = await client.get(path).loginAs(stranger)
    refused.assertStatus(404)

    const disguised = await client
      .post(`/claims/${claim.ref}/documents`)
      .file('files[]', Buffer.from('<script>alert(1)</script>'), { filename: 'x.pdf' })
      .field('kind', 'order')
      .loginAs(user)
      .withCsrfToken()
      .redirects(0)
    disguised.assertStatus(302)
    assert.lengthOf(await claim.related('documents').query(), 1)
  })

  test('a corrected address replaces the failing one, and the former is kept', async ({ client, assert }) => {
    const claim = await givenClaim()
    await client
      .put(`/claims/${claim.ref}/address`)
      .form({ street: '3 rue Neuve', postcode: '75002', city: 'Paris' })
      .loginAs(await givenUser())
      .withCsrfToken()
      .redirects(0)
    await claim.load('debtor', (debtor) => debtor.preload('addresses', (rows) => rows.orderBy('id')))
    const [former, current] = claim.debtor.addresses
    assert.isNotNull(former!.replacedAt)
    assert.equal(current!.city, 'PARIS')
  })

  test('an added email becomes the collection contact; two addresses in one field are refused', async ({
    client,
    assert,
  }) => {
    const user = await givenUser()
    const claim = await givenClaim()
    for (const value of ['a@exemple.fr, v@evil.fr', 'Compta@Exemple.fr']) {
      await client
        .post(`/claims/${claim.ref}/contacts`)
        .form({ kind: 'email', value })
        .loginAs(user)
        .withCsrfToken()
        .redirects(0)
    }
    await claim.load('debtor', (debtor) => debtor.preload('contactPoints'))
    const chosen = claim.debtor.contactPoints.filter(
      (point) => point.kind === 'email' && point.collectionContact
    )
    assert.deepEqual(
      chosen.map((point) => point.value),
      ['compta@exemple.fr']
    )
  })
})
