import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { addMinutes, clock } from '#shared/clock'
import { readStoredFile, sha256 } from '#shared/files'
import { transaction } from '#shared/transaction'
import { loadOwed } from '#claims/owed'
import Claim from '#claims/models/claim'
import ClaimEvent from '#claims/models/claim_event'
import ReplaceAddress from '#debtors/actions/replace_address'
import { deliverDue } from '#deliveries/deliver_due'
import type Letter from '#letters/models/letter'
import { askProviders } from '#registered_mail/ask_providers'
import { mailingsIdle, recordFacts, workMailingFacts } from '#registered_mail/inbox'
import MailingFact from '#registered_mail/models/mailing_fact'
import type { ProviderFact } from '#registered_mail/providers/provider'
import { FakePostal, factOf } from '#tests/fakes/postal_provider'
import { givenAgency, givenClaim, givenCreditor, givenUser } from '#tests/fixtures/domain'
import { aRenderedLetter, givenCarrier, givenRoute, mailingFor } from '#tests/fixtures/mailings'

const DAY = 24 * 60
let postal: FakePostal

async function aLetterAtTheProvider(kind: 'simple' | 'lrar' = 'lrar', claim: Claim | null = null) {
  const letter = await aRenderedLetter(kind, claim)
  await deliverDue(clock.now())
  return letter
}

async function told(facts: ProviderFact[]) {
  await recordFacts({ provider: 'maileva', heardBy: 'webhook', raw: '{}' }, facts)
  await workMailingFacts()
}

const setup = async () => {
  await givenAgency()
  await givenRoute('maileva')
  const carrier = givenCarrier('maileva')
  postal = carrier.postal
  return carrier.restore
}

const journey = ({ ref }: Letter) => [
  factOf(ref, 'printed', '2026-11-20'),
  factOf(ref, 'handed_over', '2026-11-21', {
    registeredNumber: `2C${ref.replace(/\D/g, '').padStart(11, '0')}`,
  }),
  factOf(ref, 'first_presentation', '2026-11-23'),
  factOf(ref, 'delivered_signed', '2026-11-25'),
]

test.group('a provider’s webhook', (group) => {
  group.each.setup(setup)

  test('is recorded as it came, answered, then worked; told again it changes nothing', async ({
    client,
    assert,
  }) => {
    const letter = await aLetterAtTheProvider()
    const body = { facts: journey(letter) }
    for (let time = 0; time < 3; time++) {
      const response = await client.post('/webhooks/maileva').headers(FakePostal.headers).json(body)
      response.assertStatus(201)
      response.assertBody({ received: true })
    }
    await mailingsIdle()
    const facts = await MailingFact.query().orderBy('id')
    assert.lengthOf(facts, 4)
    assert.deepEqual(JSON.parse(facts[0]!.raw), body)
    assert.isTrue(facts.every(({ workedAt, heardBy }) => workedAt && heardBy === 'webhook'))
    assert.containSubset((await mailingFor(letter)).serialize(), {
      state: 'delivered_signed',
      handedOverOn: '2026-11-21',
      firstPresentedOn: '2026-11-23',
      deliveredOn: '2026-11-25',
    })
    await letter.refresh()
    assert.equal(letter.state, 'printed')
    assert.match(letter.registeredNumber!, /^2C\d{11}$/)
    const events = await ClaimEvent.query()
      .where('claimId', letter.claimId)
      .where('type', 'like', 'mailings.%')
    assert.deepEqual(
      events.map(({ type }) => type),
      ['mailings.delivered_signed']
    )
  })

  test('leaves no row when it is not theirs: no secret, another, too long, another provider’s', async ({
    client,
    assert,
  }) => {
    const letter = await aLetterAtTheProvider()
    const body = { facts: journey(letter) }
    const refused: [string, Record<string, string>, unknown, number][] = [
      ['/webhooks/maileva', {}, body, 400],
      ['/webhooks/maileva', { 'x-secret': 'guess' }, body, 400],
      ['/webhooks/maileva', { 'x-secret': `${FakePostal.headers['x-secret']}s` }, body, 400],
      ['/webhooks/merci-facteur', FakePostal.headers, body, 400],
      ['/webhooks/maileva', FakePostal.headers, { facts: [], filler: 'x'.repeat(300_000) }, 413],
    ]
    for (const [path, headers, sent, status] of refused) {
      ;(
        await client
          .post(path)
          .headers(headers)
          .json(sent as object)
      ).assertStatus(status)
    }
    ;(await client.post('/webhooks/maileva').headers(FakePostal.headers)).assertStatus(400)
    ;(await client.get('/webhooks/maileva')).assertStatus(404)
    await mailingsIdle()
    assert.isNull(await MailingFact.first())
    assert.equal((await mailingFor(letter)).state, 'provider_accepted')
  })

  test('a thousand forged calls leave no row', async ({ client, assert }) => {
    const letter = await aLetterAtTheProvider()
    for (let call = 0; call < 1000; call += 50) {
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          client
            .post(call % 100 ? '/webhooks/maileva' : '/webhooks/merci-facteur')
            .headers({ 'x-secret': `forged ${call + index}`, 'x-mf-webhook-secret-key': `${index}` })
            .json({ facts: journey(letter) })
        )
      )
      assert.isTrue(answers.every((answer) => answer.status() === 400))
    }
    assert.isNull(await MailingFact.first())
  })

  test('what says nothing of ours is answered and leaves nothing', async ({ client, assert }) => {
    const response = await client.post('/webhooks/maileva').headers(FakePostal.headers).json({ other: 1 })
    response.assertStatus(201)
    assert.isNull(await MailingFact.first())
  })
})

