import { test } from '@japa/runner'
import { formatOf, readStatement } from '#banking/statements/read_statement'
import { UnreadableStatement } from '#banking/statements/statement'
import {
  ACCOUNT,
  aLine,
  balance,
  CAMT_VERSIONS,
  camt053,
  CFONB_ACCOUNT,
  cfonb120,
  withoutBalances,
} from '#tests/fixtures/statements'

const OTHER_ACCOUNT = 'FR1420041010050500013M02606'

const whole = (content: string | Buffer) => {
  const bytes = Buffer.isBuffer(content) ? content : Buffer.from(content)
  return readStatement(bytes, formatOf(bytes))
}

async function gapOf(content: string): Promise<string> {
  try {
    await whole(content)
    return 'none'
  } catch (error) {
    if (!(error instanceof UnreadableStatement) || error.code !== 'balance_differs') throw error
    return error.text!
  }
}

const [first] = /<Bal>.*?<\/Bal>/.exec(camt053([]))!
const withBalances = (xml: string, ...balances: string[]) =>
  withoutBalances(xml).replace('</Acct>', `</Acct>${balances.join('')}`)

test.group('Balances of camt.053', () => {
  test('both are read with their days, in version {$self}')
    .with(CAMT_VERSIONS)
    .run(async ({ assert }, version) => {
      const xml = camt053([aLine({ amountCents: -150_000 })], {
        version,
        openingCents: 100_000,
        openingOn: '2026-11-19',
      })
      assert.deepEqual((await whole(xml)).periods, [
        {
          account: ACCOUNT,
          opening: { on: '2026-11-19', cents: 100_000 },
          closing: { on: '2026-11-20', cents: -50_000 },
        },
      ])
    })

  test('several statements and accounts each have theirs; missing ones are missing', async ({ assert }) => {
    const statementOf = (xml: string) => /<Stmt>.*<\/Stmt>/s.exec(xml)![0]
    const next = camt053([aLine({ amountCents: 100 })], { openingCents: 220_000, closingOn: '2026-11-21' })
    const other = withBalances(camt053([], { account: OTHER_ACCOUNT }), balance('CLBD', -1))
    const none = withoutBalances(camt053([aLine()]))
    const all = camt053([aLine()]).replace(
      '</BkToCstmrStmt>',
      [next, other, none].map(statementOf).join('') + '</BkToCstmrStmt>'
    )
    const { lines, periods } = await whole(all)
    assert.lengthOf(lines, 3)
    assert.deepEqual(
      periods.map(({ account, opening, closing }) => [account, opening?.cents, closing?.cents]),
      [
        [ACCOUNT, 100_000, 220_000],
        [ACCOUNT, 220_000, 220_100],
        [OTHER_ACCOUNT, undefined, -1],
      ]
    )
  })

  test('what the period before closed with opens this one, and other balances are none of the books', async ({
    assert,
  }) => {
    const xml = withBalances(
      camt053([aLine({ amountCents: 500 })]),
      balance('ITBD', 1),
      balance('PRCD', 1_000, '2026-11-18'),
      balance('CLAV', 99),
      balance('CLBD', 1_500),
      balance('FWAV', 98)
    )
    const [period] = (await whole(xml)).periods
    assert.deepEqual(period!.opening, { on: '2026-11-18', cents: 1_000 })
    assert.deepEqual(period!.closing, { on: '2026-11-20', cents: 1_500 })
    const instant = xml.replace('<Dt><Dt>2026-11-18</Dt></Dt>', '<Dt><DtTm>2026-11-17T23:30:00Z</DtTm></Dt>')
    assert.equal((await whole(instant)).periods[0]!.opening!.on, '2026-11-18')
    // A balance of no day cannot be placed.
    await assert.rejects(() => whole(xml.replace('<Dt><Dt>2026-11-18</Dt></Dt>', '')), /date_missing/)
  })

  test('lines that do not lead from one balance to the other are refused, with the gap', async ({
    assert,
  }) => {
    const xml = camt053([aLine({ amountCents: 500 }), aLine({ amountCents: -200 })])
    assert.equal(await gapOf(xml), 'none')
    assert.equal(await gapOf(xml.replace(/<Ntry>.*?<\/Ntry>\n/, '')), '500')
    assert.equal(await gapOf(xml.replace('<Amt Ccy="EUR">1003.00', '<Amt Ccy="EUR">1000.00')), '-300')
    // What is not booked does not count.
    const pending = xml.replace('<Sts><Cd>BOOK', '<Sts><Cd>PDNG')
    assert.equal(await gapOf(pending), '500')
  })

  test('a page of a statement is not held to the balances of the whole', async ({ assert }) => {
    const short = camt053([aLine({ amountCents: 500 }), aLine()]).replace(/<Ntry>.*?<\/Ntry>\n/, '')
    assert.equal(await gapOf(short), '500')
    const page = (number: number, last: boolean) => `<PgNb>${number}</PgNb><LastPgInd>${last}</LastPgInd>`
    const ofStatement = (inner: string) => short.replace('<Acct>', `<StmtPgntn>${inner}</StmtPgntn><Acct>`)
    const ofMessage = (inner: string) => short.replace('</GrpHdr>', `<MsgPgntn>${inner}</MsgPgntn></GrpHdr>`)
    for (const paged of [ofStatement, ofMessage]) {
      assert.equal(await gapOf(paged(page(1, true))), '500')
      assert.equal(await gapOf(paged(page(1, false))), 'none')
      assert.equal(await gapOf(paged(page(2, true))), 'none')
    }
  })

  test('an account in another currency, without a movement, has no balance of ours', async ({ assert }) => {
    const xml = camt053([]).replaceAll('Ccy="EUR"', 'Ccy="CHF"')
    assert.deepEqual(await whole(xml), { lines: [], periods: [] })
  })
})

