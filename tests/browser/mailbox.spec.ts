import { test } from '@japa/runner'
import {
  assertAccessible,
  assertNoHorizontalScroll,
  DESKTOP,
  openPage,
  PHONE,
  signInAs,
} from '#tests/browser/support'
import { givenDelivery } from '#tests/fixtures/deliveries'
import { givenAgency, givenClaim, givenUser } from '#tests/fixtures/domain'

test.group('mailbox', () => {
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
