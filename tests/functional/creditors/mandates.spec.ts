import { test } from '@japa/runner'
import Mandate from '#creditors/models/mandate'
import { readStoredFile } from '#shared/files'
import { givenAgency, givenCreditor, givenUser } from '#tests/fixtures/domain'

const PDF = Buffer.from('%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n%%EOF\n')
const TERMS = {
  signedOn: '2026-09-01',
  basis: 'Prestations de services facturées',
  guarantee: 'RC professionnelle de l’agence',
  feeBps: '12,5',
  remittanceDays: '20',
}

test.group('mandates', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  test('rule 2: typed terms make a mandate holding the four statements', async ({ client, assert }) => {
    const user = await givenUser('collector')
    const creditor = await givenCreditor({}, null)
    const saved = await client
      .post(`/creditors/${creditor.ref}/mandates`)
      .loginAs(user)
      .form(TERMS)
      .withCsrfToken()
      .redirects(0)
    assert.equal(saved.header('location'), `/creditors/${creditor.ref}`)
    const mandate = await creditor.mandateOn('2026-09-01')
    assert.deepInclude(mandate!.serialize(), {
      basis: TERMS.basis,
      guarantee: TERMS.guarantee,
      feeBps: 1250,
      remittanceDays: 20,
      netting: false,
      fileSha256: null,
    })
    assert.isNull(await creditor.mandateOn('2026-08-31'))
  })

  test('the signed PDF is kept and read back', async ({ client, assert }) => {
    const user = await givenUser('collector')
    const creditor = await givenCreditor({}, null)
    await client
      .post(`/creditors/${creditor.ref}/mandates`)
      .loginAs(user)
      .fields(TERMS)
      .file('file', PDF, { filename: 'mandat.pdf' })
      .withCsrfToken()
    const mandate = (await creditor.mandateOn('2026-09-01'))!
    assert.deepEqual(await readStoredFile(mandate.fileSha256!), PDF)
    const shown = await client.get(`/creditors/${creditor.ref}/mandates/${mandate.id}`).loginAs(user)
    shown.assertStatus(200)
    assert.equal(shown.header('content-type'), 'application/pdf')
  })

  test('new terms are a new version; the former one stays as it was', async ({ client, assert }) => {
    const user = await givenUser('collector')
    const creditor = await givenCreditor({}, { signedOn: '2026-01-10', feeBps: 1200 })
    await client.post(`/creditors/${creditor.ref}/mandates`).loginAs(user).form(TERMS).withCsrfToken()
    assert.equal((await creditor.mandateOn('2026-08-31'))!.feeBps, 1200)
    assert.equal((await creditor.mandateOn('2026-09-01'))!.feeBps, 1250)
  })

  test('a mandate that lacks a statement, or remits after more than a month, is refused')
    .with([
      { basis: '' },
      { guarantee: '' },
      { feeBps: '' },
      { feeBps: '101' },
      { remittanceDays: '' },
      { remittanceDays: '32' },
      { signedOn: '' },
      { signedOn: '2026-09-31' },
      { endsOn: '2026-08-31' },
    ])
    .run(async ({ client, assert }, wrong) => {
      const user = await givenUser('collector')
      const creditor = await givenCreditor({}, null)
      await client
        .post(`/creditors/${creditor.ref}/mandates`)
        .header('Referer', `/creditors/${creditor.ref}/mandates/create`)
        .loginAs(user)
        .form({ ...TERMS, ...wrong })
        .withCsrfToken()
      assert.isNull(await Mandate.query().where('creditorId', creditor.id).first())
    })

  test('a file that is not a PDF is refused', async ({ client, assert }) => {
    const user = await givenUser('collector')
    const creditor = await givenCreditor({}, null)
    await client
      .post(`/creditors/${creditor.ref}/mandates`)
      .header('Referer', `/creditors/${creditor.ref}/mandates/create`)
      .loginAs(user)
      .fields(TERMS)
      .file('file', Buffer.from('MZ not a pdf'), { filename: 'mandat.pdf' })
      .withCsrfToken()
    assert.isNull(await creditor.mandateOn('2026-12-31'))
  })

  test('a mandate is found through its creditor only', async ({ client }) => {
    const user = await givenUser('collector')
    const mine = await givenCreditor()
    const other = await givenCreditor()
    const mandate = (await other.mandateOn('2026-12-31'))!
    const answer = await client.get(`/creditors/${mine.ref}/mandates/${mandate.id}`).loginAs(user)
    answer.assertStatus(404)
  })

  test('accountants and creditors may not add one')
    .with(['accountant', 'creditor'] as const)
    .run(async ({ client, assert }, role) => {
      const creditor = await givenCreditor({}, null)
      const user = await givenUser(role, role === 'creditor' ? { creditorId: creditor.id } : {})
      const answer = await client
        .post(`/creditors/${creditor.ref}/mandates`)
        .loginAs(user)
        .form(TERMS)
        .withCsrfToken()
      answer.assertStatus(403)
      assert.isNull(await creditor.mandateOn('2026-12-31'))
    })
})
