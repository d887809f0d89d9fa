import { writeFile } from 'node:fs/promises'
import { test } from '@japa/runner'
import type { Page } from 'playwright'
import { clock } from '#shared/clock'
import { eurosInWords } from '#shared/euros_in_words'
import Plan from '#payments/plans/models/plan'
import { REPORTED } from '#payments/models/payment'
import SignMandate from '#creditors/actions/sign_mandate'
import {
  assertAccessible,
  assertNoHorizontalScroll,
  DESKTOP,
  openPage,
  PHONE,
  signInAs,
} from '#tests/browser/support'
import { collected, prepared, remitted } from '#tests/fixtures/banking'
import { givenAgency, givenClaim, givenCreditor, givenUser } from '#tests/fixtures/domain'
import { storyOfPlan } from '#tests/fixtures/plans'
import { givenPortal } from '#tests/fixtures/portal'

/** For whoever wants to see: `PICTURES=/tmp npm test -- browser …` */
async function looked(page: Page, name: string) {
  await assertNoHorizontalScroll(page)
  await assertAccessible(page)
  if (process.env.PICTURES)
    await writeFile(`${process.env.PICTURES}/${name}.png`, await page.screenshot({ fullPage: true }))
}

const SIZES = [
  { name: 'desktop', options: DESKTOP },
  { name: 'phone', options: PHONE },
]

test.group('Money between an agency, its debtors and its creditors', () => {
  test('a plan agreed on the telephone: composed, sent, agreed to by the debtor', async ({
    assert,
    cleanup,
  }) => {
    const { claim, url } = await givenPortal({ kind: 'b2c', invoices: [{ amountCents: 120_000 }] })
    const { page, complaints, close } = await openPage()
    cleanup(close)
    await signInAs(page, await givenUser())
    await page.goto(`/claims/${claim.ref}`)
    await page.getByRole('link', { name: 'Composer un échéancier' }).click()
    await page.getByLabel('Ou ce que le débiteur peut payer chaque mois').fill('300,00')
    await page.getByRole('button', { name: 'Voir le calendrier' }).click()
    await looked(page, 'plan-composer-desktop')
    await page.getByRole('button', { name: 'Envoyer au débiteur' }).click()
    await page.getByText('Envoyé au débiteur').first().waitFor()
    await looked(page, 'plan-offered-dossier')
    const plan = await Plan.findByOrFail('claimId', claim.id)
    assert.match(await storyOfPlan(plan), /^proposed 0\/30000/)

    const phone = await openPage({ ...PHONE, javaScriptEnabled: false })
    cleanup(phone.close)
    await phone.page.goto(url)
    await phone.page.getByRole('link', { name: 'Voir mon échéancier' }).click()
    await assertNoHorizontalScroll(phone.page)
    if (process.env.PICTURES)
      await writeFile(
        `${process.env.PICTURES}/plan-offered-phone.png`,
        await phone.page.screenshot({ fullPage: true })
      )
    await phone.page.getByLabel('La somme, en chiffres').fill('1 200,00')
    await phone.page.getByLabel('La même somme').fill(eurosInWords(120_000))
    await phone.page.getByRole('button', { name: 'Valider l’échéancier' }).click()
    await phone.page.getByText('Il commence avec votre premier versement').waitFor()
    assert.match(await storyOfPlan(plan), /^accepted /)
    assert.deepEqual([...complaints, ...phone.complaints], [])
  })

  for (const { name, options } of SIZES) {
    test(`what a mandate carries, and what is owed between them (${name})`, async ({ assert, cleanup }) => {
      await givenAgency()
      const creditor = await givenCreditor({}, null)
      await new SignMandate().handle(creditor, {
        signedOn: '2026-01-10',
        basis: 'Prestations de services facturées',
        feeBps: 1200,
        remittanceDays: 3,
        guarantee: 'RC professionnelle de l’agence',
        netting: false,
        plansBeyondRules: true,
        contract: {
          dayCount: 'ACT_ACT',
          rateBps: 800,
          allocationOrder: 'principal_interest_indemnity',
          clause: 'CGV, article 8',
        },
      })
      const of = (amountCents: number) => givenClaim({ creditor, kind: 'b2c', invoices: [{ amountCents }] })
      await collected(await of(90_000), 50_000)
      const [remittance] = await remitted()
      await collected(await of(90_000), 20_000, { destinationAccount: REPORTED })
      await prepared()
      await collected(await of(90_000), 30_000, { destinationAccount: REPORTED, receivedOn: clock.today() })
      const { page, complaints, close } = await openPage(options)
      cleanup(close)
      await signInAs(page, await givenUser('admin'))
      for (const [address, picture] of [
        [`/creditors/${creditor.ref}`, 'creditor'],
        [`/creditors/${creditor.ref}/mandates/create`, 'mandate'],
        ['/obligations', 'obligations'],
        [`/remittances/${remittance!.ref}`, 'remittance'],
        ['/payments/matching', 'matching'],
      ] as const) {
        await page.goto(address)
        await looked(page, `${picture}-${name}`)
      }
      const plannable = await givenPortal({ creditor, kind: 'b2c', invoices: [{ amountCents: 120_000 }] })
      await page.goto(`/claims/${plannable.claim.ref}/plan/new?months=12`)
      await looked(page, `plan-beyond-${name}`)
      assert.deepEqual(complaints, [])
    })
  }
})
