import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from '@japa/runner'
import app from '@adonisjs/core/services/app'
import { clock } from '#shared/clock'
import RecordCreditNote from '#claims/actions/record_credit_note'
import type Claim from '#claims/models/claim'
import { MissingRateError } from '#claims/rates'
import { loadStatement, statementTotals } from '#claims/statement'
import ContractTerm from '#creditors/models/contract_term'
import { closePrinter, renderPdf } from '#letters/rendering/printer'
import { statementContent } from '#letters/statements/statement_content'
import { statementDocument } from '#letters/statements/statement_document'
import { ReceivePayment } from '#payments/actions/receive_payment'
import { TakeBackPayment } from '#payments/actions/take_back_payment'
import Payment from '#payments/models/payment'
import { givenAgency, givenClaim, givenCreditor, givenUser } from '#tests/fixtures/domain'
import { inspectPdf } from '#tests/fixtures/letters'
import { as, givenPortal } from '#tests/fixtures/portal'
import { givenInstallation, runCommand } from '#tests/fixtures/processes'
import { WITHOUT_PDF_READERS } from '#tests/fixtures/tools'

let serial = 0
const pay = (claim: Claim, amountCents: number, receivedOn: string) =>
  new ReceivePayment().handle({
    source: `manual:statement-${++serial}`,
    claimId: claim.id,
    method: 'transfer',
    amountCents,
    receivedOn,
  })

const plain = (text: string) => text.replace(/<[^>]+>/g, ' ').replace(/[\s\u00a0\u202f]+/g, ' ')

const tenThousand = () =>
  givenClaim({
    invoices: [{ number: 'FA-31', amountCents: 1_000_000, issuedOn: '2026-05-20', dueOn: '2026-06-20' }],
  })

