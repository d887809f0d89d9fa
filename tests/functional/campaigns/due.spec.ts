import { test } from '@japa/runner'
import db from '@adonisjs/lucid/services/db'
import { instantOn } from '#shared/clock'
import { givenAgency, givenClaim } from '#tests/fixtures/domain'
import { due, givenCampaign, storyOf, TEN } from '#tests/fixtures/campaigns'

test.group('Due actions', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  test('the letter of the day is queued, with its contact and its line in the timeline', async ({
    assert,
  }) => {
    const claim = await givenClaim()
    await givenCampaign([claim])
    const carried = await due(TEN)
    assert.deepEqual({ ...carried }, { letters: 1, emails: 0, toConfirm: 0, skipped: 0, deferred: [] })
    const [letter] = await db.from('letters').where('claim_id', claim.id)
    assert.containSubset(letter, {
      ref: `${claim.ref}-L1`,
      kind: 'simple',
      state: 'queued',
      dated_on: '2026-11-24',
    })
    assert.deepEqual(await storyOf(claim), [
      'letter done',
      'email planned',
      'email planned',
      'email planned',
      'email planned',
      'hand_over planned',
    ])
    const again = await due(instantOn('2026-11-24', 11))
    assert.equal(again.letters, 0)
  })
})
