import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { addDays } from '#shared/calendar'
import { clock, instantOn } from '#shared/clock'
import { recoveryHistory } from '#banking/fees/recovery_history'
import { collected } from '#tests/fixtures/banking'
import { givenAgency, givenClaim, givenCreditor, givenUser } from '#tests/fixtures/domain'

test.group('Fee quote', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  test('the history tells files apart by kind, age at hand-over and amount, and leaves out what is not over', async ({
    assert,
  }) => {
    const today = clock.today()
    const entered = instantOn(addDays(today, -200))
    const claim = (
      dueBefore: number,
      amountCents: number,
      createdAt = entered,
      kind: 'b2b' | 'b2c' = 'b2b'
    ) =>
      givenClaim({
        kind,
        claim: { createdAt },
        invoices: [
          {
            issuedOn: addDays(today, -2000),
            dueOn: addDays(createdAt.slice(0, 10), -dueBefore),
            amountCents,
          },
        ],
      })
    await collected(await claim(90, 50_000), 10_000)
    await collected(await claim(10, 40_000), 45_000)
    await claim(91, 50_001)
    await claim(400, 2_000_000, entered, 'b2c')
    await claim(10, 40_000, clock.now())

    assert.deepEqual(await recoveryHistory(today), [
      {
        kind: 'b2b',
        ageDays: 90,
        principalCents: 50_000,
        files: 2,
        entrustedCents: 90_000,
        collectedCents: 50_000,
      },
      {
        kind: 'b2b',
        ageDays: 180,
        principalCents: 200_000,
        files: 1,
        entrustedCents: 50_001,
        collectedCents: 0,
      },
      {
        kind: 'b2c',
        ageDays: null,
        principalCents: null,
        files: 1,
        entrustedCents: 2_000_000,
        collectedCents: 0,
      },
    ])
  })

  test('the page shows the rate recovered, its files, and the mandate until there are enough', async ({
    client,
    assert,
  }) => {
    const creditor = await givenCreditor()
    const claim = await givenClaim({ creditor })
    await collected(claim, 30_000)
    await db
      .from('claims')
      .where('id', claim.id)
      .update({ created_at: instantOn(addDays(clock.today(), -300)) })
    const page = await client.get(`/creditors/${creditor.ref}/fees`).loginAs(await givenUser('collector'))
    for (const said of ['25,00 %', '12,00 %', 'd’après le mandat']) {
      assert.include(page.text().replace(/\u00a0/g, ' '), said)
    }
    const linked = await client.get(`/creditors/${creditor.ref}`).loginAs(await givenUser('collector'))
    assert.include(linked.text(), `/creditors/${creditor.ref}/fees`)
  })

  test('a grid is typed in the mandate’s form, and one that cannot be read is refused', async ({
    client,
    assert,
  }) => {
    const creditor = await givenCreditor({}, null)
    const collector = await givenUser('collector')
    const sign = (gridFee: string[]) =>
      client
        .post(`/creditors/${creditor.ref}/mandates`)
        .loginAs(collector)
        .form({
          signedOn: '2026-09-01',
          basis: 'Prestations de services facturées',
          guarantee: 'RC professionnelle',
          feeBps: '20',
          remittanceDays: '20',
          gridAgeDays: ['90', ''],
          gridPrincipal: ['1 000,50', ''],
          gridFee,
        })
        .withCsrfToken()
    assert.include((await sign(['120', ''])).text(), 'Une ligne de la grille')
    assert.isNull(await creditor.mandateOn('2026-09-01'))
    await sign(['12,5', ''])
    assert.deepEqual((await creditor.mandateOn('2026-09-01'))!.feeGrid, [
      { ageDays: 90, principalCents: 100_050, feeBps: 1250 },
    ])
    const page = await client.get(`/creditors/${creditor.ref}`).loginAs(collector)
    assert.include(page.text().replace(/\u00a0/g, ' '), 'dette de 90 jours au plus')
  })
})
