import { test } from '@japa/runner'
import Scenario from '#campaigns/models/scenario'
import {
  assertAccessible,
  assertNoHorizontalScroll,
  DESKTOP,
  openPage,
  PHONE,
  signInAs,
} from '#tests/browser/support'
import { givenAgency, givenUser } from '#tests/fixtures/domain'

const stepsOf = async (slug: string) => {
  const [business] = await Scenario.versions(slug)
  return business?.steps.map(({ day, channel }) => `${day} ${channel}`)
}

test.group('scenarios', () => {
  test(
    'an administrator copies one, adds a step that leaves electronically, corrects it, then removes the scenario'
  )
    .with([
      { colorScheme: 'light' as const, screen: DESKTOP },
      { colorScheme: 'dark' as const, screen: PHONE },
    ])
    .run(async ({ assert, cleanup }, { colorScheme, screen }) => {
      await givenAgency()
      const { page, complaints, close } = await openPage({ ...screen, colorScheme })
      cleanup(close)
      await signInAs(page, await givenUser('admin'))
      await page.goto('/campaigns/scenarios/amiable')
      await page.fill('input[name="name"]', 'Ton ferme')
      await page.click('button:has-text("Copier ce scénario")')
      await page.waitForURL('**/campaigns/scenarios/ton-ferme/edit')
      await assertAccessible(page)
      await assertNoHorizontalScroll(page)

      await page.fill('#field-b2b-6-day', '4')
      await page.selectOption('#field-b2b-6-channel', 'lre')
      await page.check('#field-b2b-4-remove')
      await page.click('main button:has-text("Enregistrer")')
      await page.waitForSelector('[data-error-summary]:has-text("Professionnels, ligne 7")')
      await assertAccessible(page)
      await assertNoHorizontalScroll(page)
      await page.click('[data-error-summary] a')
      assert.equal(await page.evaluate('document.activeElement.id'), 'field-b2b-6-day')
      assert.isTrue(await page.isChecked('#field-b2b-4-remove'))

      await page.fill('#field-b2b-6-day', '15')
      await page.click('main button:has-text("Enregistrer")')
      await page.waitForURL('**/campaigns/scenarios/ton-ferme')
      assert.deepEqual(await stepsOf('ton-ferme'), [
        '0 letter',
        '4 email',
        '8 email',
        '12 email',
        '15 lre',
        '20 hand_over',
      ])
      await assertAccessible(page)
      await assertNoHorizontalScroll(page)

      await page.click('button:has-text("Supprimer")')
      await page.click('dialog[open] button:has-text("Supprimer")')
      await page.waitForURL('**/campaigns/scenarios/amiable')
      assert.isUndefined(await stepsOf('ton-ferme'))
      assert.deepEqual(complaints, [])
    })

  test('without JavaScript, steps are changed all the same', async ({ assert, cleanup }) => {
    await givenAgency()
    const { page, close } = await openPage({ ...DESKTOP, javaScriptEnabled: false })
    cleanup(close)
    await signInAs(page, await givenUser('admin'))
    await page.goto('/campaigns/scenarios/amiable/edit')
    await page.fill('#field-b2b-6-day', '2')
    await page.selectOption('#field-b2b-6-channel', 'lrar')
    await page.click('main button:has-text("Enregistrer")')
    await page.waitForURL('**/campaigns/scenarios/amiable')
    assert.include(await stepsOf('amiable'), '2 lrar')
  })
})
