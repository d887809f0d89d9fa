import { test } from '@japa/runner'
import Creditor from '#creditors/models/creditor'
import { givenAgency, givenClaim, givenCreditor, givenUser } from '#tests/fixtures/domain'

const FORM = {
  name: 'ATELIER NACRE',
  legalForm: 'SARL',
  siren: '552 081 317',
  addressLines: '3 quai Neuf\n29200 BREST',
  email: 'compta@nacre.example',
  iban: 'FR14 2004 1010 0505 0001 3M02 606',
  professional: 'on',
  sector: 'general',
  collectionOption: 'termination',
  minInstalmentCents: '75,50',
  plansAllowed: 'on',
  maxMonths: '6',
  firstDueDays: '45',
  missedGraceDays: '8',
  settlementValidDays: '15',
  settlementDiscountBps: '5',
}

test.group('creditors', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  test('a creditor is added under the next reference, then its mandate is asked for', async ({
    client,
    assert,
  }) => {
    const user = await givenUser('collector')
    const first = await client.post('/creditors').loginAs(user).form(FORM).withCsrfToken().redirects(0)
    const second = await client
      .post('/creditors')
      .loginAs(user)
      .form({ ...FORM, name: 'AUTRE' })
      .withCsrfToken()
      .redirects(0)
    assert.equal(first.header('location'), '/creditors/C-00001/mandates/create')
    assert.equal(second.header('location'), '/creditors/C-00002/mandates/create')
    const creditor = await Creditor.ofRef('C-00001')
    assert.deepInclude(creditor.serialize(), {
      name: 'ATELIER NACRE',
      siren: '552081317',
      addressLines: ['3 quai Neuf', '29200 BREST'],
      iban: 'FR1420041010050500013M02606',
      professional: true,
      sector: 'general',
      collectionOption: 'termination',
      minInstalmentCents: 7550,
      maxMonths: 6,
      plansAllowed: true,
      firstDueDays: 45,
      missedGraceDays: 8,
      settlementValidDays: 15,
      settlementDiscountBps: 500,
    })
  })

  test('mistakes come back beside their fields', async ({ client, assert }) => {
    const user = await givenUser('collector')
    const page = await client
      .post('/creditors')
      .header('Referer', '/creditors/create')
      .loginAs(user)
      .form({ ...FORM, iban: 'FR14 2004 1010 0505 0001 3M02 607', minInstalmentCents: 'beaucoup' })
      .withCsrfToken()
    assert.include(page.text(), '2 points sont à corriger')
    assert.include(page.text(), 'cet IBAN n’est pas valable')
    assert.include(page.text(), 'value="beaucoup"')
    assert.isNull(await Creditor.findBy('name', FORM.name))
  })

  test('a creditor is changed, and what is emptied is emptied', async ({ client, assert }) => {
    const user = await givenUser('admin')
    const creditor = await givenCreditor()
    const saved = await client
      .put(`/creditors/${creditor.ref}`)
      .loginAs(user)
      .form({ ...FORM, iban: '', professional: undefined })
      .withCsrfToken()
      .redirects(0)
    assert.equal(saved.header('location'), `/creditors/${creditor.ref}`)
    await creditor.refresh()
    assert.equal(creditor.name, 'ATELIER NACRE')
    assert.isNull(creditor.iban)
    assert.isFalse(creditor.professional)
  })

  test('the list shows how the files stand, and searches without accents', async ({ client, assert }) => {
    const user = await givenUser('accountant')
    const creditor = await givenCreditor({ name: 'Éditions du Héron' })
    await givenCreditor({ name: 'MENUISERIE CADIOU' }, null)
    await givenClaim({ creditor, invoices: [{ amountCents: 120_000 }] })
    await givenClaim({ creditor, invoices: [{ amountCents: 34_050 }] })

    const all = await client.get('/creditors').loginAs(user)
    assert.include(all.text(), '1\u202f540,50\u00a0€')
    assert.include(all.text(), 'Mandat à signer')

    const found = await client.get('/creditors').qs({ q: 'heron' }).loginAs(user)
    assert.include(found.text(), 'Éditions du Héron')
    assert.notInclude(found.text(), 'MENUISERIE CADIOU')
    const literal = await client.get('/creditors').qs({ q: '%' }).loginAs(user)
    assert.include(literal.text(), 'Aucun créancier trouvé')
  })

  test('the page shows the mandate, the rules and the people', async ({ client, assert }) => {
    const user = await givenUser('collector')
    const creditor = await givenCreditor()
    await givenUser('creditor', { creditorId: creditor.id, fullName: 'Zoé Rivage' })
    const page = await client.get(`/creditors/${creditor.ref}`).loginAs(user)
    page.assertStatus(200)
    for (const shown of ['12,00\u00a0%', 'Sous 30 jours', 'honoraires retenus', 'Zoé Rivage', 'FR14 2004']) {
      assert.include(page.text(), shown)
    }
    assert.notInclude(page.text(), 'À compléter')
  })

  test('rule 2, R21: a creditor without mandate or IBAN says what is missing', async ({ client, assert }) => {
    const user = await givenUser('collector')
    const creditor = await givenCreditor({ iban: null }, { endsOn: '2026-02-01' })
    assert.deepEqual(await creditor.launchGaps('2026-02-01'), ['iban_missing'])
    assert.deepEqual(await creditor.launchGaps('2026-02-02'), ['iban_missing', 'mandate_missing'])
    const page = await client.get(`/creditors/${creditor.ref}`).loginAs(user)
    assert.include(page.text(), 'L’IBAN sur lequel lui reverser les fonds.')
    assert.include(page.text(), 'Aucun mandat en vigueur')
  })

  test('an unknown reference is not found', async ({ client }) => {
    const user = await givenUser('collector')
    const page = await client.get('/creditors/C-99999').loginAs(user)
    page.assertStatus(404)
  })

  test('an accountant reads and changes nothing', async ({ client, assert }) => {
    const user = await givenUser('accountant')
    const creditor = await givenCreditor()
    const page = await client.get(`/creditors/${creditor.ref}`).loginAs(user)
    page.assertStatus(200)
    assert.notInclude(page.text(), `/creditors/${creditor.ref}/edit`)
    const refused = [
      await client.get('/creditors/create').loginAs(user),
      await client.post('/creditors').loginAs(user).form(FORM).withCsrfToken(),
      await client.get(`/creditors/${creditor.ref}/edit`).loginAs(user),
      await client.put(`/creditors/${creditor.ref}`).loginAs(user).form(FORM).withCsrfToken(),
      await client.get(`/creditors/${creditor.ref}/users/create`).loginAs(user),
    ]
    for (const answer of refused) answer.assertStatus(403)
    await creditor.refresh()
    assert.equal(creditor.name, 'STUDIO RIVAGE')
  })

  test('a creditor’s user may not look at creditors, not even its own page', async ({ client }) => {
    const creditor = await givenCreditor()
    const user = await givenUser('creditor', { creditorId: creditor.id })
    for (const path of ['/creditors', `/creditors/${creditor.ref}`, `/creditors/${creditor.ref}/edit`]) {
      const answer = await client.get(path).loginAs(user)
      answer.assertStatus(403)
    }
  })
})
