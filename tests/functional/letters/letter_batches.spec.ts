import { strFromU8, unzipSync } from 'fflate'
import type { ApiClient } from '@japa/api-client'
import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { readStoredFile, sha256 } from '#shared/files'
import { RenderLetters } from '#letters/actions/render_letters'
import { CreateBatch } from '#letters/batches/create_batch'
import { WorkBatches } from '#letters/batches/work_batches'
import Letter from '#letters/models/letter'
import LetterBatch from '#letters/models/letter_batch'
import { batchLetters, splitOf } from '#letters/queries/batch_letters'
import { selectLetters } from '#letters/queries/letter_selection'
import type User from '#users/models/user'
import { closePrinter } from '#letters/rendering/printer'
import { tick } from '#scheduler/tick'
import { givenCampaign, renderLetters, TEN, TUESDAY } from '#tests/fixtures/campaigns'
import { givenAgency, givenClaim, givenUser } from '#tests/fixtures/domain'
import { aQueuedLetter, inspectPdf, wordBoxes } from '#tests/fixtures/letters'
import { WITHOUT_PDF_READERS } from '#tests/fixtures/tools'

const binary = (response: unknown, done: (error: Error | null, body: Buffer) => void) => {
  const parts: Buffer[] = []
  const stream = response as NodeJS.ReadableStream
  stream.on('data', (part: Buffer) => parts.push(part))
  stream.on('end', () => done(null, Buffer.concat(parts)))
}

async function givenQueued(count: number) {
  const letters: Letter[] = []
  for (let index = 0; index < count; index++) letters.push(await aQueuedLetter(await givenClaim()))
  return letters
}

async function givenBatch(letters: Letter[], options: { duplex?: boolean; addressSheets?: boolean } = {}) {
  const chosen = await selectLetters({ refs: letters.map(({ ref }) => ref) })
  return new CreateBatch().handle({
    letters: chosen,
    duplex: false,
    addressSheets: false,
    userId: null,
    ...options,
  })
}

const linksMinted = async () => Number((await db.from('portal_links').count('* as total').first()).total)

