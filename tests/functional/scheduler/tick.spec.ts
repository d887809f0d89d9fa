import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { clock, instantOn } from '#shared/clock'
import { closePrinter } from '#letters/rendering/printer'
import { tick } from '#scheduler/tick'
import type { TimedWork } from '#scheduler/timed_work'
import { givenAgency, givenClaim, givenUser } from '#tests/fixtures/domain'
import { givenCampaign, TEN } from '#tests/fixtures/campaigns'

test.group('Tick', (group) => {
  group.teardown(() => closePrinter())

  test('one pass carries a due letter from its step to its email', async ({ assert }) => {
    await givenAgency()
    const claim = await givenClaim()
    await givenCampaign([claim])
    const { done, deferred, failed } = await tick(TEN)
    assert.containSubset(done, { letters: 1, rendered: 1 })
    assert.equal(done.sent, 2, 'the letter’s copy, and the creditor’s email')
    assert.deepEqual([deferred, failed], [[], []])
    const letter = await db.from('letters').where('claim_id', claim.id).firstOrFail()
    assert.equal(letter.state, 'rendered')
  })

  test('what waits is told with its reason and until when', async ({ assert }) => {
    await givenAgency()
    const claim = await givenClaim()
    await givenCampaign([claim])
    const { done, deferred } = await tick(instantOn('2026-11-24', 20), { untilIdle: true })
    assert.equal(done.letters, 0)
    const [held, ...others] = deferred
    assert.lengthOf(others, 0)
    assert.containSubset(held, {
      claim: claim.ref,
      reason: 'outside_hours',
      until: instantOn('2026-11-25', 8),
    })
  })

  test('a letter that cannot be written is told, and its step with it', async ({ assert }) => {
    await givenAgency()
    const claim = await givenClaim({ debtor: { fullName: 'X'.repeat(20) } })
    await givenCampaign([claim])
    await db.from('addresses').where('debtor_id', claim.debtorId).update({ city: ' ' })
    const { failed } = await tick(TEN)
    assert.lengthOf(failed, 1)
    assert.containSubset(failed[0], { work: 'letters.render' })
    const action = await db.from('actions').where({ claim_id: claim.id, position: 1 }).firstOrFail()
    assert.containSubset(action, { state: 'failed', reason: 'letter_failed' })
    assert.lengthOf(await db.from('contacts').where('action_id', action.id), 0)
  })

  test('a file paid between its step and its letter gets no letter', async ({ assert }) => {
    await givenAgency()
    const claim = await givenClaim()
    await givenCampaign([claim])
    const { TIMED_WORK } = await import('#scheduler/work')
    await tick(TEN, { work: TIMED_WORK.filter(({ name }) => name === 'campaigns.due') })
    await db.from('claims').where('id', claim.id).update({ paid_on: '2026-11-24', status: 'paid' })
    const { done } = await tick(TEN)
    assert.equal(done.rendered, 0)
    const action = await db.from('actions').where({ claim_id: claim.id, position: 1 }).firstOrFail()
    assert.containSubset(action, { state: 'skipped', reason: 'paid' })
  })

  test('rule 41: a dispute between the step and its letter holds it; answered, another letter is written', async ({
    assert,
  }) => {
    await givenAgency()
    const claim = await givenClaim()
    await givenCampaign([claim])
    const { TIMED_WORK } = await import('#scheduler/work')
    await tick(TEN, { work: TIMED_WORK.filter(({ name }) => name === 'campaigns.due') })
    await clock.at(TEN, async () =>
      claim.pause({ reason: 'Vérification', untilOn: null, by: await givenUser() })
    )
    await tick(TEN)
    const held = await db.from('actions').where({ claim_id: claim.id, position: 1 }).firstOrFail()
    assert.containSubset(held, { state: 'deferred', reason: 'paused' })

    const later = instantOn('2026-11-25', 10)
    await clock.at(later, async () => claim.resume({ by: await givenUser() }))
    const { done } = await tick(later)
    assert.equal(done.rendered, 1)
    const letters = await db.from('letters').where('claim_id', claim.id).orderBy('id')
    assert.deepEqual(
      letters.map(({ ref, state }) => [ref, state]),
      [
        [`${claim.ref}-L1`, 'cancelled'],
        [`${claim.ref}-L2`, 'rendered'],
      ]
    )
  })

  test('work that fails is told, and the others are done', async ({ assert }) => {
    const done: string[] = []
    const work: TimedWork[] = [
      { name: 'good', run: async () => (done.push('good'), { done: { some: 1 } }) },
      { name: 'bad', run: () => Promise.reject(new Error('the disk is full')) },
      { name: 'last', run: async () => (done.push('last'), {}) },
    ]
    const outcome = await tick(TEN, { work })
    assert.deepEqual(done, ['good', 'last'])
    assert.deepEqual(outcome, {
      at: TEN,
      done: { some: 1 },
      deferred: [],
      failed: [{ work: 'bad', reason: 'the disk is full' }],
    })
  })

  test('until idle it goes on while there is work, at the same instant', async ({ assert }) => {
    let left = 3
    const seen: string[] = []
    const work: TimedWork[] = [
      {
        name: 'some',
        run: async () => (seen.push(clock.now()), { done: { some: left > 0 ? left-- && 1 : 0 } }),
      },
    ]
    const outcome = await tick(TEN, { work, untilIdle: true })
    assert.deepEqual(outcome.done, { some: 3 })
    assert.deepEqual(seen, [TEN, TEN, TEN, TEN])
  })

  test('stopped, it begins nothing more', async ({ assert }) => {
    const stop = new AbortController()
    const seen: string[] = []
    const work: TimedWork[] = [
      { name: 'one', run: async () => (stop.abort(), { done: { one: 1 } }) },
      { name: 'two', run: async () => (seen.push('two'), {}) },
    ]
    await tick(TEN, { work, untilIdle: true, signal: stop.signal })
    assert.deepEqual(seen, [])
  })
})
