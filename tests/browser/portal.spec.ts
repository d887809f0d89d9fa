import { test } from '@japa/runner'
import type { Page } from 'playwright'
import { addDays } from '#shared/calendar'
import { clock } from '#shared/clock'
import Dispute from '#claims/models/dispute'
import type { StripeSimulator } from '#tests/fakes/stripe_simulator'
import { assertAccessible, assertNoHorizontalScroll, DESKTOP, openPage, PHONE } from '#tests/browser/support'
import { givenPortal } from '#tests/fixtures/portal'
import { useStripeSimulator, webhooksWorked } from '#tests/fixtures/stripe'

const PDF = Buffer.from('%PDF-1.7\n%%EOF\n')

/** Every kind of page, and what opens on it. */
const PAGES = [
  '/p',
  '/p/time/new',
  '/p/dispute/new',
  '/p/callback/new',
  '/p/transfer',
  '/p/accessibility',
  '/p/elsewhere',
]

test.group('portal', (group) => {
  let simulator: StripeSimulator
  group.each.setup(async () => {
    const used = await useStripeSimulator()
    simulator = used.simulator
    return used.stop
  })

  test('on a telephone without JavaScript: from the link to the receipt, then nothing is due', async ({
    assert,
    cleanup,
  }) => {
    const { url, token } = await givenPortal({ invoices: [{}, { amountCents: 30_000 }] })
    const { page, complaints, close } = await openPage({ ...PHONE, javaScriptEnabled: false })
    cleanup(close)
    const referrers: (string | undefined)[] = []
    page.on('request', (request) => referrers.push(request.headers().referer))

    await page.goto(url)
    assert.equal(new URL(page.url()).pathname, '/p')
    await page.getByText('Voir les 2 factures').click()
    await page.getByText('Comprendre le calcul').click()
    await page.getByText('12,40 % par an').waitFor()

    await page.locator('#pay summary').click()
    await page.getByLabel('Une partie').check()
    await page.getByLabel('Montant').fill('500')
    await page.getByRole('button', { name: 'Continuer' }).click()
    await page.waitForURL(`${simulator.url}/**`)
    await payAtTheTill(page)
    await webhooksWorked(simulator)
    await page.goto('/p/payment')
    await page.getByRole('heading', { name: 'Merci, votre paiement est bien reçu' }).waitFor()
    assert.match(await page.locator('.sum').innerText(), /500,00/)

    await page.getByRole('link', { name: 'Retour à mon dossier' }).click()
    await page.getByText('Déjà reçu de vous').waitFor()
    await page.locator('#pay summary').click()
    await page.getByRole('button', { name: 'Continuer' }).click()
    await page.waitForURL(`${simulator.url}/**`)
    await payAtTheTill(page)
    await webhooksWorked(simulator)
    await page.goto('/p')
    await page.getByRole('heading', { name: 'Tout est payé' }).waitFor()

    assert.deepEqual(complaints, [])
    assert.notInclude(JSON.stringify(referrers), token)
    const fromThePortal = referrers.filter((referrer) => referrer && /\/p(\/|$)/.test(referrer))
    assert.deepEqual(fromThePortal, [])
  })

  test('on a telephone without JavaScript: contest with a document, after one mistake', async ({
    assert,
    cleanup,
  }) => {
    const { url, claim } = await givenPortal({ invoices: [{}, {}] })
    const { page, close } = await openPage({ ...PHONE, javaScriptEnabled: false })
    cleanup(close)
    await page.goto(url)
    await page.getByRole('link', { name: 'Je conteste' }).click()
    await page.getByLabel('Le montant n’est pas juste').check()
    await page.getByLabel('Certaines').check()
    await page.getByRole('group', { name: 'Factures contestées' }).getByRole('checkbox').first().check()
    await page.getByRole('button', { name: 'Envoyer ma contestation' }).click()

    await page.getByRole('alert').getByRole('link', { name: 'Expliquez-nous' }).click()
    assert.isTrue(await page.getByLabel('Le montant n’est pas juste').isChecked())
    await page.getByLabel('Expliquez avec vos mots').fill('Juin compte deux fois.')
    await page
      .getByLabel('Vos documents')
      .setInputFiles({ name: 'bon.pdf', mimeType: 'application/pdf', buffer: PDF })
    await page.getByRole('button', { name: 'Envoyer ma contestation' }).click()
    await page.getByRole('heading', { name: 'Votre contestation est enregistrée' }).waitFor()

    const dispute = await Dispute.query().where('claimId', claim.id).preload('invoices').firstOrFail()
    assert.lengthOf(dispute.invoices, 1)
    await page.getByRole('link', { name: 'Retour à mon dossier' }).click()
    await page.getByText('Votre contestation est à l’étude').waitFor()
    assert.equal(await page.getByRole('link', { name: 'Je conteste' }).count(), 0)
  })

  test('asks for time, then for a call, by keyboard', async ({ assert, cleanup }) => {
    const { url } = await givenPortal()
    const { page, complaints, close } = await openPage(DESKTOP)
    cleanup(close)
    await page.goto(url)
    await page.keyboard.press('Tab')
    assert.equal(await page.evaluate('document.activeElement.textContent'), 'Aller au contenu')
    await page.getByRole('link', { name: 'J’ai besoin de temps' }).press('Enter')
    await page.getByLabel('À quelle date').fill(addDays(clock.today(), 12))
    await page.getByLabel('À quelle date').press('Enter')
    await page.getByRole('heading', { name: 'Votre demande est enregistrée' }).waitFor()

    await page.goto('/p/callback/new')
    await page.getByLabel('Votre téléphone').fill('06 12 34 56 78')
    await page.getByLabel('Quand').selectOption({ index: 1 })
    await page.getByRole('button', { name: 'Demander un appel' }).press('Enter')
    await page.getByRole('heading', { name: 'Votre demande d’appel est enregistrée' }).waitFor()
    await assertAccessible(page)
    assert.deepEqual(complaints, [])
  })

  test('what follows an act is as accessible: a mistake, a dispute sent, a request sent', async ({
    cleanup,
  }) => {
    const { url } = await givenPortal({ invoices: [{}, {}] })
    const { page, close } = await openPage(PHONE)
    cleanup(close)
    await page.goto(url)
    await page.goto('/p/dispute/new')
    await page.getByRole('button', { name: 'Envoyer ma contestation' }).click()
    await page.locator('[data-errors]:focus').waitFor()
    await assertAccessible(page)
    await page.getByLabel('Autre chose').check()
    await page.getByLabel('Expliquez avec vos mots').fill('Voici.')
    await page.getByRole('button', { name: 'Envoyer ma contestation' }).click()
    await page.getByRole('heading', { name: 'Votre contestation est enregistrée' }).waitFor()
    await assertAccessible(page)
    await page.goto('/p')
    await assertAccessible(page)
  })

  test('with JavaScript, the page that waits for a payment shows it by itself', async ({
    assert,
    cleanup,
  }) => {
    const { url } = await givenPortal()
    const { page, complaints, close } = await openPage(PHONE)
    cleanup(close)
    const { webhookUrl } = simulator
    simulator.webhookUrl = null
    await page.goto(url)
    await page.goto('/p#pay')
    await page.getByRole('button', { name: 'Continuer' }).click()
    await page.waitForURL(`${simulator.url}/**`)
    await payAtTheTill(page)
    await page.getByRole('heading', { name: 'en cours de confirmation' }).waitFor()
    await assertAccessible(page)
    simulator.webhookUrl = webhookUrl
    await page.getByRole('heading', { name: 'Merci, votre paiement est bien reçu' }).waitFor()
    await assertAccessible(page)
    await page.getByRole('link', { name: 'Retour à mon dossier' }).click()
    await page.getByRole('heading', { name: 'Tout est payé' }).waitFor()
    await assertAccessible(page)
    assert.deepEqual(complaints, [])
  })

  test('axe finds nothing and nothing scrolls sideways: {size}, {scheme}')
    .with([
      { size: 'phone', scheme: 'light', options: PHONE },
      { size: 'phone', scheme: 'dark', options: PHONE },
      { size: 'desktop', scheme: 'light', options: DESKTOP },
    ] as const)
    .run(async ({ cleanup }, { options, scheme }) => {
      const { url } = await givenPortal({
        invoices: [{ number: 'FA-2026-0001, FA-2026-0002, FA-2026-0003', numberCount: 3 }, {}],
        debtor: { companyName: 'ÉTABLISSEMENTS-MÉCANIQUES-ET-CHAUDRONNERIE-DU-GRAND-OUEST' },
      })
      const { page, close } = await openPage({ ...options, colorScheme: scheme })
      cleanup(close)
      await page.goto(url)
      for (const address of PAGES) {
        await page.goto(address)
        for (const summary of await page.locator('summary').all()) await summary.click()
        for (const choice of await page.locator('input[type=radio]').all()) {
          if (await choice.isVisible()) await choice.check()
        }
        await assertAccessible(page)
        await assertNoHorizontalScroll(page, 390)
        await assertNoHorizontalScroll(page, 320)
      }
    })

  test('a page weighs less than 50 KB without its fonts', async ({ assert, cleanup }) => {
    const { url } = await givenPortal({
      invoices: Array.from({ length: 18 }, () => ({ amountCents: 50_000 })),
    })
    const { page, close } = await openPage(PHONE)
    cleanup(close)
    let bytes = 0
    page.on('response', async (response) => {
      if (!/\.woff2/.test(response.url()) && response.status() === 200) {
        const body = await response.body()
        bytes += body.byteLength
      }
    })
    await page.goto(url, { waitUntil: 'networkidle' })
    assert.isAbove(bytes, 10_000)
    assert.isBelow(bytes, 50_000)
  })
})

/** Fills in the hosted page, which then sends the debtor back. */
async function payAtTheTill(page: Page) {
  await page.getByLabel('Numéro de carte').fill('4242 4242 4242 4242')
  await page.getByRole('button', { name: /^Payer/ }).click()
  await page.waitForURL((url) => url.pathname === '/p/payment')
}
