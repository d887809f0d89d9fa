import { test } from '@japa/runner'
import Agency from '#agency/models/agency'

const COMPLETE = {
  insurer: 'Assurances du Palais',
  insurancePolicy: 'RCP-1',
  insuranceValidFromOn: '2026-01-01',
  insuranceValidUntilOn: '2026-12-31',
  dedicatedIban: 'FR7630006000011234567890189',
  declarationOn: '2026-01-05',
}
const agency = (changes: Partial<Agency> = {}) => new Agency().merge({ ...COMPLETE, ...changes })

test.group('rule 1: what forbids an agency to act on a day', () => {
  const cases = [
    { changes: {}, on: '2026-06-15', gaps: [] },
    { changes: {}, on: '2026-01-05', gaps: [] },
    { changes: {}, on: '2026-12-31', gaps: [] },
    { changes: {}, on: '2027-01-01', gaps: ['insurance_expired'] },
    { changes: {}, on: '2025-12-31', gaps: ['insurance_expired', 'declaration_missing'] },
    { changes: { insuranceValidFromOn: null }, on: '2026-06-15', gaps: [] },
    { changes: { insurer: null }, on: '2026-06-15', gaps: ['insurance_missing'] },
    { changes: { insurancePolicy: null }, on: '2026-06-15', gaps: ['insurance_missing'] },
    { changes: { insuranceValidUntilOn: null }, on: '2026-06-15', gaps: ['insurance_missing'] },
    { changes: { dedicatedIban: null }, on: '2026-06-15', gaps: ['dedicated_account_missing'] },
    { changes: { declarationOn: null }, on: '2026-06-15', gaps: ['declaration_missing'] },
    { changes: { declarationOn: '2026-06-16' }, on: '2026-06-15', gaps: ['declaration_missing'] },
    {
      changes: { insurer: null, dedicatedIban: null, declarationOn: null },
      on: '2026-06-15',
      gaps: ['insurance_missing', 'dedicated_account_missing', 'declaration_missing'],
    },
  ]
  for (const { changes, on, gaps } of cases) {
    test(`${JSON.stringify(changes)} on ${on}: ${gaps.join(', ') || 'nothing'}`, ({ assert }) => {
      assert.deepEqual(agency(changes).legalGaps(on) as string[], gaps)
    })
  }

  test('the end of the insurance is announced forty-five days ahead, and no more once it is over', ({
    assert,
  }) => {
    assert.isNull(agency().insuranceEndsInDays('2026-11-15'))
    assert.equal(agency().insuranceEndsInDays('2026-11-16'), 45)
    assert.equal(agency().insuranceEndsInDays('2026-12-31'), 0)
    assert.isNull(agency().insuranceEndsInDays('2027-01-01'))
  })
})
