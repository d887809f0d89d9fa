import { writeFile } from 'node:fs/promises'
import { test } from '@japa/runner'
import type { Page } from 'playwright'
import { addDays } from '#shared/calendar'
import { clock, instantOn } from '#shared/clock'
import { eurosInWords } from '#shared/euros_in_words'
import { formatEuros } from '#shared/money'
import { loadOwed } from '#claims/owed'
import Claim from '#claims/models/claim'
import Plan from '#payments/plans/models/plan'
import { tick } from '#scheduler/tick'
import type { StripeSimulator } from '#tests/fakes/stripe_simulator'
import {
  assertAccessible,
  assertNoHorizontalScroll,
  DESKTOP,
  openPage,
  PHONE,
  signInAs,
} from '#tests/browser/support'
import { givenUser } from '#tests/fixtures/domain'
import { storyOfPlan } from '#tests/fixtures/plans'
import { givenPortal } from '#tests/fixtures/portal'
import { useStripeSimulator, webhooksWorked } from '#tests/fixtures/stripe'

/** For whoever wants to see: `PICTURES=/tmp npm test -- browser …` */
async function picture(page: Page, name: string) {
  if (process.env.PICTURES)
    await writeFile(`${process.env.PICTURES}/${name}.png`, await page.screenshot({ fullPage: true }))
}

test.group('Instalment plans', (group) => {
  let simulator: StripeSimulator
  let now = Date.now
  group.each.setup(async () => {
    now = Date.now
    const used = await useStripeSimulator({ now: () => now() })
    simulator = used.simulator
    return used.stop
  })

  test('a plan on a telephone without JavaScript: agreed, begun, charged by the tick, missed, resumed', async ({
    assert,
    cleanup,
  }) => {
    const { claim, url } = await givenPortal({ kind: 'b2c', invoices: [{ amountCents: 120_000 }] })
    const { totalCents } = await loadOwed(claim.id, clock.today())
    const { page, complaints, close } = await openPage({ ...PHONE, javaScriptEnabled: false })
    cleanup(close)
    // What axe does needs scripts: the same page is looked at beside.
    const beside = await openPage(PHONE)
    cleanup(beside.close)
    await beside.page.goto(url)
    const check = async (name: string) => {
      await beside.page.goto(page.url())
      await picture(beside.page, name)
      await assertAccessible(beside.page)
      await assertNoHorizontalScroll(beside.page)
    }

    await page.goto(url)
    await page.getByRole('link', { name: /Payer en plusieurs fois/ }).click()
    await page.getByText('Votre calendrier').waitFor()
    await page.getByRole('radio', { name: /^3 fois/ }).check()
    await page.getByRole('radio', { name: 'Le 15' }).check()
    await page.getByRole('button', { name: 'Voir le calendrier' }).click()
    await page.waitForURL('**/p/plan/new?count=3**')
    await check('plan-new')

    await page.getByLabel('La somme, en chiffres').fill('12')
    await page.getByRole('button', { name: 'Valider l’échéancier' }).click()
    await page.getByText('Écrivez la somme en toutes lettres.').first().waitFor()
    await assertNoHorizontalScroll(page)
    await picture(page, 'plan-errors')
    // The browser notes the answer 422.
    complaints.length = 0
    await page.getByLabel('La somme, en chiffres').fill(formatEuros(totalCents))
    await page.getByLabel('La même somme, en toutes lettres').fill(eurosInWords(totalCents).toUpperCase())
    await page.getByRole('button', { name: 'Valider l’échéancier' }).click()
    await page.waitForURL('**/p/plan')
    await check('plan-accepted')

    await page.getByRole('button', { name: 'Payer le premier versement' }).click()
    await page.waitForURL(`${simulator.url}/**`)
    await page.getByLabel('Numéro de carte').fill('4242 4242 4242 4242')
    await page
      .getByRole('button', { name: /^Payer/ })
      .first()
      .click()
    await webhooksWorked(simulator)
    await page.goto('/p/plan')
    await page.getByText('carte qui finit par 4242').waitFor()
    await check('plan-active')
    await page.goto('/p')
    await page.getByRole('heading', { name: 'Votre échéancier est en cours' }).waitFor()
    await check('plan-overview')

    const plan = await Plan.findByOrFail('claimId', claim.id)
    const [, second, third] = await plan.related('instalments').query().orderBy('seq')
    now = () => Date.parse(instantOn(second!.dueOn, 10))
    await tick(instantOn(second!.dueOn, 10))
    await webhooksWorked(simulator)
    assert.match(await storyOfPlan(plan), /^active 40000\/40000 40000\/40000 0\/40000$/)

    simulator.account.refuseMethod((await plan.refresh()).stripeMethodId!, '4000000000009995')
    now = () => Date.parse(instantOn(third!.dueOn, 10))
    await tick(instantOn(third!.dueOn, 10))
    await tick(instantOn(addDays(third!.dueOn, 9), 10))
    assert.equal((await plan.refresh()).state, 'broken')
    assert.equal((await Claim.findOrFail(claim.id)).status, 'active')
    await page.goto('/p/plan')
    assert.equal(new URL(page.url()).pathname, '/p')
    assert.deepEqual([...complaints, ...beside.complaints], [])
  })

  test('a proposal beyond the rules is answered in the back-office')
    .with([
      { name: 'desktop', options: DESKTOP },
      { name: 'phone', options: PHONE },
    ])
    .run(async ({ assert, cleanup }, { name, options }) => {
      const { claim, url } = await givenPortal({ kind: 'b2c', invoices: [{ amountCents: 120_000 }] })
      const debtor = await openPage({ ...PHONE, javaScriptEnabled: false })
      cleanup(debtor.close)
      await debtor.page.goto(url)
      await debtor.page.goto('/p/plan/new?amount=80&day=5')
      await debtor.page.getByText('C’est plus que ce que').waitFor()
      await debtor.page.getByLabel('La somme, en chiffres').fill('1200')
      await debtor.page.getByLabel('La même somme, en toutes lettres').fill(eurosInWords(120_000))
      await debtor.page.getByRole('button', { name: 'Envoyer ma proposition' }).click()
      await debtor.page.getByText('vous répond par écrit').first().waitFor()

      const { page, complaints, close } = await openPage(options)
      cleanup(close)
      const check = async (what: string) => {
        await picture(page, `${what}-${name}`)
        await assertAccessible(page)
        await assertNoHorizontalScroll(page)
      }
      await signInAs(page, await givenUser('collector'))
      await page.goto('/')
      await page.getByText('Échéancier à accepter').first().waitFor()
      await check('agenda')
      await page.goto(`/claims/${claim.ref}`)
      await check('dossier-proposed')
      await page.getByRole('button', { name: 'Accepter l’échéancier' }).click()
      await page.getByText('Échéancier accepté').first().waitFor()
      await check('dossier-accepted')
      await page.goto('/payments/plans')
      await page.getByRole('heading', { name: 'Échéanciers' }).waitFor()
      await check('plans')
      await page.goto('/claims')
      await check('claims')
      assert.equal((await Plan.findByOrFail('claimId', claim.id)).state, 'accepted')
      assert.deepEqual(complaints, [])
    })
})
