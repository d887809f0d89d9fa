import { test } from '@japa/runner'
import type { CellValue } from '#shared/cells'
import { checkRow, type CheckRules } from '#imports/checking/check_row'
import { isPassedOver } from '#imports/checking/passed_over'
import { TEMPLATE_HEADERS, type Field } from '#imports/fields'
import { ERROR_CODES, WARNING_CODES } from '#imports/problems'

const RULES: CheckRules = {
  today: '2026-11-22',
  emailRequired: true,
  mobileRequired: true,
  descriptionRequired: true,
  defaultPaymentTermDays: 30,
}
const fields = Object.keys(TEMPLATE_HEADERS) as Field[]
const columns = {
  headers: Object.values(TEMPLATE_HEADERS),
  mapping: Object.fromEntries(fields.map((field, index) => [field, index])),
  date1904: false,
}
const good: Partial<Record<Field, CellValue>> = {
  civility: 'Madame',
  full_name: 'Camille Martin',
  address: '1, rue de la Paix 75002 Paris',
  email: 'camille.martin@exemple.fr',
  mobile: '+33612345678',
  emitter: 'STUDIO RIVAGE',
  invoice_number: 'FA-1',
  issued_on: '15/03/2026',
  description: 'Prestation',
  amount: 1200,
  down_payment: 200,
}
const check = (cells: Partial<Record<Field, CellValue>>, rules: Partial<CheckRules> = {}) =>
  checkRow(
    fields.map((field) => ({ ...good, ...cells })[field] ?? null),
    columns,
    { ...RULES, ...rules }
  )

const CASES: [code: string, field: Field, cells: Partial<Record<Field, CellValue>>][] = [
  ['identity_missing', 'full_name', { full_name: ' - ' }],
  ['address_missing', 'address', { address: null }],
  ['address_incomplete', 'address', { address: '14 rue des Lilas' }],
  ['email_missing', 'email', { email: null }],
  ['email_invalid', 'email', { email: 'a@x.fr, v@evil.fr' }],
  ['mobile_missing', 'mobile', { mobile: '' }],
  ['mobile_invalid', 'mobile', { mobile: '06 12' }],
  ['invoice_missing', 'invoice_number', { invoice_number: null }],
  ['description_missing', 'description', { description: null }],
  ['amount_missing', 'amount', { amount: null }],
  ['amount_invalid', 'amount', { amount: '1,234' }],
  ['amount_invalid', 'amount', { amount: -5 }],
  ['amount_invalid', 'down_payment', { down_payment: 'beaucoup' }],
  ['nothing_due', 'down_payment', { down_payment: 1200 }],
  ['nothing_due', 'amount', { amount: 0, down_payment: 0 }],
  ['overpaid', 'down_payment', { down_payment: 1200.01 }],
  ['date_missing', 'issued_on', { issued_on: null }],
  ['date_invalid', 'issued_on', { issued_on: '31/02/2026' }],
  ['date_invalid', 'due_on', { due_on: '14/03/2026' }],
  ['date_future', 'issued_on', { issued_on: '23/11/2026' }],
  ['emitter_missing', 'emitter', { emitter: null }],
  ['siren_checksum', 'siren', { siren: '123456897', company_name: 'BRUME' }],
  ['mobile_unusual', 'mobile', { mobile: '01 42 68 53 00' }],
  ['due_mismatch', 'due_amount', { due_amount: '1 200,00' }],
  ['name_reformatted', 'full_name', { full_name: 'MARTIN Camille' }],
]

