import type { ApiClient } from '@japa/api-client'
import { test } from '@japa/runner'
import { appUrl } from '#config/app'
import { addMinutes, clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import ConnectedAccount from '#creditors/models/connected_account'
import Creditor from '#creditors/models/creditor'
import { keepAnswer } from '#payments/accounts/hear_account'
import { HearAccounts } from '#payments/accounts/hear_accounts'
import { ReconcileStripe } from '#payments/actions/reconcile_stripe'
import { StartPayment } from '#payments/actions/start_payment'
import { stripeGateway } from '#payments/gateway'
import { stripeInboxIdle } from '#payments/inbox'
import Payment from '#payments/models/payment'
import PaymentAttempt from '#payments/models/payment_attempt'
import StripeEvent from '#payments/models/stripe_event'
import { signature } from '#tests/fakes/stripe/deliverer'
import { REVIEWED_IBAN } from '#tests/fakes/stripe/connected'
import type { StripeSimulator } from '#tests/fakes/stripe_simulator'
import { givenAgency, givenClaim, givenCreditor, givenUser } from '#tests/fixtures/domain'
import { after, AGREED_AT, givenActivePlan, planTick } from '#tests/fixtures/plans'
import { as, givenPortal } from '#tests/fixtures/portal'
import { payOnPage, useStripeSimulator, webhooksWorked } from '#tests/fixtures/stripe'
import type User from '#users/models/user'

const IBAN = 'FR14 2004 1010 0505 0001 3M02 606'

/** Sends the hosted page as a creditor would; the page must have been seen first. */
async function completeOnPage(url: string, form: Record<string, string> = {}) {
  await fetch(url, { redirect: 'manual' })
  const body = new URLSearchParams({ act: 'send', iban: IBAN, terms: 'yes', ...form })
  return fetch(url, { method: 'POST', body, redirect: 'manual' })
}

const post = (client: ApiClient, path: string, user: User) =>
  client.post(path).loginAs(user).withCsrfToken().redirects(0)

const accountOf = (creditor: Creditor) => ConnectedAccount.of(creditor.id)

const destinationOf = async (creditor: Creditor) =>
  (await Creditor.findOrFail(creditor.id)).onlineDestination()

test.group('A creditor opens a Stripe account of its own', (group) => {
  let simulator: StripeSimulator
  let creditor: Creditor
  let user: User

  group.each.setup(async () => {
    const stripe = await useStripeSimulator()
    simulator = stripe.simulator
    await givenAgency()
    creditor = await givenCreditor()
    user = await givenUser('creditor', { creditorId: creditor.id })
    return stripe.stop
  })

  const made = () => [...simulator.account.connectedAccounts.values()]

  async function begun(client: ApiClient) {
    const answer = await post(client, '/home/stripe', user)
    answer.assertStatus(303)
    return answer.header('location')!
  }

  /** Through Stripe's page, back, and every event heard. */
  async function ready(client: ApiClient) {
    await completeOnPage(await begun(client))
    await webhooksWorked(simulator)
    return (await accountOf(creditor))!
  }

  test('R1: its space leads to Stripe’s page, and what is paid online goes to the account once Stripe says so', async ({
    assert,
    client,
  }) => {
    ;(await client.get('/home/stripe').loginAs(user)).assertTextIncludes('Pas commencé')
    const url = await begun(client)
    assert.isTrue(url.startsWith(`${simulator.url}/setup/c/acct_`))
    const account = (await accountOf(creditor))!
    assert.deepInclude(account.$attributes, { state: 'made', stripeAccount: made()[0]!.id, userId: user.id })
    assert.deepEqual(made()[0]!.metadata, { creditor: creditor.ref, attempt: account.key! })
    assert.notInclude(JSON.stringify(account.$attributes), url)
    await webhooksWorked(simulator)
    const asked = await client.get('/home/stripe').loginAs(user)
    for (const words of ['À compléter', 'le compte bancaire', 'l’identité de ses représentants']) {
      asked.assertTextIncludes(words)
    }
    assert.equal(await destinationOf(creditor), 'dedicated')

    const back = await completeOnPage(url)
    assert.equal(back.headers.get('location'), `${appUrl}/home/stripe/return`)
    await webhooksWorked(simulator)
    ;(await client.get('/home/stripe').loginAs(user)).assertTextIncludes('Prêt')
    assert.equal(await destinationOf(creditor), 'own')
    const { claim, link } = await givenPortal({ creditor: await Creditor.findOrFail(creditor.id) })
    ;(await as(client.get('/p'), link)).assertTextIncludes(`va directement sur le compte de ${creditor.name}`)
    const started = await start(claim.id)
    if (started.outcome !== 'checkout') throw new Error(started.outcome)
    await payOnPage(started.url)
    await webhooksWorked(simulator)
    assert.equal((await Payment.firstOrFail()).destinationAccount, account.stripeAccount)
  })

  test('coming back proves nothing: Stripe is asked, also when no event ever comes', async ({
    assert,
    client,
  }) => {
    simulator.webhookUrl = null
    const url = await begun(client)
    await completeOnPage(url, { act: 'later' })
    ;(await client.get('/home/stripe/return').loginAs(user)).assertTextIncludes('À compléter')
    assert.equal(await destinationOf(creditor), 'dedicated')
    await completeOnPage(await begun(client))
    assert.equal(await destinationOf(creditor), 'dedicated')
    ;(await client.get('/home/stripe/return').loginAs(user)).assertTextIncludes('Prêt')
    assert.equal(await destinationOf(creditor), 'own')
    assert.lengthOf(made(), 1)
  })

  test('a link that was used or has expired leads to a page that gives another', async ({
    assert,
    client,
  }) => {
    const url = await begun(client)
    await completeOnPage(url)
    const again = await fetch(url, { redirect: 'manual' })
    assert.equal(again.headers.get('location'), `${appUrl}/home/stripe?link=expired`)
    simulator.account.onboarding.restrict(made()[0]!.id)
    await webhooksWorked(simulator)
    const page = await client.get('/home/stripe?link=expired').loginAs(user)
    page.assertTextIncludes('n’est plus valable')
    assert.notEqual(await begun(client), url)
    assert.lengthOf(made(), 1)
  })

  test('an answer that is lost, broken or asked for many times at once makes one account', async ({
    assert,
    client,
  }) => {
    simulator.apiFaults.dropReplyRate = 1
    await post(client, '/home/stripe', user)
    assert.equal((await accountOf(creditor))!.state, 'unknown')
    assert.isNull((await accountOf(creditor))!.stripeAccount)
    simulator.apiFaults.dropReplyRate = 0
    await begun(client)
    assert.lengthOf(made(), 1)

    const other = await givenCreditor()
    const otherUser = await givenUser('creditor', { creditorId: other.id })
    simulator.apiFaults.brokenReplyRate = 1
    await post(client, '/home/stripe', otherUser)
    simulator.apiFaults.brokenReplyRate = 0
    await post(client, '/home/stripe', otherUser)
    assert.lengthOf(made(), 2)

    const third = await givenCreditor()
    const thirdUser = await givenUser('creditor', { creditorId: third.id })
    simulator.apiFaults.slowMs = 60
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => post(client, '/home/stripe', thirdUser))
    )
    assert.lengthOf(made(), 3)
    for (const answer of answers) assert.include(answer.header('location'), '/setup/c/')
  })

  test('an account whose making was never answered is found by the tick, or given up once its key is forgotten', async ({
    assert,
    client,
  }) => {
    simulator.webhookUrl = null
    simulator.apiFaults.dropReplyRate = 1
    await post(client, '/home/stripe', user)
    simulator.apiFaults.dropReplyRate = 0
    await new HearAccounts().handle(addMinutes(clock.now(), 10))
    assert.equal((await accountOf(creditor))!.stripeAccount, made()[0]!.id)

    const other = await givenCreditor()
    const otherUser = await givenUser('creditor', { creditorId: other.id })
    simulator.apiFaults.dropReplyRate = 1
    await post(client, '/home/stripe', otherUser)
    simulator.apiFaults.dropReplyRate = 0
    simulator.account.connectedAccounts.delete(made()[1]!.id)
    const before = await accountOf(other)
    await new HearAccounts().handle(addMinutes(clock.now(), 10))
    assert.equal((await accountOf(other))!.state, 'unknown')
    await new HearAccounts().handle(addMinutes(clock.now(), 24 * 60))
    assert.isNull(await accountOf(other))
    assert.equal((await ConnectedAccount.findOrFail(before!.id)).failure, 'not_made')
  })

  test('events repeated and shuffled leave what Stripe last decided, and an account unknown to us changes nothing', async ({
    assert,
    client,
  }) => {
    await begun(client)
    const { id } = made()[0]!
    simulator.webhookFaults = { copies: 4, disorderMs: 120, dropRate: 0, delayMs: 0 }
    const { onboarding } = simulator.account
    onboarding.approve(id)
    onboarding.restrict(id)
    onboarding.review(id)
    onboarding.approve(id)
    onboarding.restrict(id)
    simulator.account.emit('account.updated', { ...made()[0]!, id: 'acct_SomebodyElse' }, 'acct_SomebodyElse')
    await webhooksWorked(simulator)
    const account = (await accountOf(creditor))!
    assert.isFalse(account.mayReceive)
    assert.equal(account.standing, 'to_complete')
    assert.isNull((await Creditor.findOrFail(creditor.id)).stripeAccount)
    onboarding.approve(id)
    await webhooksWorked(simulator)
    assert.equal((await accountOf(creditor))!.standing, 'ready')
    assert.lengthOf(await StripeEvent.query().whereNull('workedAt'), 0)
  })

  test('of two answers the one asked for later stays, and an event that came meanwhile is asked about again', async ({
    assert,
    client,
  }) => {
    const { id, stripeAccount } = await ready(client)
    const answer = await stripeGateway()!.account(stripeAccount!)
    if (!answer.ok || !answer.value) throw new Error('no answer')
    const said = answer.value
    const now = clock.now()
    const keep = (mayReceive: boolean, minutes: number) =>
      transaction((trx) => keepAnswer(trx, id, { ...said, mayReceive }, addMinutes(now, minutes)))
    const account = () => ConnectedAccount.findOrFail(id)

    await keep(false, 10)
    await keep(true, 5)
    assert.isFalse((await account()).mayReceive)
    await (await account()).merge({ askAt: addMinutes(now, 21) }).save()
    await keep(true, 20)
    assert.isTrue((await account()).mayReceive)
    assert.equal((await account()).askAt, addMinutes(now, 21))
    await keep(true, 22)
    assert.equal((await account()).askAt, addMinutes(now, 22 + 24 * 60))
  })

  test('an event that Stripe cannot be asked about is asked about again by the tick', async ({
    assert,
    client,
  }) => {
    const account = await ready(client)
    simulator.apiFaults.serverErrorRate = 1
    simulator.account.onboarding.restrict(account.stripeAccount!)
    await webhooksWorked(simulator)
    assert.isTrue((await accountOf(creditor))!.mayReceive)
    simulator.apiFaults.serverErrorRate = 0
    await new HearAccounts().handle(addMinutes(clock.now(), 6))
    assert.equal((await accountOf(creditor))!.standing, 'restricted')
  })

  test('events that never come are healed by a reconciliation, and by the tick within a day', async ({
    assert,
    client,
  }) => {
    const account = await ready(client)
    simulator.webhookUrl = null
    simulator.account.onboarding.restrict(account.stripeAccount!)
    await new ReconcileStripe(stripeGateway()!).handle()
    assert.equal(await destinationOf(creditor), 'suspended')
    simulator.account.onboarding.approve(account.stripeAccount!)
    await new HearAccounts().handle(addMinutes(clock.now(), 24 * 60 + 1))
    assert.equal(await destinationOf(creditor), 'own')
  })

  test('rule 3: when the account may no longer receive, nobody pays online and the money goes nowhere else', async ({
    assert,
    client,
  }) => {
    const account = await ready(client)
    const { claim, link } = await givenPortal({ creditor: await Creditor.findOrFail(creditor.id) })
    const { onboarding } = simulator.account
    for (const reason of ['requirements.past_due', 'rejected.fraud'] as const) {
      onboarding.restrict(account.stripeAccount!, reason)
      await webhooksWorked(simulator)
      assert.deepEqual(await start(claim.id), { outcome: 'unavailable' })
      const page = await as(client.get('/p'), link)
      assert.notInclude(page.text(), 'va directement')
      assert.notInclude(page.text(), 'value="online"')
      page.assertTextIncludes('value="transfer"')
      ;(await client.get('/home').loginAs(user)).assertTextIncludes('Le paiement en ligne est suspendu')
    }
    assert.equal(simulator.account.sessions.size, 0)
    assert.lengthOf(await PaymentAttempt.all(), 0)
    const agenda = await client.get('/').loginAs(await givenUser('accountant'))
    agenda.assertTextIncludes(`Paiement en ligne suspendu pour ${creditor.name}`)
    ;(await client.get('/home/stripe').loginAs(user)).assertTextIncludes('Refusé')
    onboarding.approve(account.stripeAccount!)
    await webhooksWorked(simulator)
    assert.equal((await start(claim.id)).outcome, 'checkout')
  })

  test('an account that its creditor takes away is known at once, and only the agency opens another', async ({
    assert,
    client,
  }) => {
    const account = await ready(client)
    simulator.account.onboarding.deauthorize(account.stripeAccount!)
    await webhooksWorked(simulator)
    assert.equal((await accountOf(creditor))!.standing, 'gone')
    assert.equal(await destinationOf(creditor), 'suspended')
    await post(client, '/home/stripe', user)
    assert.equal((await accountOf(creditor))!.id, account.id)

    const admin = await givenUser('admin')
    await post(client, `/creditors/${creditor.ref}/stripe`, admin)
    const anew = (await accountOf(creditor))!
    assert.notEqual(anew.id, account.id)
    assert.equal(await destinationOf(creditor), 'dedicated')
    simulator.account.onboarding.approve(anew.stripeAccount!)
    await webhooksWorked(simulator)
    assert.equal((await Creditor.findOrFail(creditor.id)).stripeAccount, anew.stripeAccount)
  })

  test('an account that the agency removed is not opened again by its creditor', async ({
    assert,
    client,
  }) => {
    const account = await ready(client)
    const admin = await givenUser('admin')
    await client
      .put(`/creditors/${creditor.ref}/stripe`)
      .loginAs(admin)
      .withCsrfToken()
      .redirects(0)
      .form({ stripeAccount: '' })
    assert.equal(await destinationOf(creditor), 'dedicated')
    simulator.account.onboarding.approve(account.stripeAccount!)
    await webhooksWorked(simulator)
    assert.equal(await destinationOf(creditor), 'dedicated')
    const page = await client.get('/home/stripe').loginAs(user)
    page.assertTextIncludes('Seule l’agence peut en ouvrir un autre')
    await post(client, '/home/stripe', user)
    assert.isNull(await accountOf(creditor))
    assert.lengthOf(made(), 1)
  })

  test('what Stripe wants by a date, and what it verifies, is said while the account works or waits', async ({
    client,
  }) => {
    const url = await begun(client)
    await completeOnPage(url, { iban: REVIEWED_IBAN })
    await webhooksWorked(simulator)
    ;(await client.get('/home/stripe').loginAs(user)).assertTextIncludes('En vérification')
    const { id } = made()[0]!
    simulator.account.onboarding.askFor(id, 'interv_abc.form', Date.parse('2027-01-15T12:00:00Z') / 1000)
    await webhooksWorked(simulator)
    const page = await client.get('/home/stripe').loginAs(user)
    for (const words of ['Prêt', 'avant le 15/01/2027', 'une réponse à une question'])
      page.assertTextIncludes(words)
  })

  test('an event of a creditor’s own account is never money of ours, whatever it is named after', async ({
    assert,
    client,
  }) => {
    const account = await ready(client)
    const claim = await givenClaim({ creditor: await Creditor.findOrFail(creditor.id) })
    const body = JSON.stringify({
      id: 'evt_ofTheCreditor',
      object: 'event',
      type: 'payment_intent.succeeded',
      created: Math.floor(Date.now() / 1000),
      account: account.stripeAccount,
      data: {
        object: { id: 'pi_own', amount_received: 40_000, currency: 'eur', metadata: { claim: claim.ref } },
      },
    })
    const at = Math.floor(Date.now() / 1000)
    const answer = await fetch(`${appUrl}/webhooks/stripe`, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'stripe-signature': signature(body, simulator.connectWebhookSecret, at),
      },
    })
    assert.equal(answer.status, 200)
    await stripeInboxIdle()
    assert.lengthOf(await Payment.all(), 0)
    assert.isNotNull((await StripeEvent.findByOrFail('eventId', 'evt_ofTheCreditor')).workedAt)
  })

  test('a creditor reaches its own account only, and the agency’s pages are an administrator’s', async ({
    assert,
    client,
  }) => {
    const account = await ready(client)
    const other = await givenUser('creditor', { creditorId: (await givenCreditor()).id })
    const page = await client.get('/home/stripe').loginAs(other)
    assert.notInclude(page.text(), account.stripeAccount!)
    page.assertTextIncludes('Pas commencé')
    for (const role of ['collector', 'accountant', 'creditor'] as const) {
      const asked = role === 'creditor' ? user : await givenUser(role)
      ;(await client.get(`/creditors/${creditor.ref}/stripe`).loginAs(asked)).assertStatus(403)
      ;(await post(client, `/creditors/${creditor.ref}/stripe`, asked)).assertStatus(403)
    }
    ;(
      await client.get(`/creditors/${creditor.ref}/stripe`).loginAs(await givenUser('admin'))
    ).assertTextIncludes('Prêt')
    ;(
      await client.get(`/creditors/${creditor.ref}`).loginAs(await givenUser('collector'))
    ).assertTextIncludes(account.stripeAccount!)
  })

  test('without a key, or while Stripe does not answer, nothing is begun and it is said', async ({
    assert,
    client,
  }) => {
    simulator.apiFaults.serverErrorRate = 1
    const answer = await post(client, '/home/stripe', user)
    answer.assertFlashMessage(
      'error',
      'Stripe n’a pas répondu. Recommencez\u00a0: un seul compte sera ouvert.'
    )
    assert.lengthOf(made(), 0)
    simulator.apiFaults.serverErrorRate = 0
    await begun(client)
    assert.lengthOf(made(), 1)
  })

  const start = (claimId: number) =>
    new StartPayment().handle({
      claimId,
      amountCents: 50_000,
      successUrl: 'http://127.0.0.1:9/merci?session={CHECKOUT_SESSION_ID}',
      cancelUrl: 'http://127.0.0.1:9/dossier',
    })
})

