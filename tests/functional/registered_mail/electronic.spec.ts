import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { addDays, contactInstantFrom } from '#shared/calendar'
import { addMinutes, clock, instantOn, type Instant } from '#shared/clock'
import { readStoredFile, sha256 } from '#shared/files'
import { transaction } from '#shared/transaction'
import Agency from '#agency/models/agency'
import Claim from '#claims/models/claim'
import { deliverDue } from '#deliveries/deliver_due'
import Letter from '#letters/models/letter'
import { askProviders } from '#registered_mail/ask_providers'
import { carrierOf, useCarrier } from '#registered_mail/carriers'
import { queueEre } from '#registered_mail/ere/actions/send_ere'
import { WithdrawConsent } from '#registered_mail/ere/actions/withdraw_consent'
import Ere from '#registered_mail/ere/models/ere'
import { ExportProof } from '#registered_mail/evidence/actions/export_proof'
import { verifyBundle } from '#registered_mail/evidence/verification/read_bundle'
import { mailingsIdle, workMailingFacts } from '#registered_mail/inbox'
import MailingFact from '#registered_mail/models/mailing_fact'
import MailingProof from '#registered_mail/models/mailing_proof'
import { Ar24 } from '#registered_mail/providers/ar24/provider'
import { ar24Webhook } from '#registered_mail/providers/ar24/webhook'
import { mailingProofs } from '#health/checks/mail'
import { FakeAr24 } from '#tests/fakes/ar24'
import { FakePostal, factOf } from '#tests/fakes/postal_provider'
import type { FakeMerciFacteur } from '#tests/fakes/merci_facteur'
import { givenAgency, givenClaim, givenUser } from '#tests/fixtures/domain'
import { chainOf, emailOf, givenConsent } from '#tests/fixtures/ere'
import {
  anElectronicLetter,
  aRenderedLetter,
  givenCarrier,
  givenRoute,
  mailingFor,
  givenMerciFacteur,
} from '#tests/fixtures/mailings'
import { filesOf } from '#tests/harness/proofs/files'

const open = { claim: { status: 'active' } } as const
const ofLetter = ({ id }: Letter) => chainOf({ letterId: id })
/** Within the hours of contact, at which an electronic letter may leave. */
const contactTime = () => contactInstantFrom(clock.now())
const deliver = (at: Instant = contactTime()) => deliverDue(at)
/** So long after the letters left. */
const after = (hours: number) => addMinutes(contactTime(), hours * 60)

