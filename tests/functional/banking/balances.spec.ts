import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from '@japa/runner'
import { addDays } from '#shared/calendar'
import { clock, type CivilDate } from '#shared/clock'
import { sum } from '#shared/money'
import { ExportAccounting } from '#banking/accounting/export_accounting'
import { ImportStatement } from '#banking/actions/import_statement'
import { WithdrawKeptFees } from '#banking/funds/actions/withdraw_kept_fees'
import { heldFunds } from '#banking/funds/held_funds'
import BankLine from '#banking/models/bank_line'
import BankPeriod from '#banking/models/bank_period'
import BankStatement from '#banking/models/bank_statement'
import { breaksOf } from '#banking/queries/continuity'
import type { ReadLine } from '#banking/statements/statement'
import { collected, remitted, takenBack } from '#tests/fixtures/banking'
import { givenAgency, givenClaim, givenUser } from '#tests/fixtures/domain'
import { aLine, camt053, cfonb120 } from '#tests/fixtures/statements'

const today = () => clock.today()
const day = (back: number) => addDays(today(), -back)
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ')

type Around = { openingCents?: number; openingOn?: CivilDate; closingOn?: CivilDate; account?: string }

async function deposited(lines: readonly ReadLine[], around: Around = {}): Promise<BankStatement> {
  const bytes = Buffer.from(camt053(lines, around))
  const imported = await new ImportStatement().handle({ bytes, filename: 'releve.xml', userId: null })
  if (imported.outcome === 'refused') throw imported.problem
  return imported.statement
}

const groupsOf = async (on = today()) =>
  Object.fromEntries(
    ((await heldFunds(on)).reconciliation ?? []).map(({ kind, count, cents }) => [kind, [count, cents]])
  )

