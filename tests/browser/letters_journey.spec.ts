import { readFile } from 'node:fs/promises'
import { test } from '@japa/runner'
import { appUrl } from '#config/app'
import { clock } from '#shared/clock'
import { deliverDue } from '#deliveries/deliver_due'
import Letter from '#letters/models/letter'
import { WorkBatches } from '#letters/batches/work_batches'
import { RenderLetters } from '#letters/actions/render_letters'
import { closePrinter } from '#letters/rendering/printer'
import { mailingsIdle } from '#registered_mail/inbox'
import { openPage, signInAs } from '#tests/browser/support'
import { givenAgency, givenClaim, givenCreditor, givenUser } from '#tests/fixtures/domain'
import { aQueuedLetter, inspectPdf } from '#tests/fixtures/letters'
import { givenMerciFacteur, givenRoute } from '#tests/fixtures/mailings'
import { WITHOUT_PDF_READERS } from '#tests/fixtures/tools'

const COUNT = 50
const numberOf = (index: number) => `2C${String(index).padStart(11, '0')}`

test.group('registered letters, from their words to their status', (group) => {
  group.teardown(() => closePrinter())

  test('a template, fifty letters, one PDF, their numbers; and one by a provider, told by its webhook', async ({
    assert,
    cleanup,
  }) => {
    await givenAgency()
    const { page, complaints, close } = await openPage()
    cleanup(close)
    await signInAs(page, await givenUser('admin'))

    await page.goto('/letters/templates/create')
    await page.getByLabel('Modèle', { exact: true }).fill('Ton ferme')
    await page.getByLabel('Nom pour les étapes').fill('firm_notice')
    await page.getByRole('button', { name: 'Écrire le modèle' }).click()
    const sheet = page.locator('[contenteditable=true]')
    await sheet.click()
    await page.keyboard.press('Control+End')
    await page.keyboard.press('Enter')
    await page.keyboard.type('Un huissier viendra')
    await page.keyboard.press('Shift+Home')
    await page.getByLabel('Couleur').selectOption('colour-green')
    await page.getByText('C. pén. 433-13').waitFor()
    await sheet.getByText('Un huissier viendra').selectText()
    await page.keyboard.type('Nous restons à votre écoute')
    await page.getByRole('button', { name: 'Tableau' }).click()
    await page.keyboard.type('Prochaine étape')
    await page.getByText('Rien à corriger').waitFor()
    await page.getByRole('button', { name: 'Publier' }).click()
    await page.getByText('Version 1 publiée et figée').waitFor()

    const creditor = await givenCreditor()
    const asked = { kind: 'lrar', template: 'firm_notice', datedOn: clock.today() } as const
    for (let index = 0; index < COUNT; index++) {
      await aQueuedLetter(await givenClaim({ creditor }), asked)
    }
    assert.containSubset(await new RenderLetters().handle(), { rendered: COUNT })

    await page.goto('/?group=to_print')
    for (const box of await page.locator('input[name="refs[]"]').all()) await box.check()
    await page.getByRole('button', { name: 'Imprimer la sélection' }).click()
    await new WorkBatches().handle()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Télécharger le PDF' }).click(),
    ])
    const { text, check, pages } = await inspectPdf(await readFile(await download.path()))
    assert.match(check, /No syntax or stream encoding errors/)
    assert.isAtLeast(pages, COUNT)
    assert.lengthOf(text.match(/Nous restons à votre écoute/g)!, COUNT)
    assert.lengthOf(text.match(/Prochaine étape/g)!, COUNT)

    await page.goto('/mailings/numbers')
    await page.locator('#number-0').focus()
    for (let index = 0; index < COUNT; index++) {
      await page.keyboard.insertText(numberOf(index))
      if (index < COUNT - 1) await page.keyboard.press('Enter')
    }
    await page.getByRole('button', { name: 'Terminer l’action', exact: true }).click()
    await page.getByText(`${COUNT} courriers postés`).waitFor()
    assert.lengthOf(await Letter.query().where('state', 'printed'), COUNT)

    const { api, restore } = await givenMerciFacteur()
    cleanup(restore)
    await givenRoute('merci_facteur')
    const carried = await aQueuedLetter(await givenClaim({ creditor }), asked)
    await new RenderLetters().handle()
    await deliverDue(clock.now())
    await page.goto(`/letters/${carried.ref}`)
    const [made] = api.letters
    api.advance(made!, 'wait', 'imprime', 'pris_en_charge', 'distribue')
    for (const { headers, body } of api.webhooks(made!)) {
      const answer = await fetch(new URL('/webhooks/merci-facteur', appUrl), {
        method: 'POST',
        headers,
        body,
      })
      assert.equal(answer.status, 200)
    }
    await mailingsIdle()
    await page.reload()
    await page.getByText('Distribué').first().waitFor()
    await page.getByText(made!.trackingNumber!).first().waitFor()
    assert.deepEqual(complaints, [])
  }).skip(...WITHOUT_PDF_READERS)
})
