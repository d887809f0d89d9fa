import { test } from '@japa/runner'
import { addDays, addMonths } from '#shared/calendar'
import { clock } from '#shared/clock'
import { offeredSlots } from '#claims/contact_slots'
import DebtorRequest from '#claims/models/debtor_request'
import Delivery from '#deliveries/models/delivery'
import { as, givenPortal } from '#tests/fixtures/portal'

const soon = () => addDays(clock.today(), 20)

test.group('Asking for time', () => {
  test('the request waits for a person, the debtor has a copy, and R124-5 the creditor is told', async ({
    assert,
    client,
  }) => {
    const { link, claim } = await givenPortal()
    const form = { wanted_on: soon(), message: 'Après mon salaire.' }
    const response = await as(client.post('/p/time'), link).withCsrfToken().form(form).redirects(0)
    response.assertStatus(303)
    response.assertHeader('location', '/p/time')
    const request = await DebtorRequest.findByOrFail('claimId', claim.id)
    assert.deepInclude(request.$attributes, { kind: 'time', wantedOn: soon(), message: 'Après mon salaire.' })
    const told = await Delivery.query().where('claimId', claim.id).orderBy('id')
    assert.deepEqual(
      told.map((delivery) => delivery.recipe),
      ['portal.confirmation', 'portal.creditor_notice']
    )
    const sent = await as(client.get('/p/time'), link)
    sent.assertTextIncludes('Votre demande est enregistrée')
    await claim.refresh()
    assert.equal(claim.status, 'paused', 'a date that is near is a promise, which holds the reminders')
  })

  test('two clicks are one request', async ({ assert, client }) => {
    const { link, claim } = await givenPortal()
    for (let click = 0; click < 2; click++) {
      await as(client.post('/p/time'), link).withCsrfToken().form({ wanted_on: soon() })
    }
    assert.lengthOf(await DebtorRequest.query().where('claimId', claim.id), 1)
    assert.lengthOf(await Delivery.query().where('claimId', claim.id), 2)
  })

  test('a day that is past, too far or no day is refused')
    .with([
      () => clock.today(),
      () => addDays(addMonths(clock.today(), 6), 1),
      () => '2026-02-30',
      () => '15/12/2026',
      () => '',
    ])
    .run(async ({ assert, client }, day) => {
      const { link } = await givenPortal()
      const response = await as(client.post('/p/time'), link).withCsrfToken().form({ wanted_on: day() })
      response.assertStatus(422)
      response.assertTextIncludes('Choisissez une date entre')
      assert.lengthOf(await DebtorRequest.all(), 0)
    })

  test('a file with nothing to ask for needs no time', async ({ assert, client }) => {
    const { link } = await givenPortal({ claim: { status: 'closed' } })
    const response = await as(client.get('/p/time/new'), link).redirects(0)
    response.assertHeader('location', '/p')
    const asked = await as(client.post('/p/time'), link)
      .form({ wanted_on: addDays(clock.today(), 5) })
      .withCsrfToken()
      .redirects(0)
    asked.assertHeader('location', '/p')
    assert.lengthOf(await DebtorRequest.all(), 0)
  })
})

test.group('Asking for a call', () => {
  test('the number is kept in one form and shown in another, with the chosen moment', async ({
    assert,
    client,
  }) => {
    const { link, claim } = await givenPortal()
    const [, offer] = offeredSlots(clock.now())
    const form = { phone: '06.12.34.56.78', slot: `${offer!.on} ${offer!.slot}` }
    const response = await as(client.post('/p/callback'), link).withCsrfToken().form(form).redirects(0)
    response.assertHeader('location', '/p/callback')
    const request = await DebtorRequest.findByOrFail('claimId', claim.id)
    assert.deepInclude(request.$attributes, {
      kind: 'callback',
      phone: '+33612345678',
      wantedOn: offer!.on,
      slot: offer!.slot,
    })
    const told = await Delivery.query().where('claimId', claim.id)
    assert.deepEqual(
      told.map((delivery) => delivery.recipe),
      ['portal.confirmation']
    )
    const sent = await as(client.get('/p/callback'), link)
    sent.assertTextIncludes('06\u00a012\u00a034\u00a056\u00a078')
  })

  test('rule 13: a moment that is not offered is refused, as is half a number', async ({
    assert,
    client,
  }) => {
    const { link } = await givenPortal()
    const [offer] = offeredSlots(clock.now())
    const good = { phone: '0612345678', slot: `${offer!.on} ${offer!.slot}` }
    for (const wrong of [
      { ...good, slot: '2026-11-22 morning' },
      { ...good, slot: `${offer!.on} night` },
      { ...good, slot: '' },
      { ...good, phone: '0612' },
      { ...good, phone: 'appelez-moi' },
    ]) {
      const response = await as(client.post('/p/callback'), link).withCsrfToken().form(wrong)
      response.assertStatus(422)
    }
    assert.lengthOf(await DebtorRequest.all(), 0)
  })

  test('bar 24: without a CSRF token, or without a session, nothing is written', async ({
    assert,
    client,
  }) => {
    const { link } = await givenPortal()
    const [offer] = offeredSlots(clock.now())
    const forms = {
      '/p/time': { wanted_on: soon() },
      '/p/callback': { phone: '0612345678', slot: `${offer!.on} ${offer!.slot}` },
    }
    for (const [address, form] of Object.entries(forms)) {
      const forged = await as(client.post(address), link).form(form)
      forged.assertStatus(403)
      const stranger = await client.post(address).withCsrfToken().form(form)
      stranger.assertStatus(404)
    }
    assert.lengthOf(await DebtorRequest.all(), 0)
  })
})
