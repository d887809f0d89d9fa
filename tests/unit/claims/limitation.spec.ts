import { test } from '@japa/runner'
import {
  isPrescribed,
  limitationBasis,
  limitationOn,
  limitationPeriod,
  restartedBy,
  type LimitationBasis,
} from '#claims/limitation'

test.group('limitation', () => {
  const periods = [
    { kind: 'b2c', sector: 'general', basis: 'consumer', endsOn: '2028-03-01', assumed: false },
    { kind: 'b2c', sector: null, basis: 'consumer', endsOn: '2028-03-01', assumed: false },
    { kind: 'b2b', sector: 'general', basis: 'commercial', endsOn: '2031-03-01', assumed: false },
    {
      kind: 'b2b',
      sector: 'goods_transport',
      basis: 'goods_transport',
      endsOn: '2027-03-01',
      assumed: false,
    },
    { kind: 'b2b', sector: null, basis: 'shortest_commercial', endsOn: '2027-03-01', assumed: true },
  ] as const
  for (const { kind, sector, basis, endsOn, assumed } of periods) {
    test(`rule 40: ${kind}, sector ${sector ?? 'unknown'}: ${basis}, until ${endsOn}`, ({ assert }) => {
      const found: LimitationBasis = limitationBasis(kind, sector)
      assert.equal(found, basis)
      assert.equal(limitationOn(found, '2026-03-01'), endsOn)
      assert.equal(limitationPeriod(found).assumed, assumed)
    })
  }

  const restarts = [
    { on: '2027-02-10', ends: '2029-02-10', says: 'restarts in full' },
    { on: '2028-03-01', ends: '2030-03-01', says: 'still restarts on its last day' },
    { on: '2028-03-02', ends: '2028-03-01', says: 'does not restart once it has run out' },
    { on: '2026-02-01', ends: '2028-03-01', says: 'is never shortened by an act before the due date' },
  ]
  for (const { on, ends, says } of restarts) {
    test(`rule 38: a consumer’s period until 2028-03-01, with an act on ${on}, ${says}`, ({ assert }) => {
      assert.equal(restartedBy('2028-03-01', 'consumer', on), ends)
    })
  }

  test('rule 39: the last day is still one on which the debt may be claimed', ({ assert }) => {
    assert.isFalse(isPrescribed('2028-03-01', '2028-03-01'))
    assert.isTrue(isPrescribed('2028-03-01', '2028-03-02'))
  })

  test('a period that ends on 29 February ends on the 28th in a common year', ({ assert }) => {
    assert.equal(limitationOn('goods_transport', '2024-02-29'), '2025-02-28')
  })
})
