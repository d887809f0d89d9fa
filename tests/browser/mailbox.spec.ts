import { test } from '@japa/runner'
import { addMinutes, clock } from '#shared/clock'
import { deliverDue } from '#deliveries/deliver_due'
import { mailboxDriver } from '#deliveries/drivers/mailbox'
import { ovhDriver } from '#deliveries/drivers/ovh'
import { useDriver } from '#deliveries/drivers/registry'
import { FakeOvh } from '#tests/fakes/ovh'
import {
  assertAccessible,
  assertNoHorizontalScroll,
  DESKTOP,
  openPage,
  PHONE,
  signInAs,
} from '#tests/browser/support'
import { givenDelivery, givenSms } from '#tests/fixtures/deliveries'
import { givenAgency, givenClaim, givenUser } from '#tests/fixtures/domain'

test.group('mailbox', () => {
  test('an SMS whose answer was lost is read and sent again by a person; axe finds nothing')
    .with([
      { colorScheme: 'light' as const, screen: DESKTOP },
      { colorScheme: 'dark' as const, screen: PHONE },
    ])
    .run(async ({ assert, cleanup }, { colorScheme, screen }) => {
      const ovh = await new FakeOvh().start()
      useDriver('sms', ovhDriver({ ...ovh.settings, sender: 'AMIABLE' }, 1000))
      cleanup(async () => {
        useDriver('sms', mailboxDriver)
        await ovh.stop()
      })
      await givenAgency()
      const claim = await givenClaim()
      await givenSms('+33612345678', claim.id)
      ovh.misbehave = ({ method }) => (method === 'POST' ? 'drop_reply' : 'answer')
      await givenSms('+33698765432', claim.id)
      ovh.misbehave = () => 'answer'

      const { page, complaints, close } = await openPage({ ...screen, colorScheme })
      cleanup(close)
      await signInAs(page, await givenUser())
      await page.goto(`/claims/${claim.ref}`)
      await page.locator('#messages').getByText('06 98 76 54 32').waitFor()
      await assertNoHorizontalScroll(page)
      await page.goto('/mailbox')
      await assertAccessible(page)
      await assertNoHorizontalScroll(page)

      await page.getByRole('row').filter({ hasText: '06 98 76 54 32' }).getByRole('link').first().click()
      await page.getByText('AMIABLE RECOUVREMENT : votre page').waitFor()
      await page.getByText('le destinataire le recevra deux fois').waitFor()
      await assertAccessible(page)
      await assertNoHorizontalScroll(page)
      await page.getByRole('button', { name: 'Renvoyer', exact: true }).click()
      await page.getByText('Le message repart.').waitFor()
      assert.deepEqual(complaints, [])
      assert.lengthOf(ovh.jobs, 2)
      await deliverDue(addMinutes(clock.now(), 1))
      assert.lengthOf(ovh.jobs, 3)
    })

  test('an uncertain message is read, then settled; axe finds nothing, in the light and in the dark')
    .with([
      { colorScheme: 'light' as const, screen: DESKTOP },
      { colorScheme: 'dark' as const, screen: PHONE },
    ])
    .run(async ({ assert, cleanup }, { colorScheme, screen }) => {
      await givenAgency()
      const collector = await givenUser()
      const claim = await givenClaim()
      await givenDelivery({ recipient: 'elise@exemple.fr', claimId: claim.id })
      await givenDelivery({ recipient: 'paul@exemple.fr', state: 'failed', reason: '550 no such mailbox' })
      await givenDelivery({
        recipient: `${colorScheme}@exemple.fr`,
        state: 'uncertain',
        reason: 'interrupted',
      })
      await givenDelivery({ recipient: 'ines@exemple.fr', state: 'queued' })

      const { page, complaints, close } = await openPage({ ...screen, colorScheme })
      cleanup(close)
      await signInAs(page, collector)
      await page.goto('/mailbox')
      await assertAccessible(page)
      await assertNoHorizontalScroll(page)

      await page
        .getByRole('row')
        .filter({ hasText: `${colorScheme}@exemple.fr` })
        .getByRole('link')
        .first()
        .click()
      const body = page.frameLocator('iframe')
      await body.getByRole('heading', { name: 'Trouvons une solution ensemble' }).waitFor()
      assert.match((await body.getByRole('link', { name: 'Voir mon dossier' }).getAttribute('href'))!, /•$/)
      await assertAccessible(page)
      await assertNoHorizontalScroll(page)
      await page.getByRole('button', { name: 'Il est arrivé' }).click()
      await page.getByText('Le message est noté comme parti.').waitFor()
      assert.deepEqual(complaints, [])
    })
})
