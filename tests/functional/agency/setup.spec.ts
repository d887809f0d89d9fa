import { test } from '@japa/runner'
import Agency from '#agency/models/agency'
import { givenAgency, givenUser } from '#tests/fixtures/domain'
import User from '#users/models/user'

const IDENTITY = {
  name: 'Cabinet Aubrac',
  legalForm: 'SAS',
  siren: '732 829 320',
  addressLines: '12 rue des Archives\n75004 PARIS',
  email: 'contact@aubrac.example',
  phone: '01 84 80 00 00',
}
const LEGAL = {
  insurer: 'Assurances du Palais',
  insurancePolicy: 'RCP-1',
  insuranceValidFromOn: '2026-01-01',
  insuranceValidUntilOn: '2099-12-31',
  dedicatedIban: 'FR76 3000 6000 0112 3456 7890 189',
  dedicatedBic: 'agrifrpp',
  declarationOn: '2026-01-05',
}
const ADMIN = {
  fullName: 'Claire Vasseur',
  email: 'claire@aubrac.example',
  password: 'une phrase assez longue',
  passwordConfirmation: 'une phrase assez longue',
}

test.group('first run', () => {
  test('an empty installation leads every back-office page to it')
    .with(['/', '/claims', '/settings', '/settings/users', '/sign-in'])
    .run(async ({ client, assert }, path) => {
      const response = await client.get(path).redirects(0)
      assert.equal(response.header('location'), '/setup')
    })

  test('three steps make the agency and its first administrator, signed in', async ({ client, assert }) => {
    const first = await client.post('/setup').form(IDENTITY).withCsrfToken().redirects(0)
    assert.equal(first.header('location'), '/setup/legal')
    const second = await client.post('/setup/legal').form(LEGAL).withCsrfToken().redirects(0)
    assert.equal(second.header('location'), '/setup/admin')
    const third = await client.post('/setup/admin').form(ADMIN).withCsrfToken().redirects(0)
    assert.equal(third.header('location'), '/setup/done')

    const agency = await Agency.currentOrFail()
    assert.deepInclude(agency.serialize(), {
      name: 'Cabinet Aubrac',
      siren: '732829320',
      addressLines: ['12 rue des Archives', '75004 PARIS'],
      phone: '+33184800000',
      dedicatedIban: 'FR7630006000011234567890189',
      dedicatedBic: 'AGRIFRPP',
    })
    assert.deepEqual(agency.legalGaps('2026-11-22'), [])
    const admin = await User.findByOrFail('email', ADMIN.email)
    assert.equal(admin.role, 'admin')
    third.assertSession('auth_web', admin.id)
  })

  test('what R124-2 asks for may wait', async ({ client, assert }) => {
    await client.post('/setup').form(IDENTITY).withCsrfToken().redirects(0)
    const second = await client.post('/setup/legal').form({}).withCsrfToken().redirects(0)
    assert.equal(second.header('location'), '/setup/admin')
    const agency = await Agency.currentOrFail()
    assert.lengthOf(agency.legalGaps('2026-11-22'), 3)
  })

  test('a mistake is shown beside its field and what was typed is kept', async ({ client, assert }) => {
    const page = await client
      .post('/setup')
      .header('Referer', '/setup')
      .form({ ...IDENTITY, email: 'a@x.fr, v@evil.fr', siren: '12345' })
      .withCsrfToken()
    assert.include(page.text(), '2 points sont à corriger')
    assert.include(page.text(), 'neuf chiffres')
    assert.include(page.text(), 'value="Cabinet Aubrac"')
    assert.isNull(await Agency.current())
  })

  test('an IBAN with a wrong digit is refused', async ({ client, assert }) => {
    await client.post('/setup').form(IDENTITY).withCsrfToken().redirects(0)
    const page = await client
      .post('/setup/legal')
      .header('Referer', '/setup/legal')
      .form({ ...LEGAL, dedicatedIban: 'FR76 3000 6000 0112 3456 7890 188' })
      .withCsrfToken()
    assert.include(page.text(), 'cet IBAN n’est pas valable')
    assert.isNull((await Agency.currentOrFail()).dedicatedIban)
  })

  test('a cover that ends before it begins is refused', async ({ client, assert }) => {
    await client.post('/setup').form(IDENTITY).withCsrfToken().redirects(0)
    const page = await client
      .post('/setup/legal')
      .header('Referer', '/setup/legal')
      .form({ ...LEGAL, insuranceValidUntilOn: '2025-12-31' })
      .withCsrfToken()
    assert.include(page.text(), 'elle ne peut pas venir avant le début')
  })

  test('the steps come in order', async ({ client, assert }) => {
    for (const path of ['/setup/legal', '/setup/admin']) {
      const looked = await client.get(path).redirects(0)
      assert.equal(looked.header('location'), '/setup')
    }
    const jumped = await client.post('/setup/admin').form(ADMIN).withCsrfToken().redirects(0)
    assert.equal(jumped.header('location'), '/setup')
    assert.isFalse(await User.any())
  })

  test('it resumes where it was left', async ({ client, assert }) => {
    await givenAgency()
    const page = await client.get('/setup')
    assert.include(page.text(), 'value="Cabinet Amiable"')
  })

  test('it is refused once somebody exists, and changes nothing', async ({ client, assert }) => {
    const agency = await givenAgency()
    await givenUser('admin')
    for (const path of ['/setup', '/setup/legal', '/setup/admin']) {
      const looked = await client.get(path).redirects(0)
      assert.equal(looked.header('location'), '/')
    }
    await client.post('/setup').form(IDENTITY).withCsrfToken().redirects(0)
    await client.post('/setup/legal').form({}).withCsrfToken().redirects(0)
    const admin = await client.post('/setup/admin').form(ADMIN).withCsrfToken().redirects(0)
    admin.assertSessionMissing('auth_web')
    await agency.refresh()
    assert.equal(agency.name, 'Cabinet Amiable')
    assert.isNotNull(agency.dedicatedIban)
    assert.isNull(await User.findBy('email', ADMIN.email))
  })
})
