import { test } from '@japa/runner'
import { addMinutes, clock } from '#shared/clock'
import { deliverDue } from '#deliveries/deliver_due'
import { askProviders } from '#registered_mail/ask_providers'
import { carrierOf, useCarrier } from '#registered_mail/carriers'
import { mailingsIdle } from '#registered_mail/inbox'
import MailingFact from '#registered_mail/models/mailing_fact'
import { Maileva } from '#registered_mail/providers/maileva/provider'
import { subscribe } from '#registered_mail/providers/maileva/subscriptions'
import { mailevaWebhook } from '#registered_mail/providers/maileva/webhook'
import { FakeMaileva } from '#tests/fakes/maileva'
import type { FakeMerciFacteur } from '#tests/fakes/merci_facteur'
import { givenAgency, givenUser } from '#tests/fixtures/domain'
import { aRenderedLetter, givenMerciFacteur, givenRoute, mailingFor } from '#tests/fixtures/mailings'

test.group('letters through Merci Facteur', (group) => {
  let api: FakeMerciFacteur

  group.each.setup(async () => {
    await givenAgency()
    await givenRoute('merci_facteur')
    const carrier = await givenMerciFacteur()
    api = carrier.api
    return carrier.restore
  })

  test('a lost answer makes one letter, and its webhooks lead it to the end whatever their order', async ({
    client,
    assert,
  }) => {
    const letter = await aRenderedLetter()
    let sent = 0
    api.misbehave = ({ path }) => (path.endsWith('/sendCourrier') && ++sent === 1 ? 'drop_reply' : 'answer')
    assert.containSubset(await deliverDue(clock.now()), { retried: 1 })
    assert.containSubset(await deliverDue(addMinutes(clock.now(), 5)), { sent: 1 })
    assert.lengthOf(api.letters, 1)
    const [made] = api.letters
    api.advance(made!, 'wait', 'imprime', 'pris_en_charge', 'attente_au_guichet', 'distribue')
    for (const { headers, body } of api.webhooks(made!).toReversed()) {
      const response = await client
        .post('/webhooks/merci-facteur')
        .headers(headers)
        .setup((request) => void request.request.send(body))
      response.assertStatus(200)
    }
    await mailingsIdle()
    const mailing = await mailingFor(letter)
    assert.equal(mailing.state, 'delivered', 'signed is known from the receipt')
    assert.isNotNull(mailing.firstPresentedOn)
    assert.equal((await letter.refresh()).state, 'printed')
    assert.equal(letter.registeredNumber, made!.trackingNumber)
  })

  test('another secret leaves no row', async ({ client, assert }) => {
    const letter = await aRenderedLetter()
    await deliverDue(clock.now())
    api.advance(api.letters[0]!, 'wait', 'imprime')
    for (const { headers, body } of api.webhooks(api.letters[0]!)) {
      const response = await client
        .post('/webhooks/merci-facteur')
        .headers({ ...headers, 'x-mf-webhook-secret-key': 'guess' })
        .setup((request) => void request.request.send(body))
      response.assertStatus(400)
    }
    assert.isNull(await MailingFact.first())
    assert.equal((await mailingFor(letter)).state, 'provider_accepted')
  })
})

test.group('letters through Maileva', (group) => {
  let api: FakeMaileva

  group.each.setup(async () => {
    await givenAgency()
    await givenRoute('maileva')
    api = await new FakeMaileva().start()
    const before = carrierOf('maileva')
    useCarrier('maileva', {
      provider: new Maileva(api.settings, 5000),
      webhook: mailevaWebhook(api.webhook),
      missing: [],
      subscribe: (address) => subscribe(api.settings, address, api.webhook),
    })
    return async () => {
      useCarrier('maileva', before)
      await api.stop()
    }
  })

  test('cut at each step of the way, one letter is made', async ({ assert }) => {
    const letter = await aRenderedLetter()
    const cut = new Set<string>()
    api.misbehave = ({ method, path }) => {
      const step = path.split('/').at(-1)!
      if (method !== 'POST' || !path.includes('/sendings') || cut.has(step)) return 'answer'
      cut.add(step)
      return 'drop_reply'
    }
    let at = clock.now()
    for (let time = 0; time < 7 && (await mailingFor(letter)).state === 'queued'; time++) {
      await deliverDue(at)
      at = addMinutes(at, 12 * 60)
    }
    assert.equal((await mailingFor(letter)).state, 'provider_accepted')
    assert.sameMembers([...cut], ['sendings', 'documents', 'recipients', 'submit'])
    assert.lengthOf(
      api
        .lettersUnder(`letter:${letter.id}:print`)
        .concat(api.sendings.filter(({ status }) => status !== 'DRAFT'))
        .filter((one, index, all) => all.indexOf(one) === index),
      1
    )
  })

  test('its calls are heard, and what they do not say is asked', async ({ client, assert }) => {
    const letter = await aRenderedLetter()
    await deliverDue(clock.now())
    const sending = api.sendings.find(({ status }) => status !== 'DRAFT')!
    api.advance(sending, 'ACCEPTED', 'PROCESSED')
    const { headers, body } = api.call(sending, 'ON_DEPOSIT_PROOF_RECEIVED')
    const response = await client
      .post('/webhooks/maileva')
      .headers(headers)
      .setup((request) => void request.request.send(body))
    response.assertStatus(201)
    await mailingsIdle()
    assert.equal((await mailingFor(letter)).state, 'handed_over')

    const returned = api.call(sending, 'ON_UNDELIVERED_MAIL_RECEIVED', 'recipients')
    const second = await client
      .post('/webhooks/maileva')
      .headers(returned.headers)
      .setup((request) => void request.request.send(returned.body))
    second.assertStatus(201)
    await mailingsIdle()
    assert.equal((await askProviders(clock.now())).asked, 1)
  })

  test('the test of the connection also asks to be called, and says what was refused', async ({
    client,
    assert,
  }) => {
    const admin = await givenUser('admin')
    const tested = () =>
      client
        .post('/settings/mail/tests/maileva')
        .withCsrfToken()
        .header('referer', '/settings/mail')
        .loginAs(admin)
    ;(await tested()).assertTextIncludes('Maileva répond')
    const subscribed = api.subscriptions.length
    assert.isAbove(subscribed, 5)
    await tested()
    assert.lengthOf(api.subscriptions, subscribed)
    useCarrier('maileva', {
      ...carrierOf('maileva'),
      subscribe: async () => ({ made: [], refused: ['X: 400'] }),
    })
    ;(await tested()).assertTextIncludes('ne nous préviendra pas')
  })
})
