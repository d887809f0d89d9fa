import { test } from '@japa/runner'
import { clock } from '#shared/clock'
import { readStoredFile } from '#shared/files'
import Document from '#claims/models/document'
import Delivery from '#deliveries/models/delivery'
import { recipeNamed, type EmailContent } from '#deliveries/recipes'
import { MakeOffer } from '#payments/plans/actions/make_offer'
import { PrintAcknowledgements } from '#payments/plans/actions/print_acknowledgements'
import Acknowledgement from '#payments/plans/models/acknowledgement'
import { givenCreditor, givenUser } from '#tests/fixtures/domain'
import { AGREED_AT, after, givenAcceptedPlan, givenPlannable, planTick } from '#tests/fixtures/plans'
import { as } from '#tests/fixtures/portal'

const composed = async (delivery: Delivery) =>
  (await recipeNamed(delivery.recipe)!.compose(delivery, clock.now())) as EmailContent

const AMOUNT = /\d[\s\u00a0\u202f]*€/

test.group('Mails of plans', () => {
  test('the deed is printed once, attached, and among the debtor’s documents', async ({ assert, client }) => {
    const { claim, plan, link } = await givenAcceptedPlan()
    const mail = await composed(await Delivery.findByOrFail('key', `plan:${plan.id}:accepted`))
    const { fileSha256 } = await Acknowledgement.findByOrFail('planId', plan.id)
    assert.deepEqual(mail.attachments?.[0]?.content, { fileSha256: fileSha256! })
    const pdf = await readStoredFile(fileSha256!)
    assert.equal(pdf.subarray(0, 5).toString(), '%PDF-')
    assert.deepEqual(await new PrintAcknowledgements().handle(), { printed: 0, failed: [] })
    assert.lengthOf(await Document.query().where('claimId', claim.id), 1)
    const page = await as(client.get('/p'), link)
    page.assertTextIncludes(`Reconnaissance de dette ${plan.ref}`)
  })

  test('rule 7 and rule 15: each recalls the letter, and names no sum', async ({ assert }) => {
    const { claim } = await givenAcceptedPlan()
    await planTick(after(3))
    const told = await Delivery.query().where('claimId', claim.id).where('recipe', 'payments.plan')
    assert.deepEqual(
      told.map(({ parameters }) => parameters.event),
      ['accepted', 'lapsed']
    )
    for (const delivery of told) {
      const mail = await composed(delivery)
      assert.include(mail.text, 'AM-2026-0417-L1')
      assert.notMatch(mail.text, AMOUNT)
    }
  })

  test('what is no longer so is not sent', async ({ assert }) => {
    const { plan } = await givenAcceptedPlan()
    const delivery = await Delivery.findByOrFail('key', `plan:${plan.id}:accepted`)
    await delivery.merge({ parameters: { planId: plan.id, event: 'reminder' } }).save()
    assert.deepEqual(await composed(delivery), { cancel: 'plan_changed' } as never)
  })

  test('rule 35: the creditor reads what is proposed', async ({ assert }) => {
    const { claim } = await givenAcceptedPlan()
    const delivery = await Delivery.query()
      .where('claimId', claim.id)
      .where('recipe', 'payments.plan_notice')
      .firstOrFail()
    const { text } = await composed(delivery)
    for (const fact of ['Hélène Brume', claim.ref, '4 fois', '15/02/2027']) assert.include(text, fact)
  })

  test('an offer is told without its sum, and not once it is over', async ({ assert }) => {
    const creditor = await givenCreditor({ settlementDiscountBps: 1_000 })
    const { claim } = await givenPlannable({ creditor })
    const { id: userId } = await givenUser()
    const offer = { claimId: claim.id, discountBps: 1_000, validDays: 5, userId }
    await clock.at(AGREED_AT, () => new MakeOffer().handle(offer))
    const delivery = await Delivery.query().where('recipe', 'payments.offer').firstOrFail()
    const mail = await clock.at(after(1), () => composed(delivery))
    assert.include(mail.text, '26/11/2026')
    assert.notMatch(mail.text, AMOUNT)
    const late = await clock.at(after(6), () => composed(delivery))
    assert.deepEqual(late, { cancel: 'plan_changed' } as never)
  })
})
