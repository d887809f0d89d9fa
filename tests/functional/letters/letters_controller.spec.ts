import { test } from '@japa/runner'
import ClaimEvent from '#claims/models/claim_event'
import { RenderLetters } from '#letters/actions/render_letters'
import { closePrinter } from '#letters/rendering/printer'
import { givenAgency, givenClaim, givenUser } from '#tests/fixtures/domain'
import { aQueuedLetter, inspectPdf } from '#tests/fixtures/letters'
import { WITHOUT_PDF_READERS } from '#tests/fixtures/tools'

const binary = (response: unknown, done: (error: Error | null, body: Buffer) => void) => {
  const parts: Buffer[] = []
  const stream = response as NodeJS.ReadableStream
  stream.on('data', (part: Buffer) => parts.push(part))
  stream.on('end', () => done(null, Buffer.concat(parts)))
}

test.group('letters pages', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })
  group.teardown(() => closePrinter())

  async function aRenderedLetter(kind: 'simple' | 'lrar' = 'simple') {
    const letter = await aQueuedLetter(await givenClaim(), { kind })
    await new RenderLetters().handle()
    return letter.refresh()
  }

  test('a guest is sent to the sign-in page, a creditor is refused, an accountant reads', async ({
    client,
    assert,
  }) => {
    const letter = await aRenderedLetter()
    const paths = ['/letters', `/letters/${letter.ref}`, `/letters/${letter.ref}.pdf`]
    const accountant = await givenUser('accountant')
    for (const path of paths) {
      const guest = await client.get(path).redirects(0)
      assert.equal(guest.header('location'), '/sign-in', path)
      const claim = await letter.related('claim').query().firstOrFail()
      const creditor = await givenUser('creditor', { creditorId: claim.creditorId })
      ;(await client.get(path).loginAs(creditor)).assertStatus(403)
    }
    ;(await client.get(paths[1]!).loginAs(accountant)).assertStatus(200)
    ;(await client.get(paths[2]!).loginAs(accountant)).assertStatus(200)
    ;(await client.get(paths[0]!).loginAs(accountant)).assertStatus(403)
  })

  test('the list tells each letter’s state and why one failed, and is filtered by the address', async ({
    client,
    assert,
  }) => {
    const user = await givenUser()
    const rendered = await aRenderedLetter()
    const failed = await aQueuedLetter(await givenClaim({ debtor: { companyName: 'ÉTUDES BRUME' } }), {
      state: 'failed',
      failure: 'address_missing',
    })
    const all = await client.get('/letters').loginAs(user)
    all.assertTextIncludes(rendered.ref)
    all.assertTextIncludes('pas d’adresse postale')
    const found = await client.get('/letters').qs({ q: 'etudes', state: 'failed' }).loginAs(user)
    found.assertTextIncludes(failed.ref)
    assert.notInclude(found.text(), rendered.ref)
    const nonsense = await client
      .get('/letters')
      .qs({ on: '2026-02-31', state: 'x', page: 'y' })
      .loginAs(user)
    nonsense.assertStatus(200)
    nonsense.assertTextIncludes(rendered.ref)
  })

  test('the PDF is the stored one, to see or to save', async ({ client, assert }) => {
    const user = await givenUser()
    const letter = await aRenderedLetter()
    const seen = await client
      .get(`/letters/${letter.ref}.pdf`)
      .loginAs(user)
      .setup((request) => {
        request.request.buffer(true).parse(binary)
      })
    seen.assertStatus(200)
    assert.equal(seen.header('content-type'), 'application/pdf')
    assert.match(seen.header('content-disposition')!, /^inline/)
    assert.include((await inspectPdf(seen.body())).text, letter.ref)
    const saved = await client.get(`/letters/${letter.ref}.pdf`).qs({ download: 1 }).loginAs(user)
    assert.match(saved.header('content-disposition')!, /^attachment; filename="D-T\d+-L1\.pdf"/)
  }).skip(...WITHOUT_PDF_READERS)

  test('a letter without a PDF, or that does not exist, is a 404', async ({ client }) => {
    const user = await givenUser()
    const queued = await aQueuedLetter(await givenClaim())
    ;(await client.get(`/letters/${queued.ref}.pdf`).loginAs(user)).assertStatus(404)
    ;(await client.get('/letters/NONE-L1').loginAs(user)).assertStatus(404)
    ;(await client.get(`/letters/${queued.ref}`).loginAs(user)).assertStatus(200)
  })

  test('D12: plain letters are posted together; a registered one waits for its number', async ({
    client,
    assert,
  }) => {
    const user = await givenUser()
    const plain = await aRenderedLetter()
    const registered = await aRenderedLetter('lrar')
    await client
      .post('/letters/dispatches')
      .form({ 'refs[]': [plain.ref, registered.ref] })
      .withCsrfToken()
      .loginAs(user)
      .redirects(0)
    assert.equal((await plain.refresh()).state, 'printed')
    assert.equal((await registered.refresh()).state, 'rendered')

    const event = await ClaimEvent.query().where('claimId', plain.claimId).orderBy('id', 'desc').firstOrFail()
    assert.equal(event.type, 'letters.dispatched')
    assert.equal(event.userId, user.id)
  })

  test('a registered letter takes the number on its slip, and only a real one', async ({
    client,
    assert,
  }) => {
    const user = await givenUser()
    const letter = await aRenderedLetter('lrar')
    const dispatch = (number: string) =>
      client
        .put(`/letters/${letter.ref}/dispatch`)
        .form({ registered_number: number })
        .withCsrfToken()
        .loginAs(user)
        .redirects(0)
    for (const wrong of ['', '123', '2C 123 456 789 0', 'DROP TABLE']) {
      await dispatch(wrong)
      assert.equal((await letter.refresh()).state, 'rendered', wrong)
    }
    await dispatch('2c 123 456 789 01')
    await letter.refresh()
    assert.equal(letter.state, 'printed')
    assert.equal(letter.registeredNumber, '2C12345678901')

    await dispatch('2C 999 456 789 01')
    await letter.refresh()
    assert.equal(letter.registeredNumber, '2C99945678901')
    const told = await ClaimEvent.query().where('claimId', letter.claimId).where('type', 'letters.dispatched')
    assert.lengthOf(told, 1)
  })

  test('an accountant posts nothing', async ({ client, assert }) => {
    const letter = await aRenderedLetter()
    const response = await client
      .put(`/letters/${letter.ref}/dispatch`)
      .withCsrfToken()
      .loginAs(await givenUser('accountant'))
    response.assertStatus(403)
    assert.equal((await letter.refresh()).state, 'rendered')
  })

  test('D6: a preview shows the letter of today, marked, and keeps nothing', async ({ client, assert }) => {
    const user = await givenUser()
    const claim = await givenClaim()
    const response = await client
      .get(`/claims/${claim.ref}/letter-preview`)
      .qs({ template: 'registered_letter' })
      .loginAs(user)
      .setup((request) => {
        request.request.buffer(true).parse(binary)
      })
    response.assertStatus(200)
    const { text } = await inspectPdf(response.body())
    assert.include(text, 'Aperçu, à ne pas envoyer')
    assert.include(text, 'Lettre recommandée')
    assert.include(text, '/p/apercu-sans-lien')
    const links = await claim.related('events').query()
    assert.isEmpty(links)
  }).skip(...WITHOUT_PDF_READERS)
})