test.group('The statement of a file', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })
  group.teardown(() => closePrinter())

  test('it explains each segment, the payments and credit notes, the day count and the sources', async ({
    client,
    assert,
  }) => {
    const claim = await tenThousand()
    const user = await givenUser()
    await new RecordCreditNote().handle({
      claim,
      number: 'AV-12',
      issuedOn: '2026-06-30',
      amountCents: 200_000,
      invoiceId: null,
      by: user,
    })
    const { payment } = await pay(claim, 300_000, '2026-07-10')
    const page = await client.get(`/claims/${claim.ref}/statement`).qs({ on: '2026-07-20' }).loginAs(user)
    page.assertStatus(200)
    const text = plain(page.text())
    for (const words of [
      'Décompte au 20/07/2026',
      '21/06/2026',
      '10 / 365',
      '10 000,00 €',
      '12,15 %',
      'BCE + 10 points, 2026-S1',
      '33,2877',
      '12,40 %',
      'BCE + 10 points, 2026-S2',
      '27,1781',
      `Avoir AV-12 2 000,00 €`,
      `Paiement ${payment.ref} 3 000,00 € 60,47 € 2 939,53 € 0,00 €`,
      'sur 365 jours (ACT_365)',
      'C. com. L441-10',
      'C. com. D441-5',
      'intérêts, principal, indemnité',
    ]) {
      assert.include(text, words)
    }
    const totals = statementTotals(await loadStatement(claim, '2026-07-20'))
    assert.deepEqual(totals, {
      principalCents: 506_047,
      interestCents: 1719,
      indemnityCents: 4000,
      paidCents: 300_000,
      totalCents: 511_766,
    })
  })

  test('the PDF says the same, the same again, and is tagged', async ({ client, assert }) => {
    const claim = await tenThousand()
    const user = await givenUser()
    const response = await client
      .get(`/claims/${claim.ref}/statement.pdf`)
      .qs({ on: '2026-07-10' })
      .loginAs(user)
    response.assertHeader('content-type', 'application/pdf')
    const { text, check, info } = await inspectPdf(response.body())
    assert.include(check, 'No syntax or stream encoding errors')
    assert.match(info, /Tagged:\s+yes/)
    for (const words of [
      'Décompte du dossier',
      'FA-31',
      '33,2877',
      '33,9726',
      '67,26 €',
      '10 107,26 €',
      'ACT_365',
    ])
      assert.include(text, words)
    const again = await renderPdf(statementDocument(await statementContent(claim, '2026-07-10')))
    assert.equal((await inspectPdf(again)).text, text)
  }).skip(...WITHOUT_PDF_READERS)

  test('a contractual rate, its clause, its order and a rate too low are told', async ({
    assert,
    client,
  }) => {
    const claim = await tenThousand()
    await ContractTerm.create({
      creditorId: claim.creditorId,
      effectiveOn: '2026-01-01',
      dayCount: 'ACT_ACT',
      rateBps: 800,
      allocationOrder: 'indemnity_interest_principal',
      clause: 'CGV art. 8 : <b>8 %</b>',
      createdAt: clock.now(),
    })
    const document = plain(statementDocument(await statementContent(claim, '2026-07-10')))
    for (const words of [
      'contrat, 2026-S2 (inférieur à 3 fois le taux légal)',
      'au taux prévu au contrat',
      'd’abord l’indemnité, puis les intérêts, puis le principal',
      'CGV art. 8 : &lt;b&gt;8 %&lt;/b&gt;',
      '(ACT_ACT)',
      '43,84 €',
    ])
      assert.include(document, words)
    assert.notInclude(document, 'contrat, 2026-S1 (inférieur')
    const page = await client.get(`/claims/${claim.ref}`).loginAs(await givenUser())
    page.assertTextIncludes('inférieur à trois fois le taux légal')
  })

  test('rule 17: a half-year without a rate stops the statement, and is named', async ({
    client,
    assert,
  }) => {
    const claim = await tenThousand()
    const user = await givenUser()
    await assert.rejects(() => loadStatement(claim, '2099-02-01'), MissingRateError as never)
    const page = await client.get(`/claims/${claim.ref}/statement`).qs({ on: '2099-02-01' }).loginAs(user)
    assert.match(page.text(), /Aucun taux n’est enregistré pour 20\d\d-S[12]/)
    const file = await client
      .get(`/claims/${claim.ref}/statement.pdf`)
      .qs({ on: '2099-02-01' })
      .loginAs(user)
      .redirects(0)
    assert.equal(file.header('location'), `/claims/${claim.ref}/statement?on=2099-02-01`)
  })

  test('an invoice that has not fallen due is told and not counted; a cancelled file owes nothing', async ({
    assert,
  }) => {
    const claim = await givenClaim({
      invoices: [
        { amountCents: 10_000, dueOn: '2026-06-01' },
        { amountCents: 20_000, dueOn: '2026-09-01' },
      ],
    })
    const statement = await loadStatement(claim, '2026-07-10')
    assert.deepEqual([statement.owed.principalCents, statement.upcomingCents], [10_000, 20_000])
    await claim.close({ reason: 'cancelled', note: null, by: await givenUser() })
    assert.equal((await loadStatement(claim, clock.today())).owed.totalCents, 0)
    assert.equal((await loadStatement(claim, '2026-07-10')).owed.principalCents, 10_000, 'then it did')
  })

  test('rule 24: what comes later leaves it as it was; what is written down late for an earlier day does not', async ({
    assert,
  }) => {
    const claim = await tenThousand()
    const by = await givenUser()
    const { payment } = await pay(claim, 100_000, '2026-07-01')
    const on = '2026-07-15'
    const then = await loadStatement(claim, on)
    await pay(claim, 50_000, '2026-07-16')
    const credit = { claim, invoiceId: null, amountCents: 70_000, by }
    await new RecordCreditNote().handle({ ...credit, number: 'AV-1', issuedOn: '2026-07-16' })
    await new TakeBackPayment().handle({
      payment: await Payment.findOrFail(payment.id),
      how: 'refund',
      source: 'test',
      totalCents: 100_000,
      returnedOn: '2026-08-01',
    })
    await ContractTerm.create({
      creditorId: claim.creditorId,
      effectiveOn: '2026-07-16',
      dayCount: 'ACT_ACT',
      rateBps: 2000,
      allocationOrder: 'interest_principal_indemnity',
      clause: 'CGV',
      createdAt: clock.now(),
    })
    assert.deepEqual(await loadStatement(claim, on), then)

    await new RecordCreditNote().handle({ ...credit, number: 'AV-2', issuedOn: '2026-07-10' })
    const late = await loadStatement(claim, on)
    assert.equal(late.owed.principalCents, then.owed.principalCents - 70_000)
    assert.lengthOf(late.movements, then.movements.length + 1)
  })

  test('a creditor sees those of its files only, and a day that makes no sense is today', async ({
    client,
  }) => {
    const claim = await tenThousand()
    const theirs = await givenClaim({ creditor: await givenCreditor() })
    const user = await givenUser('creditor', { creditorId: claim.creditorId })
    const today = clock.today().split('-').reverse().join('/')
    const page = await client.get(`/claims/${claim.ref}/statement`).qs({ on: '2026-02-31' }).loginAs(user)
    page.assertTextIncludes(`Décompte au ${today}`)
    for (const path of ['statement', 'statement.pdf'])
      (await client.get(`/claims/${theirs.ref}/${path}`).loginAs(user)).assertStatus(404)
  })
})

