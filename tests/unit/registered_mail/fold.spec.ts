import { test } from '@japa/runner'
import fc from 'fast-check'
import { foldFacts, type ToldFact } from '#registered_mail/fold'
import { MAILING_STATES, type MailingState } from '#registered_mail/providers/provider'
import { further, hasLeft, isEnd, outcomeOf } from '#registered_mail/states'

let serial = 0
const fact = (state: MailingState | null, day: number, more: Partial<ToldFact> = {}): ToldFact => ({
  factKey: `fact-${++serial}`,
  state,
  occurredAt: `2026-11-${String(day).padStart(2, '0')}T10:00:00.000Z`,
  receivedAt: '2026-11-30T10:00:00.000Z',
  registeredNumber: null,
  reason: null,
  ...more,
})

function* orders<T>(items: readonly T[]): Generator<T[]> {
  if (items.length <= 1) yield [...items]
  for (const [index, first] of items.entries()) {
    for (const rest of orders(items.toSpliced(index, 1))) yield [first, ...rest]
  }
}

/** What a mailing goes through, and where it must end. */
const STORIES: { title: string; facts: [MailingState | null, number][]; end: MailingState; on?: string }[] = [
  {
    title: 'received against signature',
    facts: [
      ['printed', 10],
      ['handed_over', 11],
      ['first_presentation', 13],
      ['awaiting_pickup', 13],
      ['delivered_signed', 20],
    ],
    end: 'delivered_signed',
    on: '2026-11-20',
  },
  {
    title: 'refused at the door',
    facts: [
      ['printed', 10],
      ['handed_over', 11],
      ['first_presentation', 13],
      ['refused', 13],
    ],
    end: 'refused',
    on: '2026-11-13',
  },
  {
    title: 'never fetched',
    facts: [
      ['handed_over', 11],
      ['first_presentation', 13],
      ['awaiting_pickup', 14],
      ['unclaimed', 29],
    ],
    end: 'unclaimed',
    on: '2026-11-29',
  },
  {
    title: 'unknown at the address',
    facts: [
      ['printed', 10],
      ['handed_over', 11],
      ['undeliverable', 14],
      [null, 15],
    ],
    end: 'undeliverable',
    on: '2026-11-14',
  },
  {
    title: 'refused by the provider',
    facts: [['provider_rejected', 10]],
    end: 'provider_rejected',
    on: '2026-11-10',
  },
  {
    title: 'plain, delivered',
    facts: [
      ['printed', 10],
      ['handed_over', 11],
      ['delivered', 14],
    ],
    end: 'delivered',
  },
]

test.group('what is told of a mailing', () => {
  for (const { title, facts, end, on } of STORIES) {
    test(`in every order, told once or twice: ${title}`, ({ assert }) => {
      const told = facts.map(([state, day]) => fact(state, day))
      const expected = foldFacts('provider_accepted', told)
      assert.equal(expected.state, end)
      assert.equal(expected.endedOn, on ?? null)
      assert.isFalse(expected.contradicted)
      for (const order of orders(told)) {
        assert.deepEqual(foldFacts('provider_accepted', order), expected)
        assert.deepEqual(foldFacts('provider_accepted', [...order, ...order.toReversed()]), expected)
      }
    })
  }

  test('each date is the earliest told, and a number or a reason is kept from wherever it comes', ({
    assert,
  }) => {
    const folded = foldFacts('provider_accepted', [
      fact('delivered_signed', 20),
      fact('awaiting_pickup', 14),
      fact('first_presentation', 15),
      fact('handed_over', 11, { registeredNumber: '2C12345678901' }),
      fact('handed_over', 12),
    ])
    assert.deepEqual(folded, {
      state: 'delivered_signed',
      registeredNumber: '2C12345678901',
      reason: null,
      handedOverOn: '2026-11-11',
      firstPresentedOn: '2026-11-14',
      deliveredOn: '2026-11-20',
      endedOn: '2026-11-20',
      contradicted: false,
    })
    const returned = [
      fact('undeliverable', 14, { reason: 'N02' }),
      fact('undeliverable', 15, { reason: 'N07' }),
    ]
    assert.equal(foldFacts('provider_accepted', returned).reason, 'N02')
  })

  test('a day is that of Paris', ({ assert }) => {
    const late = fact('first_presentation', 13, { occurredAt: '2026-11-13T23:30:00.000Z' })
    assert.equal(foldFacts('provider_accepted', [late]).firstPresentedOn, '2026-11-14')
  })

  test('two ends that exclude each other: the surer one in any order, and a person is told', ({ assert }) => {
    const pairs: [MailingState, MailingState, MailingState][] = [
      ['undeliverable', 'delivered_signed', 'delivered_signed'],
      ['unclaimed', 'undeliverable', 'unclaimed'],
      ['refused', 'unclaimed', 'refused'],
      ['delivered', 'undeliverable', 'undeliverable'],
    ]
    for (const [one, other, end] of pairs) {
      const facts = [fact(one, 13), fact(other, 14)]
      for (const order of [facts, facts.toReversed()]) {
        const { state, contradicted } = foldFacts('provider_accepted', order)
        assert.deepEqual({ state, contradicted }, { state: end, contradicted: true }, `${one}, ${other}`)
      }
    }
    assert.isFalse(
      foldFacts('provider_accepted', [fact('delivered', 13), fact('delivered_signed', 13)]).contradicted
    )
  })

  test('whatever is told, in whatever order: never backwards, and the same in the end', ({ assert }) => {
    const any = fc.array(
      fc.record({
        state: fc.option(fc.constantFrom(...MAILING_STATES), { nil: null }),
        day: fc.integer({ min: 1, max: 30 }),
      }),
      { maxLength: 12 }
    )
    fc.assert(
      fc.property(any, fc.infiniteStream(fc.nat()), (told, shuffle) => {
        const facts = told.map(({ state, day }) => fact(state, day))
        const shuffled = facts
          .map((one) => ({ one, place: shuffle.next().value as number }))
          .sort((a, b) => a.place - b.place)
          .map(({ one }) => one)
        const whole = foldFacts('provider_accepted', facts)
        assert.deepEqual(foldFacts('provider_accepted', shuffled), whole)
        let reached: MailingState = 'provider_accepted'
        for (let count = 1; count <= shuffled.length; count++) {
          const { state } = foldFacts('provider_accepted', shuffled.slice(0, count))
          assert.equal(further(reached, state), state, 'it went backwards')
          if (isEnd(reached)) assert.isTrue(isEnd(state), 'an end was left')
          reached = state
        }
        assert.equal(reached, whole.state)
      }),
      { numRuns: 500, seed: 14 }
    )
  })

  test('what never left is not posted, and what could not reach anybody is no delivery', ({ assert }) => {
    for (const state of ['queued', 'provider_accepted', 'provider_rejected', 'cancelled'] as const) {
      assert.isFalse(hasLeft(state), state)
    }
    for (const state of ['printed', 'sent', 'delivered', 'undeliverable', 'unclaimed'] as const) {
      assert.isTrue(hasLeft(state), state)
    }
    assert.notEqual(outcomeOf('unclaimed'), outcomeOf('refused'))
  })
})
