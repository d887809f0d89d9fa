import { test } from '@japa/runner'
import { contactHours } from '#shared/calendar'
import { instantOn } from '#shared/clock'
import { offeredSlots } from '#claims/contact_slots'

const written = (on: string, hour: number, minute = 0) =>
  offeredSlots(instantOn(on, hour, minute), 2).map((offer) => `${offer.on} ${offer.slot}`)

test.group('Call slots', () => {
  test('a weekday offers its four parts, then the next day', ({ assert }) => {
    assert.deepEqual(written('2026-11-23', 6), [
      '2026-11-23 morning',
      '2026-11-23 midday',
      '2026-11-23 afternoon',
      '2026-11-23 evening',
      '2026-11-24 morning',
      '2026-11-24 midday',
      '2026-11-24 afternoon',
      '2026-11-24 evening',
    ])
  })

  test('a part begins at least two hours from now', ({ assert }) => {
    assert.equal(written('2026-11-23', 7)[0], '2026-11-23 morning')
    assert.equal(written('2026-11-23', 7, 1)[0], '2026-11-23 midday')
    assert.equal(written('2026-11-23', 15, 1)[0], '2026-11-24 morning')
  })

  test('rule 13: Saturday has a morning only, Sunday and holidays have nothing', ({ assert }) => {
    assert.deepEqual(written('2026-11-20', 18).slice(0, 2), ['2026-11-21 morning', '2026-11-23 morning'])
    assert.equal(written('2026-12-24', 18)[0], '2026-12-26 morning', 'not on 25 December')
  })

  test('rule 13: every offer of a year lies inside contact hours', ({ assert }) => {
    const offers = offeredSlots(instantOn('2026-01-01', 0), 300)
    for (const { on, from, until } of offers) {
      const open = contactHours(on)
      assert.isNotNull(open, on)
      assert.isTrue(open!.from <= from && until <= open!.until, on)
    }
  })
})
