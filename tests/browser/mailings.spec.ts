import { deepEqual } from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { test } from '@japa/runner'
import type { Page } from 'playwright'
import { contactInstantFrom } from '#shared/calendar'
import { addMinutes, clock } from '#shared/clock'
import { deliverDue } from '#deliveries/deliver_due'
import Letter from '#letters/models/letter'
import { askProviders } from '#registered_mail/ask_providers'
import { carrierOf, useCarrier } from '#registered_mail/carriers'
import { Ar24 } from '#registered_mail/providers/ar24/provider'
import { recordFacts, workMailingFacts } from '#registered_mail/inbox'
import {
  assertAccessible,
  assertNoHorizontalScroll,
  closeBrowser,
  DESKTOP,
  openPage,
  PHONE,
  signInAs,
} from '#tests/browser/support'
import type User from '#users/models/user'
import { FakeAr24 } from '#tests/fakes/ar24'
import { factOf } from '#tests/fakes/postal_provider'
import { givenAgency, givenClaim, givenCreditor, givenUser } from '#tests/fixtures/domain'
import { givenConsent } from '#tests/fixtures/ere'
import { anElectronicLetter, aRenderedLetter, givenCarrier, givenRoute } from '#tests/fixtures/mailings'

const numberOf = (index: number) => `2C${String(index).padStart(11, '0')}`

/** `PICTURES=folder` keeps what was seen, for people. */
async function picture(page: Page, name: string) {
  if (process.env.PICTURES) {
    await writeFile(`${process.env.PICTURES}/${name}.png`, await page.screenshot({ fullPage: true }))
  }
}

/** Pages by the name of their picture: on a desk and on a telephone, none scrolls sideways and axe finds nothing. */
async function assertHolds(user: User, paths: Record<string, string>) {
  for (const [size, options] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
    const { page, complaints, close } = await openPage(options)
    await signInAs(page, user)
    for (const [name, path] of Object.entries(paths)) {
      await page.goto(path)
      await assertNoHorizontalScroll(page, options.viewport!.width)
      await assertAccessible(page)
      await picture(page, `${name}-${size}`)
    }
    deepEqual(complaints, [])
    await close()
  }
}

test.group('registered letters in the browser', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })
  group.teardown(() => closeBrowser())

  test('the numbers of fifty slips are scanned one after the other, and sent at once', async ({ assert }) => {
    const creditor = await givenCreditor()
    for (let index = 0; index < 50; index++) await aRenderedLetter('lrar', await givenClaim({ creditor }))
    const { page, complaints, close } = await openPage(DESKTOP)
    await signInAs(page, await givenUser())
    await page.goto('/mailings/numbers')
    await page.locator('#number-0').focus()
    // A reader types the whole number, then Enter; the second is too short.
    for (let index = 0; index < 50; index++) {
      await page.keyboard.insertText(index === 1 ? '2C12' : numberOf(index))
      if (index < 49) await page.keyboard.press('Enter')
    }
    assert.equal(page.url().split('/').at(-1), 'numbers')
    assert.equal(await page.evaluate('document.activeElement.id'), 'number-49')
    await page.getByRole('button', { name: 'Terminer l’action', exact: true }).click()
    await page.getByText('49 courriers sont terminés').waitFor()
    assert.equal(await page.locator('[data-scan]').count(), 1)
    assert.equal(await page.locator('[data-scan]').inputValue(), '2C12')
    await picture(page, 'numbers-error')
    await page.locator('[data-scan]').fill(numberOf(1))
    await page.getByRole('button', { name: 'Terminer l’action', exact: true }).click()
    await page.getByText('Aucun recommandé n’attend', { exact: true }).waitFor()
    assert.lengthOf(await Letter.query().where('state', 'printed'), 50)
    assert.deepEqual(
      complaints.filter((line) => !line.includes('422')),
      []
    )
    await close()
  })

  test('the table, the settings and the page of a letter hold on a phone', async () => {
    for (let index = 0; index < 3; index++) await aRenderedLetter()
    const { restore } = givenCarrier('maileva')
    await givenRoute('maileva')
    const letter = await aRenderedLetter()
    await deliverDue(clock.now())
    await recordFacts({ provider: 'maileva', heardBy: 'webhook', raw: '{}' }, [
      factOf(letter.ref, 'handed_over', '2026-11-21', { registeredNumber: '2C12345678901' }),
      factOf(letter.ref, 'first_presentation', '2026-11-23'),
      factOf(letter.ref, 'unclaimed', '2026-11-28', { reason: 'N03' }),
      factOf(letter.ref, null, '2026-11-21', { proof: 'deposit' }),
    ])
    await workMailingFacts()
    const admin = await givenUser('admin')
    const paths = {
      numbers: '/mailings/numbers',
      settings: '/settings/mail',
      letter: `/letters/${letter.ref}`,
      letters: '/letters',
    }
    await assertHolds(admin, paths)
    restore()
  })

  test('rule 47: an LRE has its own name from the page that sends it to the page that shows its proofs', async () => {
    const api = await new FakeAr24().start()
    const before = carrierOf('ar24')
    useCarrier('ar24', { provider: new Ar24(api.settings), webhook: null, missing: [] })
    const claim = await givenClaim({ kind: 'b2c', claim: { status: 'active' } })
    await givenConsent(claim)
    const letter = await anElectronicLetter('lre', claim)
    const at = contactInstantFrom(clock.now())
    await deliverDue(at)
    api.advance(api.mails[0]!, 'sent', 'AR')
    await askProviders(addMinutes(at, 25 * 60))
    const posted = await aRenderedLetter('lrar')
    const by = await givenUser('admin')
    await posted.dispatch({ registeredNumber: numberOf(7), by })
    const paths = {
      'send-ere': `/claims/${claim.ref}/ere`,
      'send-lre': `/claims/${claim.ref}/ere?kind=lre`,
      lre: `/letters/${letter.ref}`,
      'lre-story': `/letters/${letter.ref}/evidence`,
      scan: `/letters/${posted.ref}`,
      'settings-electronic': '/settings/mail',
    }
    await assertHolds(by, paths)
    useCarrier('ar24', before)
    await api.stop()
  })
})
