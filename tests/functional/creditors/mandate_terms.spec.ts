import { test } from '@japa/runner'
import { clock } from '#shared/clock'
import { loadOwed } from '#claims/owed'
import { hasRates, semesterOf } from '#claims/rates'
import Claim from '#claims/models/claim'
import SignMandate from '#creditors/actions/sign_mandate'
import RecordContractTerms from '#creditors/actions/record_contract_terms'
import ContractTerm, { type AgreedTerms } from '#creditors/models/contract_term'
import type Creditor from '#creditors/models/creditor'
import Mandate from '#creditors/models/mandate'
import { givenAgency, givenCreditor, givenUser } from '#tests/fixtures/domain'
import { commitStaged, givenChecked } from '#tests/fixtures/imports'
import { goodCells } from '#tests/fixtures/spreadsheets'

const TERMS: AgreedTerms = {
  dayCount: 'ACT_ACT',
  rateBps: 1500,
  allocationOrder: 'principal_interest_indemnity',
  clause: 'CGV, article 8',
}

const MANDATE = {
  signedOn: '2026-06-01',
  basis: 'Prestations de services facturées',
  feeBps: 1200,
  remittanceDays: 30,
  guarantee: 'RC professionnelle de l’agence',
  netting: true,
}

const sign = (creditor: Creditor, contract: AgreedTerms | null, signedOn = MANDATE.signedOn) =>
  new SignMandate().handle(creditor, { ...MANDATE, signedOn, contract })

