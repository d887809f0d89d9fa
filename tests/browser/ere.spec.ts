import { test } from '@japa/runner'
import type { Page } from 'playwright'
import { addMinutes, clock } from '#shared/clock'
import Ere from '#registered_mail/ere/models/ere'
import { tick } from '#scheduler/tick'
import {
  assertAccessible,
  assertNoHorizontalScroll,
  DESKTOP,
  openPage,
  PHONE,
  signInAs,
} from '#tests/browser/support'

import { givenUser } from '#tests/fixtures/domain'
import { codeOf, eventsOf, givenEre, givenNotified, typesOf } from '#tests/fixtures/ere'
import { forgetLimits } from '#tests/fixtures/limits'

const picture = (page: Page, name: string) =>
  process.env.SCREENSHOTS
    ? page.screenshot({ path: `${process.env.SCREENSHOTS}/${name}.png`, fullPage: true })
    : Promise.resolve()

async function checked(page: Page, name: string) {
  await assertAccessible(page)
  await assertNoHorizontalScroll(page)
  await picture(page, name)
}

async function identify(page: Page, ere: Ere) {
  await page.getByRole('button', { name: 'Recevoir mon code par e-mail' }).click()
  await page.getByLabel('Votre code à 6 chiffres').fill(await codeOf(ere))
  await page.getByRole('button', { name: 'Continuer' }).click()
  await page.getByRole('heading', { name: 'Acceptez-vous cet envoi' }).waitFor()
}

/** The letter is in the page, drawn from its bytes; the log says that it was shown. */
async function readInPage(page: Page, ere: Ere) {
  const sheet = page.getByRole('group', { name: 'Page 1 sur 1' })
  await sheet.scrollIntoViewIfNeeded()
  await page.getByText('votre navigateur l’a vérifiée').waitFor()
  for (let tries = 0; tries < 100; tries++) {
    if ((await eventsOf(ere, 'content.viewed')).length > 0) break
    await page.waitForTimeout(50)
  }
  await ere.refresh()
}

/** The letter opens in another tab; a browser without a reader of PDF saves it. */
async function openLetter(page: Page, ere: Ere) {
  const [opened] = await Promise.all([
    page.context().waitForEvent('page'),
    page.getByRole('link', { name: /Ouvrir la lettre/ }).click(),
  ])
  for (let tries = 0; tries < 100 && (await ere.refresh()).state === 'accepted'; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  await opened.close()
}

async function drawWithFinger(page: Page) {
  const pad = page.getByRole('img', { name: 'Cadre pour dessiner' })
  await pad.scrollIntoViewIfNeeded()
  const box = (await pad.boundingBox())!
  const [x, y] = [box.x + box.width / 4, box.y + box.height / 2]
  const touch = await page.context().newCDPSession(page)
  const at = (type: 'touchStart' | 'touchMove' | 'touchEnd', dx: number, dy: number) =>
    touch.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: type === 'touchEnd' ? [] : [{ x: x + dx, y: y + dy }],
    })
  await at('touchStart', 0, 0)
  for (let step = 1; step <= 12; step++) await at('touchMove', step * 10, Math.sin(step) * 24)
  await at('touchEnd', 0, 0)
}

