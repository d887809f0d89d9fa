import fc from 'fast-check'
import { test } from '@japa/runner'
import { sum } from '#shared/money'
import { feeBpsOf, type FeeGrid } from '#creditors/fee_grid'
import { remitBy } from '#creditors/remit_by'
import { feeOfLine, feeOn } from '#banking/fees/fee'
import { VAT, vatNumber } from '#banking/fees/vat'

test.group('fees', () => {
  test('{collected} cents at {bps} bps: {fee} and VAT {vat}, each rounded half-up')
    .with([
      { collected: 100_000, bps: 1200, fee: 12_000, vat: 2_400 },
      { collected: 12_345, bps: 1250, fee: 1_543, vat: 309 },
      { collected: 4, bps: 1250, fee: 1, vat: 0 },
      { collected: 50_000, bps: 0, fee: 0, vat: 0 },
      { collected: 0, bps: 1200, fee: 0, vat: 0 },
    ])
    .run(({ assert }, { collected, bps, fee, vat }) => {
      assert.deepEqual(feeOn(collected, bps), { feeCents: fee, vatCents: vat })
    })

  test('whatever comes and goes, the fees of the lines sum to the fee on what stays', ({ assert }) => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 0, max: 10_000 }),
        (sums, rateBps) => {
          let drawn = { collectedCents: 0, feeCents: 0, vatCents: 0 }
          for (const cents of sums) {
            const line = feeOfLine(drawn, cents, rateBps)
            drawn = {
              collectedCents: drawn.collectedCents + cents,
              feeCents: drawn.feeCents + line.feeCents,
              vatCents: drawn.vatCents + line.vatCents,
            }
          }
          assert.deepEqual({ feeCents: drawn.feeCents, vatCents: drawn.vatCents }, feeOn(sum(sums), rateBps))
        }
      ),
      { numRuns: 2000 }
    )
  })

  const grid: FeeGrid = [
    { ageDays: 90, principalCents: null, feeBps: 1000 },
    { ageDays: 365, principalCents: 50_000, feeBps: 2500 },
    { ageDays: 365, principalCents: null, feeBps: 1800 },
  ]

  test('the first band that takes a file of {age} days and {principal} cents gives {bps}')
    .with([
      { age: 90, principal: 9_999_999, bps: 1000 },
      { age: 91, principal: 50_000, bps: 2500 },
      { age: 91, principal: 50_001, bps: 1800 },
      { age: 366, principal: 1, bps: 3000 },
    ])
    .run(({ assert }, { age, principal, bps }) => {
      assert.equal(
        feeBpsOf({ feeBps: 3000, feeGrid: grid }, { ageDays: age, principalCents: principal }),
        bps
      )
    })

  test('without a grid the mandate has one rate', ({ assert }) => {
    assert.equal(feeBpsOf({ feeBps: 1200, feeGrid: null }, { ageDays: 1, principalCents: 1 }), 1200)
  })

  test('rule 36: received {on} with {days} days agreed, remitted by {by}')
    .with([
      { on: '2026-07-10', days: 30, by: '2026-08-09' },
      { on: '2026-07-10', days: null, by: '2026-08-10' },
      { on: '2026-01-31', days: 31, by: '2026-02-28' },
      { on: '2026-02-10', days: 31, by: '2026-03-10' },
      { on: '2026-07-10', days: 0, by: '2026-07-10' },
    ])
    .run(({ assert }, { on, days, by }) => assert.equal(remitBy(on, days), by))

  test('rule 63: the VAT rate carries its source, and nobody claims that counsel saw it', ({ assert }) => {
    assert.match(VAT.source, /CGI/)
    assert.isFalse(VAT.validatedByCounsel)
    assert.equal(VAT.bps, 2000)
  })

  test('the VAT number of {siren} is {number}')
    .with([
      { siren: '552081317', number: 'FR03552081317' },
      { siren: '732829320', number: 'FR44732829320' },
      { siren: '356000000', number: 'FR39356000000' },
      { siren: null, number: null },
    ])
    .run(({ assert }, { siren, number }) => assert.equal(vatNumber(siren), number))
})
