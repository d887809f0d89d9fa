import { test } from '@japa/runner'
import app from '@adonisjs/core/services/app'
import type { ApiClient } from '@japa/api-client'
import Claim from '#claims/models/claim'
import type Creditor from '#creditors/models/creditor'
import { readingsEnded } from '#imports/background_staging'
import Import from '#imports/models/import'
import ImportMapping from '#imports/models/import_mapping'
import ImportRow from '#imports/models/import_row'
import { recogniseColumns } from '#imports/recognition/header'
import type User from '#users/models/user'
import { givenAgency, givenCreditor, givenUser } from '#tests/fixtures/domain'
import { csvText, givenFile, goodCells, headerCells } from '#tests/fixtures/spreadsheets'

const sample = app.makePath('docs/samples/creances-sample.xlsx')

async function deposit(client: ApiClient, user: User, path: string, creditor?: Creditor) {
  const request = client.post('/imports').loginAs(user).withCsrfToken().redirects(0).file('file', path)
  const response = await (creditor ? request.field('creditor', creditor.ref) : request)
  const ref = /^\/imports\/(I-[\d-]+)/.exec(response.header('location') ?? '')?.[1]
  return { response, deposited: ref ? await Import.findByOrFail('ref', ref) : null }
}

async function confirmColumns(client: ApiClient, user: User, deposited: Import, values: object = {}) {
  const response = await client
    .put(`/imports/${deposited.ref}/columns`)
    .loginAs(user)
    .withCsrfToken()
    .redirects(0)
    .form({ ...deposited.mapping, ...values })
  await readingsEnded()
  return response
}

async function givenVerified(client: ApiClient, rows: Parameters<typeof csvText>[0] | string, user?: User) {
  const creditor = await givenCreditor()
  const staff = user ?? (await givenUser())
  const file =
    typeof rows === 'string' ? null : await givenFile(csvText([headerCells, ...rows]), 'créances.csv')
  const { deposited } = await deposit(client, staff, file?.path ?? (rows as string), creditor)
  await file?.discard()
  await confirmColumns(client, staff, deposited!)
  return { user: staff, creditor, staged: await Import.findOrFail(deposited!.id) }
}