test.group('qualified letters through AR24', (group) => {
  let api: FakeAr24

  group.each.setup(async () => {
    await givenAgency()
    api = await new FakeAr24().start()
    const before = carrierOf('ar24')
    useCarrier('ar24', {
      provider: new Ar24(api.settings),
      webhook: ar24Webhook(api.webhookKey),
      missing: [],
    })
    return async () => {
      useCarrier('ar24', before)
      await api.stop()
    }
  })

  test('a letter leaves to the address of the file, and its calls lead it to the end with its proofs', async ({
    client,
    assert,
  }) => {
    const letter = await anElectronicLetter('lre', await givenClaim(open))
    assert.equal(letter.route, 'ar24')
    assert.containSubset(await deliver(), { sent: 1 })
    const [mail] = api.mails
    assert.deepInclude(mail!.fields, {
      eidas: '1',
      ref_dossier: letter.ref,
      to_email: await emailOf(await Claim.findOrFail(letter.claimId)),
    })
    assert.equal(mail!.pdfSha256, letter.fileSha256)
    assert.equal((await mailingFor(letter)).state, 'provider_accepted')

    api.advance(mail!, 'sent', 'AR')
    for (const state of ['AR', 'sent', 'AR', 'sent']) {
      const { path, headers, body } = api.webhook(mail!, state)
      const response = await client
        .post(path)
        .headers(headers)
        .setup((request) => void request.request.send(body))
      response.assertStatus(200)
    }
    await mailingsIdle()
    assert.equal((await mailingFor(letter)).state, 'provider_accepted', 'a body proves nothing')
    assert.containSubset(await askProviders(clock.now()), { asked: 1, proofs: 3, failed: [] })
    const mailing = await mailingFor(letter)
    assert.containSubset(mailing.serialize(), { state: 'delivered_signed', deliveredOn: '2026-11-11' })
    const proofs = await MailingProof.query().where('mailingId', mailing.id).orderBy('kind')
    assert.deepEqual(
      proofs.map(({ kind }) => kind),
      ['deposit', 'dispatch', 'receipt']
    )
    for (const { fileSha256 } of proofs) {
      assert.match((await readStoredFile(fileSha256)).toString(), /^%PDF-1.7 AR24/)
    }
    assert.containSubset(await askProviders(clock.now()), { asked: 0, proofs: 0 })
    assert.equal((await Claim.findOrFail(letter.claimId)).noticeReceivedOn, '2026-11-11')
  })

  test('rule 49: each proof is an event of the chain with its SHA-256, which the bundle carries', async ({
    assert,
  }) => {
    const letter = await anElectronicLetter('lre', await givenClaim(open))
    await deliver()
    const [mail] = api.mails
    api.advance(mail!, 'sent', 'refused')
    const later = after(25)
    await askProviders(later)
    const chain = await ofLetter(letter)
    assert.deepEqual(
      chain.map(({ type }) => type),
      [
        'letter.deposited',
        'carrier.took',
        'carrier.told',
        'proof.received',
        'proof.received',
        'proof.received',
      ]
    )
    assert.containSubset(chain[0]!.data, { channel: 'lre', renderedSha256: letter.fileSha256 })
    assert.containSubset(chain[1], {
      actor: { kind: 'provider', id: 'ar24' },
      data: { reference: String(mail!.id) },
    })
    assert.containSubset(chain[2]!.data, { state: 'refused', carrier: 'ar24' })
    const proved = chain.slice(3).map(({ data }) => data)
    assert.sameDeepMembers(
      proved.map((data) => ({ ...data })),
      [
        ['deposit', 'dp'],
        ['dispatch', 'ev'],
        ['refusal', 'rf'],
      ].map(([kind, code]) => {
        const bytes = FakeAr24.proofOf(mail!, code!)
        return {
          kind,
          from: 'ar24',
          sha256: sha256(bytes),
          mediaType: 'application/pdf',
          bytes: bytes.byteLength,
        }
      })
    )
    const bundle = await new ExportProof().handle(letter.ref)
    if (bundle.outcome !== 'exported') return assert.fail(bundle.outcome)
    const report = await verifyBundle(bundle.zip)
    assert.isTrue(report.ok, JSON.stringify(report.problems))
    assert.equal(report.events, 6)
    const files = filesOf(bundle.zip)
    for (const { seq, data } of chain.slice(3)) {
      const piece = files.get(`pieces/000${seq}.pdf`)
      assert.equal(piece && sha256(piece), (data as { sha256: string }).sha256)
    }
  })

  test('rule 49: a proof that stays unfetched is an alert, and a failure a month before the year is over', async ({
    assert,
  }) => {
    await anElectronicLetter('lre', await givenClaim(open))
    await deliver()
    api.advance(api.mails[0]!, 'sent')
    api.misbehave = ({ path }) => (path.startsWith('/get/') ? 'page_before' : 'answer')
    const later = after(25)
    const asked = await askProviders(later)
    assert.lengthOf(asked.failed, 1)
    assert.equal((await mailingProofs.find()).status, 'warn')
    const almostAYear = after(340 * 24)
    assert.equal((await clock.at(almostAYear, () => mailingProofs.find())).status, 'fail')
    api.misbehave = () => 'answer'
    assert.equal((await askProviders(addMinutes(later, 61))).proofs, 2)
    assert.equal((await mailingProofs.find()).status, 'ok')
  })

  test('rule 46: it is refused to a consumer without a stored consent, by hand and as it leaves', async ({
    assert,
  }) => {
    const claim = await givenClaim({ kind: 'b2c', ...open })
    const { id: userId } = await givenUser('collector', { password: null })
    const email = await emailOf(claim)
    const order = { kind: 'lre', claimId: claim.id, template: 'registered_letter', email, userId } as const
    const asked = () => transaction((trx) => queueEre(trx, order))
    assert.deepEqual(await asked(), { outcome: 'refused', reason: 'consent_missing' })
    assert.isNull(await db.from('letters').where('claim_id', claim.id).first())

    const consent = await givenConsent(claim)
    const letter = await anElectronicLetter('lre', claim)
    const [first, second] = await ofLetter(letter)
    assert.containSubset(first, {
      type: 'consent.recorded',
      data: { address: email, source: consent.source },
    })
    assert.containSubset(second, { type: 'letter.deposited', data: { recipient: { email } } })
    const by = await givenUser('collector', { password: null })
    await new WithdrawConsent().handle({ claim, consentId: consent.id, by })
    assert.containSubset(await deliver(), { cancelled: 1 })
    assert.lengthOf(api.mails, 0)
    await letter.refresh()
    assert.deepEqual([letter.state, letter.failure], ['failed', 'consent_withdrawn'])
  })

  test('rule 51: a lost answer makes one letter; nothing is asked while it may still be at work', async ({
    assert,
  }) => {
    const letter = await anElectronicLetter('lre', await givenClaim(open))
    const at = contactTime()
    let posts = 0
    api.misbehave = ({ method, path }) => {
      if (method === 'POST' && path === '/api/mail' && ++posts === 1) return 'drop_reply'
      // Its list does not answer either while that is going on.
      return posts === 1 && path === '/api/user/mail' ? 'drop_request' : 'answer'
    }
    assert.containSubset(await deliver(at), { retried: 1 })
    posts = 2
    assert.containSubset(await deliver(addMinutes(at, 5)), { sent: 0, retried: 0 })
    assert.containSubset(await deliver(addMinutes(at, 7)), { sent: 1 })
    assert.lengthOf(api.mails, 1)
    assert.equal((await mailingFor(letter)).providerRef, String(api.mails[0]!.id))
  })

  test('rule 51: what a dead worker may have sent is not looked for before AR24 can be done with it', async ({
    assert,
  }) => {
    const letter = await anElectronicLetter('lre', await givenClaim(open))
    const at = contactTime()
    await db
      .from('deliveries')
      .where('letter_id', letter.id)
      .update({
        state: 'sending',
        provider: 'ar24',
        lease_owner: 'dead',
        leased_until_at: addMinutes(clock.now(), -1),
      })
    assert.containSubset(await deliver(at), { sent: 0 })
    assert.lengthOf(api.requests, 0)
    assert.containSubset(await deliver(addMinutes(at, 7)), { sent: 1 })
    assert.lengthOf(api.mails, 1)
  })

  test('rule 50: a call without the secret of the address leaves no row', async ({ client, assert }) => {
    const letter = await anElectronicLetter('lre', await givenClaim(open))
    await deliver()
    const { headers, body } = api.webhook(api.mails[0]!, 'AR')
    for (const path of [
      '/webhooks/ar24',
      '/webhooks/ar24?key=guess',
      '/webhooks/ar24?key[]=x',
      '/webhooks/maileva',
    ]) {
      const response = await client
        .post(path)
        .headers(headers)
        .setup((request) => void request.request.send(body))
      response.assertStatus(400)
    }
    assert.isNull(await MailingFact.first())
    assert.equal((await mailingFor(letter)).state, 'provider_accepted')
  })

  test('a call is asked about again while AR24 does not answer', async ({ client, assert }) => {
    const letter = await anElectronicLetter('lre', await givenClaim(open))
    await deliver()
    api.advance(api.mails[0]!, 'sent')
    const { path, headers, body } = api.webhook(api.mails[0]!)
    await client
      .post(path)
      .headers(headers)
      .setup((request) => void request.request.send(body))
    await mailingsIdle()
    api.misbehave = () => 'busy'
    const at = clock.now()
    assert.lengthOf((await askProviders(at)).failed, 1)
    api.misbehave = () => 'answer'
    assert.equal((await askProviders(addMinutes(at, 10))).asked, 0)
    assert.equal((await askProviders(addMinutes(at, 35))).asked, 1)
    assert.equal((await mailingFor(letter)).state, 'sent')
  })

  test('rule 50: refused stays refused, whatever comes late', async ({ assert }) => {
    const letter = await anElectronicLetter('lre', await givenClaim(open))
    await deliver()
    const [mail] = api.mails
    api.advance(mail!, 'sent', 'refused')
    await askProviders(after(25))
    mail!.status = 'waiting'
    await askProviders(after(50))
    await workMailingFacts()
    assert.equal((await mailingFor(letter)).state, 'refused')
  })

  test('rules 6 and 48: a bounce is no delivery and never becomes unclaimed; its address is written to no more', async ({
    assert,
  }) => {
    const claim = await givenClaim(open)
    const letter = await anElectronicLetter('lre', claim)
    await deliver()
    const [mail] = api.mails
    api.advance(mail!, 'sent')
    await askProviders(after(25))
    assert.equal((await letter.refresh()).state, 'printed')
    api.advance(mail!, 'bounced')
    await askProviders(after(50))
    assert.equal((await letter.refresh()).state, 'rendered')
    api.advance(mail!, 'negligence')
    const mailing = await mailingFor(letter)
    await transaction((trx) => trx.from('mailings').where('id', mailing.id).update({ state: 'sent' }))
    await askProviders(after(75))
    assert.equal((await mailing.refresh()).state, 'notification_failed')
    const { id: userId } = await givenUser('collector', { password: null })
    const order = { kind: 'lre', claimId: claim.id, template: 'registered_letter', userId } as const
    const email = await emailOf(claim)
    const again = await transaction((trx) => queueEre(trx, { ...order, email }))
    assert.deepEqual(again, { outcome: 'refused', reason: 'email_bounced' })
  })

  test('a file that stops, and hours of rest, keep it back', async ({ assert }) => {
    const claim = await givenClaim(open)
    await anElectronicLetter('lre', claim)
    const ahead = [1, 2, 3, 4, 5, 6, 7].map((days) => addDays(clock.today(), days))
    const sunday = instantOn(
      ahead.find((on) => new Date(on).getUTCDay() === 0)!,
      11
    )
    assert.containSubset(await deliver(sunday), { sent: 0, deferred: 1 })
    await db.from('claims').where('id', claim.id).update({ status: 'paid' })
    const monday = addMinutes(sunday, 24 * 60)
    assert.containSubset(await clock.at(monday, () => deliver(monday)), { sent: 0, cancelled: 1 })
    assert.lengthOf(api.mails, 0)
  })

  test('two clicks make one letter', async ({ assert }) => {
    const claim = await givenClaim(open)
    const { SendEre } = await import('#registered_mail/ere/actions/send_ere')
    await anElectronicLetter('lre', claim, { requestKey: 'one-click' })
    const { id: userId } = await givenUser('collector', { password: null })
    const email = await emailOf(claim)
    const order = { kind: 'lre', claimId: claim.id, template: 'registered_letter', email, userId } as const
    const again = await new SendEre().handle({ ...order, requestKey: 'one-click' })
    assert.equal(again.outcome, 'already_sent')
  })
})

