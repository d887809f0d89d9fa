import { test } from '@japa/runner'
import { readSteps, type TypedStep } from '#campaigns/scenarios/read_steps'
import { slugOf } from '#campaigns/scenarios/slug'

const typed = (day: string, channel: string, mode = 'confirm'): TypedStep => ({ day, channel, mode })
const LETTER = typed('0', 'letter')
const BLANK: TypedStep = { mode: 'confirm' }

test.group('Steps as they are typed', () => {
  test('are put in the order of their days; blank rows and removed ones are not there', ({ assert }) => {
    const rows = [
      typed('30', 'hand_over'),
      BLANK,
      { ...typed('9', 'email', 'automatic'), id: 7 },
      { ...typed('4', 'email'), remove: true },
      typed('0', 'lre', 'manual'),
    ]
    assert.deepEqual(readSteps(rows).steps, [
      { id: null, day: 0, channel: 'lre', mode: 'manual' },
      { id: 7, day: 9, channel: 'email', mode: 'automatic' },
      { id: null, day: 30, channel: 'hand_over', mode: 'confirm' },
    ])
  })

  test('R124-4: the first may be a letter of each kind: {$self}')
    .with(['letter', 'lrar', 'ere', 'lre'])
    .run(({ assert }, channel) => {
      assert.lengthOf(readSteps([typed('365', channel)]).steps!, 1)
    })

  test('are refused: {title}')
    .with([
      { title: 'no step', rows: [BLANK], says: ['0 day no_step'] },
      { title: 'all removed', rows: [{ ...LETTER, remove: true }], says: ['0 day no_step'] },
      { title: 'a day missing', rows: [LETTER, { channel: 'email', mode: 'confirm' }], says: ['1 day day'] },
      { title: 'a day before', rows: [LETTER, typed('-1', 'email')], says: ['1 day day'] },
      { title: 'a day beyond', rows: [LETTER, typed('366', 'email')], says: ['1 day day'] },
      { title: 'half a day', rows: [LETTER, typed('1.5', 'email')], says: ['1 day day'] },
      { title: 'another writing', rows: [LETTER, typed('1e2', 'email')], says: ['1 day day'] },
      {
        title: 'a channel missing',
        rows: [LETTER, { day: '3', mode: 'confirm' }],
        says: ['1 channel channel'],
      },
      { title: 'an unknown channel', rows: [LETTER, typed('3', 'pigeon')], says: ['1 channel channel'] },
      { title: 'an unknown mode', rows: [LETTER, typed('3', 'email', 'later')], says: ['1 mode mode'] },
      { title: 'no mode', rows: [LETTER, { day: '3', channel: 'email' }], says: ['1 mode mode'] },
      {
        title: 'rule 13, two on the same day',
        rows: [typed('4', 'email'), LETTER, typed('4', 'lrar')],
        says: ['2 day same_day'],
      },
      {
        title: 'R124-4, an email first',
        rows: [typed('5', 'letter'), typed('1', 'email')],
        says: ['1 channel first_letter'],
      },
      { title: 'a hand-over alone', rows: [typed('0', 'hand_over')], says: ['0 channel first_letter'] },
      {
        title: 'a hand-over before the end',
        rows: [LETTER, typed('3', 'hand_over'), typed('9', 'email')],
        says: ['1 channel hand_over_last'],
      },
      {
        title: 'two hand-overs',
        rows: [LETTER, typed('3', 'hand_over'), typed('9', 'hand_over')],
        says: ['1 channel hand_over_last'],
      },
      {
        title: 'a hand-over that nobody decides',
        rows: [LETTER, typed('3', 'hand_over', 'automatic')],
        says: ['1 mode hand_over_mode'],
      },
      {
        title: 'a hand-over done by hand',
        rows: [LETTER, typed('3', 'hand_over', 'manual')],
        says: ['1 mode hand_over_mode'],
      },
      {
        title: 'more than twenty',
        rows: Array.from({ length: 21 }, (_, day) => typed(String(day), day === 0 ? 'letter' : 'email')),
        says: ['20 day too_many'],
      },
      {
        title: 'everything at once',
        rows: [typed('x', 'email'), { day: '3' }],
        says: ['0 day day', '1 channel channel', '1 mode mode'],
      },
    ])
    .run(({ assert }, { rows, says }) => {
      const { steps, refusals } = readSteps(rows)
      assert.isNull(steps)
      assert.deepEqual(
        refusals.map(({ row, field, reason }) => `${row} ${field} ${reason}`),
        says
      )
    })

  test('twenty are not too many', ({ assert }) => {
    const rows = Array.from({ length: 20 }, (_, day) => typed(String(day), day === 0 ? 'letter' : 'email'))
    assert.lengthOf(readSteps(rows).steps!, 20)
  })
})

test.group('The slug of a scenario', () => {
  test('{name} → {slug}')
    .with([
      { name: 'Relance ferme (été)', slug: 'relance-ferme-ete' },
      { name: '  Œuvres & Cie — 2 ', slug: 'oeuvres-cie-2' },
      { name: 'x'.repeat(47) + ' yz', slug: 'x'.repeat(47) },
      { name: '!!! — …', slug: '' },
    ])
    .run(({ assert }, { name, slug }) => {
      assert.equal(slugOf(name), slug)
      assert.isAtMost(slugOf(name).length, 48)
    })
})
