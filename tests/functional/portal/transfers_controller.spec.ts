import { test } from '@japa/runner'
import Agency from '#agency/models/agency'
import { clock } from '#shared/clock'
import { loadOwed } from '#claims/owed'
import { isCreditorReference } from '#shared/creditor_reference'
import { formatEuros } from '#shared/money'
import { as, givenPortal } from '#tests/fixtures/portal'

test.group('Paying by transfer', () => {
  test('rule 3: the dedicated account, a valid reference, and a code for the amount', async ({
    assert,
    client,
  }) => {
    const { link, claim } = await givenPortal()
    await claim.load('creditor')
    const response = await as(client.get('/p/transfer?cents=12345'), link)
    response.assertStatus(200)
    response.assertTextIncludes(formatEuros(12_345))
    response.assertTextIncludes('FR76 3000 6000 0112 3456 7890 189')
    assert.notInclude(response.text().replaceAll(' ', ''), claim.creditor.iban!)
    const [reference] = /RF\d{2}[A-Z0-9 ]+/.exec(response.text())!
    assert.isTrue(isCreditorReference(reference))
    assert.match(response.text(), /<svg class="qr" role="img" aria-label="[^"]+123,45/)
  })

  test('an amount out of reach is the whole of what is due', async ({ client }) => {
    const { link, claim } = await givenPortal()
    const { totalCents } = await loadOwed(claim.id, clock.today())
    for (const cents of ['', '0', '-5', '1e9', '12.5', 'x', String(totalCents + 1)]) {
      const response = await as(client.get(`/p/transfer?cents=${cents}`), link)
      response.assertTextIncludes(formatEuros(totalCents))
    }
  })

  test('without a dedicated account no instruction is shown', async ({ assert, client }) => {
    const { link } = await givenPortal()
    const agency = await Agency.currentOrFail()
    await agency.merge({ dedicatedIban: null }).save()
    const response = await as(client.get('/p/transfer'), link)
    response.assertTextIncludes('n’est pas disponible')
    assert.notMatch(response.text(), /IBAN|<svg/)
    const page = await as(client.get('/p'), link)
    assert.notInclude(page.text(), '/p/payment')
  })

  test('nothing is asked of a file that is paid, closed or prescribed (rule 39)', async ({ client }) => {
    for (const values of [
      { status: 'paid', paidOn: '2026-11-01' } as const,
      { status: 'closed' } as const,
      { limitationOn: '2026-01-01' } as const,
    ]) {
      const { link } = await givenPortal({ claim: values })
      const response = await as(client.get('/p/transfer'), link).redirects(0)
      response.assertHeader('location', '/p')
    }
  })
})
