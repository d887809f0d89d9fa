import { test } from '@japa/runner'
import { readPasted } from '#registered_mail/actions/number_letters'

const REFS = ['D-1-L1', 'D-2-L1', 'D-3-L1']

test.group('a pasted list of numbers', () => {
  const cases: [title: string, pasted: string, rows: [string, string][]][] = [
    ['nothing', '', []],
    ['reference;number', 'D-2-L1;2C12345678901', [['D-2-L1', '2C12345678901']]],
    [
      'a tab between, as from a spreadsheet',
      'D-3-L1\t2C 123 456 789 01\r\n',
      [['D-3-L1', '2C 123 456 789 01']],
    ],
    ['a comma between', 'D-1-L1, 2C1', [['D-1-L1', '2C1']]],
    [
      'numbers alone take the rows in order',
      '2C1\n2C2',
      [
        ['D-1-L1', '2C1'],
        ['D-2-L1', '2C2'],
      ],
    ],
    [
      'an empty line leaves its row as it is',
      '2C1\n\n2C2\n',
      [
        ['D-1-L1', '2C1'],
        ['D-3-L1', '2C2'],
      ],
    ],
    [
      'one too many is told under its own name',
      '1\n2\n3\n4',
      [
        ['D-1-L1', '1'],
        ['D-2-L1', '2'],
        ['D-3-L1', '3'],
        ['4', '4'],
      ],
    ],
  ]
  for (const [title, pasted, rows] of cases) {
    test(title, ({ assert }) => {
      assert.deepEqual(
        readPasted(pasted, REFS),
        rows.map(([ref, typed]) => ({ ref, typed }))
      )
    })
  }
})
