import { createHash } from 'node:crypto'
import { test } from '@japa/runner'
import { ProviderUnavailable } from '#registered_mail/providers/provider'
import { Ar24 } from '#registered_mail/providers/ar24/provider'
import { ar24Webhook } from '#registered_mail/providers/ar24/webhook'
import type { PostalOrder } from '#registered_mail/providers/provider'
import { FakeAr24 } from '#tests/fakes/ar24'
import type { Misbehaviour } from '#tests/fakes/provider_server'
import { always, anOrder } from '#tests/fixtures/postal'

const anLre = (values: Partial<PostalOrder> = {}) =>
  anOrder({
    kind: 'lre',
    email: 'compta@atelier.exemple',
    addressee: { company: 'Atelier Dupont', firstName: 'Jeanne', lastName: 'Dupont' },
    ...values,
  })

const FAST = { read: 1500, attachment: 1500, mail: 1500 }

test.group('Qualified letters through AR24', (group) => {
  let fake: FakeAr24
  let provider: Ar24

  group.each.setup(async () => {
    fake = await new FakeAr24().start()
    provider = new Ar24(fake.settings)
    return () => fake.stop()
  })

  const atNext = (end: string, how: Misbehaviour) => {
    let done = false
    fake.misbehave = ({ method, path }) => {
      if (done || `${method} ${path.replace('/api', '')}` !== end) return 'answer'
      done = true
      return how
    }
  }

  test('a letter leaves as a qualified one, with its document, its addressee and where to call us', async ({
    assert,
  }) => {
    const order = anLre()
    const outcome = await provider.submit(order, always)
    const [mail] = fake.mails
    assert.deepEqual(outcome, { kind: 'sent', providerRef: String(mail!.id) })
    assert.equal(mail!.pdfSha256, createHash('sha256').update(order.pdf).digest('hex'))
    assert.deepInclude(mail!.fields, {
      eidas: '1',
      to_email: 'compta@atelier.exemple',
      dest_statut: 'professionnel',
      to_company: 'Atelier Dupont',
      to_firstname: 'Jeanne',
      to_lastname: 'Dupont',
      ref_dossier: 'MED-2026-0001',
      webhook: fake.settings.webhook,
    })
    assert.notProperty(mail!.fields, 'content')
  })

  test('a person is a "particulier", by their first and last names', async ({ assert }) => {
    const addressee = { company: null, firstName: 'Jean', lastName: 'de La Tour' }
    await provider.submit(anLre({ recipientIsPerson: true, addressee }), always)
    assert.deepInclude(fake.mails[0]!.fields, {
      dest_statut: 'particulier',
      to_firstname: 'Jean',
      to_lastname: 'de La Tour',
    })
    const half = { company: null, firstName: null, lastName: 'Martin' }
    const outcome = await provider.submit(
      anLre({ key: 'b', recipientIsPerson: true, addressee: half }),
      always
    )
    assert.equal(outcome.kind, 'permanent')
  })

  test('rule 47: it carries qualified letters only', async ({ assert }) => {
    assert.deepEqual([...provider.kinds], ['lre'])
    for (const kind of ['simple', 'lrar', 'ere'] as const) {
      assert.equal((await provider.submit(anLre({ kind }), always)).kind, 'permanent')
    }
    assert.lengthOf(fake.requests, 0)
  })

  test('one code identifies the sender for an hour; asked anew when it no longer is', async ({ assert }) => {
    for (const reference of ['A-1', 'A-2', 'A-3']) await provider.submit(anLre({ reference }), always)
    assert.equal(fake.identified, 1)
    fake.expireTokens()
    assert.equal((await provider.submit(anLre({ reference: 'A-4' }), always)).kind, 'unreachable')
    assert.equal((await provider.submit(anLre({ reference: 'A-4' }), always)).kind, 'sent')
    assert.equal(fake.identified, 2)
    assert.lengthOf(fake.mails, 4)
  })

  const FAULTS: Misbehaviour[] = [
    'slow',
    'drop_request',
    'drop_reply',
    'fail_before',
    'fail_after',
    'page_before',
    'page_after',
    'busy',
    'limit',
  ]
  for (const end of ['GET /user/mail', 'POST /user/auth_otp', 'POST /attachment', 'POST /mail']) {
    test(`rule 51, {$self} at ${end}: one letter in the end, whole`)
      .with(FAULTS)
      .run(async ({ assert }, how) => {
        atNext(end, how)
        const first = await new Ar24(fake.settings, how === 'slow' ? FAST : undefined).submit(anLre(), always)
        if (end !== 'POST /mail' && first.kind !== 'sent') assert.notEqual(first.kind, 'unanswered')
        const outcome = first.kind === 'sent' ? first : await provider.submit(anLre(), always)
        assert.lengthOf(fake.mails, 1)
        assert.deepEqual(outcome, { kind: 'sent', providerRef: String(fake.mails[0]!.id) })
        assert.deepEqual(await provider.submit(anLre(), always), outcome)
        assert.lengthOf(fake.mails, 1)
      })
  }

  test('rule 51: a list that cannot be read is never taken for "not sent yet"', async ({ assert }) => {
    let lists = 0
    fake.misbehave = ({ path }) => (path.endsWith('/user/mail') && ++lists > 1 ? 'fail_before' : 'answer')
    assert.equal((await provider.submit(anLre(), always)).kind, 'sent')
    for (let time = 0; time < 3; time++) {
      assert.equal((await provider.submit(anLre(), always)).kind, 'temporary')
    }
    assert.lengthOf(fake.mails, 1)
  })

  test('rule 51: a letter is found again behind hundreds, whatever the order of the list', async ({
    assert,
  }) => {
    await provider.submit(anLre({ reference: 'OLD' }), always)
    const [first] = fake.mails
    for (let index = 0; index < 230; index++) {
      fake.mails.push({
        ...first!,
        id: 10_000 + index,
        fields: { ...first!.fields, ref_dossier: `R-${index}` },
      })
    }
    const again = await provider.submit(anLre({ reference: 'OLD' }), always)
    assert.deepEqual(again, { kind: 'sent', providerRef: String(first!.id) })
    fake.ignoresSort = true
    await provider.submit(anLre({ reference: 'R-229' }), always)
    assert.lengthOf(fake.mails, 231)
  })

  test('a letter under the same reference to another address is another one', async ({ assert }) => {
    await provider.submit(anLre(), always)
    await provider.submit(anLre({ email: 'gerant@atelier.exemple' }), always)
    assert.lengthOf(fake.mails, 2)
  })

  test('an attempt that is no longer the letter’s does not send', async ({ assert }) => {
    assert.deepEqual(await provider.submit(anLre(), () => false), { kind: 'withheld' })
    assert.lengthOf(fake.mails, 0)
  })

  test('what AR24 refuses of a letter is for good; what it refuses of us holds all letters back', async ({
    assert,
  }) => {
    const email = 'x@domaine-inconnu.fr'
    assert.equal((await provider.submit(anLre({ email }), always)).kind, 'permanent')
    const wrong = [{ token: 'x' }, { privateKey: 'x' }, { userId: '1' }, { otpSecret: 'MFRGGZDF' }]
    for (const settings of wrong) {
      const outcome = await new Ar24({ ...fake.settings, ...settings }).submit(anLre(), always)
      assert.equal(outcome.kind, 'unreachable', JSON.stringify(settings))
      assert.notInclude(JSON.stringify(outcome), fake.privateKey)
    }
    assert.lengthOf(fake.mails, 0)
  })

  test('the test of the connection names the account, or what is wrong', async ({ assert }) => {
    assert.deepEqual(await provider.test(), { ok: true, account: 'Agence d’essai' })
    const answer = await new Ar24({ ...fake.settings, token: 'x' }).test()
    assert.containSubset(answer, { ok: false, reason: 'token_invalid: Erreur : token_invalid' })
    assert.isFalse((await new Ar24({ ...fake.settings, otpSecret: 'MFRGGZDF' }).test()).ok)
  })

  test('{status} is {state}, with its proofs')
    .with([
      { status: 'to_valid', state: 'provider_accepted', proofs: [] },
      { status: 'waiting', state: 'provider_accepted', proofs: [] },
      { status: 'sent', state: 'sent', proofs: ['deposit', 'dispatch'] },
      { status: 'AR', state: 'delivered_signed', proofs: ['deposit', 'dispatch', 'receipt'] },
      { status: 'refused', state: 'refused', proofs: ['deposit', 'dispatch', 'refusal'] },
      { status: 'negligence', state: 'unclaimed', proofs: ['deposit', 'dispatch', 'non_claim'] },
      { status: 'bounced', state: 'notification_failed', proofs: ['deposit', 'dispatch', 'bounce'] },
      { status: 'error', state: 'provider_rejected', proofs: [] },
    ])
    .run(async ({ assert }, { status, state, proofs }) => {
      await provider.submit(anLre(), always)
      const [mail] = fake.mails
      if (proofs.length > 0) fake.advance(mail!, 'sent')
      fake.advance(mail!, status)
      const facts = await provider.ask(String(mail!.id))
      assert.include(
        facts.map((fact) => fact.state),
        state
      )
      assert.sameMembers(
        facts.flatMap(({ proof }) => proof ?? []),
        proofs
      )
      assert.deepEqual(await provider.ask(String(mail!.id)), facts)
      const sent = facts.find((fact) => fact.state === 'sent')
      // 09:30 in Paris in November.
      if (sent) assert.equal(sent.at, '2026-11-10T08:30:00.000Z')
      for (const proof of proofs) {
        const found = await provider.fetchProof(String(mail!.id), proof as 'deposit')
        assert.match(Buffer.from(found!.bytes).toString(), /^%PDF-1.7 AR24 [a-z]{2} /)
      }
    })

  test('a status that nobody has described says nothing', async ({ assert }) => {
    await provider.submit(anLre(), always)
    fake.mails[0]!.status = 'toString'
    assert.deepEqual(await provider.ask(String(fake.mails[0]!.id)), [])
  })

  test('a proof is fetched at AR24 only, and a page is no proof', async ({ assert }) => {
    await provider.submit(anLre(), always)
    const [mail] = fake.mails
    const id = String(mail!.id)
    fake.advance(mail!, 'sent')
    assert.isNull(await provider.fetchProof(id, 'receipt'))
    assert.isNull(await provider.fetchProof(id, 'returned_mail'))
    const elsewhere = await new FakeAr24().start()
    fake.proofOrigin = elsewhere.origin
    await assert.rejects(() => provider.fetchProof(id, 'dispatch'), ProviderUnavailable)
    assert.lengthOf(elsewhere.requests, 0)
    await elsewhere.stop()
    fake.proofOrigin = null
    fake.misbehave = ({ path }) => (path.startsWith('/get/') ? 'page_before' : 'answer')
    await assert.rejects(() => provider.fetchProof(id, 'dispatch'), ProviderUnavailable)
    fake.misbehave = () => 'busy'
    await assert.rejects(() => provider.ask(id), ProviderUnavailable)
  })

  test('rule 50: a call is theirs by the secret of its address; its body only says that there is news', async ({
    assert,
  }) => {
    await provider.submit(anLre(), always)
    const reader = ar24Webhook(fake.webhookKey)
    const { body, headers } = fake.webhook(fake.mails[0]!, 'AR')
    const key = fake.webhookKey
    assert.isTrue(reader.isAuthentic({}, Buffer.from(body), { key }))
    for (const query of [{}, { key: 'guess' }, { key: [key] }, { key: `${key}x` }, { other: key }]) {
      assert.isFalse(reader.isAuthentic({}, Buffer.from(body), query))
    }
    const facts = reader.facts(Buffer.from(body), headers['content-type'])
    assert.lengthOf(facts, 1)
    assert.containSubset(facts, [{ providerRef: String(fake.mails[0]!.id), state: null, proof: null }])
    const json = JSON.stringify({ id_mail: fake.mails[0]!.id, new_state: 'AR', proof_url: 'x' })
    assert.deepEqual(reader.facts(Buffer.from(json), 'application/json'), facts)
    for (const hostile of ['', 'id_mail=1', 'id_mail=a&new_state=AR', '{"id_mail":{}}', '[]']) {
      assert.deepEqual(reader.facts(Buffer.from(hostile), 'application/json'), [])
      assert.deepEqual(reader.facts(Buffer.from(hostile), 'application/x-www-form-urlencoded'), [])
    }
  })
})