test.group('an ERE through Merci Facteur', (group) => {
  let api: FakeMerciFacteur

  group.each.setup(async () => {
    const agency = (await givenAgency()) ?? (await Agency.currentOrFail())
    await agency.merge({ ereRoute: 'merci_facteur' }).save()
    const carrier = await givenMerciFacteur()
    api = carrier.api
    return carrier.restore
  })

  test('it leaves through the provider and not through us, to the same rules, and its proofs are kept', async ({
    client,
    assert,
  }) => {
    const letter = await anElectronicLetter('ere', await givenClaim(open))
    assert.equal(letter.route, 'merci_facteur')
    assert.isNull(await Ere.findBy('letterId', letter.id))
    assert.containSubset(await deliver(), { sent: 1 })
    const [made] = api.letters
    assert.equal(made!.mode, 'ere_otp_mail')
    assert.equal(made!.recipient.email, await emailOf(await Claim.findOrFail(letter.claimId)))
    api.advance(made!, 'envoye', 'accept_wait', 'accepted', 'accepted_downloaded')
    for (const document of ['depot', 'reception', 'telechargement']) {
      api.proofs.set(`${made!.trackingNumber} ${document}`, Buffer.from(`%PDF-1.7 ${document}`))
    }
    for (const { headers, body } of api.webhooks(made!).toReversed()) {
      const response = await client
        .post('/webhooks/merci-facteur')
        .headers(headers)
        .setup((request) => void request.request.send(body))
      response.assertStatus(200)
    }
    await mailingsIdle()
    assert.equal((await mailingFor(letter)).state, 'delivered_signed')
    assert.equal((await askProviders(clock.now())).proofs, 3)
    const chain = await ofLetter(letter)
    assert.containSubset(chain[0], { type: 'letter.deposited', data: { channel: 'ere' } })
    assert.lengthOf(
      chain.filter(({ type }) => type === 'proof.received'),
      3
    )
    assert.isNull((await Claim.findOrFail(letter.claimId)).noticeReceivedOn, 'it is no registered letter')
  })

  test('rule 46: to a consumer only with their consent, which is declared to it', async ({ assert }) => {
    const claim = await givenClaim({ kind: 'b2c', ...open })
    await assert.rejects(() => anElectronicLetter('ere', claim), 'consent_missing')
    await givenConsent(claim)
    await anElectronicLetter('ere', claim)
    assert.containSubset(await deliver(), { sent: 1 })
    assert.equal(api.letters[0]!.recipient.consent, 1)
  })

  test('{status} is {state}')
    .with([
      { status: 'expired', state: 'unclaimed' },
      { status: 'refused', state: 'refused' },
      { status: 'accept_notification_error', state: 'notification_failed' },
    ])
    .run(async ({ assert, client }, { status, state }) => {
      const letter = await anElectronicLetter('ere', await givenClaim(open))
      await deliver()
      api.advance(api.letters[0]!, 'envoye', 'accept_wait', status)
      for (const { headers, body } of api.webhooks(api.letters[0]!)) {
        await client
          .post('/webhooks/merci-facteur')
          .headers(headers)
          .setup((request) => void request.request.send(body))
      }
      await mailingsIdle()
      assert.equal((await mailingFor(letter)).state, state)
    })

  test('a step may name its own carrier, and what was queued before keeps the one it had', async ({
    assert,
  }) => {
    const claim = await givenClaim(open)
    const ours = await anElectronicLetter('ere', claim, { route: 'ere' })
    assert.equal(ours.route, 'ere')
    assert.isNotNull(await Ere.findBy('letterId', ours.id))
    await db.from('agencies').update({ ere_route: null })
    const next = await anElectronicLetter('ere', await givenClaim(open))
    assert.equal(next.route, 'ere')
  })

  test('too old a letter does not leave', async ({ assert }) => {
    const letter = await anElectronicLetter('ere', await givenClaim(open))
    await letter.merge({ datedOn: addDays(clock.today(), -10) }).save()
    assert.containSubset(await deliver(), { cancelled: 1 })
    assert.lengthOf(api.letters, 0)
  })
})

