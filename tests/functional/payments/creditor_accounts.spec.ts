import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { clock } from '#shared/clock'
import { loadOwed } from '#claims/owed'
import { wrongBalances } from '#claims/queries/balances'
import type Claim from '#claims/models/claim'
import Creditor from '#creditors/models/creditor'
import Delivery from '#deliveries/models/delivery'
import { recipeNamed, type EmailContent } from '#deliveries/recipes'
import { creditorAccounts } from '#health/checks/business'
import { heldFunds } from '#banking/funds/held_funds'
import FeeInvoice from '#banking/fees/fee_invoice'
import { remittanceContent } from '#banking/remittances/documents/content'
import { statementDocument } from '#banking/remittances/documents/statement_document'
import Remittance from '#banking/remittances/models/remittance'
import { remittancesDue } from '#banking/remittances/queries/obligations'
import { ReconcileStripe } from '#payments/actions/reconcile_stripe'
import { StartPayment } from '#payments/actions/start_payment'
import { stripeGateway } from '#payments/gateway'
import Payment from '#payments/models/payment'
import PaymentAttempt from '#payments/models/payment_attempt'
import { ChangeMethod } from '#payments/plans/actions/change_method'
import { waitingMoney } from '#payments/queries/waiting_money'
import { receiptContent } from '#payments/receipts/receipt_content'
import { receiptDocument } from '#payments/receipts/receipt_document'
import type { StripeSimulator } from '#tests/fakes/stripe_simulator'
import { collected, prepared, takenBack } from '#tests/fixtures/banking'
import { givenAgency, givenClaim, givenCreditor, givenUser } from '#tests/fixtures/domain'
import { AGREED_AT, after, givenActivePlan, planTick } from '#tests/fixtures/plans'
import { as, givenPortal } from '#tests/fixtures/portal'
import { payOnPage, useStripeSimulator, webhooksWorked } from '#tests/fixtures/stripe'

const ACCOUNT = 'acct_1RivageStudio'

const start = (claim: Claim, amountCents: number) =>
  new StartPayment().handle({
    claimId: claim.id,
    amountCents,
    successUrl: 'http://127.0.0.1:9/merci?session={CHECKOUT_SESSION_ID}',
    cancelUrl: 'http://127.0.0.1:9/dossier',
  })

/** What an account holds, in cents. */
async function balanceOf(account: string) {
  const [row] = await db
    .from('postings')
    .select(
      db.raw(
        `coalesce(sum(case when debit_account = ? then amount_cents when credit_account = ? then -amount_cents else 0 end), 0) as cents`,
        [account, account]
      )
    )
  return Number(row.cents)
}

const plain = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/[\s\u00a0\u202f]+/g, ' ')

const connected = () => givenCreditor({ stripeAccount: ACCOUNT })

