import { test } from '@japa/runner'
import RaiseDispute from '#claims/actions/raise_dispute'
import RecordRequest from '#claims/actions/record_request'
import { addDays } from '#shared/calendar'
import { clock, instantOn } from '#shared/clock'
import { formatEuros } from '#shared/money'
import { loadOwed } from '#claims/owed'
import { ReceivePayment } from '#payments/actions/receive_payment'
import { readStatement } from '#portal/statement'
import { as, givenPortal } from '#tests/fixtures/portal'
import { useStripeSimulator } from '#tests/fixtures/stripe'

/** Words that make a letter look like a court's, or a debtor afraid (rule 11 and ux.md). */
const BANNED =
  /huissier|commissaire de justice|tribunal|juge|saisie|sommation|commandement|mise en demeure|poursui|contentieux|dernier avis|urgent|frais de (dossier|recouvrement|relance)|dommages/i

const plain = (html: string) =>
  html
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&#x2F;', '/')
    .replaceAll(/\s+/g, ' ')

test.group('The debtor’s file', () => {
  test('rule 7: it says who writes, for whom, and the first letter’s reference and date', async ({
    client,
  }) => {
    const { link } = await givenPortal()
    const response = await as(client.get('/p'), link)
    response.assertStatus(200)
    response.assertTextIncludes('Cabinet Amiable vous écrit pour STUDIO RIVAGE')
    response.assertTextIncludes('AM-2026-0417-L1')
    response.assertTextIncludes('16/09/2026')
  })

  test('rule 8: principal, interest, indemnity and total each have their line', async ({
    assert,
    client,
  }) => {
    const { link, claim } = await givenPortal()
    const owed = await loadOwed(claim.id, clock.today())
    const response = await as(client.get('/p'), link)
    assert.isAbove(owed.interestCents, 0)
    for (const cents of [owed.principalCents, owed.interestCents, owed.indemnityCents, owed.totalCents]) {
      response.assertTextIncludes(formatEuros(cents))
    }
  })

  test('rule 10: a consumer reads no indemnity and no help for companies', async ({ assert, client }) => {
    const { link } = await givenPortal({ kind: 'b2c', claim: { noticeReceivedOn: '2026-09-18' } })
    const response = await as(client.get('/p'), link)
    const text = plain(response.text())
    assert.notMatch(text, /indemnité/i)
    assert.notMatch(text, /CIP|L441-10|votre société|entreprise/)
    assert.match(text, /Points conseil budget/)
    assert.match(text, /1231-6/)
  })

  test('rules 9 and 11: no fee of ours, and no word of a court, in either language', async ({
    assert,
    client,
  }) => {
    for (const kind of ['b2b', 'b2c'] as const) {
      const { link } = await givenPortal({ kind })
      for (const page of ['', '/time/new', '/dispute/new', '/callback/new', '/transfer', '/accessibility']) {
        const french = await as(client.get(`/p${page}`), link)
        assert.notMatch(plain(french.text()), BANNED, page)
        const english = await as(client.get(`/p${page}?lang=en`), link)
        assert.notMatch(plain(english.text()), /bailiff|court|sue|judge|legal action|seiz/i, page)
        assert.notMatch(english.text(), /portal\.\w+\.\w+|translation missing/)
      }
    }
  })

  test('rule 39: a prescribed file asks for nothing and offers no payment', async ({ assert, client }) => {
    const { link } = await givenPortal({ claim: { limitationOn: '2026-01-01' } })
    const response = await as(client.get('/p'), link)
    response.assertTextIncludes('Rien ne vous est demandé')
    assert.notMatch(plain(response.text()), /€/)
    assert.notInclude(response.text(), '/p/payment')
    for (const page of ['time/new', 'dispute/new', 'transfer']) {
      const inner = await as(client.get(`/p/${page}`), link).redirects(0)
      inner.assertStatus(302)
    }
  })

  test('the last day of the period is still one on which the debt is due', async ({ client }) => {
    const { link } = await givenPortal({ claim: { limitationOn: clock.today() } })
    const today = await as(client.get('/p'), link)
    today.assertTextIncludes('Ce qui reste à payer')
  })

  test('an invoice that has not fallen due is told and not asked for', async ({ assert, client }) => {
    const { link, claim } = await givenPortal({
      invoices: [{ amountCents: 10_000 }, { amountCents: 77_700, dueOn: clock.today() }],
    })
    const [late] = (await loadOwed(claim.id, clock.today())).invoices
    const text = plain((await as(client.get('/p'), link)).text())
    assert.include(text, plain(`Total ${formatEuros(late!.totalCents)}`))
    assert.include(text, 'Une facture n’est pas encore à échéance')
    assert.include(text, plain(`${formatEuros(77_700)}, le`))
    const paid = await as(client.post('/p/payment'), link)
      .form({ part: 'all', means: 'transfer' })
      .withCsrfToken()
      .redirects(0)
    paid.assertHeader('location', `/p/transfer?cents=${late!.totalCents}`)
  })

  test('a file on which nothing has fallen due asks for nothing', async ({ assert, client }) => {
    const { link } = await givenPortal({ invoices: [{ dueOn: addDays(clock.today(), 9) }] })
    const response = await as(client.get('/p'), link)
    response.assertTextIncludes('Rien ne vous est demandé aujourd’hui')
    assert.notInclude(response.text(), '/p/payment')
  })

  test('rule 17: what is left when all but the interest without a rate is paid is not asked, nor called settled', async ({
    assert,
  }) => {
    const day = '2099-02-01'
    await clock.at(instantOn(day, 12), async () => {
      const invoices = [{ amountCents: 120_000, issuedOn: '2098-11-01', dueOn: '2098-12-01' }]
      const { claim } = await givenPortal({ invoices })
      await new ReceivePayment().handle({
        source: 'manual:pending',
        claimId: claim.id,
        method: 'transfer',
        amountCents: 124_000,
        receivedOn: day,
      })
      assert.equal((await readStatement(await claim.refresh(), day)).standing, 'pending')
    })
  })

  test('a file that is paid or closed says so and asks for nothing', async ({ assert, client }) => {
    for (const [status, words] of [
      ['paid', 'Tout est payé'],
      ['closed', 'Ce dossier est clos'],
    ] as const) {
      const { link } = await givenPortal({
        claim: { status, paidOn: status === 'paid' ? '2026-11-01' : null },
      })
      const response = await as(client.get('/p'), link)
      response.assertTextIncludes(words)
      assert.notInclude(response.text(), '/p/payment')
      assert.notMatch(plain(response.text()), /\d,\d\d.€/)
    }
  })

  test('it recalls what is under way: a dispute, a request for time, a call', async ({ client }) => {
    const { link, claim } = await givenPortal()
    await clock.at(instantOn('2026-11-21', 10), async () => {
      await new RaiseDispute().handle({
        claimId: claim.id,
        reason: 'other',
        message: 'Voici.',
        invoiceIds: [],
        evidence: [],
        raisedBy: 'debtor',
      })
    })
    const request = { claimId: claim.id, message: null }
    await new RecordRequest().handle({ ...request, kind: 'time', wantedOn: '2026-12-15' })
    await new RecordRequest().handle({
      ...request,
      kind: 'callback',
      wantedOn: addDays(clock.today(), 3),
      slot: 'morning',
      phone: '+33612345678',
    })
    const response = await as(client.get('/p'), link)
    response.assertTextIncludes('Votre contestation est à l’étude')
    response.assertTextIncludes('au plus tard le 07/12/2026')
    response.assertTextIncludes('jusqu’au 15/12/2026')
    response.assertTextIncludes('de 9 h à 12 h')
  })

  test('without a payment gateway only the transfer is offered, and with it both', async ({
    assert,
    client,
    cleanup,
  }) => {
    const { link } = await givenPortal()
    const without = await as(client.get('/p'), link)
    assert.notInclude(without.text(), 'value="online"')
    assert.include(without.text(), 'value="transfer"')

    const { stop } = await useStripeSimulator()
    cleanup(stop)
    const both = await as(client.get('/p'), link)
    assert.include(both.text(), 'value="online"')
  })

  test('what a creditor or a debtor is called is text, never markup', async ({ assert, client }) => {
    const { link, claim } = await givenPortal({
      debtor: { companyName: '<img src=x onerror=alert(1)>', fullName: '{{ 7 * 7 }}' },
    })
    await claim.load('creditor')
    await claim.creditor.merge({ name: '<script>alert(1)</script>' }).save()
    const response = await as(client.get('/p'), link)
    assert.notInclude(response.text(), '<img src=x')
    assert.notInclude(response.text(), '<script>alert')
    assert.include(response.text(), '{{ 7 * 7 }}')
  })

  test('the page is under 50 KB without fonts, for eighteen invoices', async ({ assert, client }) => {
    const { link } = await givenPortal({
      invoices: Array.from({ length: 18 }, () => ({ amountCents: 50_000 })),
    })
    const response = await as(client.get('/p'), link)
    assert.isBelow(Buffer.byteLength(response.text()), 30_000)
  })
})
