import { test } from '@japa/runner'
import LetterTemplate from '#letters/models/letter_template'
import { sanitise } from '#letters/templates/html'
import { closePrinter } from '#letters/rendering/printer'
import { assertAccessible, assertNoHorizontalScroll, openPage, PHONE, signInAs } from '#tests/browser/support'
import { givenAgency, givenClaim, givenUser } from '#tests/fixtures/domain'
import { hostilePayloads } from '#tests/fixtures/payloads'
import { givenPublishedTemplate, givenTemplate } from '#tests/fixtures/templates'

test.group('writing a template', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })
  group.teardown(() => closePrinter())

  test('a table and a colour, what the linter says mended, published, previewed', async ({
    assert,
    cleanup,
  }) => {
    const user = await givenUser()
    const claim = await givenClaim()
    const { page, complaints, close } = await openPage()
    cleanup(close)
    await signInAs(page, user)

    await page.goto('/letters/templates')
    await page.getByRole('link', { name: 'Nouveau modèle' }).first().click()
    await page.getByLabel('Modèle', { exact: true }).fill('Ton ferme')
    await page.getByLabel('Nom pour les étapes').fill('firm_notice')
    await page.getByRole('button', { name: 'Écrire le modèle' }).click()
    const sheet = page.locator('[contenteditable=true]')
    await sheet.waitFor()
    await page.getByText('Rien à corriger').waitFor()

    await sheet.click()
    await page.keyboard.press('Control+End')
    await page.keyboard.press('Enter')
    await page.keyboard.type('Un huissier viendra')
    await page.keyboard.press('Shift+Home')
    await page.getByLabel('Couleur').selectOption('colour-green')
    await page.getByText('C. pén. 433-13').waitFor()
    assert.include(await sheet.innerHTML(), '<span class="colour-green">Un huissier viendra</span>')

    await page.getByRole('button', { name: 'Publier' }).click()
    await page.getByText('Rien n’est publié').waitFor()
    const template = await LetterTemplate.findByOrFail('slug', 'firm_notice')
    assert.isNull(await template.published())

    await sheet.getByText('Un huissier viendra').selectText()
    await page.keyboard.type('Nous restons à votre écoute, total #total_d')
    await page.getByRole('option', { name: '#total_due' }).waitFor()
    await page.keyboard.press('Enter')
    assert.include(await sheet.innerText(), 'total #total_due')
    await page.getByRole('button', { name: 'Tableau' }).click()
    await page.keyboard.type('Étape')
    await page.getByRole('button', { name: 'Ligne +' }).click()
    await page.getByText('Rien à corriger').waitFor()

    await sheet.getByText('#l111_8').selectText()
    await page.keyboard.press('Delete')
    await page.getByText('ne sont pas reproduits').waitFor()
    await page.getByRole('button', { name: 'Corriger' }).click()
    await page.getByText('Rien à corriger').waitFor()

    const [preview] = await Promise.all([
      page.waitForResponse((response) => response.url().includes(`preview?claim=${claim.ref}`)),
      page.getByLabel('Sur le dossier').selectOption(claim.ref),
    ])
    assert.equal(preview.headers()['content-type'], 'application/pdf')
    await assertAccessible(page)

    await page.getByRole('button', { name: 'Publier' }).click()
    await page.getByText('Version 1 publiée et figée').waitFor()
    const { body } = (await template.published())!
    assert.match(body, /<span class="colour-green">Nous restons/)
    assert.match(body, /<table><thead><tr><th>Étape<\/th>/)
    assert.lengthOf(body.match(/<tr>/g)!, 4)
    await assertAccessible(page)
    assert.deepEqual(complaints, [])
  })

  test('axe finds nothing and nothing is wider than a phone', async ({ assert, cleanup }) => {
    const { template, by } = await givenPublishedTemplate({ channel: 'email' })
    await givenTemplate({ slug: 'sms', channel: 'sms' }, by)
    const { page, complaints, close } = await openPage({ ...PHONE, colorScheme: 'dark' })
    cleanup(close)
    await signInAs(page, by)
    for (const path of [
      '',
      '/create',
      '/tags',
      `/${template.id}`,
      `/${template.id}/draft`,
      `/${template.id}/versions/1`,
    ]) {
      assert.equal((await page.goto(`/letters/templates${path}`))!.status(), 200, path)
      await assertAccessible(page)
      await assertNoHorizontalScroll(page)
    }
    assert.deepEqual(complaints, [])
  })

  test('bar 17: a thousand hostile templates open in the editor and nothing runs', async ({
    assert,
    cleanup,
  }) => {
    const by = await givenUser()
    const template = await givenTemplate({}, by)
    const { page, complaints, close } = await openPage()
    cleanup(close)
    const dialogs: string[] = []
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message())
      void dialog.dismiss()
    })
    await signInAs(page, by)
    const clean = hostilePayloads().map((payload) => sanitise(payload))
    await template.write({ subject: 'Objet', body: clean.join(''), by })
    await page.goto(`/letters/templates/${template.id}/draft`)
    await page.locator('[contenteditable=true]').waitFor()
    await page.goto(`/letters/templates/${template.id}/versions/1`)
    assert.isUndefined(await page.evaluate<unknown>('window.ran'))
    assert.deepEqual(dialogs, [])
    assert.deepEqual(complaints, [])
  })

  test('without JavaScript the words are a plain field, saved and published by its buttons', async ({
    assert,
    cleanup,
  }) => {
    const by = await givenUser()
    const template = await givenTemplate({}, by)
    const { page, close } = await openPage({ javaScriptEnabled: false })
    cleanup(close)
    await signInAs(page, by)
    await page.goto(`/letters/templates/${template.id}/draft`)
    const field = page.getByLabel('Texte')
    await field.fill(`${await field.inputValue()}<p>#deadline</p><p>une sommation</p>`)
    await page.getByRole('button', { name: 'Publier' }).click()
    assert.include(await page.textContent('main'), 'sommation')
    assert.isNull(await template.published())
    await field.fill((await field.inputValue()).replace('une sommation', 'un rappel'))
    await page.getByRole('button', { name: 'Publier' }).click()
    assert.include((await template.published())!.body, '<p>un rappel</p>')
  })
})
