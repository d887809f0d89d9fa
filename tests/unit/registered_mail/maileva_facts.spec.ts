import { test } from '@japa/runner'
import type { MailingState, ProofKind } from '#registered_mail/providers/provider'
import { factsOf } from '#registered_mail/providers/maileva/facts'
import {
  DELIVERY_STATES,
  LP_STATES,
  SENDING_STATES,
  UNDELIVERED_REASONS,
} from '#registered_mail/providers/maileva/statuses'
import { mailevaWebhook } from '#registered_mail/providers/maileva/webhook'

const ID = '110e8400-e29b-11d4-a716-446655440000'
const credentials = { login: 'maileva', password: 'secret' }
const reader = mailevaWebhook(credentials)

const event = (type: string, more: object = {}) =>
  Buffer.from(
    JSON.stringify({
      event_type: type,
      resource_type: 'registered_mail/v4/sendings',
      event_date: '2026-09-02T10:23:31.137Z',
      resource_id: ID,
      ...more,
    })
  )

type Row = [string, MailingState | null, ProofKind | null, string | null]
const rowOf = (
  facts: { factKey: string; state: MailingState | null; proof: ProofKind | null; reason: string | null }[]
) =>
  facts.map(({ factKey, state, proof, reason }): Row => [factKey.replace(`${ID}:`, ''), state, proof, reason])

