import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import type { DatabaseQueryBuilderContract } from '@adonisjs/lucid/types/querybuilder'
import { sha256, storeFile, readStoredFile } from '#shared/files'
import { transaction } from '#shared/transaction'
import { CreateTemplate } from '#letters/actions/create_template'
import { PreviewLetter } from '#letters/actions/preview_letter'
import { RenderLetters } from '#letters/actions/render_letters'
import TemplateVersion from '#letters/models/template_version'
import { chooseTemplates, LETTER_CHANNELS, type Wanted } from '#letters/queries/template_choice'
import { closePrinter } from '#letters/rendering/printer'
import { startOf } from '#letters/templates/starts'
import { givenAgency, givenClaim, givenCreditor, givenUser } from '#tests/fixtures/domain'
import { aQueuedLetter, inspectPdf } from '#tests/fixtures/letters'
import { givenPublishedTemplate, givenTemplate } from '#tests/fixtures/templates'
import { WITHOUT_PDF_READERS } from '#tests/fixtures/tools'

const START = startOf('letter', 'fr')
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64'
)

test.group('versions of a template', () => {
  test('the page of a letter names the template and the version that wrote it', async ({ client }) => {
    await givenAgency()
    const { version, by } = await givenPublishedTemplate({ name: 'Ton ferme' })
    const letter = await aQueuedLetter(await givenClaim(), { templateVersionId: version.id })
    const page = await client.get(`/letters/${letter.ref}`).loginAs(by)
    page.assertTextIncludes(`/letters/templates/${version.templateId}/versions/1">Ton ferme`)
  })

  test('rule 12: publishing freezes the words by their hash, and a change makes a new draft', async ({
    assert,
  }) => {
    const { template, version, by } = await givenPublishedTemplate()
    assert.equal(version.number, 1)
    assert.equal(
      version.contentSha256,
      sha256(
        JSON.stringify({
          channel: 'letter',
          language: 'fr',
          audience: 'any',
          subject: version.subject,
          body: version.body,
          logoSha256: null,
        })
      )
    )
    const draft = await template.write({ subject: 'Autre objet', body: version.body, by })
    assert.equal(draft.number, 2)
    assert.equal(draft.state, 'draft')
    assert.equal((await template.published())!.subject, 'Mise en demeure de payer')
    const again = await template.write({ subject: 'Encore', body: version.body, by })
    assert.equal(again.id, draft.id)
  })

  test('rule 12: the database itself refuses to change or delete what is published', async ({ assert }) => {
    const { version } = await givenPublishedTemplate()
    const attempt = (change: (row: DatabaseQueryBuilderContract) => PromiseLike<unknown>) =>
      assert.rejects(
        () => transaction(async (trx) => change(trx.from('template_versions').where('id', version.id))),
        /frozen/
      )
    await attempt((row) => row.update({ body: '<p>x</p>' }))
    await attempt((row) => row.update({ state: 'draft' }))
    await attempt((row) => row.delete())
    const kept = await TemplateVersion.findOrFail(version.id)
    assert.equal(kept.body, version.body)
  })

  test('rule 11: what the linter refuses is not published, and stays a draft', async ({ assert }) => {
    const by = await givenUser()
    const template = await givenTemplate({ body: `${START.body}<p>Un huissier viendra.</p>` }, by)
    const publication = await template.publish(by)
    assert.equal(publication.outcome, 'refused')
    assert.deepEqual(publication.outcome === 'refused' && publication.messages.map(({ code }) => code), [
      'forbidden_words',
    ])
    assert.isNull(await template.published())
    assert.equal((await template.draft())!.state, 'draft')
  })

  test('twice published at once is one version', async ({ assert }) => {
    const by = await givenUser()
    const template = await givenTemplate({}, by)
    const outcomes = await Promise.all([template.publish(by), template.publish(by)])
    assert.sameMembers(
      outcomes.map(({ outcome }) => outcome),
      ['published', 'nothing_to_publish']
    )
  })

  test('a draft is kept clean, whatever is sent', async ({ assert }) => {
    const by = await givenUser()
    const template = await givenTemplate({}, by)
    const draft = await template.write({ subject: ' a ', body: '<p onclick=x>a<script>b</script></p>', by })
    assert.equal(draft.body, '<p>a</p>')
    assert.equal(draft.subject, 'a')
    const sms = await givenTemplate({ slug: 'sms', channel: 'sms' }, by)
    assert.equal((await sms.write({ subject: '', body: 'a <b>b</b>\nc', by })).body, '<p>a b</p><p>c</p>')
  })

  test('a form that comes without its words leaves them as they were', async ({ assert }) => {
    const by = await givenUser()
    const template = await givenTemplate({}, by)
    const { body } = (await template.draft())!
    assert.equal((await template.write({ subject: 'Objet', body: undefined, by })).body, body)
    assert.equal((await template.write({ subject: 'Objet', body: '', by })).body, body)
  })

  test('a draft is given up only for what is published', async ({ assert }) => {
    const { template, version, by } = await givenPublishedTemplate()
    await template.write({ subject: 'x', body: 'y', by })
    assert.isTrue(await template.discardDraft())
    assert.isNull(await template.draft())
    assert.equal((await template.published())!.id, version.id)
    assert.isFalse(await (await givenTemplate({ slug: 'other' }, by)).discardDraft())
  })

  test('one name is one template for a creditor, a language and an audience', async ({ assert }) => {
    const by = await givenUser()
    const creditor = await givenCreditor()
    const base = { name: 'a', slug: 'same', channel: 'letter', language: 'fr', audience: 'any' } as const
    const create = (values: object) =>
      new CreateTemplate().handle({ ...base, creditorId: null, ...values }, by)
    assert.equal((await create({})).outcome, 'created')
    assert.equal((await create({})).outcome, 'name_taken')
    assert.equal((await create({ creditorId: creditor.id })).outcome, 'created')
    assert.equal((await create({ creditorId: creditor.id })).outcome, 'name_taken')
    assert.equal((await create({ language: 'en' })).outcome, 'created')
    assert.equal((await create({ audience: 'b2c' })).outcome, 'created')
  })

  test('a copy begins with the words of its source', async ({ assert }) => {
    const { template, by } = await givenPublishedTemplate({ subject: 'Objet copié' })
    const copy = await givenTemplate({ slug: 'copy', copyOf: template }, by)
    assert.equal((await copy.draft())!.subject, 'Objet copié')
  })
})

