import vine, { errors } from '@vinejs/vine'
import { test } from '@japa/runner'
import type { SchemaTypes } from '@vinejs/vine/types'
import * as kinds from '#shared/vine_types'

async function read(schema: SchemaTypes, typed: unknown) {
  const [error, value] = await vine.create({ typed: schema }).tryValidate({ typed })
  if (error instanceof errors.E_VALIDATION_ERROR) return error.messages[0].rule as string
  if (error) throw error
  return (value as { typed: unknown }).typed
}

const cases = [
  [kinds.civilDate, '2026-02-28', '2026-02-28'],
  [kinds.civilDate, '2026-02-29', 'civilDate'],
  [kinds.civilDate, '28/02/2026', 'civilDate'],
  [kinds.email, ' Claire@Example.FR ', 'claire@example.fr'],
  [kinds.email, 'a@x.fr, v@evil.fr', 'email'],
  [kinds.email, 'a@x.fr\r\nBcc: v@evil.fr', 'email'],
  [kinds.iban, 'fr76 3000 6000 0112 3456 7890 189', 'FR7630006000011234567890189'],
  [kinds.iban, 'FR76 3000 6000 0112 3456 7890 188', 'iban'],
  [kinds.iban, 'not an iban', 'iban'],
  [kinds.bic, 'agri fr pp', 'AGRIFRPP'],
  [kinds.bic, 'AGRI', 'bic'],
  [kinds.siren, '732 829 320', '732829320'],
  [kinds.siren, '123456897', '123456897'],
  [kinds.siren, '73282932', 'siren'],
  [kinds.phone, '06 12 34 56 78', '+33612345678'],
  [kinds.phone, '+32 2 555 12 12', '+3225551212'],
  [kinds.phone, '12', 'phone'],
  [kinds.euros, '1 234,56', 123456],
  [kinds.euros, '1\u202f234,5 €', 123450],
  [kinds.euros, '50', 5000],
  [kinds.euros, '0.05', 5],
  [kinds.euros, '1,234', 'euros'],
  [kinds.euros, '-5', 'euros'],
  [kinds.percent, '12,5 %', 1250],
  [kinds.percent, '100', 10_000],
  [kinds.percent, '100,01', 'percent'],
  [kinds.percent, '-1', 'percent'],
  [kinds.box, 'on', true],
  [kinds.box, undefined, false],
  [kinds.box, null, false],
] as const

test.group('what people type', () => {
  for (const [kind, typed, stored] of cases) {
    test(`${kind.name} ${JSON.stringify(typed)} gives ${JSON.stringify(stored)}`, async ({ assert }) => {
      assert.deepEqual(await read(kind() as SchemaTypes, typed), stored as unknown)
    })
  }

  test('lines are trimmed and blank ones dropped', async ({ assert }) => {
    assert.deepEqual(await read(kinds.lines(), ' 1 rue Neuve \r\n\r\n69001 LYON\n'), [
      '1 rue Neuve',
      '69001 LYON',
    ])
  })
})
