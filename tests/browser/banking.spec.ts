import { test } from '@japa/runner'
import { clock } from '#shared/clock'
import { creditorReference } from '#shared/creditor_reference'
import { loadOwed } from '#claims/owed'
import {
  assertAccessible,
  assertNoHorizontalScroll,
  DESKTOP,
  openPage,
  PHONE,
  signInAs,
} from '#tests/browser/support'
import FeeInvoice from '#banking/fees/fee_invoice'
import { collected, remitted } from '#tests/fixtures/banking'
import { givenAgency, givenClaim, givenCreditor, givenUser } from '#tests/fixtures/domain'
import { aQueuedLetter } from '#tests/fixtures/letters'
import { givenStoredPdf } from '#tests/fixtures/route_params'
import { aLine, camt053, importLines } from '#tests/fixtures/statements'

test.group('bank statements in the back-office', () => {
  test('a transfer is matched: by its reference at once, by a person, and undone')
    .with([
      { name: 'desktop', options: DESKTOP },
      { name: 'phone', options: PHONE },
      { name: 'without JavaScript', options: { ...DESKTOP, javaScriptEnabled: false } },
    ])
    .run(async ({ assert, cleanup }, { options }) => {
      await givenAgency()
      const accountant = await givenUser('accountant')
      const aFile = () => givenClaim({ kind: 'b2c', invoices: [{ amountCents: 100_000 }] })
      const [paid, named, other] = [await aFile(), await aFile(), await aFile()]
      const owed = async (id: number) => (await loadOwed(id, clock.today())).totalCents
      const statement = camt053([
        aLine({ amountCents: 100_000, reference: creditorReference(paid.ref), counterparty: 'PAYEUR UN' }),
        aLine({ amountCents: 30_000, label: `${named.ref} ou ${other.ref}`, counterparty: 'PAYEUR DEUX' }),
        aLine({ amountCents: -990, label: 'COTISATION', counterparty: 'BANQUE' }),
      ])
      const { page, complaints, close } = await openPage(options)
      cleanup(close)
      const scripts = !('javaScriptEnabled' in options)
      const check = async () => {
        if (!scripts) return
        // Scrolled, a page has links half under the bar that stays.
        await page.evaluate('window.scrollTo(0, 0)')
        await assertAccessible(page)
        await assertNoHorizontalScroll(page)
      }

      await signInAs(page, accountant)
      // What the home page says is another test's business.
      complaints.length = 0
      await page.goto('/payments')
      await page.getByRole('link', { name: 'Rapprochement', exact: true }).click()
      await page.getByRole('link', { name: 'Déposer un relevé' }).click()
      await check()
      await page
        .getByLabel('Fichier')
        .setInputFiles({ name: 'releve.xml', mimeType: 'application/xml', buffer: Buffer.from(statement) })
      await page.getByRole('button', { name: 'Déposer', exact: true }).click()
      await page.waitForURL(/\/payments\/lines\?statement=/)
      await page.getByText('Plusieurs dossiers sont possibles').waitFor()
      assert.equal(await owed(paid.id), 0)
      await check()

      await page.getByRole('link', { name: 'PAYEUR DEUX' }).click()
      await page.getByRole('heading', { name: 'Ce que dit la banque' }).waitFor()
      await check()
      await page
        .getByRole('button', { name: `Rapprocher du dossier ${named.ref}` })
        .first()
        .click()
      await page.getByText('Affecté').or(page.getByText('affecté par une personne')).first().waitFor()
      assert.deepEqual([await owed(named.id), await owed(other.id)], [70_000, 100_000])
      await page.reload()

      await page.getByText('Annuler ce rapprochement').click()
      await page.getByLabel('Pourquoi').fill('Le débiteur parlait de l’autre dossier')
      await check()
      await page.getByRole('button', { name: 'Annuler le rapprochement' }).click()
      await page.getByText('Annulé\u00a0: Le débiteur parlait de l’autre dossier').waitFor()
      assert.equal(await owed(named.id), 100_000)

      // The message that closes by itself lies over the page meanwhile.
      await page.reload()
      await page.getByText('Répartir sur plusieurs dossiers').click()
      await page.getByLabel('Dossier 1').fill(named.ref)
      await page.getByLabel('Montant 1').fill('100,00')
      await page.getByLabel('Dossier 2').fill(other.ref)
      await page.getByLabel('Montant 2').fill('200,00')
      await check()
      await page.getByRole('button', { name: 'Répartir', exact: true }).click()
      await page.locator('.badge', { hasText: 'Rapprochée' }).waitFor()
      assert.deepEqual([await owed(named.id), await owed(other.id)], [90_000, 80_000])

      await page.goto('/payments/lines')
      await page.getByRole('link', { name: 'BANQUE' }).click()
      await page.getByLabel('Pourquoi').fill('Frais bancaires')
      await page.getByRole('button', { name: 'Ignorer' }).click()
      await page.getByText('La ligne est ignorée').or(page.getByText('Frais bancaires')).first().waitFor()
      await page.goto('/payments/lines?state=ignored')
      await page.getByText('Frais bancaires').waitFor()
      await check()
      await page.goto('/payments/matching')
      await check()
      assert.deepEqual(complaints, [])
    })

  test('a line pays a fee invoice, and another is what a letter asked for')
    .with([
      { name: 'desktop', options: DESKTOP },
      { name: 'phone', options: PHONE },
    ])
    .run(async ({ assert, cleanup }, { options }) => {
      await givenAgency()
      const creditor = await givenCreditor({}, { netting: false, feeBps: 1000 })
      await collected(
        await givenClaim({ creditor, kind: 'b2c', invoices: [{ amountCents: 50_000 }] }),
        50_000
      )
      await remitted()
      const { number } = await FeeInvoice.firstOrFail()
      const asking = { state: 'printed', totalCents: 123_456, fileSha256: await givenStoredPdf() } as const
      await aQueuedLetter(await givenClaim(), asking)
      const today = { bookedOn: clock.today(), valueOn: clock.today() }
      const account = 'FR1420041010050500013M02606'
      await importLines([
        aLine({
          ...today,
          account,
          amountCents: 6_000,
          label: `REGLEMENT ${number}`,
          counterparty: 'STUDIO RIVAGE',
        }),
        aLine({ ...today, amountCents: 123_456, label: 'VIREMENT', counterparty: 'ATELIER BRUME' }),
      ])
      const { page, complaints, close } = await openPage(options)
      cleanup(close)
      await signInAs(page, await givenUser('accountant'))
      complaints.length = 0
      await page.goto('/payments/lines?state=open')
      await page.getByRole('link', { name: 'STUDIO RIVAGE' }).click()
      await page.getByRole('button', { name: `C’est le règlement de ${number}` }).waitFor()
      await assertAccessible(page)
      await assertNoHorizontalScroll(page)
      await page.getByRole('button', { name: `C’est le règlement de ${number}` }).click()
      await page.getByRole('heading', { name: 'Facture d’honoraires réglée' }).waitFor()
      await assertAccessible(page)
      await page.goto('/payments/lines?state=suggested')
      await page.getByText('C’est le montant demandé dans le courrier du 16/11/2026').waitFor()
      await assertAccessible(page)
      await assertNoHorizontalScroll(page)
      assert.deepEqual(complaints, [])
    })
})
