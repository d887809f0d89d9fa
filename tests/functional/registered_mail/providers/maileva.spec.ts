import { createHash } from 'node:crypto'
import { test } from '@japa/runner'
import { ProviderUnavailable } from '#registered_mail/providers/provider'
import { Maileva } from '#registered_mail/providers/maileva/provider'
import { subscribe } from '#registered_mail/providers/maileva/subscriptions'
import { mailevaWebhook } from '#registered_mail/providers/maileva/webhook'
import { FakeMaileva } from '#tests/fakes/maileva'
import type { Misbehaviour } from '#tests/fakes/provider_server'
import { always, anOrder } from '#tests/fixtures/postal'

const PDF = Buffer.from('%PDF-1.7 preuve')

test.group('Letters through Maileva', (group) => {
  let fake: FakeMaileva
  let provider: Maileva

  group.each.setup(async () => {
    fake = await new FakeMaileva().start()
    provider = new Maileva(fake.settings)
    return () => fake.stop()
  })

  const made = () => fake.sendings.filter(({ status }) => status !== 'DRAFT')

  /** Misbehaves the first time a request ends like this. */
  const atNext = (end: string, how: Misbehaviour) => {
    let done = false
    fake.misbehave = ({ method, path }) => {
      if (done || `${method} ${path.split('/').at(-1)}` !== end) return 'answer'
      done = true
      return how
    }
  }

  test('a registered letter is made of one document and one addressee, with its options', async ({
    assert,
  }) => {
    const order = anOrder({ options: { duplex: false, addressSheet: true, colour: true } })
    const outcome = await provider.submit(order, always)
    const sending = fake.sendings[0]!
    assert.deepEqual(outcome, { kind: 'sent', providerRef: sending.id })
    assert.equal(sending.api, '/registered_mail/v4')
    assert.deepInclude(sending.fields, {
      name: 'MED-2026-0001',
      acknowledgement_of_receipt: true,
      acknowledgement_of_receipt_scanning: true,
      returned_mail_scanning: true,
      archiving_duration: 3,
      color_printing: true,
      duplex_printing: false,
      optional_address_sheet: true,
      print_sender_address: true,
      sender_address_line_1: 'AMIABLE RECOUVREMENT',
      sender_address_line_6: '69002 LYON',
      sender_country_code: 'FR',
    })
    assert.deepEqual(
      sending.documents.map(({ sha256 }) => sha256),
      [createHash('sha256').update(order.pdf).digest('hex')]
    )
    assert.lengthOf(sending.recipients, 1)
    assert.deepInclude(sending.recipients[0]!, {
      address_line_1: 'ATELIER DUPONT',
      address_line_3: 'BATIMENT C',
      address_line_4: '12 RUE DES LILAS',
      address_line_5: 'BP 356',
      address_line_6: '75011 PARIS',
      country_code: 'FR',
    })
  })

  test('a simple letter goes to the other API, without a receipt', async ({ assert }) => {
    await provider.submit(anOrder({ kind: 'simple' }), always)
    assert.equal(made()[0]!.api, '/mail/v2')
    assert.notProperty(made()[0]!.fields, 'acknowledgement_of_receipt')
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
    'expire',
  ]
  for (const end of ['GET sendings', 'POST sendings', 'POST documents', 'POST recipients', 'POST submit']) {
    test(`{$self} at ${end}: one letter in the end, whole`)
      .with(FAULTS)
      .run(async ({ assert }, how) => {
        atNext(end, how)
        const patience = how === 'slow' ? 1500 : undefined
        const first = await new Maileva(fake.settings, patience).submit(anOrder(), always)
        const outcome = first.kind === 'sent' ? first : await provider.submit(anOrder(), always)
        assert.lengthOf(made(), 1)
        assert.deepEqual(outcome, { kind: 'sent', providerRef: made()[0]!.id })
        assert.lengthOf(made()[0]!.documents, 1)
        assert.lengthOf(made()[0]!.recipients, 1)
        if (end !== 'POST submit' && first.kind !== 'sent') assert.notEqual(first.kind, 'unanswered')
        const again = await provider.submit(anOrder(), always)
        assert.deepEqual(again, outcome)
        assert.lengthOf(made(), 1)
      })
  }

  test('a lost answer to the submission is settled by reading the state', async ({ assert }) => {
    atNext('POST submit', 'drop_reply')
    assert.deepEqual(await provider.submit(anOrder(), always), { kind: 'sent', providerRef: made()[0]!.id })
    assert.equal(fake.repeats, 0)
  })

  test('a submission of which nothing can be read is unanswered', async ({ assert }) => {
    fake.misbehave = ({ path }) => (/submit$|sendings\/[\w-]+$/.test(path) ? 'drop_reply' : 'answer')
    const outcome = await provider.submit(anOrder(), always)
    assert.equal(outcome.kind, 'unanswered')
  })

  test('held back before its submission, a letter leaves a draft that is replaced', async ({ assert }) => {
    let asked = 0
    assert.deepEqual(await provider.submit(anOrder(), () => ++asked < 4), { kind: 'withheld' })
    assert.deepEqual([fake.sendings.length, made().length], [1, 0])
    await provider.submit(anOrder(), always)
    assert.deepEqual([fake.sendings.length, made().length], [1, 1])
    assert.lengthOf(made()[0]!.documents, 1)
  })

  test('a draft that was left is deleted, or lies there: what was in it goes nowhere', async ({ assert }) => {
    for (const [key, how] of [
      ['deleted', 'answer'],
      ['kept', 'refuse'],
    ] as const) {
      const before = fake.sendings.length
      await provider.submit(
        anOrder({ key }),
        () => fake.sendings.length === before || !fake.sendings.at(-1)!.documents[0]
      )
      const draft = fake.sendings.at(-1)!
      fake.deletes = how
      await provider.submit(anOrder({ key }), always)
      assert.lengthOf(fake.lettersUnder(key), 1)
      assert.notEqual(fake.lettersUnder(key)[0]!.id, draft.id)
      assert.equal(fake.sendings.includes(draft), how === 'refuse')
    }
  })

  test('an attempt that has lost its letter changes nothing more', async ({ assert }) => {
    await provider.submit(anOrder(), () => fake.sendings.length === 0)
    const before = fake.requests.length
    assert.deepEqual(await provider.submit(anOrder(), () => false), { kind: 'withheld' })
    assert.isTrue(fake.requests.slice(before).every(({ method }) => method === 'GET'))
  })

  test('two workers on one letter make one', async ({ assert }) => {
    const other = new Maileva(fake.settings)
    for (let index = 0; index < 10; index++) {
      const order = anOrder({ key: `both-${index}` })
      await Promise.all([provider.submit(order, always), other.submit(order, always)])
      await provider.submit(order, always)
      assert.lengthOf(fake.lettersUnder(`both-${index}`), 1)
    }
  })

  test('a list whose filter is {$self}: a letter is found again among 1 200')
    .with(['ignored', 'refused'] as const)
    .run(async ({ assert }, filter) => {
      fake.filter = filter
      await provider.submit(anOrder(), always)
      const [first] = fake.sendings
      for (let index = 0; index < 1200; index++) {
        fake.sendings.unshift({ ...first!, id: `old-${index}`, fields: { custom_id: `old-${index}` } })
      }
      assert.deepEqual(await provider.submit(anOrder(), always), { kind: 'sent', providerRef: first!.id })
      assert.lengthOf(fake.sendings, 1201)
    })

  test('a letter that was taken and is {$self} since is given up')
    .with(['REJECTED', 'CANCELED'])
    .run(async ({ assert }, status) => {
      await provider.submit(anOrder(), always)
      fake.advance(made()[0]!, status)
      const outcome = await provider.submit(anOrder(), always)
      assert.deepEqual(outcome, { kind: 'permanent', reason: status })
    })

  test('what it refuses is given up in its words, and leaves no draft', async ({ assert }) => {
    const outcome = await provider.submit(anOrder({ pdf: Buffer.from('not a pdf') }), always)
    assert.equal(outcome.kind, 'permanent')
    assert.include((outcome as { reason: string }).reason, 'DOCUMENT_TYPE_NOT_ACCEPTED')
    assert.lengthOf(fake.sendings, 0)
  })

  test('what is wrong with our settings is not the letter’s fault', async ({ assert }) => {
    const { settings } = fake
    const outcomes = await Promise.all([
      new Maileva({ ...settings, clientSecret: 'fausse' }).submit(anOrder(), always),
      new Maileva({ ...settings, user: { username: 'x', password: 'fausse' } }).submit(anOrder(), always),
      new Maileva({ ...settings, apiBase: `${fake.origin}/ailleurs` }).submit(anOrder(), always),
      new Maileva({ ...settings, authBase: 'http://127.0.0.1:9' }).submit(anOrder(), always),
    ])
    assert.deepEqual(
      outcomes.map(({ kind }) => kind),
      ['unreachable', 'unreachable', 'unreachable', 'unreachable']
    )
    assert.notInclude(JSON.stringify(outcomes), 'fausse')
  })

  test('credentials in the {$self} are accepted, as a user or as an application')
    .with(['header', 'form'] as const)
    .run(async ({ assert }, where) => {
      fake.credentialsIn = where
      assert.deepEqual(await provider.test(), { ok: true, account: 'agence@exemple.fr' })
      const alone = new Maileva({ ...fake.settings, user: null })
      assert.deepEqual(await alone.test(), { ok: true, account: 'amiable' })
      assert.isFalse((await new Maileva({ ...fake.settings, clientSecret: 'x' }).test()).ok)
    })

  test('one token serves all requests', async ({ assert }) => {
    for (const key of ['a', 'b']) await provider.submit(anOrder({ key }), always)
    assert.equal(fake.signIns, 1)
  })

  test('its calls and its answers tell the same facts', async ({ assert }) => {
    await provider.submit(anOrder(), always)
    const sending = made()[0]!
    fake.advance(sending, 'ACCEPTED', 'PROCESSED')
    sending.progress = {
      registered_number: '1E00000000',
      deposit_proof_url: '/x',
      acknowledgement_of_receipt_url: '/x',
      main_delivery_statuses: [{ category: 'FIRST_PRESENTATION' }, { category: 'DELIVERED' }],
    }
    const reader = mailevaWebhook(fake.webhook)
    const heard = [
      fake.call(sending, 'ON_STATUS_ACCEPTED'),
      fake.call(sending, 'ON_STATUS_PROCESSED'),
      fake.call(sending, 'ON_DEPOSIT_PROOF_RECEIVED'),
      fake.call(sending, 'ON_MAIN_DELIVERY_STATUS_FIRST_PRESENTATION', 'recipients'),
      fake.call(sending, 'ON_MAIN_DELIVERY_STATUS_DELIVERED', 'recipients'),
      fake.call(sending, 'ON_ACKNOWLEDGEMENT_OF_RECEIPT_RECEIVED', 'recipients'),
    ].map(({ headers, body }) => {
      assert.isTrue(reader.isAuthentic(headers, Buffer.from(body)))
      return reader.facts(Buffer.from(body), headers['content-type'])[0]!
    })
    const asked = await provider.ask(sending.id)
    const keysAndStates = (facts: typeof asked) =>
      facts.map(({ factKey, state, proof }) => `${factKey} ${state} ${proof}`)
    assert.sameMembers(keysAndStates(asked), keysAndStates(heard))
  })

  test('a simple letter is asked after where it is, and an unknown one has no facts', async ({ assert }) => {
    await provider.submit(anOrder({ kind: 'simple' }), always)
    fake.advance(made()[0]!, 'PROCESSED')
    const facts = await provider.ask(made()[0]!.id)
    assert.include(
      facts.map(({ state }) => state),
      'printed'
    )
    assert.deepEqual(await provider.ask('nobody'), [])
    fake.misbehave = () => 'busy'
    await assert.rejects(() => provider.ask('nobody'), ProviderUnavailable)
  })

  test('proofs are downloaded once they are there', async ({ assert }) => {
    await provider.submit(anOrder(), always)
    const { id } = made()[0]!
    for (const [proof, name] of [
      ['content', 'content_proof'],
      ['receipt', 'acknowledgement_of_receipt'],
      ['returned_mail', 'undelivered_mail'],
      ['deposit', 'deposit_proof'],
    ] as const) {
      assert.isNull(await provider.fetchProof(id, proof))
      if (proof === 'deposit') {
        fake.proofs.set(`${id} global`, Buffer.concat([PDF, Buffer.from(' globale')]))
        assert.include(Buffer.from((await provider.fetchProof(id, proof))!.bytes).toString(), 'globale')
      }
      fake.proofs.set(`${id} ${name}`, PDF)
      assert.deepEqual(await provider.fetchProof(id, proof), { bytes: PDF, mediaType: 'application/pdf' })
    }
    assert.isNull(await provider.fetchProof(id, 'download'), 'it has no such proof')
    fake.proofs.set(`${id} content_proof`, Buffer.from('<html>'))
    await assert.rejects(() => provider.fetchProof(id, 'content'), ProviderUnavailable)
  })

  test('subscriptions are made once, and what is refused is named', async ({ assert }) => {
    const url = 'https://agence.exemple.fr/webhooks/maileva'
    const first = await subscribe(fake.settings, url, fake.webhook)
    assert.lengthOf(first.refused, 1)
    assert.include(first.refused[0]!, 'ON_CONTENT_PROOF_RECEIVED')
    assert.equal(first.made.length, fake.subscriptions.length)
    assert.deepInclude(fake.subscriptions[0]!, { callback_url: url, authentication: { basic: fake.webhook } })
    const second = await subscribe(fake.settings, url, fake.webhook)
    assert.lengthOf(second.made, 0)
  })
})
