import { test } from '@japa/runner'
import { clock } from '#shared/clock'
import Plan from '#payments/plans/models/plan'
import { givenCreditor, givenUser } from '#tests/fixtures/domain'
import { AGREED_AT, givenAcceptedPlan, givenPlannable, propose } from '#tests/fixtures/plans'

test.group('Plans in the back-office', () => {
  test('Encaissements → Échéanciers: by state, each with what is paid of it', async ({ client }) => {
    const { claim, plan } = await givenAcceptedPlan()
    const { claim: other } = await givenPlannable()
    await clock.at(AGREED_AT, () => propose(other, { months: 12 }))
    const user = await givenUser('accountant')
    const all = await client.get('/payments/plans').loginAs(user)
    all.assertStatus(200)
    for (const text of [claim.ref, other.ref, plan.ref, '0 / 4', '0 / 12']) all.assertTextIncludes(text)
    const proposed = await client.get('/payments/plans?state=proposed').loginAs(user)
    proposed.assertTextIncludes(other.ref)
    if (proposed.text().includes(claim.ref)) throw new Error('the accepted one is not proposed')
    const late = await client.get('/payments/plans?state=late').loginAs(user)
    late.assertTextIncludes('Aucun échéancier')
  })

  test('a creditor sees its own only', async ({ client, assert }) => {
    const { claim } = await givenAcceptedPlan()
    const creditor = await givenCreditor()
    const { claim: own } = await givenAcceptedPlan({
      creditor,
      kind: 'b2c',
      invoices: [{ amountCents: 120_000 }],
    })
    const user = await givenUser('creditor', { creditorId: creditor.id })
    const page = await client.get('/payments/plans?creditor=C-T0001').loginAs(user)
    page.assertTextIncludes(own.ref)
    assert.notInclude(page.text(), claim.ref)
  })

  test('C9: the list of files, and its CSV, say what became of the plan', async ({ client }) => {
    await givenAcceptedPlan()
    const user = await givenUser()
    const list = await client.get('/claims').loginAs(user)
    list.assertTextIncludes('Accepté')
    const csv = await client.get('/claims.csv').loginAs(user)
    csv.assertTextIncludes('Accepté')
  })

  test('a proposal is answered from the file, once', async ({ client, assert }) => {
    const { claim } = await givenPlannable()
    await clock.at(AGREED_AT, () => propose(claim, { months: 12 }))
    const user = await givenUser()
    const dossier = await client.get(`/claims/${claim.ref}`).loginAs(user)
    dossier.assertTextIncludes('Accepter l’échéancier')
    const send = (what: string) =>
      client
        .post(`/claims/${claim.ref}/plan/${what}`)
        .loginAs(user)
        .withCsrfToken()
        .form({ note: 'Non' })
        .redirects(0)
    await send('refusal')
    const plan = await Plan.firstOrFail()
    assert.equal(plan.state, 'refused')
    assert.equal(plan.note, 'Non')
    await send('acceptance')
    assert.equal((await plan.refresh()).state, 'refused')
  })
})