test.group('what is told of mailings', (group) => {
  group.each.setup(setup)

  test('before the answer that names the letter: it waits, then counts', async ({ assert }) => {
    const letter = await aRenderedLetter()
    await told(journey(letter))
    assert.equal((await mailingFor(letter)).state, 'queued')
    await deliverDue(clock.now())
    assert.equal((await mailingFor(letter)).state, 'delivered_signed')
    const waiting = await MailingFact.query().whereNull('workedAt')
    assert.lengthOf(waiting, 0)
  })

  test('shuffled, one by one and twice, many letters all end the same', async ({ assert }) => {
    const letters: Letter[] = []
    for (let index = 0; index < 6; index++) letters.push(await aRenderedLetter())
    await deliverDue(clock.now())
    const all = letters.flatMap(journey)
    const shuffled = [...all, ...all]
      .map((fact, index) => ({ fact, place: (index * 7919) % 104_729 }))
      .sort((a, b) => (a.place % 13) - (b.place % 13) || b.place - a.place)
      .map(({ fact }) => fact)
    await Promise.all(
      shuffled.map(async (fact, index) => {
        await recordFacts({ provider: 'maileva', heardBy: 'webhook', raw: '{}' }, [fact])
        if (index % 3 === 0) await workMailingFacts()
      })
    )
    await workMailingFacts()
    for (const letter of letters) {
      assert.containSubset((await mailingFor(letter)).serialize(), {
        state: 'delivered_signed',
        firstPresentedOn: '2026-11-23',
        deliveredOn: '2026-11-25',
        contradictedAt: null,
      })
    }
    assert.lengthOf(await MailingFact.query(), all.length)
  })

  test('what was told cannot be changed or taken away', async ({ assert }) => {
    const letter = await aLetterAtTheProvider()
    await told(journey(letter))
    await assert.rejects(() => transaction((trx) => trx.from('mailing_facts').update({ state: 'refused' })))
    await assert.rejects(() => transaction((trx) => trx.from('mailing_facts').delete()))
  })

  test('undeliverable flags the address it was sent to; told otherwise, the flag is lifted', async ({
    assert,
  }) => {
    const letter = await aLetterAtTheProvider()
    const { addressId } = await mailingFor(letter)
    await told([factOf(letter.ref, 'undeliverable', '2026-11-24', { reason: 'N02' })])
    const address = () => db.from('addresses').where('id', addressId!).firstOrFail()
    assert.equal((await address()).undeliverable_reason, 'N02')
    assert.isNotNull((await address()).undeliverable_at)

    const claim = await Claim.findOrFail(letter.claimId)
    const blocked = await aRenderedLetter('simple', claim, { ref: `${claim.ref}-L2` })
    await deliverDue(clock.now())
    assert.equal((await blocked.refresh()).failure, 'address_undeliverable')

    const lines = { street: '2 rue du Port', complement: null, postcode: '44000', city: 'NANTES' }
    await new ReplaceAddress().handle({ debtorId: claim.debtorId, ...lines })
    const corrected = await aRenderedLetter('simple', claim, { ref: `${claim.ref}-L3` })
    assert.containSubset(await deliverDue(clock.now()), { sent: 1 })
    assert.equal((await mailingFor(corrected)).state, 'provider_accepted')

    await told([factOf(letter.ref, 'refused', '2026-11-24')])
    assert.isNull((await address()).undeliverable_at)
    assert.isNotNull((await mailingFor(letter)).contradictedAt)
  })

  test('against a consumer interest runs from the first presentation, whatever the order', async ({
    assert,
  }) => {
    const creditor = await givenCreditor()
    for (const backwards of [false, true]) {
      const claim = await givenClaim({ creditor, kind: 'b2c', invoices: [{ amountCents: 50_000 }] })
      const letter = await aLetterAtTheProvider('lrar', claim)
      assert.equal((await loadOwed(claim.id, '2026-11-30')).interestCents, 0)
      const facts = journey(letter)
      for (const fact of backwards ? facts.toReversed() : facts) await told([fact])
      await claim.refresh()
      assert.equal(claim.noticeReceivedOn, '2026-11-23')
      const owed = await loadOwed(claim.id, '2026-11-30')
      assert.equal(owed.invoices[0]!.segments[0]!.days, 7)
      assert.isAbove(owed.interestCents, 0)
    }
    const plain = await givenClaim({ creditor, kind: 'b2c' })
    const letter = await aLetterAtTheProvider('simple', plain)
    await told([factOf(letter.ref, 'delivered', '2026-11-23')])
    assert.isNull((await plain.refresh()).noticeReceivedOn, 'a plain letter proves no receipt')

    const paid = await givenClaim({ creditor, kind: 'b2c' })
    const late = await aLetterAtTheProvider('lrar', paid)
    await Claim.query().where('id', paid.id).update({ status: 'paid' })
    await told(journey(late))
    assert.isNull((await paid.refresh()).noticeReceivedOn, 'a paid file is not opened again')
  })
})

