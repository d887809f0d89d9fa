import { test } from '@japa/runner'
import { clock } from '#shared/clock'
import { givenAgency, givenUser } from '#tests/fixtures/domain'
import { readStoredFile } from '#shared/files'

const PDF = Buffer.from('%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n%%EOF\n')
const LEGAL = {
  insurer: 'Assurances du Palais',
  insurancePolicy: 'RCP-2',
  insuranceValidFromOn: '2026-01-01',
  insuranceValidUntilOn: '2099-12-31',
  dedicatedIban: 'FR7630006000011234567890189',
  declarationOn: '2026-01-05',
}

test.group('settings', () => {
  test('the board is green only when R124-2 is met', async ({ client, assert }) => {
    const admin = await givenUser('admin')
    const agency = await givenAgency({ insuranceValidUntilOn: '2099-12-31' })
    const met = await client.get('/settings').loginAs(admin)
    assert.include(met.text(), 'Tout est en règle')
    assert.include(met.text(), 'Agence en règle')

    await agency.merge({ dedicatedIban: null }).save()
    const notMet = await client.get('/settings').loginAs(admin)
    assert.notInclude(notMet.text(), 'Tout est en règle')
    assert.notInclude(notMet.text(), 'Agence en règle')
    assert.include(notMet.text(), 'L’IBAN du compte dédié est à renseigner.')
  })

  test('insurance that ends soon is announced', async ({ client, assert }) => {
    const admin = await givenUser('admin')
    await givenAgency({ insuranceValidUntilOn: clock.today() })
    const page = await client.get('/settings').loginAs(admin)
    assert.include(page.text(), 'L’assurance se termine le')
  })

  test('collectors and accountants may not look or change')
    .with(['collector', 'accountant'] as const)
    .run(async ({ client, assert }, role) => {
      const user = await givenUser(role)
      const agency = await givenAgency()
      for (const path of ['', '/identity', '/legal', '/policies', '/legal/insurance']) {
        const looked = await client.get(`/settings${path}`).loginAs(user)
        looked.assertStatus(403)
      }
      const changed = await client
        .put('/settings/legal')
        .loginAs(user)
        .form({ ...LEGAL, dedicatedIban: 'FR1420041010050500013M02606' })
        .withCsrfToken()
      changed.assertStatus(403)
      await agency.refresh()
      assert.equal(agency.dedicatedIban, 'FR7630006000011234567890189')
    })

  test('the identity is changed', async ({ client, assert }) => {
    const admin = await givenUser('admin')
    const agency = await givenAgency()
    await client
      .put('/settings/identity')
      .loginAs(admin)
      .form({
        name: 'Cabinet Renommé',
        addressLines: '1 rue Neuve\r\n\r\n69001 LYON',
        email: 'bonjour@renomme.example',
        phone: '04 72 00 00 00',
      })
      .withCsrfToken()
    await agency.refresh()
    assert.equal(agency.name, 'Cabinet Renommé')
    assert.deepEqual(agency.addressLines, ['1 rue Neuve', '69001 LYON'])
    assert.equal(agency.dedicatedIban, 'FR7630006000011234567890189', 'the rest stays')
  })

  test('the rules are changed; a box left empty is off', async ({ client, assert }) => {
    const admin = await givenUser('admin')
    const agency = await givenAgency({ emailRequired: true, mobileRequired: false })
    await client
      .put('/settings/policies')
      .loginAs(admin)
      .form({ mobileRequired: 'on', defaultPaymentTermDays: 45, contactsPerWeek: 2 })
      .withCsrfToken()
    await agency.refresh()
    assert.isFalse(agency.emailRequired)
    assert.isTrue(agency.mobileRequired)
    assert.equal(agency.defaultPaymentTermDays, 45)
    assert.equal(agency.contactsPerWeek, 2)
  })

  test('a rule outside its bounds is refused')
    .with([
      { defaultPaymentTermDays: 366, contactsPerWeek: 3 },
      { defaultPaymentTermDays: 30, contactsPerWeek: 0 },
      { defaultPaymentTermDays: 30, contactsPerWeek: 8 },
    ])
    .run(async ({ client, assert }, rules) => {
      const admin = await givenUser('admin')
      const agency = await givenAgency()
      await client.put('/settings/policies').loginAs(admin).form(rules).withCsrfToken()
      await agency.refresh()
      assert.equal(agency.contactsPerWeek, 3)
      assert.equal(agency.defaultPaymentTermDays, 30)
    })

  test('the certificate and the declaration are filed and read back', async ({ client, assert }) => {
    const admin = await givenUser('admin')
    const agency = await givenAgency()
    const saved = await client
      .put('/settings/legal')
      .loginAs(admin)
      .fields(LEGAL)
      .file('insuranceFile', PDF, { filename: 'attestation.pdf' })
      .withCsrfToken()
      .redirects(0)
    assert.equal(saved.header('location'), '/settings')
    await agency.refresh()
    assert.deepEqual(await readStoredFile(agency.insuranceFileSha256!), PDF)
    assert.isNull(agency.declarationFileSha256)

    const shown = await client.get('/settings/legal/insurance').loginAs(admin)
    shown.assertStatus(200)
    assert.equal(shown.header('content-type'), 'application/pdf')
    const missing = await client.get('/settings/legal/declaration').loginAs(admin)
    missing.assertStatus(404)
  })

  test('a file that is not a PDF is refused, whatever its name', async ({ client, assert }) => {
    const admin = await givenUser('admin')
    const agency = await givenAgency()
    const page = await client
      .put('/settings/legal')
      .header('Referer', '/settings/legal')
      .loginAs(admin)
      .fields(LEGAL)
      .file('declarationFile', Buffer.from('<script>alert(1)</script>'), { filename: 'declaration.pdf' })
      .withCsrfToken()
    assert.include(page.text(), 'ce type de fichier n’est pas accepté')
    await agency.refresh()
    assert.isNull(agency.declarationFileSha256)
  })
})
