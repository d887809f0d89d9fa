import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import type Claim from '#claims/models/claim'
import Document from '#claims/models/document'
import { clock } from '#shared/clock'
import { storeFile } from '#shared/files'
import { transaction } from '#shared/transaction'
import Letter from '#letters/models/letter'
import { as, givenPortal } from '#tests/fixtures/portal'

const PDF = Buffer.from('%PDF-1.7\n%%EOF\n')
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
let serial = 0

const stored = (bytes: Buffer, mediaType: string) => transaction((trx) => storeFile(trx, bytes, mediaType))

async function givenDocument(claim: Claim, changes: Partial<Document> = {}) {
  return Document.create({
    claimId: claim.id,
    kind: 'invoice',
    name: 'facture été.pdf',
    fileSha256: await stored(PDF, 'application/pdf'),
    shownToDebtor: true,
    createdAt: clock.now(),
    ...changes,
  })
}

async function givenLetter(claim: Claim, changes: Partial<Letter> = {}) {
  return Letter.create({
    ref: `L-${++serial}`,
    claimId: claim.id,
    kind: 'simple',
    template: 'formal_notice',
    datedOn: '2026-09-16',
    state: 'printed',
    fileSha256: await stored(PDF, 'application/pdf'),
    pages: 2,
    createdAt: clock.now(),
    ...changes,
  })
}

/** A payment by cheque and its receipt, as rows: how they are made is tested elsewhere. */
async function givenReceipt(claim: Claim, number: string) {
  const now = clock.now()
  const [payment] = await db
    .table('payments')
    .insert({
      ref: `P-${++serial}`,
      source: `cheque:${serial}`,
      claim_id: claim.id,
      method: 'cheque',
      amount_cents: 1000,
      interest_cents: 0,
      principal_cents: 1000,
      indemnity_cents: 0,
      suspense_cents: 0,
      received_on: '2026-10-01',
      created_at: now,
    })
    .returning('id')
  await db.table('receipts').insert({
    number,
    payment_id: payment.id ?? payment,
    remaining_cents: 0,
    file_sha256: await stored(PDF, 'application/pdf'),
    issued_on: '2026-10-01',
    created_at: now,
  })
}

test.group('Documents of the file', () => {
  test('letters, receipts and shown documents are listed and open', async ({ assert, client }) => {
    const { link, claim } = await givenPortal()
    const letter = await givenLetter(claim)
    const document = await givenDocument(claim)
    await givenReceipt(claim, 'Q-2026-90001')
    const page = await as(client.get('/p'), link)
    for (const address of [
      `/p/letters/${letter.ref}`,
      '/p/receipts/Q-2026-90001',
      `/p/documents/${document.id}`,
    ]) {
      page.assertTextIncludes(`href="${address}"`)
      const response = await as(client.get(address), link)
      response.assertStatus(200)
      response.assertHeader('content-type', 'application/pdf')
      response.assertHeader('cache-control', 'private, no-store')
      response.assertHeader('x-content-type-options', 'nosniff')
      assert.isTrue(PDF.equals(response.body()))
    }
  })

  test('a picture is saved rather than shown, under its own name', async ({ client }) => {
    const { link, claim } = await givenPortal()
    const document = await givenDocument(claim, {
      name: 'reçu "1".png',
      fileSha256: await stored(PNG, 'image/png'),
    })
    const response = await as(client.get(`/p/documents/${document.id}`), link)
    response.assertHeader('content-type', 'image/png')
    response.assertHeader('content-disposition', `attachment; filename*=UTF-8''re%C3%A7u%20%221%22.png`)
  })

  test('another debtor’s are not found, nor what is not theirs to see', async ({ assert, client }) => {
    const [own, other] = [await givenPortal(), await givenPortal()]
    const letter = await givenLetter(other.claim)
    const document = await givenDocument(other.claim)
    await givenReceipt(other.claim, 'Q-2026-90002')
    const hidden = await givenDocument(own.claim, { shownToDebtor: false, kind: 'contract' })
    const queued = await givenLetter(own.claim, { state: 'queued', fileSha256: null })
    const page = await as(client.get('/p'), own.link)
    for (const address of [
      `/p/letters/${letter.ref}`,
      `/p/documents/${document.id}`,
      '/p/receipts/Q-2026-90002',
      `/p/documents/${hidden.id}`,
      `/p/letters/${queued.ref}`,
      '/p/documents/999999999',
    ]) {
      assert.notInclude(page.text(), address)
      const response = await as(client.get(address), own.link)
      response.assertStatus(404)
      const guest = await client.get(address)
      guest.assertStatus(404)
    }
  })
})