test.group('Balances of statements', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  test('the last closing balance of the dedicated account is the bank’s word on the funds', async ({
    client,
    assert,
  }) => {
    const claim = await givenClaim()
    const line = aLine({ amountCents: 60_000, label: claim.ref, bookedOn: day(1) })
    await deposited([line], { openingCents: 0, openingOn: day(2), closingOn: day(1) })
    const held = await heldFunds(day(1))
    assert.deepInclude(held.balance, { source: 'statement', on: day(1), cents: 60_000 })
    assert.equal(held.differenceCents, 0)

    // Later on nothing is compared with a balance of another day.
    const later = await heldFunds(today())
    assert.equal(later.balance!.on, day(1))
    assert.isNull(later.differenceCents)

    const accountant = await givenUser('accountant')
    const page = await client.get('/funds').loginAs(accountant)
    assert.include(page.text(), 'exactement les fonds détenus')
    assert.include(page.text(), (await BankStatement.firstOrFail()).ref)
    assert.include(
      (await client.get(`/funds?on=${today()}`).loginAs(accountant)).text(),
      'n’a pas encore dit'
    )

    // A person may still type a day that no statement tells, and cannot overrule one.
    const type = (balanceOn: CivilDate) =>
      client
        .post('/funds/balances')
        .loginAs(accountant)
        .form({ balanceOn, amountCents: '1,00' })
        .withCsrfToken()
    await type(day(1))
    assert.equal((await heldFunds(day(1))).balance!.cents, 60_000)
    assert.include((await type(today())).text(), `par ${accountant.fullName}`)
    assert.deepInclude((await heldFunds(today())).balance, { source: 'typed', cents: 100 })
  })

  test('a statement of another account says nothing of the funds; CFONB 120 names the same one its way', async ({
    assert,
  }) => {
    await deposited([], { account: 'FR1420041010050500013M02606', closingOn: day(1) })
    assert.isNull((await heldFunds(day(1))).balance)
    const bytes = Buffer.from(cfonb120([], { openingCents: 12_300, openingOn: day(2), closingOn: day(1) }))
    await new ImportStatement().handle({ bytes, filename: 'releve.txt', userId: null })
    assert.equal((await heldFunds(day(1))).balance!.cents, 12_300)
  })

  test('each thing that only one side knows is told, and nothing is left over', async ({
    client,
    assert,
  }) => {
    const accountant = await givenUser('accountant')
    const [first, second, third] = [await givenClaim(), await givenClaim(), await givenClaim()]
    await collected(first, 5_000, { receivedOn: day(9) })
    const lines = [
      aLine({ amountCents: 60_000, label: first.ref, bookedOn: day(5) }),
      aLine({ amountCents: 7_700, label: 'QUI EST-CE', counterparty: null, bookedOn: day(4) }),
      aLine({ amountCents: 20_000, counterparty: 'STRIPE', label: 'PAYOUT', bookedOn: day(3) }),
      aLine({ amountCents: -1_250, label: 'FRAIS DE TENUE', counterparty: null, bookedOn: day(3) }),
    ]
    await collected(second, 30_000, { method: 'card', receivedOn: day(4) })
    await collected(third, 11_000, { method: 'transfer', receivedOn: day(4) })
    await deposited(lines, { openingCents: 9_000, openingOn: day(6), closingOn: today() })
    const fees = await BankLine.findByOrFail('label', 'FRAIS DE TENUE')
    await fees.ignore({ reason: 'Frais bancaires', by: accountant })
    await remitted()
    await new WithdrawKeptFees().handle({ on: today(), userId: accountant.id })

    const held = await heldFunds(today())
    assert.equal(held.balance!.cents, 9_000 + 60_000 + 7_700 + 20_000 - 1_250)
    assert.equal(held.unexplainedCents, 0)
    assert.equal(
      sum(held.reconciliation!.map(({ cents }) => cents)),
      held.balance!.cents - held.expectedCents
    )
    const groups = await groupsOf()
    assert.deepEqual(groups.before, [1, 4_000])
    assert.deepEqual(groups.to_match, [1, 7_700])
    assert.deepEqual(groups.set_aside, [1, -1_250])
    assert.deepEqual(groups.by_hand, [1, -11_000])
    assert.deepEqual(groups.gateway, [2, -10_000])
    assert.equal(groups.remittances![0], 3)
    assert.isAbove(groups.withdrawals![1]!, 0)

    const page = await client.get('/funds').loginAs(accountant)
    for (const said of ['Tout l’écart s’explique', 'QUI EST-CE', 'Frais bancaires', third.ref, '77,00 €']) {
      assert.include(plain(page.text()), said)
    }
    assert.notInclude(page.text(), 'translation missing')
  })

  test('money that goes back, by the bank or by a correction, leaves nothing over', async ({ assert }) => {
    const claim = await givenClaim()
    await deposited([aLine({ amountCents: 10_000, label: claim.ref, bookedOn: day(2) })], {
      openingCents: 0,
      openingOn: day(3),
      closingOn: today(),
    })
    const byHand = await collected(claim, 3_000, { receivedOn: day(1) })
    await takenBack(byHand, 1_000)
    const held = await heldFunds(today())
    assert.equal(held.unexplainedCents, 0)
    assert.deepEqual(await groupsOf(), { by_hand: [1, -2_000] })
  })

  test('what no file tells is said to be missing, to the cent', async ({ client, assert }) => {
    await deposited([], { openingCents: 0, openingOn: day(6), closingOn: day(5) })
    await deposited([], { openingCents: 4_321, openingOn: day(2), closingOn: day(1) })
    const held = await heldFunds(day(1))
    assert.deepEqual([held.differenceCents, held.unexplainedCents], [4_321, 4_321])
    const page = await client.get('/funds').loginAs(await givenUser('accountant'))
    assert.include(plain(page.text()), '43,21 € ne s’expliquent pas')
  })

  test('the accounting export holds on the dedicated account what the funds say', async ({
    assert,
    cleanup,
  }) => {
    await collected(await givenClaim(), 60_000)
    await remitted()
    await takenBack(await collected(await givenClaim(), 40_000), 2_500)
    const folder = await mkdtemp(join(tmpdir(), 'amiable-fec-'))
    cleanup(() => rm(folder, { recursive: true }))
    const year = Number(today().slice(0, 4))
    const exported = await new ExportAccounting().handle({ year, folder })
    if (exported.outcome !== 'exported') throw new Error(exported.outcome)
    const cents = (text: string) => Number(text.replace(',', ''))
    const bank = (await readFile(exported.file, 'utf8'))
      .split('\r\n')
      .map((line) => line.split('\t'))
      .filter((cells) => cells[4] === '512100')
      .map((cells) => cents(cells[11]!) - cents(cells[12]!))
    assert.equal(sum(bank), (await heldFunds(today())).expectedCents)
  })
})