test.group('which template writes a letter', () => {
  const chosen = async (wanted: Wanted) => {
    const [choice] = await chooseTemplates([wanted], LETTER_CHANNELS)
    return typeof choice === 'string' ? choice : choice!.text.subject
  }

  test('the creditor’s own, then the kind of debtor’s, then the debtor’s language', async ({ assert }) => {
    const creditor = await givenCreditor()
    const claim = await givenClaim({ creditor, debtor: { locale: 'en' } })
    const other = await givenClaim()
    const wanted = { claimId: claim.id, slug: 'notice' }
    assert.equal(await chosen(wanted), 'missing')
    assert.equal(await chosen({ ...wanted, slug: 'first_letter' }), 'built_in')

    await givenPublishedTemplate({ slug: 'notice', subject: 'Pour tous' })
    assert.equal(await chosen(wanted), 'Pour tous')
    await givenPublishedTemplate({
      slug: 'notice',
      subject: 'In English',
      language: 'en',
      body: startOf('letter', 'en').body,
    })
    assert.equal(await chosen(wanted), 'In English')
    assert.equal(await chosen({ claimId: other.id, slug: 'notice' }), 'Pour tous')
    await givenPublishedTemplate({ slug: 'notice', subject: 'Entreprises', audience: 'b2b' })
    assert.equal(await chosen(wanted), 'Entreprises')
    await givenPublishedTemplate({ slug: 'notice', subject: 'Du créancier', creditorId: creditor.id })
    assert.equal(await chosen(wanted), 'Du créancier')
    assert.equal(await chosen({ claimId: other.id, slug: 'notice' }), 'Entreprises')
  })

  test('a draft, an email and words for consumers only write no letter to a business', async ({ assert }) => {
    const claim = await givenClaim()
    await givenTemplate({ slug: 'notice' })
    await givenPublishedTemplate({ slug: 'notice', audience: 'b2c' })
    await givenPublishedTemplate({ slug: 'notice', channel: 'email', audience: 'b2b' })
    assert.equal(await chosen({ claimId: claim.id, slug: 'notice' }), 'missing')
  })
})