test.group('What Maileva calls us for', () => {
  test('{0}')
    .with([
      ['ON_STATUS_ACCEPTED', ['status:ACCEPTED', 'provider_accepted', null, null]],
      ['ON_STATUS_REJECTED', ['status:REJECTED', 'provider_rejected', null, 'REJECTED']],
      ['ON_STATUS_PROCESSED', ['status:PROCESSED', 'printed', null, null]],
      [
        'ON_STATUS_PROCESSED_WITH_ERRORS',
        ['status:PROCESSED_WITH_ERRORS', 'provider_rejected', null, 'PROCESSED_WITH_ERRORS'],
      ],
      ['ON_DEPOSIT_PROOF_RECEIVED', ['proof:deposit', 'handed_over', 'deposit', null]],
      ['ON_GLOBAL_DEPOSIT_PROOF_RECEIVED', ['proof:deposit', 'handed_over', 'deposit', null]],
      ['ON_CONTENT_PROOF_RECEIVED', ['proof:content', null, 'content', null]],
      ['ON_ACKNOWLEDGEMENT_OF_RECEIPT_RECEIVED', ['proof:receipt', 'delivered_signed', 'receipt', null]],
      ['ON_UNDELIVERED_MAIL_RECEIVED', ['proof:returned_mail', null, 'returned_mail', null]],
      [
        'ON_MAIN_DELIVERY_STATUS_FIRST_PRESENTATION',
        ['delivery:FIRST_PRESENTATION', 'first_presentation', null, null],
      ],
      ['ON_MAIN_DELIVERY_STATUS_DELIVERED', ['delivery:DELIVERED', 'delivered', null, null]],
      ['ON_MAIN_DELIVERY_STATUS_UNDELIVERED', ['delivery:UNDELIVERED', null, null, 'UNDELIVERED']],
    ] as [string, Row][])
    .run(({ assert }, [type, row]) => {
      const facts = reader.facts(event(type), 'application/json')
      assert.deepEqual(rowOf(facts), [row])
      assert.deepEqual([facts[0]!.providerRef, facts[0]!.at], [ID, '2026-09-02T10:23:31.137Z'])
    })

  test('{$self} says nothing')
    .with(['ON_STATUS_ARCHIVED', 'ON_STATUS_PENDING', 'ON_STATUS_constructor', 'ON_NEWS', 'toString', ''])
    .run(({ assert }, type) => {
      assert.deepEqual(reader.facts(event(type), 'application/json'), [])
    })

  test('a recipient’s event is its sending’s, known by the address', ({ assert }) => {
    const recipient = {
      resource_type: 'registered_mail/v4/recipients',
      resource_id: 'd905a65e-aa46-4f37-8480-260c4600c810',
    }
    const location = `https://api.maileva.com/registered_mail/v4/sendings/${ID}/recipients/d905a65e`
    const facts = reader.facts(
      event('ON_CONTENT_PROOF_RECEIVED', { ...recipient, resource_location: location }),
      ''
    )
    assert.equal(facts[0]?.providerRef, ID)
    assert.deepEqual(
      reader.facts(event('ON_CONTENT_PROOF_RECEIVED', recipient), ''),
      [],
      'nobody knows whose it is'
    )
  })

  test('{$i}. what cannot be read is nothing')
    .with(['', '{', 'null', '[1]', '"x"', '{}'])
    .run(({ assert }, body) => {
      assert.deepEqual(reader.facts(Buffer.from(body), 'application/json'), [])
    })

  test('a call is theirs by its credentials alone', ({ assert }) => {
    const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`
    const isTheirs = (authorization?: string) => reader.isAuthentic({ authorization }, Buffer.alloc(0))
    assert.isTrue(isTheirs(basic('maileva:secret')))
    for (const header of [
      undefined,
      '',
      'Basic',
      basic('maileva:'),
      basic('maileva:secre'),
      basic('x:secret'),
    ])
      assert.isFalse(isTheirs(header))
    const unset = mailevaWebhook({ login: '', password: '' })
    assert.isFalse(unset.isAuthentic({ authorization: basic(':') }, Buffer.alloc(0)))
  })
})

test.group('What Maileva answers when it is asked', () => {
  test('a sending that is {0} is {1}')
    .with([
      ['DRAFT', null],
      ['PENDING', null],
      ['ACCEPTED', 'provider_accepted'],
      ['PREPARING', 'provider_accepted'],
      ['PROCESSED', 'printed'],
      ['PROCESSED_WITH_ERRORS', 'provider_rejected'],
      ['REJECTED', 'provider_rejected'],
      ['SENDING_REJECTED', 'provider_rejected'],
      ['CANCELED', 'cancelled'],
      ['ARCHIVED', 'printed'],
      ['toString', null],
    ] as [string, MailingState | null][])
    .run(({ assert }, [status, state]) => {
      const states = factsOf(ID, { status }, null).map((fact) => fact.state)
      assert.deepEqual(states, state ? [state] : [])
    })

  test('BLOCKED says why nothing goes on', ({ assert }) => {
    assert.deepEqual(rowOf(factsOf(ID, { status: 'BLOCKED' }, null)), [
      ['status:BLOCKED', null, null, 'BLOCKED'],
    ])
  })

  test('why a sending was refused is kept', ({ assert }) => {
    const [fact] = factsOf(ID, { status: 'REJECTED', status_detail: 'trop de pages' }, null)
    assert.equal(fact!.reason, 'trop de pages')
  })

  test('a recipient that went tells that a sending with errors is none', ({ assert }) => {
    const states = (own: string) =>
      factsOf(ID, { status: 'PROCESSED_WITH_ERRORS' }, { status: own }).map(({ state }) => state)
    assert.deepEqual(states('PROCESSED'), ['printed'])
    assert.deepEqual(states('REJECTED'), ['provider_rejected', 'provider_rejected'])
  })

  test('the main delivery status {0} is {1}')
    .with([
      ['DELIVERING', 'handed_over'],
      ['FIRST_PRESENTATION', 'first_presentation'],
      ['DELIVERED', 'delivered'],
      ['UNDELIVERED', null],
      ['RETURNED', null],
    ] as [string, MailingState | null][])
    .run(({ assert }, [category, state]) => {
      const one = { category, date: '2026-09-03T08:00:00Z' }
      const facts = factsOf(ID, {}, { main_delivery_statuses: [one], last_main_delivery_status: one })
      assert.deepEqual(
        facts.map((fact) => [fact.state, fact.at]),
        state ? [[state, '2026-09-03T08:00:00.000Z']] : []
      )
    })

  test('a letter that came back for {0} is {1}')
    .with([
      ['N02', 'undeliverable'],
      ['N03', 'unclaimed'],
      ['N04', 'undeliverable'],
      ['N05', 'refused'],
      ['N06', 'undeliverable'],
      ['N07', 'undeliverable'],
      ['N10', 'undeliverable'],
      ['N99', null],
      ['toString', null],
    ] as [string, MailingState | null][])
    .run(({ assert }, [code, state]) => {
      const facts = factsOf(ID, {}, { undelivered_mail_reason: code })
      assert.deepEqual(rowOf(facts), [[`undelivered:${code}`, state, null, code]])
    })

  test('the delivery status {0} is {1}')
    .with([
      ...Object.entries(LP_STATES),
      ...[
        'LP00',
        'LP05',
        'LP06',
        'LP07',
        'LP11',
        'LP12',
        'LP13',
        'LP17',
        'LP18',
        'LP23',
        'LP24',
        'LP26',
        'LP27',
      ].map((code) => [code, null] as [string, null]),
    ] as [string, MailingState | null][])
    .run(({ assert }, [code, state]) => {
      const facts = factsOf(ID, {}, { delivery_statuses: [{ code, date: '2026-09-03T08:00:00Z' }] })
      assert.deepEqual(
        facts.map((fact) => fact.state),
        state ? [state] : []
      )
    })

  test('the codes that end a letter are those that say how it ended', ({ assert }) => {
    const ends = (table: Readonly<Record<string, MailingState>>) =>
      Object.entries(table).filter(([, state]) => ['unclaimed', 'refused', 'undeliverable'].includes(state))
    assert.deepEqual(Object.fromEntries(ends(LP_STATES)), {
      LP19: 'unclaimed',
      LP20: 'undeliverable',
      LP21: 'undeliverable',
      LP22: 'refused',
      LP25: 'unclaimed',
    })
    assert.deepEqual(ends(SENDING_STATES), [])
    assert.deepEqual(ends(DELIVERY_STATES), [])
    assert.lengthOf(ends(UNDELIVERED_REASONS), 7)
  })

  test('proofs are there with their address, and every fact has the registered number', ({ assert }) => {
    const facts = factsOf(
      ID,
      { status: 'PROCESSED' },
      {
        registered_number: '1E3232323',
        deposit_proof_url: '/sendings/x/recipients/y/download_deposit_proof',
        deposit_proof_date: '2026-09-02T07:21:40.757Z',
        content_proof_url: '/x',
        content_proof_date: '2026-09-02T08:00:00Z',
        acknowledgement_of_receipt_url: '/x',
        acknowledgement_of_receipt_date: '2026-09-05T07:21:40.757Z',
        undelivered_mail_url: '/x',
        undelivered_mail_date: '2026-09-05T07:21:40.757Z',
      }
    )
    assert.deepEqual(rowOf(facts), [
      ['status:PROCESSED', 'printed', null, null],
      ['proof:deposit', 'handed_over', 'deposit', null],
      ['proof:content', null, 'content', null],
      ['proof:receipt', 'delivered_signed', 'receipt', null],
      ['proof:returned_mail', null, 'returned_mail', null],
    ])
    assert.isTrue(facts.every(({ registeredNumber }) => registeredNumber === '1E3232323'))
    assert.equal(facts[1]!.at, '2026-09-02T07:21:40.757Z')
  })

  test('a date without a proof’s address is no proof', ({ assert }) => {
    assert.deepEqual(factsOf(ID, {}, { deposit_proof_date: '2026-09-02T07:21:40.757Z' }), [])
  })
})
