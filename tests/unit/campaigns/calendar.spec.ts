import { test } from '@japa/runner'
import { contactInstantFrom } from '#shared/calendar'
import { instantOn } from '#shared/clock'
import { firstLookAt, isContactTime, nextContactDayAt, stepDates, windowLeftAt } from '#campaigns/calendar'

const AMIABLE = [0, 4, 8, 12, 16, 20]

test.group('The calendar of a campaign', () => {
  test('launched on {on}: {why}')
    .with([
      {
        on: '2026-11-24',
        why: 'a Sunday moves to the Monday',
        dates: ['2026-11-24', '2026-11-28', '2026-12-02', '2026-12-07', '2026-12-10', '2026-12-14'],
      },
      {
        on: '2026-11-11',
        why: '11 November is a holiday',
        dates: ['2026-11-12', '2026-11-16', '2026-11-19', '2026-11-23', '2026-11-27', '2026-12-01'],
      },
      {
        on: '2026-04-02',
        why: 'Easter Monday comes after its Sunday',
        dates: ['2026-04-02', '2026-04-07', '2026-04-10', '2026-04-14', '2026-04-18', '2026-04-22'],
      },
      {
        on: '2026-12-25',
        why: 'Christmas, then a Saturday',
        dates: ['2026-12-26', '2026-12-29', '2027-01-02', '2027-01-06', '2027-01-11', '2027-01-14'],
      },
      {
        on: '2026-05-01',
        why: 'the bridges of May: the 8th, Ascension, Whit Monday',
        dates: ['2026-05-02', '2026-05-05', '2026-05-09', '2026-05-13', '2026-05-18', '2026-05-21'],
      },
      {
        on: '2028-02-25',
        why: 'a leap year has a 29 February',
        dates: ['2028-02-25', '2028-02-29', '2028-03-04', '2028-03-08', '2028-03-13', '2028-03-16'],
      },
    ])
    .run(({ assert }, { on, dates }) => {
      assert.deepEqual(stepDates(AMIABLE, on), dates)
    })

  test('two steps of different days never fall on the same one, those of one day do', ({ assert }) => {
    // Saturday, then Sunday and Monday which both become the Monday.
    assert.deepEqual(stepDates([0, 1, 2], '2026-11-28'), ['2026-11-28', '2026-11-30', '2026-12-01'])
    assert.deepEqual(stepDates([0, 0, 4], '2026-11-29'), ['2026-11-30', '2026-11-30', '2026-12-03'])
  })

  test('a day’s work is looked at as it begins in Paris, before anybody may be written to', ({ assert }) => {
    for (const on of ['2026-07-14', '2026-11-24', '2027-03-28']) {
      assert.isAtMost(Date.parse(firstLookAt(on)), Date.parse(instantOn(on, 8)))
      assert.isAtLeast(Date.parse(firstLookAt(on)), Date.parse(instantOn(on)))
    }
  })
})

test.group('rule 13: hours of contact', () => {
  test('{at} is {verdict}')
    .with([
      { at: instantOn('2026-11-24', 7, 59), verdict: 'too early', next: instantOn('2026-11-24', 8) },
      { at: instantOn('2026-11-24', 8), verdict: 'allowed', next: instantOn('2026-11-24', 8) },
      { at: instantOn('2026-11-24', 18, 59), verdict: 'allowed', next: instantOn('2026-11-24', 18, 59) },
      { at: instantOn('2026-11-24', 19), verdict: 'too late', next: instantOn('2026-11-25', 8) },
      {
        at: instantOn('2026-11-28', 8, 30),
        verdict: 'too early for a Saturday',
        next: instantOn('2026-11-28', 9),
      },
      {
        at: instantOn('2026-11-28', 13),
        verdict: 'too late for a Saturday',
        next: instantOn('2026-11-30', 8),
      },
      { at: instantOn('2026-11-29', 10), verdict: 'a Sunday', next: instantOn('2026-11-30', 8) },
      { at: instantOn('2026-11-11', 10), verdict: '11 November', next: instantOn('2026-11-12', 8) },
      { at: instantOn('2026-04-06', 10), verdict: 'Easter Monday', next: instantOn('2026-04-07', 8) },
      {
        at: instantOn('2027-03-29', 10),
        verdict: 'Easter Monday after the clocks changed',
        next: instantOn('2027-03-30', 8),
      },
      { at: instantOn('2026-07-14', 10), verdict: '14 July', next: instantOn('2026-07-15', 8) },
      // The clocks go back on the night to 25 October 2026, a Sunday, and forward on that to 28 March 2027.
      {
        at: '2026-10-24T11:00:00.000Z',
        verdict: 'Saturday 13:00 in summer time',
        next: '2026-10-26T07:00:00.000Z',
      },
      { at: '2026-10-26T06:59:00.000Z', verdict: '07:59 in winter time', next: '2026-10-26T07:00:00.000Z' },
      {
        at: '2026-10-25T00:30:00.000Z',
        verdict: 'the hour that comes twice',
        next: '2026-10-26T07:00:00.000Z',
      },
      {
        at: '2027-03-27T12:00:00.000Z',
        verdict: 'Saturday 13:00 in winter time',
        next: '2027-03-30T06:00:00.000Z',
      },
      {
        at: '2027-03-28T01:30:00.000Z',
        verdict: 'the night an hour is missing',
        next: '2027-03-30T06:00:00.000Z',
      },
    ])
    .run(({ assert }, { at, next }) => {
      assert.equal(contactInstantFrom(at), next)
      assert.equal(isContactTime(at), at === next)
    })

  test('what no waiting today will cure is looked at on the next day of contact', ({ assert }) => {
    assert.equal(nextContactDayAt(instantOn('2026-11-24', 10)), instantOn('2026-11-25', 8))
    assert.equal(nextContactDayAt(instantOn('2026-11-24', 6)), instantOn('2026-11-25', 8))
    assert.equal(nextContactDayAt(instantOn('2026-11-28', 9)), instantOn('2026-11-30', 8))
    assert.equal(nextContactDayAt(instantOn('2026-11-10', 20)), instantOn('2026-11-12', 8))
  })

  test('a contact leaves the window after seven times 24 hours, within hours', ({ assert }) => {
    assert.equal(windowLeftAt(instantOn('2026-11-24', 10)), instantOn('2026-12-01', 10))
    assert.equal(windowLeftAt(instantOn('2026-11-21', 11)), instantOn('2026-11-28', 11))
    // A Saturday at noon in summer is eleven in winter, and still within a Saturday's hours.
    assert.equal(windowLeftAt(instantOn('2026-10-24', 12)), instantOn('2026-10-31', 11))
    // Wednesday 4 November: seven days later is a holiday.
    assert.equal(windowLeftAt(instantOn('2026-11-04', 10)), instantOn('2026-11-12', 8))
  })
})