test.group('Working a batch', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })
  group.teardown(() => closePrinter())

  test('what is not written yet is, once; the figures are kept', async ({ assert }) => {
    const letters = await givenQueued(3)
    const registered = await aQueuedLetter(await givenClaim(), { kind: 'lrar' })
    const batch = await givenBatch([...letters, registered], { duplex: true })
    assert.equal(batch.state, 'working')
    assert.equal(await new WorkBatches().handle(), 1)
    await batch.refresh()
    assert.containSubset(batch.toJSON(), {
      state: 'ready',
      chosen: 4,
      letters: 4,
      leftOut: 0,
      pages: 8,
      sheets: 4,
      postageCents: 3 * 152 + 746,
      heavy: 0,
    })
    const minted = await linksMinted()
    assert.equal(await new WorkBatches().handle(), 0)
    assert.equal(await linksMinted(), minted)
  })

  test('a letter asked for twice at once is written once', async ({ assert }) => {
    const letters = await givenQueued(4)
    const letterIds = letters.map(({ id }) => id)
    const batch = await givenBatch(letters)
    const [first, second] = await Promise.all([
      new RenderLetters().handle({ letterIds }),
      new RenderLetters().handle({ letterIds }),
      new WorkBatches().handle({ batchId: batch.id }),
    ])
    assert.equal(first.rendered + second.rendered, 4)
    assert.equal(await linksMinted(), 4, 'a link is minted each time that a letter is written')
    assert.equal((await batch.refresh()).letters, 4)
  })

  test('stopped in the middle, it goes on at the next call and writes nothing twice', async ({ assert }) => {
    const letters = await givenQueued(25)
    const batch = await givenBatch(letters)
    const stop = new AbortController()
    await new WorkBatches().handle({ signal: stop.signal, onRendered: () => stop.abort() })
    assert.equal((await batch.refresh()).state, 'working')
    const before = await db.from('letters').where('state', 'rendered').select('id', 'file_sha256')
    assert.isAbove(before.length, 0)
    assert.isBelow(before.length, 25)

    const { done } = await tick(TEN)
    assert.equal(done.batches, 1)
    assert.equal((await batch.refresh()).letters, 25)
    assert.equal(await linksMinted(), 25)
    for (const { id, file_sha256: hash } of before) {
      assert.equal((await Letter.findOrFail(id)).fileSha256, hash)
    }
  })

  test('each that cannot be printed is left out with its reason; what stops later goes out too', async ({
    assert,
  }) => {
    const [goes, paid, failed, later, posted] = await givenQueued(5)
    await db.from('claims').where('id', paid!.claimId).update({ status: 'paid' })
    await db
      .from('addresses')
      .whereIn('debtor_id', (query) => query.from('claims').where('id', failed!.claimId).select('debtor_id'))
      .update({ replaced_at: TEN })
    const batch = await givenBatch([goes!, paid!, failed!, later!, posted!])
    await new WorkBatches().handle()
    await batch.refresh()
    assert.deepEqual([batch.letters, batch.leftOut], [3, 2])
    const reasons = (await batchLetters(batch.id)).map(({ leftOutReason }) => leftOutReason)
    assert.deepEqual(reasons, [null, 'claim_paid', 'address_missing', null, null])

    await db.from('letters').where('id', posted!.id).update({ state: 'printed' })
    await db.from('claims').whereIn('id', [later!.claimId, posted!.claimId]).update({ status: 'disputed' })
    const { printed } = splitOf(await batchLetters(batch.id))
    assert.deepEqual(
      printed.map(({ ref }) => ref),
      [goes!.ref, posted!.ref]
    )
  })

  test('a batch that cannot be worked does not hold up the others, and says so', async ({ assert }) => {
    const [first, second] = await givenQueued(2)
    await new RenderLetters().handle()
    const stuck = await givenBatch([first!], { addressSheets: true })
    const goes = await givenBatch([second!])
    await db.from('addresses').update({ city: '' })
    await assert.rejects(() => new WorkBatches().handle(), /city|address|ville/i)
    assert.equal((await stuck.refresh()).state, 'working')
    assert.equal((await goes.refresh()).state, 'ready')
  })

  test('rule 1: while the agency may not act, nothing is written and the batch waits', async ({
    assert,
    client,
  }) => {
    await db.from('agencies').update({ insurance_valid_until_on: '2026-01-02' })
    const batch = await givenBatch(await givenQueued(1))
    assert.equal(await new WorkBatches().handle(), 0)
    const page = await client.get(`/letters/batches/${batch.ref}`).loginAs(await givenUser())
    page.assertTextIncludes('n’est pas en règle')
    page.assertTextIncludes('0 sur 1 écrits')
    ;(await client.get(`/letters/batches/${batch.ref}.pdf`).loginAs(await givenUser())).assertStatus(404)
    await db.from('agencies').update({ insurance_valid_until_on: '2027-12-31' })
    assert.equal(await new WorkBatches().handle(), 1)
  })
})