test.group('an LRE from a file’s page', (group) => {
  let api: FakeAr24
  group.each.setup(async () => {
    await givenAgency()
    api = await new FakeAr24().start()
    const before = carrierOf('ar24')
    useCarrier('ar24', { provider: new Ar24(api.settings), webhook: null, missing: ['AR24_WEBHOOK_KEY'] })
    return async () => {
      useCarrier('ar24', before)
      await api.stop()
    }
  })

  test('rule 47: it is offered once AR24 has its keys, and never under the name of an ERE', async ({
    client,
    assert,
  }) => {
    const claim = await givenClaim(open)
    const by = await givenUser('collector')
    const page = async (kind: string) =>
      (await client.get(`/claims/${claim.ref}/ere?kind=${kind}`).loginAs(by)).text()
    const lre = await page('lre')
    assert.include(lre, 'ne lui dit pas avant son accord qui lui écrit')
    assert.notInclude(lre, 'n’est pas une lettre recommandée électronique qualifiée')
    const ere = await page('ere')
    assert.include(ere, 'n’est pas une lettre recommandée électronique qualifiée')
    assert.include(ere, `/claims/${claim.ref}/ere?kind=lre`)
    useCarrier('ar24', { provider: null, webhook: null, missing: ['AR24_TOKEN'] })
    assert.notInclude(await page('ere'), 'kind=lre')
  })

  test('sent from there, it is written with its own name and waits for its carrier; its page shows the proofs', async ({
    client,
    assert,
  }) => {
    const claim = await givenClaim(open)
    const by = await givenUser('collector')
    const sent = await client
      .post(`/claims/${claim.ref}/ere`)
      .form({
        kind: 'lre',
        email: await emailOf(claim),
        template: 'registered_letter',
        key: '7b5ff3b7-5f35-4b2e-9f1e-0a5c2b6f1a11',
      })
      .withCsrfToken()
      .loginAs(by)
      .redirects(0)
    const letter = await Letter.query().where('claimId', claim.id).firstOrFail()
    sent.assertHeader('location', `/letters/${letter.ref}`)
    assert.deepEqual([letter.kind, letter.route, letter.state], ['lre', 'ar24', 'rendered'])
    await deliver()
    api.advance(api.mails[0]!, 'sent', 'AR')
    await askProviders(after(25))
    const shown = (await client.get(`/letters/${letter.ref}`).loginAs(by)).text()
    for (const words of [
      'Le destinataire a signé le courrier',
      'Preuve d’envoi',
      'AR24',
      'Preuve de dépôt',
    ]) {
      assert.include(shown, words)
    }
    assert.notInclude(shown, 'n’est pas une lettre recommandée')
    const story = (await client.get(`/letters/${letter.ref}/evidence`).loginAs(by)).text()
    assert.include(story, 'AR24 : reçu et signé'.replace(' :', '\u00a0:'))
    const bundle = await client.get(`/eres/${letter.ref}/evidence.zip`).loginAs(by)
    bundle.assertHeader('content-type', 'application/zip')
  })
})