test.group('The terms that a mandate carries', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  /** One business and one consumer, 10 000 € each, due on 20 June. */
  async function imported(creditor: Creditor, prefix: string) {
    const invoice = { amount: 10_000, due_on: '20/06/2026' }
    const rows = [
      goodCells({ ...invoice, company_name: 'ATELIER BRUME', invoice_number: `${prefix}-1` }),
      goodCells({ ...invoice, invoice_number: `${prefix}-2` }),
    ]
    const staged = await givenChecked(rows, creditor)
    await commitStaged(staged)
    const claims = await Claim.query().where('importId', staged.id)
    return {
      b2b: claims.find(({ kind }) => kind === 'b2b')!,
      b2c: claims.find(({ kind }) => kind === 'b2c')!,
    }
  }

  test('new files take them at import, existing ones keep what they had', async ({ assert }) => {
    const creditor = await givenCreditor({}, MANDATE)
    const before = await imported(creditor, 'A')
    await sign(creditor, TERMS)
    const after = await imported(creditor, 'B')
    await sign(creditor, { ...TERMS, rateBps: 900 })

    // 10 d at 12.15 and 10 d at 12.40 over 365; then 20 d at 15.00.
    assert.equal((await loadOwed(before.b2b.id, '2026-07-10')).interestCents, 6726)
    assert.equal((await loadOwed(after.b2b.id, '2026-07-10')).interestCents, 8219)
    assert.equal((await loadOwed(after.b2b.id, '2026-07-10')).terms.clause, 'CGV, article 8')
    assert.isNull((await Claim.findOrFail(before.b2b.id)).contractTermId)
  })

  test('rule 10: a consumer’s file takes the clause of allocation, never the rate between professionals', async ({
    client,
    assert,
  }) => {
    const creditor = await givenCreditor({}, null)
    await sign(creditor, TERMS)
    const { b2c } = await imported(creditor, 'A')
    await b2c.merge({ noticeReceivedOn: '2026-06-20' }).save()
    const owed = await loadOwed(b2c.id, '2026-07-10')
    // 10 d at 2.62 and 10 d at 2.75.
    assert.deepEqual([owed.interestCents, owed.indemnityCents], [1471, 0])
    assert.equal(owed.terms.allocationOrder, 'principal_interest_indemnity')
    const page = await client.get(`/claims/${b2c.ref}`).loginAs(await givenUser())
    page.assertTextIncludes('entre professionnels ne s’applique pas à un particulier')
    page.assertTextIncludes('Conditions du mandat du 01/06/2026')
  })

  test('rule 21: a rate below three times the legal one is flagged on both pages, and applied as it is', async ({
    client,
    assert,
  }) => {
    const user = await givenUser()
    const creditor = await givenCreditor({}, null)
    await sign(creditor, { ...TERMS, rateBps: 800 })
    const { b2b } = await imported(creditor, 'A')
    // 20 d at 8.00 over 365; three times 2.75 is 8.25.
    const owed = await loadOwed(b2b.id, '2026-07-10')
    assert.equal(owed.interestCents, 4384)
    assert.deepEqual(owed.belowMinimum, ['2026-S2'])
    const page = await client.get(`/creditors/${creditor.ref}`).loginAs(user)
    const known = hasRates(semesterOf(clock.today()))
    assert.equal(page.text().includes('Sous trois fois le taux légal (L441-10)'), known)
    const dossier = await client.get(`/claims/${b2b.ref}`).loginAs(user)
    dossier.assertTextIncludes('inférieur à trois fois le taux légal')
    dossier.assertTextIncludes('clause\u00a0: CGV, article 8')
  })

  test('what a person then says of all the files of the creditor holds from its day on', async ({
    assert,
  }) => {
    const creditor = await givenCreditor({}, null)
    const by = await givenUser()
    const say = (at: string, effectiveOn: string, rateBps: number) =>
      clock.at(at, () => new RecordContractTerms().handle(creditor, { ...TERMS, effectiveOn, rateBps }, by))
    await say('2026-08-01T09:00:00.000Z', '2026-01-01', 2000)
    await sign(creditor, TERMS)
    const { b2b } = await clock.at('2026-08-02T09:00:00.000Z', () => imported(creditor, 'A'))
    const rateOn = async (on: string) => (await loadOwed(b2b.id, on)).terms.rateBps
    assert.deepEqual([await rateOn('2026-07-31'), await rateOn('2026-08-10')], [1500, 1500])
    await say('2026-08-05T09:00:00.000Z', '2026-08-05', 1800)
    assert.deepEqual([await rateOn('2026-08-04'), await rateOn('2026-08-05')], [1500, 1800])
  })

  test('the form records them with their clause, which a rate of its own needs', async ({
    client,
    assert,
  }) => {
    const user = await givenUser()
    const creditor = await givenCreditor({}, null)
    const form = {
      ...{ signedOn: '2026-06-01', basis: MANDATE.basis, guarantee: MANDATE.guarantee },
      ...{ feeBps: '12', remittanceDays: '30', dayCount: 'ACT_ACT', rateBps: '15,00' },
      allocationOrder: 'principal_interest_indemnity',
    }
    const post = (clause: string) =>
      client
        .post(`/creditors/${creditor.ref}/mandates`)
        .fields({ ...form, clause })
        .loginAs(user)
        .withCsrfToken()
        .redirects(0)
    await post('')
    assert.lengthOf(await Mandate.query().where('creditorId', creditor.id), 0)
    await post('CGV, article 8')
    const mandate = await Mandate.query().where('creditorId', creditor.id).preload('contract').firstOrFail()
    assert.deepInclude(mandate.contract.$attributes, TERMS)
    const page = await client.get(`/creditors/${creditor.ref}/mandates/create`).loginAs(user)
    page.assertTextIncludes('15,00')
    page.assertTextIncludes('CGV, article 8')
  })

  test('a mandate that says nothing more than the law carries nothing', async ({ assert }) => {
    const creditor = await givenCreditor({}, null)
    const law = { ...TERMS, dayCount: 'ACT_365', rateBps: null, clause: null } as const
    await sign(creditor, { ...law, allocationOrder: 'interest_principal_indemnity' })
    assert.equal(await sign(creditor, { ...law, allocationOrder: TERMS.allocationOrder }), 'clause_required')
    assert.lengthOf(await Mandate.query().where('creditorId', creditor.id), 1)
    assert.lengthOf(await ContractTerm.query(), 0)
  })
})
