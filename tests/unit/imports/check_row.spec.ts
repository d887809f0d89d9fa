import { test } from '@japa/runner'
import type { CellValue } from '#imports/cells'
import { checkRow, isTotalsRow, type CheckRules } from '#imports/checking/check_row'
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

  test('every code of the contract is reached by a row, or by the rules between rows', ({ assert }) => {
    const reached = new Set(CASES.map(([code]) => code))
    assert.deepEqual(
      [...ERROR_CODES, ...WARNING_CODES].filter((code) => !reached.has(code)),
      ['duplicate_invoice']
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

  test('rows of totals are not debts', ({ assert }) => {
    for (const word of ['Total', 'TOTAL TTC', 'Sous-total', 'Total général']) {
      assert.isTrue(isTotalsRow([null, word, 1200]), word)
    }
    for (const word of ['TotalEnergies', 'Total Jean', 'Martin']) assert.isFalse(isTotalsRow([word, 'FA-1']))
  })
})