test.group('what providers are asked', (group) => {
  group.each.setup(setup)

  test('after a day without news, and no more once it is over', async ({ assert }) => {
    const letter = await aLetterAtTheProvider()
    const now = clock.now()
    postal.known.set(FakePostal.refOf(letter.ref), journey(letter).slice(0, 3))
    assert.equal((await askProviders(addMinutes(now, DAY - 60))).asked, 0)
    assert.equal((await askProviders(addMinutes(now, DAY + 5))).asked, 1)
    assert.equal((await mailingFor(letter)).state, 'first_presentation')
    assert.equal((await askProviders(addMinutes(now, DAY + 10))).asked, 0)

    postal.known.set(FakePostal.refOf(letter.ref), journey(letter))
    assert.equal((await askProviders(addMinutes(now, 3 * DAY))).asked, 1)
    assert.equal((await mailingFor(letter)).state, 'delivered_signed')
    assert.equal((await askProviders(addMinutes(now, 9 * DAY))).asked, 0)
    const heard = await MailingFact.query()
    assert.isTrue(heard.every(({ heardBy }) => heardBy === 'asking'))
    assert.lengthOf(heard, 4)
  })

  test('one that does not answer is told and asked the next day, and the others go on', async ({
    assert,
  }) => {
    await aLetterAtTheProvider()
    const now = clock.now()
    postal.answersWhenAsked = false
    const first = await askProviders(addMinutes(now, DAY + 5))
    assert.containSubset(first, { asked: 0, failed: [{ reason: '503 from the provider' }] })
    assert.lengthOf((await askProviders(addMinutes(now, DAY + 10))).failed, 0)
    postal.answersWhenAsked = true
    assert.equal((await askProviders(addMinutes(now, 2 * DAY + 10))).asked, 1)
  })

  test('proofs are stored by their hash as soon as they are there, once', async ({ client, assert }) => {
    const letter = await aLetterAtTheProvider()
    const ref = FakePostal.refOf(letter.ref)
    await told([factOf(letter.ref, null, '2026-11-21', { proof: 'deposit' })])
    await told([factOf(letter.ref, null, '2026-11-22', { proof: 'deposit' })])
    const now = clock.now()
    assert.equal((await askProviders(now)).proofs, 0)
    postal.proofs.set(`${ref}:deposit`, Buffer.from('%PDF deposit'))
    assert.equal((await askProviders(addMinutes(now, 30))).proofs, 0, 'asked again too soon')
    assert.equal((await askProviders(addMinutes(now, 61))).proofs, 1)
    assert.equal((await askProviders(addMinutes(now, 200))).proofs, 0)

    const mailing = await mailingFor(letter)
    const [proof, ...others] = await mailing.related('proofs').query()
    assert.lengthOf(others, 0)
    assert.equal(proof!.fileSha256, sha256('%PDF deposit'))
    assert.equal(String(await readStoredFile(proof!.fileSha256)), '%PDF deposit')
    await assert.rejects(() => transaction((trx) => trx.from('mailing_proofs').delete()))

    const path = `/letters/${letter.ref}/proofs/deposit`
    const response = await client.get(path).loginAs(await givenUser('accountant'))
    response.assertStatus(200)
    assert.equal(response.header('content-type'), 'application/pdf')
    assert.include(response.header('content-disposition')!, `${letter.ref}-deposit.pdf`)
    ;(await client.get(`/letters/${letter.ref}/proofs/receipt`).loginAs(await givenUser())).assertStatus(404)
    const creditor = await givenUser('creditor', {
      creditorId: (await Claim.findOrFail(letter.claimId)).creditorId,
    })
    ;(await client.get(path).loginAs(creditor)).assertStatus(403)
  })
})
