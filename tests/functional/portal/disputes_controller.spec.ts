import { test } from '@japa/runner'
import Dispute from '#claims/models/dispute'
import ContactPoint from '#debtors/models/contact_point'
import Delivery from '#deliveries/models/delivery'
import { readStoredFile } from '#shared/files'
import { MEGABYTE } from '#shared/uploads'
import { as, givenPortal } from '#tests/fixtures/portal'

const PDF = Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n')
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3])
const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3])
const objection = { reason: 'wrong_amount', message: 'La facture de juin compte deux fois le plateau.' }

test.group('Contesting', () => {
  test('rule 41: the file is suspended, the documents are kept, both sides are told', async ({
    assert,
    client,
  }) => {
    const { link, claim } = await givenPortal({ invoices: [{}, {}] })
    const [first] = await claim.related('invoices').query()
    const response = await as(client.post('/p/dispute'), link)
      .withCsrfToken()
      .fields({ ...objection, scope: 'some', 'invoices[]': String(first!.id) })
      .file('files', PDF, { filename: 'bon de commande.pdf', contentType: 'application/pdf' })
      .file('files', JPEG, { filename: 'IMG_0012.JPG', contentType: 'image/jpeg' })
      .redirects(0)
    response.assertStatus(303)
    response.assertHeader('location', '/p/dispute')

    await claim.refresh()
    assert.equal(claim.status, 'disputed')
    const dispute = await Dispute.query().where('claimId', claim.id).preload('invoices').firstOrFail()
    assert.deepInclude(dispute.$attributes, { ...objection, raisedBy: 'debtor' })
    assert.deepEqual(
      dispute.invoices.map((invoice) => invoice.id),
      [first!.id]
    )
    const documents = await claim.related('documents').query().orderBy('id')
    assert.deepEqual(
      documents.map((document) => document.name),
      ['bon de commande.pdf', 'IMG_0012.JPG']
    )
    assert.isTrue(PDF.equals(await readStoredFile(documents[0]!.fileSha256)))

    const told = await Delivery.query().where('claimId', claim.id).orderBy('id')
    assert.deepEqual(
      told.map((delivery) => delivery.recipe),
      ['portal.confirmation', 'portal.creditor_notice']
    )
  })

  test('afterwards the page says what happens next, and by when', async ({ client }) => {
    const { link } = await givenPortal()
    await as(client.post('/p/dispute'), link).withCsrfToken().fields(objection).file('files', PDF, 'a.pdf')
    const dispute = await Dispute.firstOrFail()
    const [year, month, day] = dispute.answerByOn.split('-')
    const response = await as(client.get('/p/dispute'), link)
    response.assertTextIncludes('Votre contestation est enregistrée')
    response.assertTextIncludes(`${day}/${month}/${year}`)
    response.assertTextIncludes('votre document')
    response.assertTextIncludes('•••@exemple.fr')

    await dispute
      .merge({ outcome: 'rejected', answer: 'Le bon est signé.', resolvedAt: dispute.createdAt })
      .save()
    const answered = await as(client.get('/p/dispute'), link)
    answered.assertTextIncludes('n’est pas retenue')
    answered.assertTextIncludes('Le bon est signé.')
  })

  test('two clicks are one dispute, one copy and one notice', async ({ assert, client }) => {
    const { link, claim } = await givenPortal()
    for (let click = 0; click < 2; click++) {
      const response = await as(client.post('/p/dispute'), link)
        .withCsrfToken()
        .fields(objection)
        .redirects(0)
      response.assertHeader('location', '/p/dispute')
    }
    assert.lengthOf(await Dispute.query().where('claimId', claim.id), 1)
    assert.lengthOf(await Delivery.query().where('claimId', claim.id), 2)
  })

  test('a document is known by its content, not by its name: {name}')
    .with([
      { name: 'page.pdf', bytes: Buffer.from('<!doctype html><script>alert(1)</script>') },
      { name: 'photo.jpg', bytes: Buffer.from('GIF89a') },
      { name: 'archive.pdf', bytes: Buffer.from([0x50, 0x4b, 0x03, 0x04, 0, 0]) },
      { name: 'empty.png', bytes: Buffer.from('') },
    ])
    .run(async ({ assert, client }, { name, bytes }) => {
      const { link, claim } = await givenPortal()
      const response = await as(client.post('/p/dispute'), link)
        .withCsrfToken()
        .fields(objection)
        .file('files', bytes, name)
      response.assertStatus(422)
      response.assertTextIncludes(name)
      assert.lengthOf(await Dispute.query().where('claimId', claim.id), 0)
      assert.lengthOf(await claim.related('documents').query(), 0)
    })

  test('a picture with the wrong name is still a picture', async ({ assert, client }) => {
    const { link, claim } = await givenPortal()
    await as(client.post('/p/dispute'), link).withCsrfToken().fields(objection).file('files', PNG, 'scan.pdf')
    const [document] = await claim.related('documents').query()
    assert.equal(document!.name, 'scan.pdf')
  })

  test('a document over 10 MB, a sixth document and a hostile field name are refused', async ({
    assert,
    client,
  }) => {
    const { link, claim } = await givenPortal()
    const send = () => as(client.post('/p/dispute'), link).withCsrfToken().fields(objection)

    const heavy = await send().file('files', Buffer.concat([PDF, Buffer.alloc(10 * MEGABYTE)]), 'lourd.pdf')
    heavy.assertStatus(422)
    heavy.assertTextIncludes('dépasse 10')

    const six = send()
    for (let index = 0; index < 6; index++) six.file('files', PDF, `${index}.pdf`)
    const many = await six
    many.assertStatus(422)
    many.assertTextIncludes('Cinq fichiers au plus')

    for (const name of ['__proto__', 'toString', 'constructor']) {
      const hostile = await send().file(name, PDF, 'a.pdf')
      hostile.assertStatus(422)
    }
    assert.lengthOf(await Dispute.query().where('claimId', claim.id), 0)
  })

  test('what is missing is said beside its field, and what was written stays', async ({ assert, client }) => {
    const { link } = await givenPortal()
    const message = 'x'.repeat(200)
    const response = await as(client.post('/p/dispute'), link).withCsrfToken().fields({ message })
    response.assertStatus(422)
    response.assertTextIncludes('Choisissez ce qui ne va pas')
    response.assertTextIncludes(message)
    response.assertTextIncludes('id="error-reason"')
    const wrong = await as(client.post('/p/dispute'), link)
      .withCsrfToken()
      .fields({ ...objection, email: 'a@exemple.fr, b@exemple.fr', message: 'y'.repeat(4001) })
    wrong.assertStatus(422)
    wrong.assertTextIncludes('Votre message est trop long')
    wrong.assertTextIncludes('Écrivez une adresse e-mail complète')
    assert.lengthOf(await Dispute.all(), 0)
  })

  test('rule 14: an address given on the page gets the copy, and is not made the contact', async ({
    assert,
    client,
  }) => {
    const { link, claim } = await givenPortal()
    await as(client.post('/p/dispute'), link)
      .withCsrfToken()
      .fields({ ...objection, email: 'camille@ailleurs.example' })
    const copy = await Delivery.query().where('recipe', 'portal.confirmation').firstOrFail()
    assert.equal(copy.recipient, 'camille@ailleurs.example')
    assert.equal(copy.parameters.known, false)
    const kept = await ContactPoint.query().where('value', 'camille@ailleurs.example').firstOrFail()
    assert.isFalse(kept.collectionContact)
    assert.equal(kept.debtorId, claim.debtorId)
  })

  test('a file with nothing to ask for cannot be contested', async ({ assert, client }) => {
    for (const values of [{ status: 'paid', paidOn: '2026-11-01' } as const, { status: 'closed' } as const]) {
      const { link, claim } = await givenPortal({ claim: values })
      const form = await as(client.get('/p/dispute/new'), link).redirects(0)
      form.assertHeader('location', '/p')
      await as(client.post('/p/dispute'), link).withCsrfToken().fields(objection)
      assert.lengthOf(await Dispute.query().where('claimId', claim.id), 0)
    }
  })

  test('bar 24: without a CSRF token, or without a session, nothing is written', async ({
    assert,
    client,
  }) => {
    const { link } = await givenPortal()
    const forged = await as(client.post('/p/dispute'), link).fields(objection)
    forged.assertStatus(403)
    const stranger = await client.post('/p/dispute').withCsrfToken().fields(objection)
    stranger.assertStatus(404)
    assert.lengthOf(await Dispute.all(), 0)
  })
})
