import { test } from '@japa/runner'
import { readStoredFile, sha256 } from '#shared/files'
import PortalLink from '#claims/models/portal_link'
import { RenderLetters } from '#letters/actions/render_letters'
import { closePrinter } from '#letters/rendering/printer'
import { givenAgency, givenClaim, givenCreditor } from '#tests/fixtures/domain'
import { aQueuedLetter, inspectPdf } from '#tests/fixtures/letters'
import { WITHOUT_PDF_READERS } from '#tests/fixtures/tools'

test.group('rendering queued letters', (group) => {
  group.teardown(() => closePrinter())

  test('a queued letter becomes a stored PDF with its pages, its total and a link of its own', async ({
    assert,
  }) => {
    await givenAgency()
    const claim = await givenClaim()
    const letter = await aQueuedLetter(claim)

    assert.deepEqual(await new RenderLetters().handle(), { rendered: 1, cancelled: 0, failed: [] })

    await letter.refresh()
    assert.equal(letter.state, 'rendered')
    assert.equal(letter.pages, 2)
    const bytes = await readStoredFile(letter.fileSha256!)
    const pdf = await inspectPdf(bytes)
    assert.include(pdf.text, `Lettre ${letter.ref} du 16/11/2026`)
    assert.include(pdf.text, 'page 2 / 2')
    assert.include(pdf.text, 'FR76 3000 6000 0112 3456 7890 189')

    const token = /\/p\/([\w-]{43})/.exec(pdf.clear)![1]!
    const link = await PortalLink.query().where('claimId', claim.id).firstOrFail()
    assert.equal(link.tokenSha256, sha256(token))
  }).skip(...WITHOUT_PDF_READERS)

  test('rendering again changes nothing: the stored letter is the letter', async ({ assert }) => {
    await givenAgency()
    const letter = await aQueuedLetter(await givenClaim())
    await new RenderLetters().handle()
    const { fileSha256 } = await letter.refresh()
    assert.deepEqual(await new RenderLetters().handle({ letterIds: [letter.id] }), {
      rendered: 0,
      cancelled: 0,
      failed: [],
    })
    assert.equal((await letter.refresh()).fileSha256, fileSha256)
  })

  test('a letter that may not be written fails alone, with the reason', async ({ assert }) => {
    await givenAgency()
    const good = await aQueuedLetter(await givenClaim())
    const withoutMandate = await aQueuedLetter(await givenClaim({ creditor: await givenCreditor({}, null) }))
    const outcome = await new RenderLetters().handle()
    assert.equal(outcome.rendered, 1)
    assert.deepEqual(outcome.failed, [
      { letterId: withoutMandate.id, ref: withoutMandate.ref, reason: 'mandate_missing' },
    ])
    assert.equal((await good.refresh()).state, 'rendered')
    assert.equal((await withoutMandate.refresh()).failure, 'mandate_missing')
  })

  test('rule 17: no letter states a sum whose interest rate is unknown', async ({ assert }) => {
    await givenAgency()
    const claim = await givenClaim({
      claim: { limitationOn: '2031-01-01' },
      invoices: [{ issuedOn: '2019-01-02', dueOn: '2019-02-01' }],
    })
    await aQueuedLetter(claim)
    const outcome = await new RenderLetters().handle()
    assert.deepEqual(
      outcome.failed.map(({ reason }) => reason),
      ['rate_missing']
    )
  })

  test('U3: a file paid, paused, contested or closed since gets no letter', async ({ assert }) => {
    await givenAgency()
    for (const status of ['paid', 'paused', 'disputed', 'closed'] as const) {
      const letter = await aQueuedLetter(await givenClaim({ claim: { status } }))
      const outcome = await new RenderLetters().handle()
      assert.equal(outcome.cancelled, 1)
      await letter.refresh()
      assert.equal(letter.state, 'cancelled')
      assert.equal(letter.failure, `claim_${status}`)
      assert.isNull(letter.fileSha256)
    }
  })

  test('a letter dated later waits for its day', async ({ assert }) => {
    await givenAgency()
    const letter = await aQueuedLetter(await givenClaim(), { datedOn: '2026-11-17' })
    await new RenderLetters().handle({ on: '2026-11-16' })
    assert.equal((await letter.refresh()).state, 'queued')
    await new RenderLetters().handle({ on: '2026-11-17' })
    assert.equal((await letter.refresh()).state, 'rendered')
  })

  test('a letter that waited bears the day it is written, with its time to pay and its sum', async ({
    assert,
  }) => {
    await givenAgency()
    const claim = await givenClaim({ invoices: [{}, { dueOn: '2026-12-24', amountCents: 50_000 }] })
    const letter = await aQueuedLetter(claim)
    await new RenderLetters().handle({ on: '2026-11-30' })
    await letter.refresh()
    assert.equal(letter.datedOn, '2026-11-30')
    const { text } = await inspectPdf(await readStoredFile(letter.fileSha256!))
    assert.include(text, `Lettre ${letter.ref} du 30/11/2026`)
    assert.include(text, 'au plus tard le 15 décembre 2026')
    // 1 200 € since 1 April: 90 days at 12.15 %, 153 days at 12.40 %. The other invoice is not due yet.
    assert.equal(letter.totalCents, 120_000 + 3595 + 6237 + 4000)
    assert.notInclude(text, '24/12/2026')
  }).skip(...WITHOUT_PDF_READERS)

  test('rule 1: a letter queued before the agency’s insurance ended waits until there is one', async ({
    assert,
  }) => {
    const agency = await givenAgency({ insuranceValidUntilOn: '2026-11-29' })
    const letter = await aQueuedLetter(await givenClaim())
    await new RenderLetters().handle({ on: '2026-11-30' })
    assert.equal((await letter.refresh()).state, 'queued')
    await agency.merge({ insuranceValidUntilOn: '2027-11-29' }).save()
    await new RenderLetters().handle({ on: '2026-11-30' })
    assert.equal((await letter.refresh()).state, 'rendered')
  })

  test('rule 39: a letter that waited until the claim was prescribed is not written', async ({ assert }) => {
    await givenAgency()
    const letter = await aQueuedLetter(await givenClaim({ claim: { limitationOn: '2026-11-20' } }))
    await new RenderLetters().handle({ on: '2026-11-30' })
    assert.containSubset((await letter.refresh()).serialize(), {
      state: 'cancelled',
      failure: 'claim_prescribed',
    })
  })

  test('rule 3: the account printed is the dedicated one, never the creditor’s', async ({ assert }) => {
    await givenAgency()
    const letter = await aQueuedLetter(await givenClaim())
    await new RenderLetters().handle()
    const { text } = await inspectPdf(await readStoredFile((await letter.refresh()).fileSha256!))
    assert.notInclude(text.replaceAll(' ', ''), 'FR1420041010050500013M02606')
    assert.equal([...text.matchAll(/FR\d\d \d{4}/g)].length, 1)
  }).skip(...WITHOUT_PDF_READERS)
})
