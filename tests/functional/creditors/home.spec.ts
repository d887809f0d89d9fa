import { test } from '@japa/runner'
import { givenAgency, givenClaim, givenCreditor, givenUser } from '#tests/fixtures/domain'

const IBAN = 'FR76 3000 6000 0112 3456 7890 189'

test.group('a creditor’s own space', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  test('shows its files and nobody else’s', async ({ client, assert }) => {
    const creditor = await givenCreditor({ name: 'STUDIO RIVAGE' })
    const other = await givenCreditor({ name: 'NOVALIS', iban: 'FR7630006000011234567890189' })
    await givenClaim({ creditor, invoices: [{ amountCents: 50_000 }] })
    await givenClaim({ creditor: other, invoices: [{ amountCents: 77_777 }] })
    const user = await givenUser('creditor', { creditorId: creditor.id })

    const page = await client.get('/home').loginAs(user)
    page.assertStatus(200)
    assert.include(page.text(), '500,00\u00a0€')
    assert.notInclude(page.text(), '777,77')
    assert.notInclude(page.text(), 'NOVALIS')
    assert.notInclude(page.text(), 'FR76 3000')
  })

  test('the address of the agenda leads there', async ({ client, assert }) => {
    const creditor = await givenCreditor()
    const user = await givenUser('creditor', { creditorId: creditor.id })
    const page = await client.get('/').loginAs(user).redirects(0)
    assert.equal(page.header('location'), '/home')
  })

  test('R1: bank details are given first', async ({ client, assert }) => {
    const creditor = await givenCreditor({ iban: null })
    const user = await givenUser('creditor', { creditorId: creditor.id })
    const before = await client.get('/home').loginAs(user)
    assert.include(before.text(), 'Donnez d’abord votre IBAN')
    await client.put('/home/bank').loginAs(user).form({ iban: IBAN }).withCsrfToken()
    await creditor.refresh()
    assert.equal(creditor.iban, 'FR7630006000011234567890189')
  })

  test('an IBAN once given is changed by the agency only', async ({ client, assert }) => {
    const creditor = await givenCreditor()
    const user = await givenUser('creditor', { creditorId: creditor.id })
    const page = await client.put('/home/bank').loginAs(user).form({ iban: IBAN }).withCsrfToken()
    assert.include(page.text(), 'seule l’agence peut modifier')
    await creditor.refresh()
    assert.equal(creditor.iban, 'FR1420041010050500013M02606')
  })

  test('another creditor’s mandate is not found', async ({ client }) => {
    const creditor = await givenCreditor()
    const other = await givenCreditor()
    const user = await givenUser('creditor', { creditorId: creditor.id })
    const mandate = (await other.mandateOn('2026-12-31'))!
    const answer = await client.get(`/home/mandates/${mandate.id}`).loginAs(user)
    answer.assertStatus(404)
  })

  test('the agency’s people have no such space', async ({ client }) => {
    const user = await givenUser('collector')
    for (const path of ['/home', '/home/bank']) {
      const answer = await client.get(path).loginAs(user)
      answer.assertStatus(403)
    }
  })
})