test.group('Balances of CFONB 120', () => {
  test('both are read, of each account', async ({ assert }) => {
    const other = '300040000100009876543'
    const both =
      cfonb120([aLine({ amountCents: -150_000 })]) + cfonb120([], { account: other, openingCents: -12 })
    assert.deepEqual((await whole(Buffer.from(both, 'latin1'))).periods, [
      {
        account: CFONB_ACCOUNT,
        opening: { on: '2026-11-01', cents: 100_000 },
        closing: { on: '2026-11-30', cents: -50_000 },
      },
      {
        account: other,
        opening: { on: '2026-11-01', cents: -12 },
        closing: { on: '2026-11-30', cents: -12 },
      },
    ])
  })
})

/** Written by hand after what banks publish of their files. */
test.group('Files as banks write them', () => {
  const document = (inner: string, head = '<?xml version="1.0" encoding="UTF-8"?>') =>
    `${head}<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><GrpHdr><MsgId>M</MsgId><CreDtTm>2026-11-21T06:00:00</CreDtTm></GrpHdr><Stmt><Id>1</Id><CreDtTm>2026-11-21T06:00:00</CreDtTm><Acct><Id><IBAN>${ACCOUNT}</IBAN></Id></Acct>${inner}</Stmt></BkToCstmrStmt></Document>`
  const entry = (inner: string, amount = '12.00') =>
    `<Ntry><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-20</Dt></BookgDt>${inner}</Ntry>`

  test('the least that a statement may say', async ({ assert }) => {
    const bare = document(
      first + entry('').replace(/<BookgDt>.*<\/BookgDt>/, '<ValDt><Dt>2026-11-19</Dt></ValDt>')
    ).replace('<IBAN>' + ACCOUNT + '</IBAN>', '<Othr><Id>00012345678</Id></Othr>')
    const { lines, periods } = await whole(bare)
    const [line] = lines
    assert.deepInclude(line, {
      account: '00012345678',
      bookedOn: '2026-11-19',
      amountCents: 1_200,
      label: '',
      counterparty: null,
      bankReference: null,
      isBatch: false,
    })
    assert.deepEqual(
      periods.map(({ opening, closing }) => [opening?.cents, closing]),
      [[100_000, null]]
    )
  })

  test('prefixes, a BOM, CRLF and comments at once', async ({ assert }) => {
    const plain = document(
      balance('OPBD', 0) + balance('CLBD', 1_200) + entry('<AddtlNtryInf>VIR SEPA</AddtlNtryInf>')
    )
    const prefixed = plain
      .replace('<Document xmlns=', '<Document xmlns:camt=')
      .replaceAll(/<(\/?)(?=[A-Z])/g, '<$1camt:')
      .replaceAll('><', '>\r\n  <!-- - -->\r\n<')
    const found = await whole(Buffer.from(`\ufeff${prefixed}`))
    assert.deepInclude(found.lines[0], { label: 'VIR SEPA', amountCents: 1_200 })
    assert.deepEqual(found.periods[0]!.closing, { on: '2026-11-20', cents: 1_200 })
  })

  test('ISO-8859-1 and Windows-1252, as declared', async ({ assert }) => {
    for (const encoding of ['ISO-8859-1', 'windows-1252']) {
      const xml = document(
        entry("<AddtlNtryInf>CRÉDIT DÉPOSÉ À L'AGENCE</AddtlNtryInf>"),
        `<?xml version='1.0' encoding='${encoding}' standalone='yes'?>\r\n`
      )
      assert.equal((await whole(Buffer.from(xml, 'latin1'))).lines[0]!.label, "CRÉDIT DÉPOSÉ À L'AGENCE")
    }
  })

  test('a batch with its count and charges, its payments told apart or not', async ({ assert }) => {
    const paid = (cents: string, name: string) =>
      `<TxDtls><Refs><EndToEndId>${name}</EndToEndId></Refs><AmtDtls><TxAmt><Amt Ccy="EUR">${cents}</Amt></TxAmt></AmtDtls><RltdPties><Dbtr><Nm>${name}</Nm></Dbtr></RltdPties></TxDtls>`
    const head = '<Btch><NbOfTxs>2</NbOfTxs></Btch>'
    const apart = entry(
      `<AcctSvcrRef>B1</AcctSvcrRef><NtryDtls>${head}${paid('5.00', 'UN')}${paid('7.00', 'DEUX')}</NtryDtls>`
    )
    const as = (xml: string) =>
      whole(document(xml)).then(({ lines }) =>
        lines.map(({ amountCents, counterparty, isBatch, chargesCents }) => [
          amountCents,
          counterparty,
          isBatch,
          chargesCents,
        ])
      )
    assert.deepEqual(await as(apart), [
      [500, 'UN', false, 0],
      [700, 'DEUX', false, 0],
    ])
    // In two NtryDtls, as some banks do.
    assert.lengthOf(await as(apart.replace('</TxDtls><TxDtls>', '</TxDtls></NtryDtls><NtryDtls><TxDtls>')), 2)
    // Without their amounts, or only counted, nobody can tell them apart.
    assert.deepEqual(await as(apart.replaceAll(/<AmtDtls>.*?<\/AmtDtls>/g, '')), [[1_200, null, true, 0]])
    assert.deepEqual(await as(entry(`<NtryDtls>${head}</NtryDtls>`)), [[1_200, null, true, 0]])
    const charged = entry(
      `<NtryDtls><TxDtls><Chrgs><TtlChrgsAndTaxAmt Ccy="EUR">0.35</TtlChrgsAndTaxAmt></Chrgs></TxDtls></NtryDtls>`
    )
    assert.deepEqual(await as(charged), [[1_200, null, false, 35]])
  })

  test('a very long message is kept whole', async ({ assert }) => {
    const parts = Array.from({ length: 200 }, (_, index) => `${'MOTIF '.repeat(23)}${index}`)
    const xml = document(
      entry(
        `<NtryDtls><TxDtls><RmtInf>${parts.map((text) => `<Ustrd>${text}</Ustrd>`).join('')}</RmtInf></TxDtls></NtryDtls>`
      )
    )
    assert.equal((await whole(xml)).lines[0]!.label, parts.join(' '))
  })
})
