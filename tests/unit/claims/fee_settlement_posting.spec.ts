import { test } from '@japa/runner'
import { feeSettlementPosting } from '#claims/remittance_postings'

test.group('What a creditor pays of its fee', () => {
  test('{amountCents} cents, undone: {undone}: {debit} to {credit}')
    .with([
      { amountCents: 6_000, undone: false, debit: 'agency_bank', credit: 'fee_receivable' },
      { amountCents: 6_000, undone: true, debit: 'fee_receivable', credit: 'agency_bank' },
      // A credit note is paid by the agency.
      { amountCents: -6_000, undone: false, debit: 'fee_receivable', credit: 'agency_bank' },
      { amountCents: -6_000, undone: true, debit: 'agency_bank', credit: 'fee_receivable' },
    ])
    .run(({ assert }, { amountCents, undone, debit, credit }) => {
      const posting = feeSettlementPosting({ id: 1, creditorId: 2, amountCents }, '2026-11-20', undone)
      assert.deepEqual([posting.debit, posting.credit, posting.cents], [debit, credit, 6_000])
      assert.equal(posting.key, undone ? 'fee_settlement:1:undone' : 'fee_settlement:1')
    })
})
