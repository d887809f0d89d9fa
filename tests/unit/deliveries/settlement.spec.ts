import { test } from '@japa/runner'
import { addMinutes } from '#shared/clock'
import { MAX_ATTEMPTS, minutesAfter } from '#deliveries/attempts'
import { conclude, verdictConclusion } from '#deliveries/settlement'

const AT = '2026-11-23T09:00:00.000Z'
const LAST = MAX_ATTEMPTS - 1
const lost = { kind: 'unanswered', reason: 'no answer' } as const
const later = { kind: 'temporary', reason: '450' } as const

test.group('What an outcome makes of a row', () => {
  test('{name}')
    .with([
      {
        name: 'taken: sent, with the provider’s reference',
        made: conclude(2, { kind: 'sent', providerRef: 'q1' }, { keyed: false }, AT),
        state: 'sent',
        attempts: 3,
      },
      {
        name: 'refused for the moment: waits',
        made: conclude(0, later, { keyed: false }, AT),
        state: 'queued',
        attempts: 1,
        waits: 1,
      },
      {
        name: 'refused again: waits longer',
        made: conclude(3, later, { keyed: false }, AT),
        state: 'queued',
        attempts: 4,
        waits: 60,
      },
      {
        name: 'refused for the last time: failed',
        made: conclude(LAST, later, { keyed: false }, AT),
        state: 'failed',
        attempts: MAX_ATTEMPTS,
      },
      {
        name: 'refused for good: failed at once',
        made: conclude(0, { kind: 'permanent', reason: '550' }, { keyed: true }, AT),
        state: 'failed',
        attempts: 1,
      },
      {
        name: 'nothing leaves at all: waits, and no try is counted',
        made: conclude(LAST, { kind: 'unreachable', reason: 'ECONNREFUSED' }, { keyed: false }, AT),
        state: 'queued',
        attempts: LAST,
        waits: 5,
      },
      {
        name: 'answer lost, no key: uncertain, whatever the tries',
        made: conclude(0, lost, { keyed: false }, AT),
        state: 'uncertain',
        attempts: 1,
      },
      {
        name: 'answer lost, with a key: asked again',
        made: conclude(0, lost, { keyed: true }, AT),
        state: 'queued',
        attempts: 1,
        waits: 1,
      },
      {
        name: 'answer lost, with a key that settles late: not asked again sooner',
        made: conclude(0, lost, { keyed: true, settlesInMinutes: 6 }, AT),
        state: 'queued',
        attempts: 1,
        waits: 6,
      },
      {
        name: 'answer lost for the last time, with a key: uncertain, not failed',
        made: conclude(LAST, lost, { keyed: true }, AT),
        state: 'uncertain',
        attempts: MAX_ATTEMPTS,
      },
    ])
    .run(({ assert }, { made, state, attempts, waits }) => {
      assert.equal(made.state, state)
      assert.equal(made.attempts, attempts)
      assert.equal(made.notBeforeAt, waits === undefined ? undefined : addMinutes(AT, waits))
    })

  test('the tries spread over about a day', ({ assert }) => {
    const minutes = Array.from({ length: MAX_ATTEMPTS - 1 }, (_, index) => minutesAfter(index + 1))
    assert.deepEqual(
      minutes,
      minutes.toSorted((one, other) => one - other)
    )
    const total = minutes.reduce((sum, some) => sum + some, 0)
    assert.isAbove(total, 20 * 60)
    assert.isBelow(total, 30 * 60)
  })

  test('an objection cancels, or puts off; never to an instant already past', ({ assert }) => {
    assert.containSubset(verdictConclusion(3, { cancel: 'paid' }, AT), {
      state: 'cancelled',
      reason: 'paid',
      attempts: 3,
    })
    const future = addMinutes(AT, 90)
    const put = (deferUntil: string) => verdictConclusion(3, { deferUntil, reason: 'hours' }, AT).notBeforeAt
    assert.equal(put(future), future)
    assert.equal(put(AT), addMinutes(AT, 1))
  })
})