test.group('The statement of a debtor', (group) => {
  group.teardown(() => closePrinter())

  test('the portal links to the PDF of the day, of this file only', async ({ client, assert }) => {
    const { claim, link } = await givenPortal({ invoices: [{ number: 'FA-31' }] })
    const page = await as(client.get('/p'), link)
    page.assertTextIncludes('href="/p/statement"')
    const response = await as(client.get('/p/statement'), link)
    response.assertHeader('content-type', 'application/pdf')
    const { text } = await inspectPdf(response.body())
    assert.include(text, claim.ref)
    assert.include(text, 'FA-31')
  }).skip(...WITHOUT_PDF_READERS)

  test('rule 39: nothing is printed of a prescribed or closed file', async ({ client, assert }) => {
    const { link } = await givenPortal({ claim: { limitationOn: '2026-01-01' } })
    const response = await as(client.get('/p/statement'), link).redirects(0)
    assert.equal(response.header('location'), '/p')
  })
})

test.group('claims:statement', (group) => {
  group.tap((one) => one.tags(['@any_database']))
  let home: Awaited<ReturnType<typeof givenInstallation>>
  group.setup(async () => {
    home = await givenInstallation()
    const samples = app.makePath('docs/samples')
    await run('agency:configure', join(samples, 'agency.json'))
    const { stdout } = await run('creditors:create', join(samples, 'creditor.json'), '--json')
    const { ref } = JSON.parse(stdout)
    const sheet = join(samples, 'creances-sample.xlsx')
    await run('claims:import', sheet, `--creditor=${ref}`, '--partial', '--accept-terms')
    return home.discard
  })
  const run = (...args: string[]) => runCommand(args, home.variables)

  test('it answers the five sums, and writes the PDF', async ({ assert }) => {
    const listed = JSON.parse((await run('claims:list', '--json')).stdout)
    const { ref } = listed.claims[0]
    const out = join(home.folder, 'statements', 'one.pdf')
    const { code, stdout } = await run('claims:statement', ref, '--on=2026-11-20', `--out=${out}`, '--json')
    assert.equal(code, 0)
    const totals = JSON.parse(stdout)
    assert.sameMembers(Object.keys(totals), [
      'principalCents',
      'interestCents',
      'indemnityCents',
      'paidCents',
      'totalCents',
    ])
    assert.equal(totals.totalCents, totals.principalCents + totals.interestCents + totals.indemnityCents)
    assert.isAbove(totals.totalCents, 0)
    const { text } = await inspectPdf(await readFile(out))
    assert.include(text, `Décompte du dossier ${ref}`)
    const again = await run('claims:statement', ref, '--on=2026-11-20', '--json')
    assert.equal(again.stdout, stdout)
  }).skip(...WITHOUT_PDF_READERS)

  test('rule 17: without a rate it refuses and names the half-year; so it does an unknown file', async ({
    assert,
  }) => {
    const listed = JSON.parse((await run('claims:list', '--json')).stdout)
    const b2b = listed.claims.find(({ kind }: { kind: string }) => kind === 'b2b')
    const out = join(home.folder, 'none.pdf')
    const refused = await run('claims:statement', b2b.ref, '--on=2099-01-01', `--out=${out}`)
    assert.equal(refused.code, 1)
    assert.match(refused.stderr, /No interest rate is recorded for \d{4}-S[12]/)
    await assert.rejects(() => readFile(out))
    const unknown = await run('claims:statement', 'D-0', '--on=2026-11-20')
    assert.equal(unknown.code, 1)
    assert.include(unknown.stderr, 'There is no file D-0')
  })
})
