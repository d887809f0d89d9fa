import { test } from '@japa/runner'
import Agency from '#agency/models/agency'
import { assertAccessible, assertNoHorizontalScroll, DESKTOP, openPage, PHONE } from '#tests/browser/support'

test.group('first run', () => {
  test('from an empty database to the agenda')
    .with([
      { name: 'desktop', options: DESKTOP },
      { name: 'phone', options: PHONE },
    ])
    .run(async ({ assert, cleanup }, { options }) => {
      const { page, complaints, close } = await openPage(options)
      cleanup(close)
      const check = async () => {
        await assertAccessible(page)
        await assertNoHorizontalScroll(page, 390)
      }

      await page.goto('/')
      await page.waitForURL('/setup')
      await check()
      await page.getByLabel('Nom de l’agence').fill('Cabinet Aubrac')
      await page.getByLabel('SIREN').fill('732 829 320')
      await page.getByLabel('Adresse postale').fill('12 rue des Archives\n75004 PARIS')
      await page.getByLabel('Adresse e-mail').fill('contact@aubrac.example')
      await page.getByLabel('Téléphone').fill('12')
      await page.getByRole('button', { name: 'Continuer' }).click()

      await page.getByRole('alert').getByRole('link', { name: 'Téléphone' }).click()
      assert.equal(await page.evaluate('document.activeElement.name'), 'phone')
      await check()
      await page.keyboard.press('ControlOrMeta+a')
      await page.keyboard.type('01 84 80 00 00')
      await page.keyboard.press('Enter')

      await page.waitForURL('/setup/legal')
      await check()
      await page.getByLabel('Assureur').fill('Assurances du Palais')
      await page.getByLabel('Numéro de contrat').fill('RCP-1')
      await page.getByLabel('Fin de garantie').fill('2099-12-31')
      await page.getByLabel('IBAN du compte dédié').fill('FR76 3000 6000 0112 3456 7890 189')
      await page.getByLabel('Date de la déclaration').fill('2026-01-05')
      await page.getByRole('button', { name: 'Continuer' }).click()

      await page.waitForURL('/setup/admin')
      await check()
      await page.getByLabel('Nom complet').fill('Claire Vasseur')
      await page.getByLabel('Adresse e-mail').fill('claire@aubrac.example')
      await page.getByLabel('Mot de passe', { exact: true }).fill('une phrase assez longue')
      await page.getByLabel('Le même, une seconde fois').fill('une phrase assez longue')
      await page.getByRole('button', { name: 'Créer mon accès' }).click()

      await page.waitForURL('/setup/done')
      await check()
      assert.deepEqual((await Agency.currentOrFail()).legalGaps('2026-11-22'), [])
      await page.getByRole('link', { name: 'Aller à l’agenda' }).click()
      await page.waitForURL('/')
      await page.getByRole('heading', { name: 'Agenda', level: 1 }).waitFor()
      await check()
      assert.deepEqual(complaints, [])
    })
})