test.group('A creditor with a Stripe account of its own', (group) => {
  let simulator: StripeSimulator

  group.each.setup(async () => {
    const stripe = await useStripeSimulator()
    simulator = stripe.simulator
    simulator.account.connect(ACCOUNT)
    await givenAgency()
    return stripe.stop
  })

  async function paid(claim: Claim, amountCents: number) {
    const started = await start(claim, amountCents)
    if (started.outcome !== 'checkout') throw new Error(`no checkout: ${JSON.stringify(started)}`)
    await payOnPage(started.url)
    await webhooksWorked(simulator)
    return Payment.query().where('claimId', claim.id).orderBy('id', 'desc').firstOrFail()
  }

  test('rule 3: what is paid online goes to its account, and the ledger holds none of it', async ({
    assert,
  }) => {
    const claim = await givenClaim({ creditor: await connected() })
    const payment = await paid(claim, 50_000)

    const [intent] = simulator.account.intents.values()
    assert.deepEqual(intent!.transfer_data, { destination: ACCOUNT })
    assert.equal(intent!.on_behalf_of, ACCOUNT)
    assert.equal(payment.destinationAccount, ACCOUNT)
    assert.equal(await balanceOf('creditor_account'), 50_000)
    for (const account of ['client_funds', 'creditor_payable', 'suspense']) {
      assert.equal(await balanceOf(account), 0, account)
    }
    await claim.refresh()
    assert.equal(claim.paidCents, 50_000)
    assert.deepEqual(await wrongBalances(10), [])
  })

  test('rule 31: asked again after a lost answer, Stripe reads the same destination under the same key', async ({
    assert,
  }) => {
    const creditor = await connected()
    const claim = await givenClaim({ creditor })
    simulator.apiFaults.dropReplyRate = 1
    assert.deepEqual(await start(claim, 50_000), { outcome: 'unavailable' })
    // Changed meanwhile: the same key must still carry what it carried.
    await creditor.merge({ stripeAccount: null }).save()
    simulator.apiFaults.dropReplyRate = 0
    assert.equal((await start(claim, 50_000)).outcome, 'checkout')
    const states = (await PaymentAttempt.query().orderBy('id')).map(({ state, request }) => [
      state,
      request.destination ?? null,
    ])
    assert.deepEqual(states, [
      ['expired', ACCOUNT],
      ['open', null],
    ])
    const statuses = [...simulator.account.sessions.values()].map(({ status }) => status)
    assert.deepEqual(statuses, ['expired', 'open'])
  })

  test('an account that Stripe refuses leaves the transfer, and never sends the money elsewhere', async ({
    assert,
  }) => {
    const claim = await givenClaim({ creditor: await connected() })
    simulator.account.connect(ACCOUNT, false)
    assert.deepEqual(await start(claim, 50_000), { outcome: 'unavailable' })
    simulator.account.connectedAccounts.delete(ACCOUNT)
    assert.deepEqual(await start(claim, 50_000), { outcome: 'unavailable' })
    assert.equal(simulator.account.sessions.size, 0)
    const failures = (await PaymentAttempt.query().orderBy('id')).map(({ failure }) => failure)
    assert.deepEqual(failures, ['insufficient_capabilities_for_transfer', 'resource_missing'])
  })

  test('rule 37: its transfers are held, its online payments are not, and nothing is remitted twice', async ({
    assert,
  }) => {
    const creditor = await connected()
    const claim = await givenClaim({ creditor })
    await paid(claim, 50_000)
    assert.deepEqual(await remittancesDue(clock.today()), [])
    const before = await heldFunds(clock.today())
    assert.equal(before.expectedCents, 0)
    assert.deepEqual(before.explanations, [])

    await collected(claim, 20_000)
    const [direct, held] = (await prepared()).toSorted(
      (one, other) => Number(other.direct) - Number(one.direct)
    )
    assert.deepInclude(direct!.$attributes, {
      direct: true,
      state: 'paid',
      collectedCents: 50_000,
      netting: false,
    })
    assert.deepInclude(held!.$attributes, {
      direct: false,
      state: 'prepared',
      collectedCents: 20_000,
      netting: true,
    })
    assert.equal((await heldFunds(clock.today())).expectedCents, 20_000)
    const invoice = await FeeInvoice.findByOrFail('remittanceId', direct!.id)
    assert.deepInclude(invoice.$attributes, { feeCents: 6_000, vatCents: 1_200 })
    assert.isAbove(Date.parse(invoice.dueOn), Date.parse(invoice.issuedOn))
    assert.equal(await db.from('postings').where('kind', 'remittance').first(), null)
    assert.lengthOf(await prepared(), 0)

    const said = plain(statementDocument(await remittanceContent(direct!.id)))
    assert.include(said, 'parties directement sur votre compte Stripe')
    assert.include(said, 'aucun virement de notre part')
    assert.notInclude(said, 'compte réservé aux fonds')
  })

  test('rule 32: what goes back touches no held funds, and its fee is given back', async ({ assert }) => {
    const creditor = await connected()
    const [claim, other] = [await givenClaim({ creditor }), await givenClaim({ creditor })]
    const payment = await paid(claim, 50_000)
    await collected(other, 20_000)
    await prepared()
    await takenBack(payment, 50_000)
    assert.equal(await balanceOf('creditor_account'), 0)
    assert.equal(await balanceOf('creditor_paid'), 0)
    assert.equal(await balanceOf('client_funds'), 20_000)
    assert.equal((await heldFunds(clock.today())).expectedCents, 20_000)
    await claim.refresh()
    assert.equal(claim.paidCents, 0)
    assert.equal(claim.status, 'paused')

    // Its fee comes off the next ones.
    await paid(other, 60_000)
    const [next] = await prepared()
    assert.deepInclude(next!.$attributes, {
      direct: true,
      collectedCents: 10_000,
      feeCents: 1_200,
      vatCents: 240,
    })
  })

  test('rule 30: a surplus is the creditor’s to give back, and is shown as such', async ({ assert }) => {
    const claim = await givenClaim({ creditor: await connected() })
    const { totalCents } = await loadOwed(claim.id, clock.today())
    const started = await start(claim, totalCents)
    await collected(claim, 30_000)
    if (started.outcome !== 'checkout') throw new Error(started.outcome)
    await payOnPage(started.url)
    await webhooksWorked(simulator)

    const payment = await Payment.query().whereNotNull('destinationAccount').firstOrFail()
    assert.equal(payment.suspenseCents, 30_000)
    assert.equal(await balanceOf('suspense'), 0)
    assert.equal(await balanceOf('creditor_surplus'), -30_000)
    const { surplus } = await waitingMoney()
    assert.deepInclude(surplus[0], { claim: claim.ref, cents: 30_000, heldBy: 'creditor' })
    const receipt = await payment.currentReceipt()
    const said = plain(receiptDocument(await receiptContent(receipt.id)))
    assert.include(said, 'que le créancier doit vous rendre')
    assert.include(said, 'Cette somme est versée sur le compte du créancier')
    assert.notInclude(said, 'compte réservé')

    await takenBack(payment, 30_000)
    assert.equal(await balanceOf('creditor_surplus'), 0)
    assert.lengthOf((await waitingMoney()).surplus, 0)
    await claim.refresh()
    assert.equal(claim.status, 'paid')
  })

  test('rule 32: a dispute that is won gives back to the account it took from', async ({ assert }) => {
    const claim = await givenClaim({ creditor: await connected() })
    await paid(claim, 50_000)
    const [intent] = simulator.account.intents.keys()
    const dispute = simulator.account.dispute(intent!)
    await webhooksWorked(simulator)
    assert.equal(await balanceOf('creditor_account'), 0)
    simulator.account.closeDispute(dispute, 'won')
    await webhooksWorked(simulator)
    assert.equal(await balanceOf('creditor_account'), 50_000)
    assert.equal(await balanceOf('client_funds'), 0)
  })

  test('what Stripe says of where the money went counts more than what was asked', async ({ assert }) => {
    const claim = await givenClaim({ creditor: await connected() })
    const started = await start(claim, 50_000)
    if (started.outcome !== 'checkout') throw new Error(started.outcome)
    simulator.webhookUrl = null
    await payOnPage(started.url)
    const [intent] = simulator.account.intents.values()
    intent!.transfer_data = null
    await new ReconcileStripe(stripeGateway()!).handle()
    assert.isNull((await Payment.firstOrFail()).destinationAccount)
    assert.equal(await balanceOf('client_funds'), 50_000)
  })

  test('rule 3: the debtor reads where a card pays to, and a transfer still shows the dedicated account', async ({
    assert,
    client,
  }) => {
    const creditor = await connected()
    const { link, claim } = await givenPortal({ creditor })
    const words = `va directement sur le compte de ${creditor.name}`
    ;(await as(client.get('/p'), link)).assertTextIncludes(words)
    const transfer = await as(client.get('/p/transfer'), link)
    transfer.assertTextIncludes('FR76')
    assert.notInclude(transfer.text(), ACCOUNT)
    await paid(claim, 50_000)
    ;(await as(client.get('/p/payment'), link)).assertTextIncludes(
      `Cette somme est allée sur le compte de ${creditor.name}`
    )
    const usual = await givenPortal()
    assert.notInclude((await as(client.get('/p'), usual.link)).text(), 'va directement')
  })

  test('rule 34: the notice, the list and the CSV say where the money is', async ({ assert, client }) => {
    const creditor = await connected()
    const claim = await givenClaim({ creditor })
    await paid(claim, 50_000)
    const notice = await Delivery.findByOrFail('recipe', 'payments.creditor_notice')
    const { text } = (await recipeNamed(notice.recipe)!.compose(notice, clock.now())) as EmailContent
    assert.match(text, /Destination des fonds\s*: Votre compte/)
    assert.notInclude(text, 'Reversé au plus tard')

    const accountant = await givenUser('accountant')
    const list = await client.get('/payments').loginAs(accountant)
    list.assertTextIncludes('Compte du créancier')
    const dossier = await client.get(`/claims/${claim.ref}`).loginAs(accountant)
    dossier.assertTextIncludes('Compte du créancier')
    const csv = await client.get('/payments.csv').loginAs(accountant)
    csv.assertTextIncludes('Compte du créancier')
  })

  test('an administrator sets it once Stripe knows it, and nobody else', async ({ assert, client }) => {
    const creditor = await givenCreditor()
    const admin = await givenUser('admin')
    const put = (stripeAccount: string, user = admin) =>
      client
        .put(`/creditors/${creditor.ref}/stripe`)
        .loginAs(user)
        .withCsrfToken()
        .redirects(0)
        .header('referer', `/creditors/${creditor.ref}/stripe/edit`)
        .form({ stripeAccount })
    const kept = async () => (await Creditor.findOrFail(creditor.id)).stripeAccount

    simulator.account.connect('acct_NotYetReady', false)
    for (const refused of ['cus_1RivageStudio', 'acct_', 'acct_NobodyKnows', 'acct_NotYetReady']) {
      await put(refused)
      assert.isNull(await kept(), refused)
    }
    ;(await put(ACCOUNT, await givenUser('collector'))).assertStatus(403)
    assert.isNull(await kept())
    await put(ACCOUNT)
    assert.equal(await kept(), ACCOUNT)
    ;(await client.get(`/creditors/${creditor.ref}`).loginAs(admin)).assertTextIncludes(ACCOUNT)
    assert.deepEqual((await creditorAccounts.find()).status, 'ok')
    simulator.account.connect(ACCOUNT, false)
    assert.deepEqual((await creditorAccounts.find()).status, 'fail')
    await put('')
    assert.isNull(await kept())
    assert.lengthOf(await Remittance.all(), 0)
  })
})

