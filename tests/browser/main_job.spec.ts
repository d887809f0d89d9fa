import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import PostalMime from 'postal-mime'
import { contactDayFrom } from '#shared/calendar'
import { clock, instantOn } from '#shared/clock'
import Delivery from '#deliveries/models/delivery'
import { openCopy } from '#deliveries/kept_copy'
import { tick } from '#scheduler/tick'
import type { StripeSimulator } from '#tests/fakes/stripe_simulator'
import {
  assertAccessible,
  assertNoHorizontalScroll,
  openPage,
  PHONE,
  served,
  signInAs,
} from '#tests/browser/support'
import { givenAgency, givenCreditor, givenUser } from '#tests/fixtures/domain'
import { useStripeSimulator, webhooksWorked } from '#tests/fixtures/stripe'

const HEADERS =
  'Civilité;Nom complet;Adresse postale;Nom de société;SIREN;Email;Mobile;Société émettrice;Adresse de votre entreprise;N° de facture;Date d’émission;Description;Montant TTC;Acomptes versés'
const ROW =
  'Madame;Camille Fournier;24 rue de la République 69002 Lyon;ATELIER DES HALLES;;camille@exemple.fr;+33 6 12 34 56 78;STUDIO RIVAGE;12 quai de la Tournelle 75005 Paris;FA-2026-0417;02/03/2026;Identité visuelle;1 200,00 €;0'

/** The message last sent to an address, opened as its recipient would. */
async function mailTo(recipient: string, recipe: string) {
  const delivery = await Delivery.query()
    .where({ recipient, recipe, state: 'sent' })
    .orderBy('id', 'desc')
    .preload('message')
    .firstOrFail()
  return PostalMime.parse(await openCopy(delivery.message.contentEncrypted, 'email'))
}

test.group('the main job', (group) => {
  let simulator: StripeSimulator
  group.each.setup(async () => {
    const used = await useStripeSimulator()
    simulator = used.simulator
    return used.stop
  })

  test('a table becomes a file, a letter, a payment and a receipt, and the file is closed', async ({
    assert,
    cleanup,
  }) => {
    await givenAgency({ emailRequired: false })
    const creditor = await givenCreditor()
    const collector = await givenUser('collector')
    const { page, complaints, close } = await openPage()
    cleanup(close)
    await signInAs(page, collector)

    await page.goto('/imports/create')
    await page.setInputFiles('input[type="file"]', {
      name: 'impayés.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(`\ufeff${HEADERS}\r\n${ROW}\r\n`),
    })
    await page.click('main form[enctype] button:not([type="button"])')
    await page.waitForURL(/\/imports\/I-[\d-]+\/columns/)
    await page.click('main form[action$="PUT"] button:not([type="button"])')
    await page.waitForURL(/\/imports\/I-[\d-]+$/)
    await page.getByText('24 rue de la République', { exact: false }).first().waitFor()
    await assertAccessible(page)
    await page.click('a[href$="/commit"]')
    await page.check('input[name="accept_terms"]')
    await page.click('main form[action$="/commit"] button:not([type="button"])')
    await page.waitForURL(/\/imports\/I-[\d-]+$/)

    const on = contactDayFrom(clock.today())
    const imported = await db.from('imports').firstOrFail()
    await page.goto(`/campaigns/create?import=${imported.ref}&on=${on}`)
    await assertAccessible(page)
    await page.click('[data-dialog-open="launch"]')
    await page.click('dialog#launch button[type="submit"]')
    await page.waitForURL(/\/campaigns/)

    await tick(instantOn(on, 10), { untilIdle: true })
    await page.goto('/')
    await assertAccessible(page)
    await page
      .getByRole('button', { name: /^Confirmer/ })
      .first()
      .click()
    await page.waitForLoadState()
    await tick(instantOn(on, 18), { untilIdle: true })

    const claim = await db.from('claims').firstOrFail()
    assert.equal(claim.status, 'active')
    const letter = await db.from('letters').firstOrFail()
    assert.equal(letter.state, 'rendered')
    const pdf = await served(page, `/letters/${letter.ref}.pdf`)
    assert.equal(pdf.headers['content-type'], 'application/pdf')
    assert.equal(pdf.text.slice(0, 5), '%PDF-')
    await page.goto(`/claims/${claim.ref}`)
    await assertAccessible(page)

    const first = await mailTo('camille@exemple.fr', 'campaigns.first_letter')
    assert.lengthOf(first.attachments, 1)
    const link = /https?:\/\/\S+\/p\/[\w-]{43}/.exec(first.text!)![0]

    const phone = await openPage(PHONE)
    cleanup(phone.close)
    await phone.page.goto(link)
    await assertNoHorizontalScroll(phone.page, 390)
    await phone.page.locator('#pay summary').click()
    await phone.page.getByRole('button', { name: 'Continuer' }).click()
    await phone.page.waitForURL(`${simulator.url}/**`)
    await phone.page.getByLabel('Numéro de carte').fill('4242 4242 4242 4242')
    await phone.page.getByRole('button', { name: /^Payer/ }).click()
    await phone.page.waitForURL(/\/p\/payment/)
    await webhooksWorked(simulator)
    await tick(clock.now(), { untilIdle: true })

    const receipt = await mailTo('camille@exemple.fr', 'payments.receipt')
    assert.lengthOf(receipt.attachments, 1)
    const notice = await mailTo(creditor.email!, 'payments.creditor_notice')
    assert.include(notice.text, 'ATELIER DES HALLES')

    await page.goto(`/claims/${claim.ref}`)
    await page.getByText('Soldé', { exact: true }).first().waitFor()
    await assertNoHorizontalScroll(page, 390)
    await tick(instantOn(contactDayFrom(on), 23), { untilIdle: true })
    const states = await db.from('actions').where('claim_id', claim.id).whereNot('state', 'done')
    assert.deepEqual(
      [...new Set(states.map((action) => `${action.state} ${action.reason}`))],
      ['skipped paid']
    )
    assert.deepEqual([...complaints, ...phone.complaints], [])
  })
})