test.group('Statements that follow one another', (group) => {
  group.each.setup(async () => {
    await givenAgency()
  })

  const MONDAY = '2026-11-02'
  const kinds = async (statement: BankStatement) =>
    ((await breaksOf([statement.id])).get(statement.id) ?? []).map(({ kind }) => kind)

  test('nothing is said of the first, nor of one that opens where the last closed', async ({ assert }) => {
    const first = await deposited([], { openingCents: 500, openingOn: MONDAY, closingOn: MONDAY })
    const next = await deposited([], { openingCents: 500, openingOn: '2026-11-03', closingOn: '2026-11-06' })
    // Over a week-end, or dated of the day before as CFONB 120 does.
    const afterWeekEnd = await deposited([], {
      openingCents: 500,
      openingOn: '2026-11-09',
      closingOn: '2026-11-10',
    })
    const sameDay = await deposited([], {
      openingCents: 500,
      openingOn: '2026-11-10',
      closingOn: '2026-11-12',
    })
    for (const one of [first, next, afterWeekEnd, sameDay]) assert.deepEqual(await kinds(one), [])
  })

  test('another balance, or days without a statement, are said until the missing file comes', async ({
    client,
    assert,
  }) => {
    await deposited([], { openingCents: 500, openingOn: MONDAY, closingOn: MONDAY })
    const same = await deposited([], { openingCents: 500, openingOn: '2026-11-05', closingOn: '2026-11-05' })
    assert.deepEqual(await kinds(same), ['days'])
    const other = await deposited([], { openingCents: 900, openingOn: '2026-11-09', closingOn: '2026-11-10' })
    assert.deepEqual(await kinds(other), ['balance'])
    const page = await client.get('/payments/statements').loginAs(await givenUser('accountant'))
    for (const said of ['Solde non suivi', 'Jours manquants', 'finit à 5,00 € le 05/11/2026']) {
      assert.include(plain(page.text()), said)
    }
    const missing = aLine({ amountCents: 400, bookedOn: '2026-11-06' })
    await deposited([missing], { openingCents: 500, openingOn: '2026-11-06', closingOn: '2026-11-06' })
    assert.deepEqual(await kinds(other), [])
  })

  test('the same file again, and a month over its days, break nothing; another account is another', async ({
    assert,
  }) => {
    const at = { openingCents: 500, openingOn: '2026-11-10', closingOn: '2026-11-10' }
    const line = aLine({ amountCents: 70, bookedOn: '2026-11-10' })
    await deposited([], { openingCents: 500, openingOn: '2026-11-09', closingOn: '2026-11-09' })
    const once = await deposited([line], at)
    const again = await deposited([line], at)
    const month = await deposited([line], {
      openingCents: 500,
      openingOn: '2026-11-01',
      closingOn: '2026-11-30',
    })
    const elsewhere = await deposited([], { account: 'FR1420041010050500013M02606', openingCents: 3 })
    for (const one of [once, again, month, elsewhere]) assert.deepEqual(await kinds(one), [])
    assert.lengthOf(await BankLine.all(), 1)
  })

  test('CFONB 120 follows camt.053 on one account', async ({ assert }) => {
    await deposited([], { openingCents: 500, openingOn: '2026-10-30', closingOn: '2026-10-30' })
    const bytes = (openingCents: number) =>
      Buffer.from(cfonb120([], { openingCents, openingOn: '2026-10-30', closingOn: '2026-11-30' }))
    const read = async (openingCents: number) => {
      const given = { bytes: bytes(openingCents), filename: 'a.txt', userId: null }
      return (await new ImportStatement().handle(given)).statement
    }
    assert.deepEqual(await kinds(await read(500)), [])
    assert.deepEqual(await kinds(await read(501)), ['balance'])
  })

  test('a statement that does not add up enters nothing', async ({ assert }) => {
    const bytes = Buffer.from(camt053([aLine(), aLine()]).replace(/<Ntry>.*?<\/Ntry>\n/, ''))
    const imported = await new ImportStatement().handle({ bytes, filename: 'releve.xml', userId: null })
    assert.equal(imported.outcome, 'refused')
    assert.equal((await BankStatement.firstOrFail()).refusal, 'balance_differs')
    assert.deepEqual([await BankLine.all(), await BankPeriod.all()], [[], []])
  })
})