test.group('Pages of batches', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })
  group.teardown(() => closePrinter())

  const fetched = async (client: ApiClient, path: string, user: User): Promise<Buffer> => {
    const response = await client
      .get(path)
      .loginAs(user)
      .setup((request) => {
        request.request.buffer(true).parse(binary)
      })
    response.assertStatus(200)
    return response.body()
  }

  test('D11: those ticked become one PDF with a bookmark to each, or one file each; again, the same bytes', async ({
    client,
    assert,
  }) => {
    const user = await givenUser()
    const letters = await givenQueued(3)
    const response = await client
      .post('/letters/batches')
      .form({ 'refs[]': letters.map(({ ref }) => ref), duplex: 'on' })
      .withCsrfToken()
      .loginAs(user)
      .redirects(0)
    const batch = await LetterBatch.firstOrFail()
    assert.equal(response.header('location'), `/letters/batches/${batch.ref}`)
    await new WorkBatches().handle()
    const page = await client.get(`/letters/batches/${batch.ref}`).loginAs(user)
    page.assertTextIncludes('Télécharger le PDF')
    page.assertTextIncludes(user.fullName)

    const bytes = await fetched(client, `/letters/batches/${batch.ref}.pdf`, user)
    const pdf = await inspectPdf(bytes)
    assert.include(pdf.check, 'No syntax or stream encoding errors found')
    assert.equal(pdf.pages, 6)
    for (const { ref } of letters) {
      const title = Buffer.from(`${ref} · ATELIER BRUME`, 'utf16le').swap16().toString('hex').toUpperCase()
      assert.include(pdf.clear, `/Title <FEFF${title}>`)
    }
    const again = await fetched(client, `/letters/batches/${batch.ref}.pdf`, user)
    assert.equal(sha256(again), sha256(bytes))

    const zip = await fetched(client, `/letters/batches/${batch.ref}.zip`, user)
    assert.equal(sha256(await fetched(client, `/letters/batches/${batch.ref}.zip`, user)), sha256(zip))
    const files = unzipSync(zip)
    assert.sameMembers(
      Object.keys(files),
      letters.map(({ ref }) => `${ref}.pdf`)
    )
    for (const letter of letters) {
      const stored = await readStoredFile((await letter.refresh()).fileSha256!)
      assert.equal(strFromU8(files[`${letter.ref}.pdf`]!, true), stored.toString('latin1'))
    }
  }).skip(...WITHOUT_PDF_READERS)

  test('an address sheet is a page with the address alone, in the window, of the day of the letter', async ({
    client,
    assert,
  }) => {
    const letters = await givenQueued(2)
    const batch = await givenBatch(letters, { addressSheets: true })
    await new RenderLetters().handle()
    await db.from('addresses').update({ street: '14 rue des Carmes' })
    await new WorkBatches().handle()
    assert.equal((await batch.refresh()).sheets, 6)
    const user = await givenUser()
    const bytes = await fetched(client, `/letters/batches/${batch.ref}.pdf`, user)
    const pdf = await inspectPdf(bytes)
    assert.include(pdf.check, 'No syntax or stream encoding errors found')
    assert.equal(pdf.pages, 6)
    const pages = await wordBoxes(bytes)
    const words = pages[0]!.map(({ text }) => text).join(' ')
    assert.equal(words, 'ATELIER BRUME Madame Hélène Brume 14 RUE DES CARMES 44000 NANTES')
    for (const { left, top, right, bottom } of pages[0]!) {
      assert.isTrue(left >= 110 && right <= 195 && top >= 55 && bottom <= 88)
    }
    const zip = unzipSync(await fetched(client, `/letters/batches/${batch.ref}.zip`, user))
    assert.equal((await inspectPdf(zip[`${letters[0]!.ref}.pdf`]!)).pages, 3)
  }).skip(...WITHOUT_PDF_READERS)

  test('all that a list shows on all its pages, or that a campaign wrote, in one batch', async ({
    client,
    assert,
  }) => {
    const user = await givenUser()
    const [first] = await givenQueued(3)
    const claim = await givenClaim()
    const campaign = await givenCampaign([claim])
    await tick(TEN)
    await renderLetters('rendered')
    await db.from('letters').update({ pages: 2 })
    const post = (form: object) =>
      client.post('/letters/batches').form(form).withCsrfToken().loginAs(user).redirects(0)
    await post({ all: 'on', state: 'rendered' })
    await post({ all: 'on', q: first!.ref })
    await post({ campaign: campaign.ref })
    const batches = await LetterBatch.query().orderBy('id')
    assert.deepEqual(
      batches.map(({ chosen }) => chosen),
      [4, 1, 1]
    )
    const show = await client.get(`/campaigns/${campaign.ref}`).loginAs(user)
    show.assertTextIncludes('Imprimer le courrier')
    const list = await client.get('/letters/batches').loginAs(user)
    for (const { ref } of batches) list.assertTextIncludes(ref)
  })

  test('the agenda offers the letters that wait for paper, and not those of a file that stopped', async ({
    client,
    assert,
  }) => {
    const user = await givenUser()
    const [goes, stopped] = await givenQueued(2)
    await renderLetters('rendered')
    await db.from('letters').update({ pages: 2, dated_on: TUESDAY })
    await db.from('claims').where('id', stopped!.claimId).update({ status: 'paused' })
    const agenda = await client.get('/?group=to_print').loginAs(user)
    agenda.assertTextIncludes(`value="${goes!.ref}"`)
    assert.notInclude(agenda.text(), `value="${stopped!.ref}"`)
    agenda.assertTextIncludes('Daté du 24/11/2026, 2 pages')
  })

  test('nothing ticked says so, and no batch is made', async ({ client, assert }) => {
    const response = await client
      .post('/letters/batches')
      .form({})
      .header('referer', '/letters')
      .withCsrfToken()
      .loginAs(await givenUser())
      .redirects(0)
    assert.equal(response.header('location'), '/letters')
    response.assertFlashMessage('error', 'Cochez au moins un courrier à imprimer.')
    assert.lengthOf(await LetterBatch.all(), 0)
  })
})