test.group('A plan of a creditor whose account stops', (group) => {
  let simulator: StripeSimulator

  group.each.setup(async () => {
    const stripe = await useStripeSimulator({ webhookUrl: null, now: () => Date.parse(AGREED_AT) })
    simulator = stripe.simulator
    await givenAgency()
    return stripe.stop
  })

  test('its instalments wait for the account: nobody is charged, blamed or told otherwise', async ({
    assert,
  }) => {
    const creditor = await givenCreditor({ stripeAccount: 'acct_1RivageStudio' })
    simulator.account.connect('acct_1RivageStudio')
    const { plan } = await givenActivePlan(simulator, { values: { creditor } })
    await new HearAccounts().handle(AGREED_AT)
    simulator.account.connect('acct_1RivageStudio', false)
    await new HearAccounts().handle(addMinutes(AGREED_AT, 24 * 60 + 1))
    const before = simulator.account.intents.size
    for (const days of [24, 40, 70]) await planTick(after(days))
    assert.equal(simulator.account.intents.size, before)
    await plan.refresh()
    assert.equal(plan.state, 'active')

    simulator.account.connect('acct_1RivageStudio')
    await new HearAccounts().handle(after(71))
    await planTick(after(71))
    assert.isAbove(simulator.account.intents.size, before)
  })
})
