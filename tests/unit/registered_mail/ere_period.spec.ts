import { test } from '@japa/runner'
import { deadlineAfter, lastDayBefore, remindersDue } from '#registered_mail/ere/period'
import { ERE_STATES, mayBecome, type EreState } from '#registered_mail/ere/states'

const days = (from: string, until: string) => (Date.parse(until) - Date.parse(from)) / 3_600_000 / 24

test.group('ERE, the fifteen days (rule 48)', () => {
  test('the day after the dispatch is the first; the last ends, exclusive, where the sixteenth begins: {0}')
    .with([
      // Winter, at noon and to the last millisecond of a day in Paris.
      ['2026-11-16T11:00:00.000Z', '2026-12-01T23:00:00.000Z', '2026-12-01'],
      ['2026-11-16T22:59:59.999Z', '2026-12-01T23:00:00.000Z', '2026-12-01'],
      // 23:00 UTC is the next day in Paris.
      ['2026-11-16T23:00:00.000Z', '2026-12-02T23:00:00.000Z', '2026-12-02'],
      // Across the night of 28 to 29 March 2026, which has 23 hours.
      ['2026-03-20T10:00:00.000Z', '2026-04-04T22:00:00.000Z', '2026-04-04'],
      // Dispatched on the very night, before and after the hour that is not there.
      ['2026-03-29T00:59:59.000Z', '2026-04-13T22:00:00.000Z', '2026-04-13'],
      ['2026-03-29T01:00:00.000Z', '2026-04-13T22:00:00.000Z', '2026-04-13'],
      // Ends on that night: the last day has 23 hours.
      ['2026-03-14T09:00:00.000Z', '2026-03-29T22:00:00.000Z', '2026-03-29'],
      // Across the night of 24 to 25 October 2026, which has 25 hours, and in each of its two second hours.
      ['2026-10-15T08:00:00.000Z', '2026-10-30T23:00:00.000Z', '2026-10-30'],
      ['2026-10-25T00:30:00.000Z', '2026-11-09T23:00:00.000Z', '2026-11-09'],
      ['2026-10-25T01:30:00.000Z', '2026-11-09T23:00:00.000Z', '2026-11-09'],
      ['2026-10-10T08:00:00.000Z', '2026-10-25T23:00:00.000Z', '2026-10-25'],
      // Month ends, a leap February, a year's end.
      ['2026-01-31T10:00:00.000Z', '2026-02-15T23:00:00.000Z', '2026-02-15'],
      ['2026-02-13T10:00:00.000Z', '2026-02-28T23:00:00.000Z', '2026-02-28'],
      ['2028-02-14T10:00:00.000Z', '2028-02-29T23:00:00.000Z', '2028-02-29'],
      ['2026-12-20T10:00:00.000Z', '2027-01-04T23:00:00.000Z', '2027-01-04'],
    ] as [string, string, string][])
    .run(({ assert }, [sentAt, deadlineAt, lastOn]) => {
      assert.equal(deadlineAfter(sentAt), deadlineAt)
      assert.equal(lastDayBefore(deadlineAt), lastOn)
    })

  test('a day of 23 or 25 hours is one day: the period is 15 civil days, not 360 hours', ({ assert }) => {
    const [spring, autumn] = ['2026-03-20T23:00:00.000Z', '2026-10-15T22:00:00.000Z']
    assert.closeTo(days(spring, deadlineAfter(spring)), 16 - 1 / 24, 0.001)
    assert.closeTo(days(autumn, deadlineAfter(autumn)), 16 + 1 / 24, 0.001)
  })

  test('two reminders, on days of contact, never after the last day to answer', ({ assert }) => {
    // Monday 16 November: the fifth day is a Saturday, the eleventh a Friday.
    const [sentAt, deadlineAt] = ['2026-11-16T11:00:00.000Z', '2026-12-01T23:00:00.000Z']
    const due = (on: string) => remindersDue(sentAt, deadlineAt, on)
    assert.deepEqual(
      ['2026-11-20', '2026-11-21', '2026-11-26', '2026-11-27', '2026-12-01', '2026-12-02'].map(due),
      [0, 1, 1, 2, 2, 0]
    )
    // Sunday is no day of contact: the reminder of day 5 waits for Monday.
    const tuesday = '2026-11-17T11:00:00.000Z'
    assert.deepEqual(
      ['2026-11-22', '2026-11-23'].map((on) => remindersDue(tuesday, deadlineAfter(tuesday), on)),
      [0, 1]
    )
  })
})

test.group('ERE, its states (rule 50)', () => {
  const ENDS: EreState[] = ['signed', 'refused', 'expired', 'cancelled', 'replaced']

  test('an end is never left: {$self}')
    .with(ENDS)
    .run(({ assert }, end) => {
      for (const state of ERE_STATES) assert.isFalse(mayBecome(end, state), `${end} to ${state}`)
    })

  test('a notice that did not arrive never becomes unclaimed; what was accepted never refused or unclaimed', ({
    assert,
  }) => {
    assert.isFalse(mayBecome('notification_failed', 'expired'))
    assert.isFalse(mayBecome('deposited', 'expired'))
    for (const state of ['accepted', 'received'] as const) {
      for (const other of ['refused', 'expired', 'cancelled', 'notified', 'notification_failed'] as const)
        assert.isFalse(mayBecome(state, other), `${state} to ${other}`)
    }
  })
})