test.group('imports | rows', () => {
  test('{0} is said of its column')
    .with(CASES)
    .run(({ assert }, [code, field, cells]) => {
      const { problems, outcome } = check(cells)
      assert.lengthOf(problems, 1)
      assert.equal(problems[0]!.code, code)
      assert.equal(problems[0]!.field, field)
      assert.equal(outcome, problems[0]!.level === 'error' ? 'rejected' : 'ready')
    })

  test('every code is reached by the cells of a row, or by the rules between rows and its place in the sheet', ({
    assert,
  }) => {
    const reached = new Set(CASES.map(([code]) => code))
    assert.deepEqual(
      [...ERROR_CODES, ...WARNING_CODES].filter((code) => !reached.has(code)),
      ['duplicate_invoice', 'row_hidden']
    )
  })

  test('a good row is normalised, and what is due is computed', ({ assert }) => {
    const row = check({})
    assert.equal(row.outcome, 'ready')
    assert.deepEqual(row.problems, [])
    assert.deepEqual(row.changes, [])
    assert.equal(row.kind, 'b2c')
    assert.equal(row.street, '1 rue de la Paix')
    assert.equal(row.city, 'PARIS')
    assert.equal(row.amountCents! - row.downPaymentCents!, 100_000)
    assert.equal(row.dueOn, '2026-04-14')
  })

  test('rule 57: a company makes a business, its absence a private person', ({ assert }) => {
    assert.equal(check({ company_name: 'Atelier Brume' }).kind, 'b2b')
    assert.equal(check({ company_name: 'Atelier Brume', full_name: null }).kind, 'b2b')
    assert.equal(check({ company_name: 'Particulier' }).kind, 'b2c')
  })

  test('rule 55: a SIREN that fails its check warns and does not reject', ({ assert }) => {
    const row = check({ company_name: 'BRUME', siren: '123456897' })
    assert.equal(row.outcome, 'ready')
    assert.equal(row.siren, '123456897')
  })

  test('what the agency only recommends may be missing', ({ assert }) => {
    const relaxed = { emailRequired: false, mobileRequired: false, descriptionRequired: false }
    const row = check({ email: null, mobile: null, description: null }, relaxed)
    assert.equal(row.outcome, 'ready')
    assert.equal(check({ email: 'a@b' }, relaxed).outcome, 'rejected')
  })

  test('what was changed is shown with what it was', ({ assert }) => {
    const row = check({
      company_name: 'Atelier  Brume',
      email: 'Camille.Martin @Exemple.FR',
      mobile: '06.12.34.56.78',
      issued_on: '15-3-26',
      address: '6 bis rue Hoche,35000 rennes',
      due_amount: 900,
    })
    assert.deepEqual(
      row.changes.map(({ field, before, after }) => [field, before, after]),
      [
        ['company_name', 'Atelier Brume', 'ATELIER BRUME'],
        ['address', '6 bis rue Hoche,35000 rennes', '6 bis rue Hoche 35000 RENNES'],
        ['email', 'Camille.Martin @Exemple.FR', 'camille.martin@exemple.fr'],
        ['mobile', '06.12.34.56.78', '+33612345678'],
        ['issued_on', '15-3-26', '15/03/2026'],
        ['due_amount', '900,00\u00a0€', '1\u202f000,00\u00a0€'],
      ]
    )
  })

  test('a rejected row is only said for its errors', ({ assert }) => {
    const row = check({ invoice_number: null, siren: '123456897', due_amount: 5 })
    assert.deepEqual(
      row.problems.map(({ code }) => code),
      ['invoice_missing']
    )
  })

  test('the column is the header without its remark', ({ assert }) => {
    assert.equal(check({ siren: '123456897' }).problems[0]!.column, 'SIREN du débiteur')
  })

  test('a forged header in an email cell is refused whole', ({ assert }) => {
    for (const email of ['a@x.fr\r\nBcc: v@evil.fr', 'a@x.fr\nv@evil.fr', 'a@x.fr\u2028v@evil.fr']) {
      assert.equal(check({ email }).problems[0]?.code, 'email_invalid', JSON.stringify(email))
    }
  })

  test('rows of totals, formulas copied below the table and headers printed again are not debts', ({
    assert,
  }) => {
    const over = (cells: Partial<Record<Field, CellValue>>) =>
      isPassedOver(
        fields.map((field) => cells[field] ?? null),
        columns
      )
    for (const word of [
      'Total',
      'TOTAL TTC',
      'Sous-total',
      'Total général',
      'TOTAUX',
      'Total au 31/10/2026 :',
    ]) {
      assert.isTrue(over({ civility: null, full_name: word, amount: 1200 }), word)
      assert.isTrue(over({ civility: word, amount: 1200 }), word)
    }
    assert.isTrue(over({ full_name: 'Total', invoice_number: '34 factures', amount: 1200 }))
    assert.isTrue(over({ amount: 1200, down_payment: 100, due_amount: 1100 }))
    assert.isTrue(
      over({ full_name: 0, due_on: '1900-01-30', down_payment: 0, due_amount: 0, emitter: 'RIVAGE' })
    )
    assert.isTrue(over(TEMPLATE_HEADERS))

    for (const word of ['TotalEnergies', 'Total Jean', 'Martin']) {
      assert.isFalse(over({ full_name: word, invoice_number: 'FA-1' }), word)
    }
    const total = {
      company_name: 'TOTAL',
      address: '2 place Jean Millier 92400 Courbevoie',
      invoice_number: 'FA-1',
    }
    assert.isFalse(over({ ...total, amount: 1200 }), 'a debtor may be called Total')
    assert.isFalse(over({ full_name: 'Jean Dupont' }))
  })

  test('a company named in the column of people is a business, unless a civility makes it a person', ({
    assert,
  }) => {
    const bare = { civility: null, company_name: null, full_name: 'Sarl Nordet' }
    assert.deepInclude(check(bare), { kind: 'b2b', companyName: 'SARL NORDET', fullName: null })
    assert.equal(check({ ...bare, civility: 'Madame' }).kind, 'b2c')
    assert.equal(check({ ...bare, company_name: 'Particulier' }).kind, 'b2c')
  })

  test('what may have been paid and is not known is never taken for nothing', ({ assert }) => {
    for (const cell of ['#N/A', '#REF!', '?', 'inconnu']) {
      const [problem] = check({ down_payment: cell }).problems
      assert.deepInclude(problem, { field: 'down_payment', code: 'amount_invalid' }, cell)
    }
    for (const cell of ['-', 'néant', 'Aucun', null, 0]) {
      assert.equal(check({ down_payment: cell }).downPaymentCents, 0, String(cell))
    }
    assert.equal(check({ due_on: '#REF!' }).problems[0]?.code, 'date_invalid')
  })

  test('without a column of down payments, what is left to pay tells what was paid', ({ assert }) => {
    const mapping = { ...columns.mapping, down_payment: undefined }
    const left = (due: CellValue) =>
      checkRow(
        fields.map((field) => ({ ...good, due_amount: due })[field] ?? null),
        { ...columns, mapping },
        RULES
      )
    assert.deepInclude(left('400,00'), { outcome: 'ready', amountCents: 120_000, downPaymentCents: 80_000 })
    assert.deepInclude(left(null), { outcome: 'ready', downPaymentCents: 0 })
    const said = (due: CellValue) => left(due).problems.map(({ code, field }) => [code, field])
    assert.deepEqual(said('1 300,00'), [['due_mismatch', 'due_amount']])
    assert.deepEqual(said(0), [['nothing_due', 'due_amount']])
    assert.deepEqual(said(-1), [['overpaid', 'due_amount']])
    assert.deepEqual(said('soldé'), [['amount_invalid', 'due_amount']])
  })

  test('an amount in another currency is refused, and named', ({ assert }) => {
    const withCurrency = {
      ...columns,
      headers: [...columns.headers, 'Devise'],
      mapping: { ...columns.mapping, currency: fields.length },
    }
    const priced = (amount: CellValue, currency: CellValue) =>
      checkRow(
        [...fields.map((field) => ({ ...good, amount })[field] ?? null), currency],
        withCurrency,
        RULES
      )
    for (const currency of ['EUR', '€', 'euros', null]) assert.equal(priced(1200, currency).outcome, 'ready')
    assert.deepInclude(priced(1200, 'USD').problems[0], {
      field: 'currency',
      code: 'amount_invalid',
      hint: 'USD',
    })
    assert.deepInclude(priced('1 200 $', null).problems[0], {
      field: 'amount',
      code: 'amount_invalid',
      hint: '$',
    })
  })

  test('the creditor’s own SIREN in the debtor’s column identifies nobody', ({ assert }) => {
    const own = check({ company_name: 'BRUME', siren: '552 081 317' }, { creditorSiren: '552081317' })
    assert.deepInclude(own, { outcome: 'ready', siren: null })
    assert.deepInclude(own.problems[0], { code: 'siren_checksum', hint: '552081317' })
    assert.notMatch(own.mergeKey!, /^siren/)
  })
})