test.group('proofs on paper', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  test('a scanned slip of a letter posted by hand is kept, in its chain and on its page, once', async ({
    client,
    assert,
  }) => {
    const letter = await aRenderedLetter('lrar')
    const by = await givenUser('collector')
    const scan = async (kind: string, bytes: Buffer, filename = 'scan.pdf') =>
      client
        .post(`/letters/${letter.ref}/proofs`)
        .fields({ kind })
        .file('scan', bytes, { filename })
        .withCsrfToken()
        .loginAs(by)
    const slip = Buffer.from('%PDF-1.7 bordereau')
    ;(await scan('deposit', slip)).assertTextIncludes('pas encore posté')
    await letter.dispatch({ registeredNumber: '2C12345678901', by })
    ;(await scan('deposit', slip)).assertTextIncludes('Preuve conservée')
    ;(await scan('deposit', Buffer.from('%PDF-1.7 autre'))).assertTextIncludes('elle reste')
    await scan('receipt', Buffer.from('<svg onload="x">'), 'scan.png')
    await scan('refusal', slip)
    const proofs = await MailingProof.query()
    assert.deepEqual(
      proofs.map(({ kind, fileSha256, userId }) => [kind, fileSha256, userId]),
      [['deposit', sha256(slip), by.id]]
    )
    const chain = await ofLetter(letter)
    assert.containSubset(chain.at(-1), {
      type: 'proof.received',
      actor: { kind: 'user', id: String(by.id) },
      data: { kind: 'deposit', from: 'manual', sha256: sha256(slip) },
    })
    const shown = await client.get(`/letters/${letter.ref}/proofs/deposit`).loginAs(by)
    assert.deepEqual(Buffer.from(shown.body()), slip)
    ;(
      await client
        .post(`/letters/${letter.ref}/proofs`)
        .loginAs(await givenUser('accountant'))
        .withCsrfToken()
    ).assertStatus(403)
  })

  test('a registered letter carried on paper has its carrier’s proofs in its chain too', async ({
    assert,
  }) => {
    await givenRoute('maileva')
    const { postal, restore } = givenCarrier('maileva')
    const letter = await aRenderedLetter('lrar')
    await deliver(clock.now())
    const ref = FakePostal.refOf(letter.ref)
    postal.known.set(ref, [factOf(letter.ref, 'handed_over', '2026-11-21', { proof: 'deposit' })])
    const bytes = Buffer.from('%PDF-1.7 dépôt')
    postal.proofs.set(`${ref}:deposit`, bytes)
    await askProviders(addMinutes(clock.now(), 25 * 60))
    restore()
    const chain = await ofLetter(letter)
    assert.deepEqual(
      chain.map(({ type }) => type),
      ['letter.deposited', 'carrier.took', 'carrier.told', 'proof.received']
    )
    assert.containSubset(chain.at(-1)!.data, { kind: 'deposit', from: 'maileva', sha256: sha256(bytes) })
  })
})
