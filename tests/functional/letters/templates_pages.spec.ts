import { test } from '@japa/runner'
import LetterTemplate from '#letters/models/letter_template'
import { closePrinter } from '#letters/rendering/printer'
import { startOf } from '#letters/templates/starts'
import { TAGS } from '#letters/templates/tags'
import { givenAgency, givenClaim, givenCreditor, givenUser } from '#tests/fixtures/domain'
import { givenPublishedTemplate, givenTemplate } from '#tests/fixtures/templates'

const START = startOf('letter', 'fr')
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64'
)

test.group('pages of templates', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })
  group.teardown(() => closePrinter())

  test('a template is created with the words of the built-in letter, for all or for one creditor', async ({
    client,
    assert,
  }) => {
    const user = await givenUser()
    const creditor = await givenCreditor()
    const form = { name: 'Ferme', slug: 'firm', channel: 'letter', language: 'fr', audience: 'any' }
    const send = (changes: object) =>
      client
        .post('/letters/templates')
        .form({ ...form, ...changes })
        .withCsrfToken()
        .loginAs(user)
        .redirects(0)
    const created = await send({ creditor: creditor.ref })
    const template = await LetterTemplate.findByOrFail('slug', 'firm')
    assert.equal(created.header('location'), `/letters/templates/${template.id}/draft`)
    assert.equal(template.creditorId, creditor.id)
    assert.equal((await template.draft())!.subject, 'Mise en demeure de payer')

    await send({ creditor: creditor.ref })
    await send({ slug: 'Not a slug!' })
    await send({ channel: 'pigeon', slug: 'other' })
    assert.lengthOf(await LetterTemplate.all(), 1)
  })

  test('a list, a page, a history, the words of each version and the tags', async ({ client, assert }) => {
    const { template, by } = await givenPublishedTemplate({ name: 'Ton ferme' })
    await template.write({ subject: 'Second objet', body: START.body, by })
    const list = await client.get('/letters/templates').loginAs(by)
    list.assertTextIncludes('Ton ferme')
    list.assertTextIncludes('Version 1 en service, brouillon en cours')
    const page = await client.get(`/letters/templates/${template.id}`).loginAs(by)
    page.assertTextIncludes('#activity_statement')
    assert.notInclude(page.text(), 'Second objet')
    const version = await client.get(`/letters/templates/${template.id}/versions/1`).loginAs(by)
    version.assertTextIncludes((await template.published())!.contentSha256!)
    ;(await client.get(`/letters/templates/${template.id}/versions/9`).loginAs(by)).assertStatus(404)
    const tags = await client.get('/letters/templates/tags').loginAs(by)
    for (const { name } of TAGS) tags.assertTextIncludes(`#${name}`)
    assert.notInclude(tags.text(), 'translation missing')
  })

  test('a draft is saved clean, and shown for what it is without JavaScript', async ({ client, assert }) => {
    const by = await givenUser()
    const template = await givenTemplate({}, by)
    const path = `/letters/templates/${template.id}/draft`
    const body = '<p onclick="x">Bonjour <script>alert(1)</script><b>vous</b></p>'
    await client.put(path).form({ subject: 'Objet', body }).withCsrfToken().loginAs(by).redirects(0)
    assert.equal((await template.draft())!.body, '<p>Bonjour <strong>vous</strong></p>')
    const page = await client.get(path).loginAs(by)
    page.assertTextIncludes('&lt;p&gt;Bonjour &lt;strong&gt;vous&lt;/strong&gt;&lt;/p&gt;</textarea>')
    page.assertTextIncludes('CPCE R124-4')
    const long = await client
      .put(path)
      .form({ subject: 'x', body: 'a'.repeat(60_001) })
      .withCsrfToken()
      .loginAs(by)
      .redirects(0)
    long.assertStatus(302)
    assert.equal((await template.draft())!.subject, 'Objet')
  })

  test('the editor saves without a page, and asks the linter without saving', async ({ client, assert }) => {
    const by = await givenUser()
    const template = await givenTemplate({}, by)
    const path = `/letters/templates/${template.id}`
    const saved = await client
      .put(`${path}/draft`)
      .header('x-requested-with', 'fetch')
      .form({ subject: 'Objet', body: START.body })
      .withCsrfToken()
      .loginAs(by)
    saved.assertStatus(204)
    const lint = await client
      .post(`${path}/lint`)
      .form({ subject: 'Objet', body: `${START.body}<p>un huissier, #total_du</p>` })
      .withCsrfToken()
      .loginAs(by)
    lint.assertStatus(200)
    lint.assertTextIncludes('C. pén. 433-13')
    lint.assertTextIncludes('Vouliez-vous dire #total_due')
    lint.assertTextIncludes('data-mend-replace="#total_du"')
    assert.notInclude(lint.text(), '<html')
    assert.notInclude((await template.draft())!.body, 'huissier')
  })

  test('what the linter tells is escaped', async ({ client, assert }) => {
    const by = await givenUser()
    const template = await givenTemplate({}, by)
    const lint = await client
      .post(`/letters/templates/${template.id}/lint`)
      .form({ subject: 'Objet', body: '<p>&lt;img src=x&gt; huissier "&gt;</p>' })
      .withCsrfToken()
      .loginAs(by)
    assert.notInclude(lint.text(), '<img')
    lint.assertTextIncludes('&lt;img src=x')
  })

  test('rule 11: publishing takes the form as it is, and is refused with the number of points to mend', async ({
    client,
    assert,
  }) => {
    const by = await givenUser()
    const template = await givenTemplate({}, by)
    const publish = (body: string) =>
      client
        .post(`/letters/templates/${template.id}/publication`)
        .form({ name: 'Nouveau nom', subject: 'Objet', body })
        .withCsrfToken()
        .loginAs(by)
        .redirects(0)
    const refused = await publish(`${START.body}<p>frais de dossier</p>`)
    assert.equal(refused.header('location'), `/letters/templates/${template.id}/draft`)
    assert.isNull(await template.published())
    const published = await publish(START.body)
    assert.equal(published.header('location'), `/letters/templates/${template.id}`)
    assert.equal((await template.published())!.subject, 'Objet')
    assert.equal((await template.refresh()).name, 'Nouveau nom')
  })

  test('D6: a draft is drawn on the sample file and on a real one, within two seconds once warm', async ({
    client,
    assert,
  }) => {
    const by = await givenUser()
    const template = await givenTemplate({ body: '<p>#total_due [#nothing_known] #debtor_siren</p>' }, by)
    const claim = await givenClaim()
    const draw = (query: object) =>
      client.get(`/letters/templates/${template.id}/preview`).qs(query).loginAs(by)
    ;(await draw({})).assertStatus(200)
    for (const query of [{}, { claim: claim.ref }]) {
      const startedAt = performance.now()
      const drawn = await draw(query)
      assert.equal(drawn.header('content-type'), 'application/pdf')
      assert.isBelow(performance.now() - startedAt, 2000)
    }
    ;(await draw({ claim: 'NOPE' })).assertStatus(404)
    ;(await draw({ version: 7 })).assertStatus(404)
  })

  test('D6: an email is shown with a policy under which nothing runs and nothing is fetched', async ({
    client,
    assert,
  }) => {
    const by = await givenUser()
    const template = await givenTemplate({ channel: 'email' }, by)
    const shown = await client.get(`/letters/templates/${template.id}/preview`).loginAs(by)
    assert.match(shown.header('content-type')!, /text\/html/)
    assert.include(shown.header('content-security-policy'), "default-src 'none'")
    assert.include(shown.header('content-security-policy'), 'sandbox')
    shown.assertTextIncludes('AM-2026-00042-L1')
    const sms = await givenTemplate({ channel: 'sms', slug: 'sms' }, by)
    const text = await client.get(`/letters/templates/${sms.id}/preview`).loginAs(by)
    assert.match(text.header('content-type')!, /text\/plain/)
    assert.include(text.text(), 'AM-2026-00042-L1')
  })

  test('D5: a logo is an image, by its bytes and not by its name', async ({ client, assert }) => {
    const by = await givenUser()
    const template = await givenTemplate({}, by)
    const send = (bytes: Buffer) =>
      client
        .put(`/letters/templates/${template.id}/logo`)
        .file('logo', bytes, { filename: 'logo.png', contentType: 'image/png' })
        .withCsrfToken()
        .loginAs(by)
        .redirects(0)
    await send(Buffer.from('<svg onload="alert(1)"></svg>'))
    assert.isNull((await template.draft())!.logoSha256)
    await send(Buffer.concat([PNG, Buffer.alloc(600 * 1024)]))
    assert.isNull((await template.draft())!.logoSha256)
    await send(PNG)
    assert.lengthOf((await template.draft())!.logoSha256!, 64)
  })

  test('the draft is given up, and an accountant and a creditor write nothing', async ({
    client,
    assert,
  }) => {
    const { template, by } = await givenPublishedTemplate()
    await template.write({ subject: 'x', body: 'y', by })
    const path = `/letters/templates/${template.id}/draft`
    for (const user of [
      await givenUser('accountant'),
      await givenUser('creditor', { creditorId: (await givenCreditor()).id }),
    ]) {
      ;(await client.get('/letters/templates').loginAs(user)).assertStatus(403)
      ;(await client.delete(path).withCsrfToken().loginAs(user)).assertStatus(403)
    }
    assert.isNotNull(await template.draft())
    await client.delete(path).withCsrfToken().loginAs(by).redirects(0)
    assert.isNull(await template.draft())
  })
})
