import { test } from '@japa/runner'
import type { BrowserContextOptions } from 'playwright'
import Creditor from '#creditors/models/creditor'
import {
  assertAccessible,
  assertNoHorizontalScroll,
  DESKTOP,
  openPage,
  PHONE,
  signInAs,
} from '#tests/browser/support'
import { givenAgency, givenCreditor, givenUser } from '#tests/fixtures/domain'
import { useStripeSimulator, webhooksWorked } from '#tests/fixtures/stripe'

const BOTH: { name: string; options: BrowserContextOptions }[] = [
  { name: 'desktop', options: DESKTOP },
  { name: 'phone', options: PHONE },
]

test.group('A creditor’s own Stripe account', () => {
  test('a creditor opens it on Stripe’s page, leaves, comes back and is ready; then it is suspended')
    .with(BOTH)
    .run(async ({ assert, cleanup }, { options }) => {
      const { simulator, stop } = await useStripeSimulator()
      cleanup(stop)
      await givenAgency()
      const creditor = await givenCreditor()
      const { page, complaints, close } = await openPage(options)
      cleanup(close)
      const check = async () => {
        await assertAccessible(page)
        await assertNoHorizontalScroll(page)
      }
      const ourPage = () => page.waitForURL((url) => url.pathname === '/home/stripe')

      await signInAs(page, await givenUser('creditor', { creditorId: creditor.id }))
      complaints.length = 0
      await page.goto('/home')
      await page.locator('a[href="/home/stripe"]').click()
      await ourPage()
      await page.getByText('Aucun compte n’est ouvert').waitFor()
      await check()

      await page.getByRole('button', { name: 'Ouvrir un compte chez Stripe' }).click()
      await page.getByRole('button', { name: 'Continuer plus tard' }).click()
      await ourPage()
      await page.getByText('le compte bancaire').waitFor()
      await check()

      await page.getByRole('button', { name: 'Continuer chez Stripe' }).click()
      await page.getByLabel('IBAN').fill('FR14 2004 1010 0505 0001 3M02 606')
      await page.getByLabel('J’accepte').check()
      await page.getByRole('button', { name: 'Envoyer' }).click()
      await ourPage()
      await page.getByText('va directement sur votre compte').waitFor()
      await check()

      const { stripeAccount } = await Creditor.findOrFail(creditor.id)
      assert.deepEqual([...simulator.account.connectedAccounts.keys()], [stripeAccount])
      simulator.account.onboarding.restrict(stripeAccount!)
      await webhooksWorked(simulator)
      await page.goto('/home')
      await page.getByRole('heading', { name: 'Le paiement en ligne est suspendu' }).waitFor()
      await check()
      await page.goto('/home/stripe?link=expired')
      await page.getByRole('heading', { name: 'n’est plus valable' }).waitFor()
      await check()
      assert.deepEqual(complaints, [])
    })

  test('an administrator sees how it stands, and where the money goes')
    .with(BOTH)
    .run(async ({ assert, cleanup }, { options }) => {
      const { simulator, stop } = await useStripeSimulator()
      cleanup(stop)
      await givenAgency()
      const creditor = await givenCreditor()
      const { page, complaints, close } = await openPage(options)
      cleanup(close)
      await signInAs(page, await givenUser('admin'))
      complaints.length = 0
      await page.goto(`/creditors/${creditor.ref}/stripe`)
      await page.getByRole('button', { name: 'Ouvrir un compte chez Stripe' }).click()
      await page.getByRole('button', { name: 'Continuer plus tard' }).click()
      await page.waitForURL((url) => url.pathname === `/creditors/${creditor.ref}/stripe`)
      const [id] = simulator.account.connectedAccounts.keys()
      simulator.account.onboarding.restrict(id!, 'rejected.fraud')
      await webhooksWorked(simulator)
      await page.reload()
      await page.getByText('Stripe refuse ce compte').waitFor()
      await assertAccessible(page)
      await assertNoHorizontalScroll(page)
      await page.goto(`/creditors/${creditor.ref}`)
      await page.getByText('Refusé').waitFor()
      await assertAccessible(page)
      await assertNoHorizontalScroll(page)
      assert.deepEqual(complaints, [])
    })
})
