import { test } from '@japa/runner'
import { agencyFileValidator } from '#agency/validators'
import { creditorFileValidator } from '#creditors/validators'
import { readInput, readJsonFile } from '#shared/command_input'
import { Refusal } from '#shared/refusal'
import { userCommandValidator } from '#users/validators'

async function refusalOf(reading: Promise<unknown>) {
  const error: unknown = await reading.then(
    () => null,
    (thrown) => thrown
  )
  if (!(error instanceof Refusal)) throw new Error(`not refused: ${error}`)
  return error.message
}

const AGENCY = { name: 'Cabinet', address: ['12 rue des Archives', '75004 PARIS'] }
const CREDITOR = { name: 'X', address: ['1 rue A', '75001 PARIS'] }
const INSURANCE = { insurer: 'A', policy: 'B', validFrom: '2026-02-01', validUntil: '2026-01-31' }
const USER = { email: 'x@y.fr', fullName: 'Xavier', role: 'admin' }

test.group('what a command is given', () => {
  const agencyFiles: [object, string][] = [
    [{ address: AGENCY.address }, '"name" is missing'],
    [{ ...AGENCY, address: ['one line'] }, '"address"'],
    [{ ...AGENCY, siren: '1234' }, '"siren"'],
    [{ ...AGENCY, dedicatedIban: 'FR7630006000011234567890188' }, '"dedicatedIban"'],
    [{ ...AGENCY, declarationOn: '15/01/2026' }, '"declarationOn"'],
    [{ ...AGENCY, insurance: INSURANCE }, '"insurance.validUntil"'],
    [{ ...AGENCY, policies: { emailRequired: 'yes' } }, '"policies.emailRequired"'],
    [{ ...AGENCY, policies: { defaultPaymentTermDays: 400 } }, '"policies.defaultPaymentTermDays"'],
  ]
  for (const [content, says] of agencyFiles) {
    test(`agency ${JSON.stringify(content)}: ${says}`, async ({ assert }) => {
      assert.include(await refusalOf(readInput(agencyFileValidator, content)), says)
    })
  }

  const creditorFiles: [object, string][] = [
    [{ name: 'X' }, '"address" is missing'],
    [{ ...CREDITOR, iban: 'FR00' }, '"iban"'],
    [{ ...CREDITOR, option: 'other' }, '"option"'],
    [{ ...CREDITOR, mandate: { signedOn: '2026-09-01', feeBps: 1200 } }, '"mandate.basis" is missing'],
    [{ ...CREDITOR, portal: { maxMonths: 60 } }, '"portal.maxMonths"'],
    [{ ...CREDITOR, portal: { minInstalmentCents: 12.5 } }, '"portal.minInstalmentCents"'],
  ]
  for (const [content, says] of creditorFiles) {
    test(`creditor ${JSON.stringify(content)}: ${says}`, async ({ assert }) => {
      assert.include(await refusalOf(readInput(creditorFileValidator, content)), says)
    })
  }

  const users: [object, string][] = [
    [{ ...USER, email: 'x' }, '"email"'],
    [{ ...USER, role: 'chief' }, '"role"'],
    [{ ...USER, password: 'too short' }, '"password"'],
  ]
  for (const [content, says] of users) {
    test(`user ${JSON.stringify(content)}: ${says}`, async ({ assert }) => {
      assert.include(await refusalOf(readInput(userCommandValidator, content)), says)
    })
  }

  test('a file that is not there, or not JSON, is refused', async ({ assert }) => {
    assert.include(await refusalOf(readJsonFile(agencyFileValidator, '/nowhere.json')), 'ENOENT')
    assert.include(await refusalOf(readJsonFile(agencyFileValidator, 'LICENSE')), 'is not JSON')
  })
})
