import { test } from '@japa/runner'
import Remittance from '#banking/remittances/models/remittance'
import { collected } from '#tests/fixtures/banking'
import {
  assertAccessible,
  assertNoHorizontalScroll,
  DESKTOP,
  openPage,
  PHONE,
  served,
  signInAs,
} from '#tests/browser/support'
import { givenAgency, givenClaim, givenCreditor, givenUser } from '#tests/fixtures/domain'
import { closePrinter } from '#letters/rendering/printer'

test.group('remittances in the back-office', (group) => {
  group.teardown(() => closePrinter())

  test('a remittance is exported, has left, and the creditor finds it')
    .with([
      { name: 'desktop', options: DESKTOP },
      { name: 'phone', options: PHONE },
    ])
    .run(async ({ assert, cleanup }, { options }) => {
      await givenAgency()
      const accountant = await givenUser('accountant')
      const creditor = await givenCreditor()
      await collected(await givenClaim({ creditor }), 100_000)
      const { page, complaints, close } = await openPage(options)
      cleanup(close)
      const check = async () => {
        await assertAccessible(page)
        await assertNoHorizontalScroll(page)
      }

      await signInAs(page, accountant)
      complaints.length = 0
      await page.goto('/payments')
      await page.getByRole('link', { name: 'Reversements', exact: true }).click()
      await page.getByRole('heading', { name: 'À reverser' }).waitFor()
      await check()
      await page.getByRole('button', { name: 'Préparer', exact: true }).click()
      await page.getByText('Un reversement est préparé.').waitFor()
      await page.getByRole('button', { name: 'Exporter l’ordre de virement' }).click()
      await page.getByText('Téléchargez-le et déposez-le à la banque.').waitFor()
      await check()
      const remittance = await Remittance.firstOrFail()
      const order = await page.getByRole('link', { name: /^Ordre V-/ }).getAttribute('href')
      const file = await served(page, order!)
      assert.include(file.headers['content-disposition'], 'attachment')
      assert.include(file.text, remittance.ref)

      await page.goto(`/remittances/${remittance.ref}`)
      await check()
      await page.getByRole('button', { name: 'Marquer comme viré' }).click()
      await page.getByRole('link', { name: 'Relevé' }).waitFor()
      await page.getByRole('link', { name: /^Facture F-/ }).waitFor()
      await check()
      for (const path of ['/funds', '/obligations', `/creditors/${creditor.ref}/fees`]) {
        await page.goto(path)
        await check()
      }
      assert.deepEqual(complaints, [])

      const own = await openPage(options)
      cleanup(own.close)
      await signInAs(own.page, await givenUser('creditor', { creditorId: creditor.id }))
      await own.page.getByRole('link', { name: 'Reversements' }).click()
      await own.page.getByRole('link', { name: creditor.name }).first().click()
      await own.page.getByRole('link', { name: 'Relevé' }).waitFor()
      await assertAccessible(own.page)
      assert.equal(await own.page.getByRole('button', { name: 'Marquer comme viré' }).count(), 0)
    })
})