test.group('imports', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  test('a guest is sent to the sign-in page, an accountant is refused', async ({ client }) => {
    const accountant = await givenUser('accountant')
    for (const path of ['/imports', '/imports/create', '/imports/template.xlsx', '/imports/I-2026-00001']) {
      const guest = await client.get(path).redirects(0)
      guest.assertHeader('location', '/sign-in')
      const refused = await client.get(path).loginAs(accountant)
      refused.assertStatus(403)
    }
  })

  test('the whole way: file, columns, verification, conditions, claims', async ({ client, assert }) => {
    const { user, staged } = await givenVerified(client, sample)
    assert.equal(staged.state, 'staged')

    const page = await client.get(`/imports/${staged.ref}`).loginAs(user)
    page.assertStatus(200)
    page.assertTextIncludes('7 lignes sont à corriger avant d’être lancées')
    page.assertTextIncludes('14 pour 14 lignes')
    page.assertTextIncludes('11 pour 13 lignes')

    const conditions = await client.get(`/imports/${staged.ref}/commit`).loginAs(user)
    conditions.assertStatus(200)
    conditions.assertTextIncludes('Version 2026-11')

    const unaccepted = await client
      .post(`/imports/${staged.ref}/commit`)
      .loginAs(user)
      .withCsrfToken()
      .redirects(0)
      .form({})
    unaccepted.assertStatus(302)
    assert.equal((await Import.findOrFail(staged.id)).state, 'staged')

    const accepted = await client
      .post(`/imports/${staged.ref}/commit`)
      .loginAs(user)
      .withCsrfToken()
      .redirects(0)
      .form({ accept_terms: 'on' })
    accepted.assertHeader('location', `/imports/${staged.ref}`)
    assert.lengthOf(await Claim.query().where('importId', staged.id), 25)
    const settled = await client.get(`/imports/${staged.ref}`).loginAs(user)
    settled.assertTextIncludes('216\u202f183,94\u00a0€')

    const undone = await client
      .delete(`/imports/${staged.ref}/commit`)
      .loginAs(user)
      .withCsrfToken()
      .redirects(0)
    undone.assertStatus(302)
    assert.equal((await Import.findOrFail(staged.id)).state, 'undone')
    const list = await client.get('/imports').loginAs(user)
    list.assertTextIncludes('Annulé')
  })

  test('what was changed is shown with the old value struck through', async ({ client }) => {
    const { user, staged } = await givenVerified(client, [
      goodCells({ email: 'Zoe @Exemple.fr', company_name: 'Eurl. Nordet' }),
    ])
    const page = await client.get(`/imports/${staged.ref}?view=changed`).loginAs(user)
    page.assertTextIncludes('Zoe @Exemple.fr</span>')
    page.assertTextIncludes('<span class="cell-new">zoe@exemple.fr</span>')
    page.assertTextIncludes('<span class="cell-new">EURL NORDET</span>')
  })

  test('columns nobody knows are named by hand, remembered for the creditor and found again', async ({
    client,
    assert,
  }) => {
    const user = await givenUser()
    const creditor = await givenCreditor()
    const headers = ['Alpha', 'Bravo', 'Charlie', 'Delta', 'Echo', 'Foxtrot']
    const cells = [
      'Zoé Martin',
      '1 rue de la Paix 75002 Paris',
      'zoe@exemple.fr',
      'FA-1',
      '15/03/2026',
      '120,00',
    ]
    const file = await givenFile(csvText([headers, cells]), 'table.csv')
    const { deposited } = await deposit(client, user, file.path, creditor)

    const page = await client.get(`/imports/${deposited!.ref}/columns`).loginAs(user)
    page.assertTextIncludes('À désigner avant de continuer')
    page.assertTextIncludes('Zoé Martin')

    const incomplete = await confirmColumns(client, user, deposited!, { full_name: 0 })
    incomplete.assertHeader('location', `/imports/${deposited!.ref}/columns`)
    assert.equal((await Import.findOrFail(deposited!.id)).state, 'uploaded')

    const mapping = { full_name: 0, address: 1, email: 2, invoice_number: 3, issued_on: 4, amount: 5 }
    await confirmColumns(client, user, deposited!, { ...mapping, remember: 'on' })
    const row = await ImportRow.findByOrFail('importId', deposited!.id)
    assert.deepInclude(row.serialize(), { outcome: 'ready', fullName: 'Zoé Martin', amountCents: 12_000 })
    const saved = await ImportMapping.findByOrFail('creditorId', creditor.id)
    assert.equal(saved.fields.full_name, 'alpha')

    const moved = await givenFile(csvText([headers.toReversed(), cells.toReversed()]), 'table.csv')
    const again = await deposit(client, user, moved.path, creditor)
    assert.deepEqual(again.deposited!.mapping, {
      full_name: 5,
      address: 4,
      email: 3,
      invoice_number: 2,
      issued_on: 1,
      amount: 0,
    })
    await Promise.all([file.discard(), moved.discard()])
  })

  test('a row is corrected in place, left out and taken back', async ({ client, assert }) => {
    const { user, staged } = await givenVerified(client, [
      goodCells(),
      goodCells({ address: '14 rue des Lilas' }),
    ])
    const put = (row: number, form: object) =>
      client.put(`/imports/${staged.ref}/rows/${row}`).loginAs(user).withCsrfToken().redirects(0).form(form)

    const page = await client.get(`/imports/${staged.ref}`).loginAs(user)
    page.assertTextIncludes('Corriger la ligne 3')
    page.assertTextIncludes('14 rue des Lilas')
    const still = await put(3, { address: '14 rue des Lilas, Paris' })
    still.assertHeader('location', `/imports/${staged.ref}?row=3#correct`)
    const ready = await put(3, { address: '14 rue des Lilas 75020 Paris' })
    ready.assertHeader('location', `/imports/${staged.ref}`)
    const row = await ImportRow.findByOrFail({ importId: staged.id, row: 3 })
    assert.deepInclude(row.serialize(), { outcome: 'ready', city: 'PARIS' })

    const decision = `/imports/${staged.ref}/rows/3/decision`
    await client.post(decision).loginAs(user).withCsrfToken().redirects(0).form({ decision: 'leave' })
    assert.equal((await row.refresh()).outcome, 'set_aside')
    await client.delete(decision).loginAs(user).withCsrfToken().redirects(0)
    assert.equal((await row.refresh()).outcome, 'ready')
  })

  test('the annotated table and the template are spreadsheets', async ({ client, assert }) => {
    const { user, staged } = await givenVerified(client, [goodCells({ amount: null })])
    for (const path of [`/imports/${staged.ref}/table.xlsx`, '/imports/template.xlsx']) {
      const response = await client.get(path).loginAs(user)
      response.assertStatus(200)
      assert.match(response.header('content-type')!, /spreadsheetml/)
      assert.match(response.header('content-disposition')!, /^attachment/)
    }
  })

  test('a file that is no table says what to do', async ({ client }) => {
    const user = await givenUser()
    const creditor = await givenCreditor()
    const file = await givenFile(Buffer.from('d0cf11e0a1b11ae10000', 'hex'), 'vieux.xls')
    const { deposited } = await deposit(client, user, file.path, creditor)
    const page = await client.get(`/imports/${deposited!.ref}`).loginAs(user)
    page.assertTextIncludes('l’ancien format d’Excel (.xls)')
    page.assertTextIncludes('Déposer un autre fichier')
    await file.discard()
  })

  test('R1: a creditor deposits for itself alone, once its bank details are known', async ({
    client,
    assert,
  }) => {
    const creditor = await givenCreditor({ iban: null })
    const other = await givenCreditor()
    const user = await givenUser('creditor', { creditorId: creditor.id })
    const first = await client.get('/imports/create').loginAs(user)
    first.assertTextIncludes('Vos coordonnées bancaires d’abord')

    await creditor.merge({ iban: 'FR1420041010050500013M02606' }).save()
    const file = await givenFile(csvText([headerCells, goodCells()]), 'table.csv')
    const { deposited } = await deposit(client, user, file.path, other)
    assert.equal(deposited!.creditorId, creditor.id)
    await file.discard()

    const theirs = await givenVerified(client, [goodCells()])
    for (const path of ['', '/columns', '/commit', '/table.xlsx']) {
      const response = await client.get(`/imports/${theirs.staged.ref}${path}`).loginAs(user)
      response.assertStatus(404)
    }
    const list = await client.get('/imports').loginAs(user)
    assert.notInclude(list.text(), theirs.staged.ref)
    const stolen = await client
      .post(`/imports/${theirs.staged.ref}/commit`)
      .loginAs(user)
      .withCsrfToken()
      .form({ accept_terms: 'on' })
    stolen.assertStatus(404)
  })

  test('a table is dropped until it is committed', async ({ client, assert }) => {
    const { user, staged } = await givenVerified(client, [goodCells()])
    const dropped = await client.delete(`/imports/${staged.ref}`).loginAs(user).withCsrfToken().redirects(0)
    dropped.assertHeader('location', '/imports')
    assert.isNull(await Import.find(staged.id))
  })

  test('an upload with a hostile field name, without a file or without a creditor is refused', async ({
    client,
    assert,
  }) => {
    const user = await givenUser()
    const file = await givenFile(csvText([headerCells, goodCells()]), 'table.csv')
    for (const name of ['toString', 'constructor', '__proto__']) {
      const response = await client.post('/imports').loginAs(user).withCsrfToken().file(name, file.path)
      assert.equal(response.status(), 422, name)
    }
    const unknown = await client
      .post('/imports')
      .loginAs(user)
      .withCsrfToken()
      .field('creditor', 'C-nobody')
      .file('file', file.path)
    unknown.assertStatus(404)
    assert.lengthOf(await Import.all(), 0)
    await file.discard()
  })

  test('the mapping of the form never gives one column two meanings', ({ assert }) => {
    assert.deepEqual(recogniseColumns(['Nom', 'Nom']), { full_name: 0 })
  })
})