test.group('letters written from a template', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })
  group.teardown(() => closePrinter())

  test('a letter says the agency’s words and the file’s sums, and keeps which version wrote it', async ({
    assert,
  }) => {
    const { version } = await givenPublishedTemplate({
      slug: 'first_letter',
      body: `${START.body}<table><thead><tr><th>Étape</th><th>Jour</th></tr></thead><tbody><tr><td><span class="colour-green">Appel</span></td><td class="align-end">#deadline</td></tr></tbody></table>`,
    })
    const claim = await givenClaim()
    const letter = await aQueuedLetter(claim)
    assert.deepEqual(await new RenderLetters().handle(), { rendered: 1, cancelled: 0, failed: [] })
    await letter.refresh()
    assert.equal(letter.templateVersionId, version.id)
    const pdf = await inspectPdf(await readStoredFile(letter.fileSha256!))
    for (const words of [
      'Objet : Mise en demeure de payer',
      'activité de recouvrement amiable',
      'STUDIO RIVAGE, SARL',
      'Principal TTC',
      'Article L111-8',
      'Vos données personnelles',
      'Étape',
      'Appel',
      letter.ref,
    ]) {
      assert.include(pdf.text, words)
    }
    assert.notInclude(pdf.text, '#')
    assert.match(pdf.info, /Tagged:\s+yes/)
    assert.include(pdf.check, 'No syntax or stream encoding errors')
  }).skip(...WITHOUT_PDF_READERS)

  test('an English letter says so in its PDF, and quotes the law in French', async ({ assert }) => {
    await givenPublishedTemplate({ slug: 'notice', language: 'en' })
    const letter = await aQueuedLetter(await givenClaim({ debtor: { locale: 'en' } }), { template: 'notice' })
    assert.deepEqual((await new RenderLetters().handle()).failed, [])
    const pdf = await inspectPdf(await readStoredFile((await letter.refresh()).fileSha256!))
    assert.include(pdf.clear, '/Lang (en)')
    assert.include(pdf.text, 'Subject: Formal notice to pay')
    assert.include(pdf.text, 'Les frais de recouvrement entrepris sans titre exécutoire')
    assert.notInclude(pdf.text, 'Dossier')
  }).skip(...WITHOUT_PDF_READERS)

  test('D6: a published template is previewed by its name, and an unknown one is refused', async ({
    assert,
  }) => {
    await givenPublishedTemplate({ slug: 'notice', subject: 'Objet maison' })
    const claim = await givenClaim()
    const preview = await new PreviewLetter().handle({ claim, template: 'notice' })
    assert.equal(preview.outcome, 'drawn')
    const pdf = await inspectPdf(preview.outcome === 'drawn' ? preview.bytes : Buffer.alloc(0))
    assert.include(pdf.text, 'Objet maison')
    assert.include(pdf.text, 'Aperçu, à ne pas envoyer')
    assert.deepEqual(await new PreviewLetter().handle({ claim, template: 'nope' }), {
      outcome: 'refused',
      reason: 'template_missing',
    })
  }).skip(...WITHOUT_PDF_READERS)

  test('D5: the logo is printed from its stored file, with its alternative text', async ({ assert }) => {
    const by = await givenUser()
    const template = await givenTemplate({ slug: 'notice', body: `<p>#logo</p>${START.body}` }, by)
    await transaction(async (trx) => template.setLogo(await storeFile(trx, PNG, 'image/png'), by, trx))
    assert.equal((await template.publish(by)).outcome, 'published')
    const letter = await aQueuedLetter(await givenClaim(), { template: 'notice' })
    assert.deepEqual((await new RenderLetters().handle()).failed, [])
    const pdf = await inspectPdf(await readStoredFile((await letter.refresh()).fileSha256!))
    assert.include(pdf.clear, '/Subtype /Image')
    assert.include(pdf.check, 'No syntax or stream encoding errors')
  }).skip(...WITHOUT_PDF_READERS)

  test('without its template or a value that it asks for, a letter fails alone and says so', async ({
    assert,
  }) => {
    await givenPublishedTemplate({ slug: 'asks', body: `${START.body}<p>#debtor_siren</p>` })
    const claims = [await givenClaim(), await givenClaim({ debtor: { siren: null } }), await givenClaim()]
    const good = await aQueuedLetter(claims[0]!)
    const asks = await aQueuedLetter(claims[1]!, { template: 'asks' })
    const missing = await aQueuedLetter(claims[2]!, { template: 'never_published' })
    const outcome = await new RenderLetters().handle()
    assert.equal(outcome.rendered, 1)
    assert.equal((await good.refresh()).state, 'rendered')
    assert.equal((await asks.refresh()).failure, 'tag_without_value')
    assert.equal((await missing.refresh()).failure, 'template_missing')
  })

  test('rule 11: words that the linter would refuse today are not printed, however they were published', async ({
    assert,
  }) => {
    const { template, version } = await givenPublishedTemplate({ slug: 'old' })
    const body = `${version.body}<p>Un huissier viendra.</p>`
    const forged = new TemplateVersion().fill({ ...version.$attributes, body })
    const { id, ...values } = version.$attributes
    await db.table('template_versions').insert({
      template_id: template.id,
      number: 2,
      state: 'published',
      subject: values.subject,
      body,
      content_sha256: forged.hashIn(template),
      published_at: values.publishedAt,
      created_at: values.createdAt,
      updated_at: values.updatedAt,
    })
    const letter = await aQueuedLetter(await givenClaim(), { template: 'old' })
    await new RenderLetters().handle()
    assert.equal((await letter.refresh()).failure, 'template_refused')
    assert.isAbove(id, 0)
  })

  test('rule 12: a version that is no longer what was published writes nothing', async ({ assert }) => {
    const { template, version } = await givenPublishedTemplate({ slug: 'old' })
    await db.table('template_versions').insert({
      template_id: template.id,
      number: 2,
      state: 'published',
      subject: version.subject,
      body: version.body,
      content_sha256: '0'.repeat(64),
      published_at: version.publishedAt,
      created_at: version.createdAt,
      updated_at: version.updatedAt,
    })
    const letter = await aQueuedLetter(await givenClaim(), { template: 'old' })
    const other = await aQueuedLetter(await givenClaim())
    assert.equal((await new RenderLetters().handle()).rendered, 1)
    assert.equal((await letter.refresh()).failure, 'template_altered')
    assert.equal((await other.refresh()).state, 'rendered')
  })
})
