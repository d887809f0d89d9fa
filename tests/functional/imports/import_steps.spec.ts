import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import i18nManager from '@adonisjs/i18n/services/main'
import { test } from '@japa/runner'
import app from '@adonisjs/core/services/app'
import db from '@adonisjs/lucid/services/db'
import { clock } from '#shared/clock'
import Claim from '#claims/models/claim'
import { limitationOn } from '#claims/limitation'
import TermsAcceptance from '#creditors/models/terms_acceptance'
import Delivery from '#deliveries/models/delivery'
import { recipeNamed, type EmailContent } from '#deliveries/recipes'
import CorrectRow from '#imports/actions/correct_row'
import DecideRow from '#imports/actions/decide_row'
import StageImport from '#imports/actions/stage_import'
import UndoImport from '#imports/actions/undo_import'
import Import from '#imports/models/import'
import ImportRow from '#imports/models/import_row'
import { rawRows } from '#imports/reader/read_spreadsheet'
import { currentRules } from '#imports/rules'
import { annotatedImport } from '#imports/sheets/annotated_import'
import { givenAgency, givenCreditor, givenUser } from '#tests/fixtures/domain'
import { commitStaged, givenChecked, givenStaged } from '#tests/fixtures/imports'
import { givenFile, goodCells } from '#tests/fixtures/spreadsheets'

const recognition = { by: 'recognition' } as const

const rowOf = (staged: Import, row: number) => ImportRow.findByOrFail({ importId: staged.id, row })

