import { createHash } from 'node:crypto'
import { test } from '@japa/runner'
import { ProviderUnavailable } from '#registered_mail/providers/provider'
import { MerciFacteur } from '#registered_mail/providers/merci_facteur/provider'
import { merciFacteurWebhook } from '#registered_mail/providers/merci_facteur/webhook'
import { FakeMerciFacteur, SCAN } from '#tests/fakes/merci_facteur'
import type { Misbehaviour } from '#tests/fakes/provider_server'
import { always, anOrder } from '#tests/fixtures/postal'

const PDF = Buffer.from('%PDF-1.7 preuve')

test.group('Letters through Merci Facteur', (group) => {
  let fake: FakeMerciFacteur
  let provider: MerciFacteur

  group.each.setup(async () => {
    fake = await new FakeMerciFacteur().start()
    provider = new MerciFacteur(fake.settings)
    return () => fake.stop()
  })

  /** Misbehaves at the next letter only. */
  const atNextLetter = (how: Misbehaviour) => {
    let done = false
    fake.misbehave = ({ path }) => {
      if (done || !path.endsWith('/sendCourrier')) return 'answer'
      done = true
      return how
    }
  }

  test('a letter is taken as it is', async ({ assert }) => {
    const order = anOrder()
    const outcome = await provider.submit(order, always)
    const letter = fake.letters[0]!
    assert.deepEqual(outcome, { kind: 'sent', providerRef: String(letter.id) })
    assert.deepInclude(letter, { key: letter.key, mode: 'lrare', printSides: 'rectoverso' })
    assert.equal(letter.pdfSha256, createHash('sha256').update(order.pdf).digest('hex'))
    assert.deepInclude(letter.recipient, {
      societe: 'ATELIER DUPONT',
      adresse1: 'BATIMENT C',
      adresse2: '12 RUE DES LILAS',
      adresse3: 'BP 356',
      cp: '75011',
      ville: 'PARIS',
      pays: 'FRANCE',
      reference: 'MED-2026-0001',
    })
  })

  test('an ERE goes to a person who has agreed', async ({ assert }) => {
    const ere = { kind: 'ere', recipient: ['M JEAN PETIT', '75011 PARIS'], recipientIsPerson: true } as const
    const outcome = await provider.submit(anOrder({ ...ere, email: 'jean@exemple.fr' }), always)
    assert.equal(outcome.kind, 'sent')
    assert.deepInclude(fake.letters[0]!.recipient, {
      nom: 'M JEAN PETIT',
      consent: 1,
      email: 'jean@exemple.fr',
    })
    assert.equal(fake.letters[0]!.sender.email, 'agence@exemple.fr')
  })

  test('without an address to write from, no ERE is offered', ({ assert }) => {
    assert.deepEqual(provider.kinds, ['simple', 'lrar', 'ere'])
    assert.deepEqual(new MerciFacteur({ ...fake.settings, senderEmail: null }).kinds, ['simple', 'lrar'])
  })

  test('one token serves all letters, and one that is refused is renewed once', async ({ assert }) => {
    for (const key of ['a', 'b', 'c']) await provider.submit(anOrder({ key }), always)
    assert.equal(fake.signIns, 1)
    fake.expireTokens()
    assert.equal((await provider.submit(anOrder({ key: 'd' }), always)).kind, 'sent')
    assert.equal(fake.signIns, 2)
    fake.misbehave = ({ path }) => (path.endsWith('/sendCourrier') ? 'expire' : 'answer')
    const outcome = await provider.submit(anOrder({ key: 'e' }), always)
    assert.equal(outcome.kind, 'unreachable')
    assert.lengthOf(fake.letters, 4)
  })

  test('letters that leave together sign in once', async ({ assert }) => {
    await Promise.all(['a', 'b', 'c'].map((key) => provider.submit(anOrder({ key }), always)))
    assert.equal(fake.signIns, 1)
  })

  test('{0}: {1} at first, then one letter')
    .with([
      ['slow', 'unanswered'],
      ['drop_request', 'unanswered'],
      ['drop_reply', 'unanswered'],
      ['fail_before', 'unanswered'],
      ['fail_after', 'unanswered'],
      ['page_before', 'unanswered'],
      ['page_after', 'unanswered'],
      ['busy', 'temporary'],
      ['limit', 'temporary'],
      ['expire', 'sent'],
    ] as [Misbehaviour, string][])
    .run(async ({ assert }, [how, kind]) => {
      atNextLetter(how)
      const patience = how === 'slow' ? 1500 : undefined
      const first = await new MerciFacteur(fake.settings, patience).submit(anOrder(), always)
      assert.equal(first.kind, kind)
      const second = await provider.submit(anOrder(), always)
      assert.lengthOf(fake.letters, 1)
      assert.deepEqual(second, { kind: 'sent', providerRef: String(fake.letters[0]!.id) })
    })

  test('of two letters alike the one whose answer was lost is not guessed', async ({ assert }) => {
    await provider.submit(anOrder({ key: 'a' }), always)
    atNextLetter('drop_reply')
    await provider.submit(anOrder({ key: 'b' }), always)
    assert.deepEqual(await provider.submit(anOrder({ key: 'b' }), always), {
      kind: 'sent',
      providerRef: null,
    })
    assert.lengthOf(fake.letters, 2)
  })

  test('what may no longer leave does not', async ({ assert }) => {
    assert.deepEqual(await provider.submit(anOrder(), () => false), { kind: 'withheld' })
    assert.lengthOf(fake.letters, 0)
    assert.isFalse(fake.requests.some(({ path }) => path.endsWith('/sendCourrier')))
  })

  test('a letter it refuses is given up, in its words', async ({ assert }) => {
    const outcome = await provider.submit(anOrder({ pdf: Buffer.from('not a pdf') }), always)
    assert.equal(outcome.kind, 'permanent')
    assert.include((outcome as { reason: string }).reason, 'LETTER_INVALID_BASE64_FILES')
  })

  test('what is wrong with our settings is not the letter’s fault', async ({ assert }) => {
    const outcomes = await Promise.all([
      new MerciFacteur({ ...fake.settings, userId: null }).submit(anOrder(), always),
      new MerciFacteur({ ...fake.settings, secretKey: 'fausse' }).submit(anOrder(), always),
      new MerciFacteur({ ...fake.settings, apiBase: `${fake.origin}/ailleurs` }).submit(anOrder(), always),
      new MerciFacteur({ ...fake.settings, apiBase: 'http://127.0.0.1:9' }).submit(anOrder(), always),
    ])
    assert.deepEqual(
      outcomes.map(({ kind }) => kind),
      ['unreachable', 'unreachable', 'unreachable', 'unreachable']
    )
    assert.notInclude(JSON.stringify(outcomes), 'fausse')
  })

  test('while it asks to be left alone it is', async ({ assert }) => {
    fake.misbehave = ({ path }) => (path.endsWith('/sendCourrier') ? 'limit' : 'answer')
    fake.retryAfter = '60'
    const first = await provider.submit(anOrder(), always)
    assert.deepEqual(first, { kind: 'temporary', reason: '429: it asks to wait 60 s' })
    const before = fake.requests.length
    assert.equal((await provider.submit(anOrder({ key: 'b' }), always)).kind, 'unreachable')
    assert.lengthOf(fake.requests, before)
  })

  test('its webhooks and its answers tell the same facts', async ({ assert }) => {
    await provider.submit(anOrder(), always)
    const letter = fake.letters[0]!
    fake.advance(letter, 'imprime', 'pris_en_charge', 'scan_pdd', 'distribue', 'retour_are')
    const reader = merciFacteurWebhook(fake.webhookSecret)
    const heard = fake.webhooks(letter).map(({ headers, body }) => {
      assert.isTrue(reader.isAuthentic(headers, Buffer.from(body)))
      return reader.facts(Buffer.from(body), headers['content-type'])[0]!
    })
    const asked = await provider.ask(String(letter.id))
    const keysAndStates = (facts: typeof asked) =>
      facts.map(({ factKey, state, proof }) => `${factKey} ${state} ${proof}`)
    assert.sameMembers(keysAndStates(asked), keysAndStates(heard))
    assert.isTrue(asked.every(({ registeredNumber }) => registeredNumber === letter.trackingNumber))
  })

  test('a letter it does not know has no facts, and silence is told from them', async ({ assert }) => {
    assert.deepEqual(await provider.ask('999'), [])
    fake.misbehave = () => 'busy'
    await assert.rejects(() => provider.ask('999'), ProviderUnavailable)
    await assert.rejects(() => provider.fetchProof('999', 'deposit'), ProviderUnavailable)
  })

  test('proofs are fetched by the postal number, once they are there', async ({ assert }) => {
    await provider.submit(anOrder(), always)
    const letter = fake.letters[0]!
    const ref = String(letter.id)
    assert.isNull(await provider.fetchProof(ref, 'deposit'), 'not printed yet')
    fake.advance(letter, 'imprime')
    assert.isNull(await provider.fetchProof(ref, 'deposit'), 'not deposited yet')
    fake.proofs.set(`${letter.trackingNumber} depot`, PDF)
    assert.deepEqual(await provider.fetchProof(ref, 'deposit'), { bytes: PDF, mediaType: 'application/pdf' })
    assert.isNull(await provider.fetchProof(ref, 'receipt'))
    fake.advance(letter, 'retour_are')
    assert.deepEqual(await provider.fetchProof(ref, 'receipt'), { bytes: SCAN, mediaType: 'image/jpeg' })
    assert.isNull(await provider.fetchProof(ref, 'content'), 'it has no such proof')
    fake.proofs.set(`${letter.trackingNumber} depot`, Buffer.from('<html>'))
    await assert.rejects(() => provider.fetchProof(ref, 'deposit'), ProviderUnavailable)
  })

  test('the connection is tested without a letter', async ({ assert }) => {
    assert.deepEqual(await provider.test(), { ok: true, account: 'service svc-1234, user 17460' })
    const wrong = await new MerciFacteur({ ...fake.settings, secretKey: 'fausse' }).test()
    assert.isFalse(wrong.ok)
    assert.lengthOf(fake.letters, 0)
  })
})
