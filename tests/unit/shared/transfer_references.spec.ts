import { test } from '@japa/runner'
import fc from 'fast-check'
import { creditorReference, inGroupsOfFour, isCreditorReference } from '#shared/creditor_reference'
import { epcPayload, type EpcTransfer } from '#shared/epc_transfer'
import { qrCode } from '#shared/qr_code'

const transfer: EpcTransfer = {
  beneficiary: 'Cabinet Amiable',
  iban: 'FR76 3000 6000 0112 3456 7890 189',
  bic: 'AGRIFRPP',
  amountCents: 759_597,
  reference: 'RF11AM20260417',
}

test.group('structured creditor reference (ISO 11649)', () => {
  test('the check digits are those of published examples', ({ assert }) => {
    assert.equal(creditorReference('539007547034'), 'RF18539007547034')
    assert.equal(creditorReference('AM-2026-0417'), 'RF11AM20260417')
    assert.isTrue(isCreditorReference('RF18 5390 0754 7034'))
    assert.isFalse(isCreditorReference('RF19539007547034'))
    assert.isFalse(isCreditorReference('RF18'))
  })

  test('whatever the file reference, ours holds', ({ assert }) => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z0-9]{1,21}$/), (ref) => {
        assert.isTrue(isCreditorReference(creditorReference(ref)))
      })
    )
  })

  test('one digit taken for another is always noticed', ({ assert }) => {
    const digits = fc.stringMatching(/^[0-9]{1,21}$/)
    fc.assert(
      fc.property(digits, fc.nat(), fc.integer({ min: 1, max: 9 }), (ref, at, shift) => {
        const reference = creditorReference(ref)
        const place = 2 + (at % (reference.length - 2))
        const wrong = String((Number(reference[place]) + shift) % 10)
        assert.isFalse(isCreditorReference(reference.slice(0, place) + wrong + reference.slice(place + 1)))
      })
    )
  })

  test('a reference that cannot be carried is refused', ({ assert }) => {
    assert.throws(() => creditorReference('--'))
    assert.throws(() => creditorReference('A'.repeat(22)))
  })

  test('it is printed in groups of four', ({ assert }) => {
    assert.equal(inGroupsOfFour('RF11AM20260417'), 'RF11 AM20 2604 17')
    assert.equal(inGroupsOfFour('ABCD'), 'ABCD')
  })
})

test.group('EPC transfer code', () => {
  test('the payload has the lines of EPC069-12', ({ assert }) => {
    assert.equal(
      epcPayload(transfer),
      'BCD\n002\n1\nSCT\nAGRIFRPP\nCabinet Amiable\nFR7630006000011234567890189\nEUR7595.97\n\nRF11AM20260417'
    )
    assert.equal(
      epcPayload({ ...transfer, bic: null, reference: undefined, message: 'Dossier 12' })
        .split('\n')
        .at(-1),
      'Dossier 12'
    )
  })

  test('rule 58: a payload never holds both references', ({ assert }) => {
    assert.throws(() => epcPayload({ ...transfer, message: 'Dossier 12' }), /never both/)
  })

  test('an amount outside 0.01 to 999 999 999.99 is refused', ({ assert }) => {
    for (const amountCents of [0, -1, 100_000_000_000, 0.5]) {
      assert.throws(() => epcPayload({ ...transfer, amountCents }))
    }
    assert.include(epcPayload({ ...transfer, amountCents: 5 }), '\nEUR0.05\n')
  })

  test('a name cannot add a line, is cut at 70 characters and the whole stays under 331 bytes', ({
    assert,
  }) => {
    const payload = epcPayload({ ...transfer, beneficiary: `A\nSCT\r\n${'é'.repeat(100)}` })
    assert.lengthOf(payload.split('\n'), 10)
    assert.lengthOf([...payload.split('\n')[5]!], 70)
    assert.throws(
      () =>
        epcPayload({
          ...transfer,
          beneficiary: '€'.repeat(70),
          reference: undefined,
          message: '€'.repeat(140),
        }),
      /331/
    )
  })

  test('the drawing of a code covers its three corners', ({ assert }) => {
    const { path, viewBox, size } = qrCode(epcPayload(transfer))
    assert.equal(viewBox, `-2 -2 ${size + 4} ${size + 4}`)
    assert.isTrue(path.startsWith('M0 0h7v1h-7z'))
    assert.include(path, `M${size - 7} 0h7v1h-7z`)
    assert.include(path, `M0 ${size - 1}h7v1h-7z`)
  })
})