test.group('A plan of such a creditor', (group) => {
  let simulator: StripeSimulator

  group.each.setup(async () => {
    const stripe = await useStripeSimulator({ webhookUrl: null, now: () => Date.parse(AGREED_AT) })
    simulator = stripe.simulator
    simulator.account.connect(ACCOUNT)
    await givenAgency()
    return stripe.stop
  })

  test('rule 3: an instalment charged without the debtor goes there too, also when another card was left', async ({
    assert,
  }) => {
    const { plan } = await givenActivePlan(simulator, { values: { creditor: await connected() } })
    const page = { claimRef: 'D-1', successUrl: 'http://127.0.0.1:9/p', cancelUrl: 'http://127.0.0.1:9/p' }
    assert.isString(await new ChangeMethod().open(plan, { ...page, locale: 'fr' }))
    await planTick(after(24))
    const charge = [...simulator.account.intents.values()].find(({ metadata }) => metadata.charge)
    assert.deepEqual(charge?.transfer_data, { destination: ACCOUNT })
    assert.equal(charge?.on_behalf_of, ACCOUNT)
    const destinations = (await Payment.query()).map(({ destinationAccount }) => destinationAccount)
    assert.deepEqual(destinations, [ACCOUNT, ACCOUNT])
    assert.equal(await balanceOf('client_funds'), 0)

    simulator.account.connect(ACCOUNT, false)
    assert.isNull(await new ChangeMethod().open(plan, { ...page, locale: 'fr' }))
  })
})