test.group('ERE, on a telephone', (group) => {
  group.each.setup(() => forgetLimits())

  test('notice, code, accept, read, sign by finger, copy', async ({ assert, cleanup }) => {
    const { ere, url, token, letter } = await givenNotified()
    const { page, complaints, close } = await openPage(PHONE)
    cleanup(close)
    const referrers: string[] = []
    page.on('request', (request) => referrers.push(request.headers().referer ?? ''))

    await page.goto(url)
    assert.equal(new URL(page.url()).pathname, '/ere', 'the token leaves the address at once')
    await checked(page, 'ere-1-identify')
    await page.getByRole('button', { name: 'Recevoir mon code par e-mail' }).click()
    await page.getByLabel('Votre code à 6 chiffres').fill('12')
    await page.getByRole('button', { name: 'Continuer' }).click()
    await page.getByRole('alert').waitFor()
    await checked(page, 'ere-2-code')
    await page.getByLabel('Votre code à 6 chiffres').fill(await codeOf(ere))
    await page.getByRole('button', { name: 'Continuer' }).click()

    await page.getByRole('heading', { name: 'Acceptez-vous cet envoi' }).waitFor()
    await page.getByText('Je refuse cet envoi').click()
    await checked(page, 'ere-3-answer')
    await page.getByRole('button', { name: 'J’accepte et j’ouvre le courrier' }).click()

    await page.getByRole('heading', { name: 'Votre courrier' }).waitFor()
    await readInPage(page, ere)
    assert.equal(ere.state, 'received')
    const [viewed] = await eventsOf(ere, 'content.viewed')
    assert.deepEqual(viewed!.data.pages, [1])
    assert.equal(viewed!.actor.kind, 'recipient')
    await page.getByLabel('Prénom et nom').fill('Hélène Brume')
    await page.getByLabel('Dessiner ma signature').check()
    await drawWithFinger(page)
    await page.getByLabel('J’ai lu la phrase').check()
    await checked(page, 'ere-4-letter')
    await page.getByRole('button', { name: 'Signer l’accusé de réception' }).click()

    await page.getByRole('heading', { name: 'Votre accusé de réception est signé' }).waitFor()
    await checked(page, 'ere-5-signed')
    await ere.refresh()
    assert.equal(ere.state, 'signed')
    const [signed] = await eventsOf(ere, 'letter.signed')
    assert.equal(signed!.data.method, 'drawn')
    assert.equal(signed!.data.imageSha256, ere.signatureSha256!)
    const copy = page.getByRole('link', { name: /L’accusé de réception signé/ })
    assert.equal(await copy.getAttribute('href'), '/ere/acknowledgement.pdf')

    await page.getByRole('button', { name: 'Voir mon dossier' }).click()
    await page
      .getByRole('link', { name: new RegExp(`${letter.pages} page`) })
      .first()
      .waitFor()
    assert.equal(new URL(page.url()).pathname, '/p')
    // The browser itself reports the page that answers 422 to a code of two digits.
    assert.deepEqual(
      complaints.filter((one) => !one.includes('422')),
      []
    )
    assert.notInclude(JSON.stringify(referrers), token)
  })

  test('without JavaScript: accepts and signs with a typed name; drawing is not offered', async ({
    assert,
    cleanup,
  }) => {
    const { ere, url } = await givenNotified()
    const { page, close } = await openPage({ ...PHONE, javaScriptEnabled: false })
    cleanup(close)
    await page.goto(url)
    await identify(page, ere)
    await page.getByRole('button', { name: 'J’accepte et j’ouvre le courrier' }).click()
    await openLetter(page, ere)
    assert.isFalse(await page.getByLabel('Dessiner ma signature').isVisible())
    await page.getByLabel('Prénom et nom').fill('Hélène Brume')
    await page.getByLabel('J’ai lu la phrase').check()
    await page.getByRole('button', { name: 'Signer l’accusé de réception' }).click()
    await page.getByRole('heading', { name: 'Votre accusé de réception est signé' }).waitFor()
    assert.equal((await eventsOf(ere, 'letter.signed'))[0]!.data.method, 'typed')
  })

  test('refuses, and finds the refusal again', async ({ assert, cleanup }) => {
    const { ere, url } = await givenNotified()
    const { page, close } = await openPage(PHONE)
    cleanup(close)
    await page.goto(url)
    await identify(page, ere)
    await page.getByText('Je refuse cet envoi').click()
    await page.getByLabel('Pourquoi').fill('Je ne dois rien')
    await page.getByRole('button', { name: 'Confirmer mon refus' }).click()
    await page.getByRole('heading', { name: 'Vous avez refusé cet envoi' }).waitFor()
    await checked(page, 'ere-6-refused')
    await page.goto(url)
    await page.getByRole('heading', { name: 'Vous avez refusé cet envoi' }).waitFor()
    assert.equal((await ere.refresh()).state, 'refused')
  })

  test('not answered in time, the tick makes it unclaimed, and the page says that it is over', async ({
    assert,
    cleanup,
  }) => {
    const { ere, url } = await givenNotified()
    const past = addMinutes(clock.now(), -1)
    await Ere.query().where('id', ere.id).update({ deadlineAt: past })
    await tick(clock.now())
    assert.equal((await ere.refresh()).state, 'expired')
    assert.include(await typesOf(ere), 'letter.expired')
    const { page, close } = await openPage(PHONE)
    cleanup(close)
    await page.goto(url)
    await page.getByRole('heading', { name: 'Cet envoi n’est plus disponible' }).waitFor()
    await checked(page, 'ere-7-expired')
  })
})

test.group('ERE, for the agency', (group) => {
  group.each.setup(() => forgetLimits())

  test('every page is accessible and holds on a telephone', async ({ assert, cleanup }) => {
    const given = await givenNotified({ kind: 'b2c' })
    const failed = await givenEre()
    await Ere.query().where('id', failed.ere.id).update({ state: 'notification_failed', notices: 1 })
    const { page, complaints, close } = await openPage(DESKTOP)
    cleanup(close)
    await signInAs(page, await givenUser('collector'))
    for (const [path, name] of [
      [`/claims/${given.claim.ref}`, 'staff-file'],
      [`/claims/${given.claim.ref}/ere`, 'staff-create'],
      [`/letters/${given.letter.ref}`, 'staff-letter'],
      [`/letters/${failed.letter.ref}`, 'staff-failed'],
      [`/letters/${given.letter.ref}/evidence`, 'staff-story'],
      ['/letters?kind=ere', 'staff-list'],
      ['/', 'staff-agenda'],
    ]) {
      await page.goto(path!)
      await checked(page, name!)
      if (process.env.SCREENSHOTS) {
        await page.setViewportSize(PHONE.viewport!)
        await picture(page, `${name}-390`)
        await page.setViewportSize(DESKTOP.viewport!)
      }
    }
    assert.deepEqual(complaints, [])
  })
})