test.group('imports | from a table to claims', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  test('R15: rows of one debtor become one file with all its invoices and contacts', async ({ assert }) => {
    const same = { full_name: 'Zoé Martin', address: '1, rue de la Paix 75002 Paris' }
    const staged = await givenStaged([
      goodCells({ ...same, email: 'zoe@exemple.fr', amount: 100, issued_on: '01/06/2026' }),
      goodCells({
        company_name: 'Atelier Brume',
        siren: '732829320',
        amount: '1 000,50 €',
        down_payment: 0.5,
      }),
      goodCells({
        ...same,
        email: 'zoe.martin@exemple.fr',
        amount: 50,
        issued_on: '01/05/2026',
        mobile: null,
      }),
    ])
    const result = await commitStaged(staged)
    assert.equal(result.outcome, 'committed')

    const claims = await Claim.query()
      .where('importId', staged.id)
      .preload('invoices')
      .preload('debtor', (debtor) => debtor.preload('addresses').preload('contactPoints'))
      .orderBy('id')
    assert.lengthOf(claims, 2)
    const [consumer, business] = claims as [Claim, Claim]
    assert.deepInclude(consumer.serialize(), { kind: 'b2c', dueCents: 15_000, oldestDueOn: '2026-05-31' })
    assert.equal(consumer.limitationOn, limitationOn('consumer', '2026-05-31'))
    assert.lengthOf(consumer.invoices, 2)
    assert.deepEqual(
      consumer.debtor.contactPoints.map(({ kind, value, collectionContact }) => [
        kind,
        value,
        Boolean(collectionContact),
      ]),
      [
        ['email', 'zoe@exemple.fr', true],
        ['email', 'zoe.martin@exemple.fr', false],
        ['mobile', '+33612345678', true],
      ]
    )
    assert.equal(consumer.debtor.addresses[0]!.city, 'PARIS')
    assert.deepInclude(business.serialize(), { kind: 'b2b', dueCents: 100_000 })
    assert.equal(business.limitationOn, limitationOn('commercial', business.oldestDueOn))
    assert.equal(business.debtor.personKey, 'siren:732829320')
  })

  test('references follow one another without a gap, and the ledger opens what is due', async ({
    assert,
  }) => {
    const staged = await givenStaged(Array.from({ length: 12 }, () => goodCells()))
    await commitStaged(staged)
    const claims = await Claim.query().where('importId', staged.id).orderBy('id')
    const numbers = claims.map(({ ref }) => Number(/^D-2026-(\d{5})$/.exec(ref)![1]))
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => numbers[0]! + index)
    )
    const postings = await db
      .from('postings')
      .whereIn(
        'claim_id',
        claims.map(({ id }) => id)
      )
      .sum('amount_cents as total')
      .count('* as count')
      .firstOrFail()
    assert.equal(Number(postings.count), 12)
    assert.equal(
      Number(postings.total),
      claims.reduce((total, { dueCents }) => total + dueCents, 0)
    )
    const events = await db
      .from('claim_events')
      .where('type', 'claim.imported')
      .whereIn(
        'claim_id',
        claims.map(({ id }) => id)
      )
    assert.lengthOf(events, 12)
  })

  test('a rejected row refuses all without --partial; with it the good rows enter', async ({ assert }) => {
    const staged = await givenStaged([goodCells(), goodCells({ amount: null })])
    const refused = await commitStaged(staged, { partial: false })
    assert.equal(refused.outcome, 'rejected_rows')
    assert.equal((await Import.findOrFail(staged.id)).state, 'staged')
    assert.equal((await Claim.query().where('importId', staged.id)).length, 0)
    const result = await commitStaged(staged)
    assert.equal(result.outcome === 'committed' && result.summary.claims, 1)
    assert.deepEqual(await commitStaged(staged), { outcome: 'not_staged' })
  })

  test('a commit that fails in the middle leaves nothing', async ({ assert }) => {
    const staged = await givenStaged([goodCells(), goodCells()])
    await db.from('import_rows').where({ import_id: staged.id, row: 3 }).update({ due_on: '2026-01-01' })
    await assert.rejects(() => commitStaged(staged), /check|contrainte/i)
    assert.equal((await Import.findOrFail(staged.id)).state, 'staged')
    assert.equal((await Claim.query().where('importId', staged.id)).length, 0)
    const debtors = await db.from('debtors').where('creditor_id', staged.creditorId)
    assert.lengthOf(debtors, 0)
  })

  test('R18: the conditions accepted with a deposit keep their version, hash, hour and person', async ({
    assert,
  }) => {
    const user = await givenUser()
    const staged = await givenStaged([goodCells()])
    await commitStaged(staged, { userId: user.id, ip: '203.0.113.9' })
    const accepted = await TermsAcceptance.findByOrFail('importId', staged.id)
    assert.equal(accepted.version, '2026-11')
    assert.equal(accepted.userId, user.id)
    assert.equal(accepted.ip, '203.0.113.9')
    assert.lengthOf(accepted.textSha256, 64)
    assert.isBelow(Date.parse(accepted.acceptedAt), Date.now() + 1000)
  })

  test('R17: the creditor gets an acknowledgement, with the table to correct', async ({ assert }) => {
    const staged = await givenStaged([goodCells(), goodCells({ address: '14 rue des Lilas' })])
    await commitStaged(staged)
    const delivery = await Delivery.findByOrFail('key', `imports.acknowledgement:${staged.id}`)
    assert.equal(delivery.recipient, 'compta@studio-rivage.example')
    const mail = (await recipeNamed('imports.acknowledgement')!.compose(
      delivery,
      clock.now()
    )) as EmailContent
    assert.include(mail.text, 'creances.csv')
    assert.lengthOf(mail.attachments!, 1)
    assert.match(mail.attachments![0]!.name, /\.xlsx$/)

    await new UndoImport().handle({ importId: staged.id, userId: null })
    assert.deepEqual(await recipeNamed('imports.acknowledgement')!.compose(delivery, clock.now()), {
      cancel: 'import_undone',
    })
  })

  test('R20: a table is verified within three working days', async ({ assert }) => {
    const staged = await clock.at('2026-11-20T10:00:00.000Z', () => givenStaged([goodCells()]))
    assert.equal(staged.verifyByOn, '2026-11-25')
  })

  test('an import nothing has touched is undone: openings reversed, files closed, table welcome again', async ({
    assert,
  }) => {
    const creditor = await givenCreditor()
    const cells = goodCells()
    const staged = await givenStaged([cells], creditor)
    await commitStaged(staged)
    assert.equal(await new UndoImport().handle({ importId: staged.id, userId: null }), 'undone')
    assert.equal(await new UndoImport().handle({ importId: staged.id, userId: null }), 'not_committed')
    const claim = await Claim.findByOrFail('importId', staged.id)
    assert.deepInclude(claim.serialize(), { status: 'closed', dueCents: 0 })

    const again = await givenStaged([cells], creditor)
    assert.equal((await rowOf(again, 2)).outcome, 'ready')
    const result = await commitStaged(again)
    assert.equal(result.outcome, 'committed')
  })

  test('an import whose files were launched or paid cannot be undone', async ({ assert }) => {
    const staged = await givenStaged([goodCells()])
    await commitStaged(staged)
    await Claim.query().where('importId', staged.id).update({ launchedOn: '2026-11-22' })
    assert.equal(await new UndoImport().handle({ importId: staged.id, userId: null }), 'launched')
    assert.equal((await Import.findOrFail(staged.id)).state, 'committed')
    const claim = await Claim.findByOrFail('importId', staged.id)
    assert.isAbove(claim.dueCents, 0)
  })

  test('an invoice already in a claim of the creditor is set aside, not those of another', async ({
    assert,
  }) => {
    const creditor = await givenCreditor()
    const cells = goodCells()
    await commitStaged(await givenStaged([cells], creditor))
    const again = await givenStaged([cells, goodCells()], creditor)
    const duplicate = await rowOf(again, 2)
    assert.equal(duplicate.outcome, 'set_aside')
    assert.match(duplicate.duplicateOf!, /^claim:D-/)
    assert.equal((await rowOf(await givenStaged([cells]), 2)).outcome, 'ready')
  })

  test('two deposits of one table enter once, one after the other or at the same time', async ({
    assert,
  }) => {
    const entered = async (creditorId: number) => {
      const claims = await Claim.query().where('creditorId', creditorId).preload('invoices')
      return claims.flatMap(({ invoices }) => invoices.map(({ number }) => number)).toSorted()
    }
    const creditor = await givenCreditor()
    const cells = [goodCells({ invoice_number: 'FA-A' }), goodCells({ invoice_number: 'FA-B' })]
    const first = await givenChecked(cells, creditor)
    const second = await givenChecked([...cells, goodCells({ invoice_number: 'FA-C' })], creditor)
    await commitStaged(first)
    const after = await commitStaged(second)
    assert.equal(after.outcome === 'committed' && after.summary.claims, 1)
    assert.deepEqual(await entered(creditor.id), ['FA-A', 'FA-B', 'FA-C'])

    const another = await givenCreditor()
    const together = [await givenChecked(cells, another), await givenChecked(cells, another)]
    const outcomes = await Promise.all(together.map((staged) => commitStaged(staged)))
    assert.sameMembers(
      outcomes.map(({ outcome }) => outcome),
      ['committed', 'nothing_to_import']
    )
    assert.deepEqual(await entered(another.id), ['FA-A', 'FA-B'])
  })

  test('bar 16: what looks like a formula goes back as the text it was', async ({ assert }) => {
    const hostile = ['=1+1', '+1+1', '-1+1', '@SUM(A1)', '\t=1+1', '\r=1+1', "=cmd|' /C calc'!A0"]
    const rows = hostile.map((description) => goodCells({ description }))
    const staged = await givenChecked(rows, await givenCreditor())
    const file = await givenFile(
      await buffer((await annotatedImport(staged, i18nManager.locale('fr'))) as never)
    )
    const shown: unknown[] = []
    const order = { columns: recognition, rules: await currentRules(staged.creditorId) }
    for await (const batch of rawRows(file.path, order)) shown.push(...batch.map(({ cells }) => cells[12]))
    await file.discard()
    assert.deepEqual(shown.slice(1), hostile)
  })

  test('a row corrected in place is checked again, with the rules between rows', async ({ assert }) => {
    const staged = await givenStaged([
      goodCells({ full_name: 'Zoé Martin', address: '1, rue de la Paix 75002 Paris' }),
      goodCells({ full_name: 'Zoé Martin', address: '1, rue de la Paix' }),
    ])
    const wrong = await rowOf(staged, 3)
    assert.equal(wrong.outcome, 'rejected')
    await new CorrectRow().handle({ staged, row: wrong, typed: { address: '1 rue de la Paix 75002 Paris' } })
    const mended = await rowOf(staged, 3)
    assert.deepInclude(mended.serialize(), { outcome: 'ready', fileRow: 2 })

    await new StageImport().handle({ importId: staged.id, columns: recognition })
    assert.deepInclude(
      (await rowOf(staged, 3)).serialize(),
      { outcome: 'ready', fileRow: 2 },
      'reading again keeps it'
    )
    const result = await commitStaged(await Import.findOrFail(staged.id))
    assert.equal(result.outcome === 'committed' && result.summary.claims, 1)
  })

  test('a row may be left out, taken although a duplicate, and given back to the rules', async ({
    assert,
  }) => {
    const cells = goodCells()
    const staged = await givenStaged([cells, cells, goodCells()])
    const [first, second] = [await rowOf(staged, 2), await rowOf(staged, 3)]
    assert.equal(second.outcome, 'set_aside')
    await new DecideRow().handle({ staged, row: second, decision: 'take' })
    assert.equal((await rowOf(staged, 3)).outcome, 'ready')
    await new DecideRow().handle({ staged, row: first, decision: 'leave' })
    assert.equal((await rowOf(staged, 2)).outcome, 'set_aside')
    await new DecideRow().handle({ staged, row: first, decision: null })
    assert.equal((await rowOf(staged, 2)).outcome, 'ready')
  })

  test('a file that cannot be read is kept as refused, with its reason', async ({ assert }) => {
    const refused = await givenStaged(Buffer.from('%PDF-1.7'))
    assert.equal(refused.state, 'refused')
    assert.equal(refused.refusal, 'document')
    assert.deepEqual(await new StageImport().handle({ importId: refused.id, columns: recognition }), {
      outcome: 'busy',
    })
  })

  test('the sample comes in whole', async ({ assert }) => {
    const staged = await givenStaged(await readFile(app.makePath('docs/samples/creances-sample.xlsx')))
    const result = await commitStaged(staged)
    assert.equal(result.outcome === 'committed' && result.summary.principalCents, 21_618_394)
    const [{ total }] = await db.from('claims').where('import_id', staged.id).sum('due_cents as total')
    assert.equal(Number(total), 21_618_394)
  })
})
