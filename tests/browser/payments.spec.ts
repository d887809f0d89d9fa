import { test } from '@japa/runner'
import { clock } from '#shared/clock'
import type Claim from '#claims/models/claim'
import { ReceivePayment } from '#payments/actions/receive_payment'
import { StartPayment } from '#payments/actions/start_payment'
import { recordStripeEvent, workStripeInbox } from '#payments/inbox'
import Payment from '#payments/models/payment'
import {
  assertAccessible,
  assertNoHorizontalScroll,
  DESKTOP,
  openPage,
  PHONE,
  signInAs,
} from '#tests/browser/support'
import { givenAgency, givenClaim, givenUser } from '#tests/fixtures/domain'
import { useStripeSimulator, webhooksWorked } from '#tests/fixtures/stripe'

async function aWaitingEvent() {
  const event = {
    id: 'evt_browser',
    type: 'payment_intent.succeeded' as const,
    created: Math.floor(Date.now() / 1000),
    data: {
      object: { id: 'pi_browser', amount_received: 4_000, currency: 'eur', metadata: { claim: 'D-NOWHERE' } },
    },
  }
  await recordStripeEvent(event, JSON.stringify(event))
  await workStripeInbox()
}

async function paid(claim: Claim, amountCents: number) {
  await new ReceivePayment().handle({
    source: `manual:browser-${claim.id}`,
    claimId: claim.id,
    method: 'cheque',
    amountCents,
    receivedOn: clock.today(),
  })
}

test.group('payments in the back-office', () => {
  test('an accountant writes a transfer down and settles what waits')
    .with([
      { name: 'desktop', options: DESKTOP },
      { name: 'phone', options: PHONE },
    ])
    .run(async ({ assert, cleanup }, { options }) => {
      await givenAgency()
      const accountant = await givenUser('accountant')
      const claim = await givenClaim()
      await paid(await givenClaim({ kind: 'b2c', invoices: [{ amountCents: 5_000 }] }), 6_000)
      await aWaitingEvent()
      const { page, complaints, close } = await openPage(options)
      cleanup(close)
      const check = async () => {
        await assertAccessible(page)
        await assertNoHorizontalScroll(page)
      }

      await signInAs(page, accountant)
      // What the home page says is another test's business.
      complaints.length = 0
      await page.goto('/payments')
      await page.getByRole('heading', { name: 'Trop-perçus à rendre' }).waitFor()
      await check()
      await page.getByLabel('N° de dossier').fill(claim.ref)
      await page.getByRole('button', { name: 'Affecter' }).click()
      await page.waitForURL(`/claims/${claim.ref}`)
      await page.getByText('Paiement de 40,00 € reçu par carte').waitFor()

      await page.getByRole('link', { name: 'Enregistrer un paiement' }).click()
      await page.getByLabel('Montant reçu').fill('rien')
      await check()
      await page.getByRole('button', { name: 'Enregistrer', exact: true }).click()
      await page.getByRole('alert').getByRole('link', { name: 'Montant' }).click()
      await page.keyboard.press('ControlOrMeta+a')
      await page.keyboard.type('250,00')
      await page.getByLabel('Moyen de paiement').selectOption('transfer')
      await page.getByRole('button', { name: 'Enregistrer', exact: true }).click()
      await page.waitForURL(`/claims/${claim.ref}`)
      await page.getByText('Paiement de 250,00 € reçu par virement').waitFor()

      await page.goto('/payments?method=transfer')
      assert.lengthOf(await page.locator('tbody tr').all(), 1)
      await check()
      assert.lengthOf(await Payment.query().where('claimId', claim.id), 2)
      assert.deepEqual(complaints, [])
    })
})

test.group('the simulated payment page', () => {
  test('a card that is refused, then one that passes, without JavaScript', async ({ assert, cleanup }) => {
    await givenAgency()
    const claim = await givenClaim({ kind: 'b2c', invoices: [{ amountCents: 12_345 }] })
    await givenUser()
    const { simulator, stop } = await useStripeSimulator()
    cleanup(stop)
    const started = await new StartPayment().handle({
      claimId: claim.id,
      amountCents: 12_345,
      successUrl: `${process.env.APP_URL}/sign-in?session={CHECKOUT_SESSION_ID}`,
      cancelUrl: `${process.env.APP_URL}/sign-in`,
    })
    if (started.outcome !== 'checkout') throw new Error('no checkout')
    const { page, close } = await openPage({ ...PHONE, javaScriptEnabled: false })
    cleanup(close)

    await page.goto(started.url)
    await page.getByRole('heading', { name: '123,45 €' }).waitFor()
    await assertNoHorizontalScroll(page)
    await page.getByLabel('Numéro de carte').fill('4000 0000 0000 0002')
    await page.getByRole('button', { name: 'Payer 123,45 €' }).click()
    await page.getByRole('alert').waitFor()
    await page.getByLabel('Numéro de carte').fill('4242 4242 4242 4242')
    await page.getByRole('button', { name: 'Payer 123,45 €' }).click()
    await page.waitForURL(/session=cs_test_/)
    await webhooksWorked(simulator)
    await claim.refresh()
    assert.equal(claim.status, 'paid')
  })

  test('has nothing that axe would say', async ({ cleanup }) => {
    await givenAgency()
    const claim = await givenClaim()
    const { stop } = await useStripeSimulator()
    cleanup(stop)
    const started = await new StartPayment().handle({
      claimId: claim.id,
      amountCents: 5_000,
      successUrl: 'http://127.0.0.1:9/',
      cancelUrl: 'http://127.0.0.1:9/',
    })
    if (started.outcome !== 'checkout') throw new Error('no checkout')
    const { page, close } = await openPage()
    cleanup(close)
    await page.goto(started.url)
    await assertAccessible(page)
    await page.getByLabel('IBAN').fill('FR14')
    await page.getByRole('button', { name: 'Autoriser' }).click()
    await page.getByRole('alert').waitFor()
    await assertAccessible(page)
  })
})
