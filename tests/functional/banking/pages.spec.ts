import { test } from '@japa/runner'
import { clock } from '#shared/clock'
import { creditorReference } from '#shared/creditor_reference'
import { loadOwed } from '#claims/owed'
import type Claim from '#claims/models/claim'
import BankLine from '#banking/models/bank_line'
import BankMatch from '#banking/models/bank_match'
import BankMatchingRules from '#banking/models/bank_matching_rules'
import BankStatement from '#banking/models/bank_statement'
import Payment from '#payments/models/payment'
import { givenAgency, givenClaim, givenUser } from '#tests/fixtures/domain'
import { aLine, camt053, cfonb120, importLines } from '#tests/fixtures/statements'

const aFile = (amountCents = 100_000) => givenClaim({ kind: 'b2c', invoices: [{ amountCents }] })
const owed = async ({ id }: Claim) => (await loadOwed(id, clock.today())).totalCents
const lastLine = () => BankLine.query().orderBy('id', 'desc').firstOrFail()

test.group('Bank pages', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  test('a statement is deposited: what is certain is posted, and the list shows its lines', async ({
    client,
    assert,
  }) => {
    const user = await givenUser('accountant')
    const [paid, named] = [await aFile(), await aFile(33_300)]
    const xml = camt053([
      aLine({ amountCents: 50_000, reference: creditorReference(paid.ref), label: 'VERSEMENT UN' }),
      aLine({ amountCents: 33_300, label: 'SANS REFERENCE' }),
      aLine({ amountCents: -990, label: 'FRAIS <b>', counterparty: 'BANQUE' }),
    ])
    const response = await client
      .post('/payments/statements')
      .loginAs(user)
      .withCsrfToken()
      .file('file', Buffer.from(xml), { filename: 'releve.xml' })
      .redirects(0)
    const statement = await BankStatement.firstOrFail()
    response.assertHeader('location', `/payments/lines?statement=${statement.ref}&state=suggested`)
    assert.containSubset(statement.serialize(), {
      state: 'recorded',
      format: 'camt053',
      lines: 3,
      userId: user.id,
    })
    assert.equal(await owed(paid), 50_000)

    const page = async (qs: object) => (await client.get('/payments/lines').qs(qs).loginAs(user)).text()
    const suggested = await page({ state: 'suggested', statement: statement.ref })
    assert.include(suggested, 'SANS REFERENCE')
    assert.include(suggested, named.ref)
    assert.include(suggested, 'Le montant est exactement celui qui est dû')
    assert.notInclude(suggested, 'VERSEMENT UN')
    assert.include(await page({ state: 'matched' }), 'VERSEMENT UN')
    const open = await page({})
    assert.include(open, 'FRAIS &lt;b&gt;')
    assert.include(await page({ q: 'frais' }), 'FRAIS')
    assert.include(await page({ q: '9,90' }), 'FRAIS')
    for (const qs of [
      { q: 'rien de tel' },
      { from: '2026-11-21' },
      { to: '2026-11-19' },
      { statement: 'RB-0' },
    ]) {
      assert.notInclude(await page(qs), 'FRAIS', JSON.stringify(qs))
    }
    assert.include(await page({ state: 'nonsense', page: 'x' }), 'FRAIS')
    const files = await client.get('/payments/statements').loginAs(user)
    files.assertTextIncludes('releve.xml')
  })

  test('a statement that cannot be read is refused with its place, in words', async ({ client, assert }) => {
    const user = await givenUser('admin')
    const short = cfonb120([aLine()]).replace('\r\n04', '\r\n0')
    for (const [content, said] of [
      [Buffer.from(short, 'latin1'), 'Ligne 2\u00a0: elle compte 119 caractères au lieu de 120.'],
      [Buffer.from('%PDF-1.7'), 'c’est un document à lire'],
    ] as const) {
      const response = await client
        .post('/payments/statements')
        .loginAs(user)
        .withCsrfToken()
        .file('file', content, { filename: 'releve.txt' })
      response.assertTextIncludes(said)
    }
    assert.lengthOf(await BankLine.all(), 0)
    const files = await client.get('/payments/statements').loginAs(user)
    files.assertTextIncludes('elle compte 119 caractères')
  })

  test('a person matches a proposed file, splits a line, and undoes with a reason', async ({
    client,
    assert,
  }) => {
    const user = await givenUser('accountant')
    const [one, two] = [await aFile(), await aFile()]
    await importLines([aLine({ amountCents: 10_000, counterparty: 'CABINET' })])
    const line = await lastLine()
    const send = (...parts: [string, string][]) =>
      client
        .post(`/payments/lines/${line.id}/matches`)
        .loginAs(user)
        .withCsrfToken()
        .form(
          Object.fromEntries(
            parts.flatMap(([claim, amount], index) => [
              [`parts[${index}][claim]`, claim],
              [`parts[${index}][amount]`, amount],
            ])
          )
        )
    const split = (first: string, second: string) =>
      send([one.ref.toLowerCase(), first], [two.ref, second], ['', ''])
    ;(await split('40,00', '60,01')).assertTextIncludes('Le total dépasse')
    ;(await send(['D-NOWHERE', '1'])).assertTextIncludes('Aucun dossier ne porte le numéro D-NOWHERE')
    ;(await send([one.ref, 'x'])).assertTextIncludes('role="alert"')
    assert.lengthOf(await Payment.all(), 0)
    ;(await split('40,00', '60,00')).assertTextIncludes('La ligne est rapprochée')
    assert.deepEqual([await owed(one), await owed(two)], [96_000, 94_000])

    const [match] = await BankMatch.query().orderBy('id')
    const undo = (reason: string) =>
      client
        .delete(`/payments/lines/${line.id}/matches/${match!.id}`)
        .loginAs(user)
        .withCsrfToken()
        .form({ reason })
    await undo('')
    assert.equal(await owed(one), 96_000)
    ;(await undo('Mauvais dossier')).assertTextIncludes('Le rapprochement est annulé')
    ;(await undo('Encore')).assertTextIncludes('déjà annulé')
    assert.equal(await owed(one), 100_000)
    const page = await client.get(`/payments/lines/${line.id}`).qs({ q: two.ref }).loginAs(user)
    page.assertTextIncludes('Annulé\u00a0: Mauvais dossier')
    page.assertTextIncludes(`Rapprocher du dossier ${two.ref}`)
  })

  test('a line is ignored with a reason and taken up again; a return is confirmed', async ({
    client,
    assert,
  }) => {
    const user = await givenUser('accountant')
    const claim = await aFile()
    await importLines([
      aLine({ amountCents: 20_000, reference: creditorReference(claim.ref), endToEndId: 'E2E-7' }),
    ])
    await importLines([aLine({ amountCents: -20_000, endToEndId: 'E2E-7', isReturn: true })])
    const debit = await lastLine()
    const post = (path: string, form: object) =>
      client.post(`/payments/lines/${debit.id}/${path}`).loginAs(user).withCsrfToken().form(form)
    ;(await post('dismissal', { reason: 'Frais bancaires' })).assertTextIncludes('Frais bancaires')
    assert.equal((await lastLine()).state, 'ignored')
    const reopened = await client
      .delete(`/payments/lines/${debit.id}/dismissal`)
      .loginAs(user)
      .withCsrfToken()
    reopened.assertTextIncludes('semble être le retour d’un virement reçu')
    const match = await BankMatch.firstOrFail()
    ;(await post('return', { match: match.id + 99 })).assertTextIncludes('ne peut pas être repris')
    ;(await post('return', { match: match.id })).assertTextIncludes('le dossier est de nouveau dû')
    assert.equal(await owed(claim), 100_000)
    const dossier = await client.get(`/claims/${claim.ref}`).loginAs(user)
    dossier.assertTextIncludes('Contestation bancaire de 200,00')
  })

  test('what the agency wants to confirm is its choice', async ({ client, assert }) => {
    const user = await givenUser('admin')
    await client
      .put('/payments/matching')
      .loginAs(user)
      .withCsrfToken()
      .form({ byReference: 'on', surplus: 'on', holdDays: '5' })
    assert.deepEqual(await BankMatchingRules.current(), {
      reference: true,
      file_reference: false,
      end_to_end: false,
      iban_amount: false,
      surplus: true,
      holdDays: 5,
    })
    const claim = await aFile()
    await importLines([aLine({ amountCents: 100, label: claim.ref })])
    assert.equal((await lastLine()).state, 'suggested')
    const page = await client.get('/payments/lines?state=suggested').loginAs(user)
    page.assertTextIncludes('L’agence demande une confirmation dans ce cas')
  })

  test('money that is nobody’s yet waits in the agenda, for whoever may match it', async ({
    client,
    assert,
  }) => {
    await importLines([
      aLine({ amountCents: 4_321, counterparty: 'PAYEUR INCONNU' }),
      aLine({ amountCents: -990, counterparty: 'BANQUE DES FRAIS' }),
    ])
    const line = await BankLine.query().where('amountCents', 4_321).firstOrFail()
    for (const role of ['accountant', 'admin'] as const) {
      const agenda = await client.get('/?group=bank_lines').loginAs(await givenUser(role))
      agenda.assertTextIncludes('PAYEUR INCONNU')
      agenda.assertTextIncludes(`/payments/lines/${line.id}`)
      assert.notInclude(agenda.text(), 'BANQUE DES FRAIS')
    }
    const agenda = await client.get('/').loginAs(await givenUser('collector'))
    assert.notInclude(agenda.text(), 'PAYEUR INCONNU')
  })

  test('only accountants and administrators see them', async ({ client }) => {
    const creditor = await givenUser('creditor', { creditorId: (await aFile()).creditorId })
    for (const user of [await givenUser('collector'), creditor]) {
      for (const path of ['/payments/lines', '/payments/statements', '/payments/matching']) {
        ;(await client.get(path).loginAs(user)).assertStatus(403)
      }
    }
  })
})
