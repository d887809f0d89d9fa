import { test } from '@japa/runner'
import { addDays } from '#shared/calendar'
import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import type { LetterContent } from '#letters/letter_content'
import { loadLetterContents } from '#letters/queries/letter_contents'
import { formalNotice } from '#letters/templates/formal_notice'
import { allocatePayment } from '#claims/ledger'
import { loadOwed } from '#claims/owed'
import ContractTerm from '#creditors/models/contract_term'
import { givenAgency, givenClaim, givenCreditor, givenUser } from '#tests/fixtures/domain'

test.group('The terms of a creditor’s contracts', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  const form = {
    effectiveOn: '2026-07-01',
    dayCount: 'ACT_ACT',
    rateBps: '15,00',
    allocationOrder: 'principal_interest_indemnity',
    clause: 'CGV, article 8',
  }

  test('rules 21 and 25: they decide interest and allocation from their day on', async ({
    client,
    assert,
  }) => {
    const user = await givenUser()
    const creditor = await givenCreditor()
    const claim = await givenClaim({
      creditor,
      invoices: [{ amountCents: 1_000_000, dueOn: '2026-06-20' }],
    })
    const before = await loadOwed(claim.id, '2026-06-30')
    const put = await client
      .put(`/creditors/${creditor.ref}/contract`)
      .form(form)
      .loginAs(user)
      .withCsrfToken()
      .redirects(0)
    put.assertStatus(302)
    const page = await client.get(`/creditors/${creditor.ref}`).loginAs(user)
    for (const words of ['15,00\u00a0%', 'CGV, article 8', 'Principal, intérêts, indemnité'])
      page.assertTextIncludes(words)

    assert.deepEqual(await loadOwed(claim.id, '2026-06-30'), before)
    assert.equal((await loadOwed(claim.id, '2026-07-10')).interestCents, 8219)
    const { allocation } = await transaction((trx) =>
      allocatePayment(trx, { claimId: claim.id, amountCents: 500_000, receivedOn: '2026-07-10' })
    )
    assert.deepEqual([allocation.principalCents, allocation.interestCents], [500_000, 0])
  })

  test('a letter says that the rate is the contract’s, and how days are counted', async ({ assert }) => {
    const creditor = await givenCreditor()
    const claim = await givenClaim({ creditor })
    const terms = { effectiveOn: '2026-01-01', dayCount: 'ACT_ACT', rateBps: 1500 } as const
    await ContractTerm.create({
      ...terms,
      creditorId: creditor.id,
      allocationOrder: 'interest_principal_indemnity',
      clause: 'CGV',
      createdAt: clock.now(),
    })
    const subject = { ref: 'L-1', claimId: claim.id, kind: 'simple' as const, datedOn: '2026-07-10' }
    const [content] = await loadLetterContents([subject], () => 'https://amiable.example/p/x')
    const { text } = formalNotice(content as LetterContent)
    assert.include(text, 'sur le nombre réel de jours de l’année, au taux prévu au contrat')
    assert.include(text, '15,00\u00a0%')
    assert.notInclude(text, 'Banque centrale européenne')
  })

  test('a rate of its own, or the principal before the interest, needs its clause; new terms are a new row', async ({
    client,
    assert,
  }) => {
    const user = await givenUser()
    const creditor = await givenCreditor()
    const put = (values: object) =>
      client
        .put(`/creditors/${creditor.ref}/contract`)
        .form({ ...form, ...values })
        .loginAs(user)
        .withCsrfToken()
        .redirects(0)
    await put({ clause: '' })
    await put({ clause: '', rateBps: '' })
    await put({ effectiveOn: addDays(clock.today(), 1) })
    await put({ rateBps: '-3' })
    await put({ allocationOrder: 'fee_first' })
    assert.lengthOf(await ContractTerm.ofCreditor(creditor.id), 0)
    await put({ clause: '', rateBps: '', allocationOrder: 'indemnity_interest_principal' })
    await put({})
    const rows = await ContractTerm.ofCreditor(creditor.id)
    assert.deepEqual(
      rows.map(({ rateBps, allocationOrder }) => [rateBps, allocationOrder]),
      [
        [1500, 'principal_interest_indemnity'],
        [null, 'indemnity_interest_principal'],
      ]
    )
  })
})
