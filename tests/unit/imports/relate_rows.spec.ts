import { test } from '@japa/runner'
import { KnownInvoices, relateRows, type Relatable } from '#imports/relate_rows'

const row = (
  number: number,
  values: Partial<Relatable> & { invoiced?: Partial<Relatable['invoice']> } = {}
) => {
  const { invoiced, ...rest } = values
  return {
    row: number,
    mergeKey: `b2c:debtor ${number}|x`,
    nameKey: null,
    decision: null,
    invoice: {
      number: `FA-${number}`,
      debtor: `Debtor ${number}`,
      siren: null,
      amountCents: 1000 + number,
      ...invoiced,
    },
    ...rest,
  } satisfies Relatable
}

const related = (rows: Relatable[], claimed = new KnownInvoices()) =>
  [...relateRows(rows, claimed)].map(([number, { outcome, fileRow, duplicateOf }]) => [
    number,
    outcome,
    fileRow,
    duplicateOf,
  ])

test.group('imports | rules between rows', () => {
  test('rows of one debtor make one file', ({ assert }) => {
    const same = 'b2c:zoe martin|1 rue a|75002|paris'
    assert.deepEqual(related([row(2, { mergeKey: same }), row(3), row(4, { mergeKey: same })]), [
      [2, 'ready', 2, null],
      [3, 'ready', 3, null],
      [4, 'ready', 2, null],
    ])
  })

  test('a row without a SIREN joins the one of the same name and address that has one', ({ assert }) => {
    const nameKey = 'b2b:brume|1 rue a|75002|paris'
    const rows = [row(2, { mergeKey: nameKey }), row(3, { mergeKey: 'siren:732829320', nameKey })]
    assert.deepEqual(related(rows), [
      [2, 'ready', 2, null],
      [3, 'ready', 2, null],
    ])
    const another = row(4, { mergeKey: 'siren:552081317', nameKey })
    assert.deepEqual(
      related([...rows, another]).map(([, , file]) => file),
      [2, 3, 4],
      'of two SIRENs at one address, none is chosen'
    )
  })

  test('an invoice twice in the table is set aside the second time', ({ assert }) => {
    const rows = [
      row(2, { invoiced: { number: 'FA-1, FA-2' } }),
      row(3, { invoiced: { number: 'fa 2', debtor: 'debtor  2' } }),
    ]
    assert.deepEqual(related(rows), [
      [2, 'ready', 2, null],
      [3, 'set_aside', null, 'row:2'],
    ])
    assert.deepEqual(related([rows[0]!, { ...rows[1]!, decision: 'take' }])[1], [3, 'ready', 3, 'row:2'])
  })

  test('the same number for another debtor and another amount is another invoice', ({ assert }) => {
    const number = { number: '1' }
    assert.deepEqual(
      related([row(2, { invoiced: number }), row(3, { invoiced: number })]).map(([, outcome]) => outcome),
      ['ready', 'ready']
    )
  })

  test('of many invoices of one number, the first that is the same is named', ({ assert }) => {
    const rows = [2, 3, 4, 5].map((number) => row(number, { invoiced: { number: '1' } }))
    const again = { number: '1', debtor: 'Debtor 4', amountCents: 1003 }
    assert.deepEqual(
      related([...rows, row(6, { invoiced: again }), row(7, { invoiced: { ...again, amountCents: 9 } })]).map(
        ([, , , duplicateOf]) => duplicateOf
      ),
      [null, null, null, null, 'row:3', 'row:4']
    )
  })

  test('an invoice already in a claim is set aside, by its debtor, its SIREN or its amount', ({ assert }) => {
    const claimed = new KnownInvoices()
    claimed.add(
      { number: 'FA-9', debtor: 'ATELIER BRUME', siren: '732829320', amountCents: 5000 },
      'claim:D-2026-00042'
    )
    const said = (invoiced: Partial<Relatable['invoice']>) =>
      related([row(2, { invoiced: { number: 'FA-9', ...invoiced } })], claimed)[0]![3]
    assert.equal(said({ debtor: 'Atelier Brume' }), 'claim:D-2026-00042')
    assert.equal(said({ siren: '732829320' }), 'claim:D-2026-00042')
    assert.equal(said({ amountCents: 5000 }), 'claim:D-2026-00042')
    assert.isNull(said({}))
  })

  test('a row left by hand leaves its number and its debtor free', ({ assert }) => {
    const same = { mergeKey: 'b2c:a', invoiced: { number: 'FA-1', amountCents: 5 } }
    assert.deepEqual(related([row(2, { ...same, decision: 'leave' }), row(3, same)]), [
      [2, 'set_aside', null, null],
      [3, 'ready', 3, null],
    ])
  })
})
