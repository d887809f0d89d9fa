import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { test } from '@japa/runner'
import fc from 'fast-check'
import { lineKeys } from '#banking/statements/line_key'
import { readOverpunch, writeOverpunch } from '#banking/statements/overpunch'
import { formatOf, readStatement } from '#banking/statements/read_statement'
import { UnreadableStatement, type StatementFormat } from '#banking/statements/statement'
import {
  ACCOUNT,
  aLine,
  CAMT_VERSIONS,
  camt053,
  camtBatch,
  cfonb120,
  CFONB_ACCOUNT,
  withoutBalances,
  withoutRaw,
} from '#tests/fixtures/statements'
import { WITHOUT_XMLLINT } from '#tests/fixtures/tools'

const read = async (content: string | Buffer, format?: StatementFormat) => {
  const bytes = Buffer.isBuffer(content) ? content : Buffer.from(content)
  return (await readStatement(bytes, format ?? formatOf(bytes))).lines
}

/** `code`, and where. */
async function refusal(content: string | Buffer, format?: StatementFormat): Promise<string> {
  try {
    await read(content, format)
    return 'read'
  } catch (error) {
    if (!(error instanceof UnreadableStatement)) throw error
    return error.at === null ? error.code : `${error.code} at ${error.at}`
  }
}

const schema = (version: string) =>
  fileURLToPath(new URL(`../../fixtures/xsd/camt.053.001.${version}.xsd`, import.meta.url))

test.group('camt.053', () => {
  test('the samples of version {$self} are what ISO 20022 says')
    .with(['02', '08'] as const)
    .run(async ({ assert, cleanup }, version) => {
      const folder = await mkdtemp(join(tmpdir(), 'amiable-camt-'))
      cleanup(() => rm(folder, { recursive: true }))
      const lines = [
        aLine({ label: 'FACTURE & <SOLDE>', counterpartyIban: 'FR1420041010050500013M02606' }),
        aLine({ amountCents: -4_250, isReturn: true, reference: 'RF41D202600042', endToEndId: 'E2E-1' }),
      ]
      for (const [name, xml] of [
        ['lines.xml', camt053(lines, { version })],
        [
          'batch.xml',
          camtBatch(
            lines.map((line) => ({ ...line, amountCents: 500 })),
            version
          ),
        ],
      ] as const) {
        await writeFile(join(folder, name), xml)
        const { stderr } = await promisify(execFile)('xmllint', [
          '--noout',
          '--nonet',
          '--schema',
          schema(version),
          join(folder, name),
        ])
        assert.include(stderr, 'validates')
      }
    })
    .skip(...WITHOUT_XMLLINT)

  test('what each line says is read, in version {$self}')
    .with(['02', '08'] as const)
    .run(async ({ assert }, version) => {
      const lines = [
        aLine({
          label: 'DOSSIER D-2026-00042 & SOLDE',
          counterpartyIban: 'FR1420041010050500013M02606',
          reference: 'RF41D202600042',
          endToEndId: 'BRUME-77',
        }),
        aLine({ amountCents: -990, counterparty: 'BANQUE', operation: 'ACMT MDOP CHRG', valueOn: null }),
        aLine({ amountCents: -120_000, isReturn: true }),
      ]
      const found = await read(camt053(lines, { version }))
      assert.deepEqual(found.map(withoutRaw), lines)
      assert.isTrue(found.every(({ raw }) => raw.startsWith('<Ntry>') && raw.endsWith('</Ntry>')))
      assert.include(found[0]!.raw, 'BRUME-77')
    })

  test('prefixes, comments, CDATA and several accounts change nothing', async ({ assert }) => {
    const one = camt053([aLine({ label: 'UN' })])
    const two = camt053([aLine({ label: 'DEUX', account: 'FR1420041010050500013M02606' })])
    const statement = /<Stmt>.*<\/Stmt>/s.exec(two)![0]
    const both = one
      .replace('</BkToCstmrStmt>', `${statement}</BkToCstmrStmt>`)
      .replace('<Ustrd>UN</Ustrd>', '<!-- <Ustrd>NON</Ustrd> --><Ustrd><![CDATA[UN & <UN>]]></Ustrd>')
    const prefixed = both
      .replaceAll('<Document xmlns=', '<Document xmlns:n=')
      .replaceAll(/<(\/?)(?=[A-Z])/g, '<$1n:')
    for (const xml of [both, prefixed.replace('<![CDATA[UN & <n:UN>]]>', '<![CDATA[UN & <UN>]]>')]) {
      const found = await read(xml)
      assert.deepEqual(
        found.map(({ account, label }) => [account, label]),
        [
          [ACCOUNT, 'UN & <UN>'],
          ['FR1420041010050500013M02606', 'DEUX'],
        ]
      )
    }
  })

  test('only what is booked is money: {$self} is not')
    .with(['PDNG', 'INFO', 'FUTR'])
    .run(async ({ assert }, status) => {
      for (const version of ['02', '08'] as const) {
        assert.deepEqual(await read(camt053([aLine()], { version, status })), [])
      }
    })

  test('the sign is the indicator’s, of a reversal too', async ({ assert }) => {
    const xml = camt053([
      aLine({ amountCents: 500, isReturn: true }),
      aLine({ amountCents: -500, isReturn: true }),
      aLine({ amountCents: -500 }),
    ])
    assert.deepEqual(
      (await read(xml)).map(({ amountCents, isReturn }) => [amountCents, isReturn]),
      [
        [500, true],
        [-500, true],
        [-500, false],
      ]
    )
  })

  test('any version is read, and a document that names none', async ({ assert }) => {
    const xml = camt053([aLine()])
    for (const namespace of [
      'urn:iso:std:iso:20022:tech:xsd:camt.053.001.13',
      'urn:swift:xsd:camt.053.001.04',
      '',
    ]) {
      const changed = xml.replace('urn:iso:std:iso:20022:tech:xsd:camt.053.001.08', namespace)
      assert.lengthOf(await read(changed), 1, namespace)
    }
    assert.lengthOf(await read(xml.replace(/ xmlns="[^"]*"/, '')), 1)
  })

  test('each payment of a batch is a line, when the file tells them apart', async ({ assert }) => {
    const lines = [
      aLine({ amountCents: 1_000, label: 'UN', bankReference: 'A1' }),
      aLine({ amountCents: 1_000, label: 'DEUX', bankReference: 'A2' }),
      aLine({ amountCents: 2_550, label: 'TROIS', bankReference: 'A3' }),
    ]
    for (const version of ['02', '08'] as const) {
      const found = await read(camtBatch(lines, version))
      assert.deepEqual(
        found.map(({ amountCents, label, bankReference }) => ({ amountCents, label, bankReference })),
        lines.map(({ amountCents, label, bankReference }) => ({ amountCents, label, bankReference }))
      )
      assert.isTrue(found.every(({ isBatch }) => !isBatch))
    }
    // The bank gives them all the reference of the batch: it names none of them.
    const shared = await read(camtBatch(lines.map((line) => ({ ...line, bankReference: 'REMISE-1' }))))
    assert.equal(new Set(lineKeys(shared)).size, 3)
    // Their sum is not the entry's: nobody knows which is short.
    const short = camtBatch(lines).replace('<Amt Ccy="EUR">25.50</Amt>', '<Amt Ccy="EUR">25.00</Amt>')
    const [whole, ...others] = await read(short)
    assert.deepEqual([whole!.amountCents, whole!.isBatch, others.length], [4_550, true, 0])
    assert.equal(whole!.label, 'UN DEUX TROIS')
  })

  test('charges that the banks kept are told', async ({ assert }) => {
    const with02 = camt053([aLine()], { version: '02' }).replace(
      '<NtryDtls>',
      '<Chrgs><Amt Ccy="EUR">1.50</Amt></Chrgs><NtryDtls>'
    )
    const with08 = camt053([aLine()]).replace(
      '<NtryDtls>',
      '<Chrgs><Rcrd><Amt Ccy="EUR">1.00</Amt></Rcrd><Rcrd><Amt Ccy="EUR">0.50</Amt></Rcrd></Chrgs><NtryDtls>'
    )
    for (const xml of [with02, with08]) assert.equal((await read(xml))[0]!.chargesCents, 150)
  })

  test('amounts of {0} are {1} cents')
    .with([
      ['12', 1_200],
      ['12.', 1_200],
      ['12.5', 1_250],
      ['12.50000', 1_250],
      ['0.01', 1],
      ['9999999999.99', 999_999_999_999],
    ] as const)
    .run(async ({ assert }, [written, amountCents]) => {
      const xml = withoutBalances(camt053([aLine()])).replace(
        '<Ntry><Amt Ccy="EUR">1200.00',
        `<Ntry><Amt Ccy="EUR">${written}`
      )
      assert.equal((await read(xml))[0]!.amountCents, amountCents)
    })

  test('a booking instant is a day in Paris', async ({ assert }) => {
    const at = (instant: string) =>
      camt053([aLine()]).replace('<BookgDt><Dt>2026-11-20</Dt>', `<BookgDt><DtTm>${instant}</DtTm>`)
    assert.equal((await read(at('2026-11-20T23:30:00Z')))[0]!.bookedOn, '2026-11-21')
    assert.equal((await read(at('2026-11-20T23:30:00')))[0]!.bookedOn, '2026-11-20')
  })

  test('other encodings are read as declared', async ({ assert }) => {
    const xml = camt053([aLine({ counterparty: 'SOCIÉTÉ DE L’ÎLE' })])
    const latin = Buffer.from(xml.replace('UTF-8', 'ISO-8859-1').replace('’', '&#8217;'), 'latin1')
    assert.equal((await read(latin))[0]!.counterparty, 'SOCIÉTÉ DE L’ÎLE')
    assert.equal((await read(Buffer.from(`\ufeff${xml}`)))[0]!.counterparty, 'SOCIÉTÉ DE L’ÎLE')
    assert.equal(await refusal(Buffer.from(xml, 'latin1')), 'encoding')
  })

  test('refused, with its place: {code}')
    .with([
      { code: 'doctype', change: ['<Document', '<!DOCTYPE x [<!ENTITY y "z">]><Document'] },
      { code: 'not_camt053', change: ['camt.053.001.08', 'camt.054.001.08'] },
      { code: 'not_camt053', change: [/BkToCstmrStmt/g, 'BkToCstmrAcctRpt'] },
      { code: 'not_camt053', change: ['Document xmlns', 'Other xmlns'] },
      { code: 'damaged_xml at 1', change: ['</Refs>', '</Ref>'] },
      { code: 'damaged_xml at 2', change: ['</Stmt></BkToCstmrStmt></Document>', ''] },
      { code: 'currency at 1', change: ['<Ntry><Amt Ccy="EUR">', '<Ntry><Amt Ccy="USD">'] },
      { code: 'currency at 1', change: ['<Ntry><Amt Ccy="EUR">', '<Ntry><Amt>'] },
      {
        code: 'amount_invalid at 1',
        change: ['<Ntry><Amt Ccy="EUR">1200.00', '<Ntry><Amt Ccy="EUR">1200.005'],
      },
      { code: 'amount_invalid at 1', change: ['<Ntry><Amt Ccy="EUR">1200.00', '<Ntry><Amt Ccy="EUR">-12'] },
      { code: 'sign_invalid at 1', change: ['<CdtDbtInd>CRDT</CdtDbtInd><Sts>', '<Sts>'] },
      { code: 'date_invalid at 1', change: ['<BookgDt><Dt>2026-11-20', '<BookgDt><Dt>2026-11-31'] },
      { code: 'date_missing at 1', change: [/<BookgDt>.*?<\/BookgDt><ValDt>.*?<\/ValDt>/, ''] },
      { code: 'empty', change: [/<Stmt>.*<\/Stmt>/s, ''] },
    ] as { code: string; change: [string | RegExp, string] }[])
    .run(async ({ assert }, { code, change }) => {
      const xml = camt053([aLine(), aLine()])
      const changed = xml.replace(change[0], change[1])
      assert.notEqual(changed, xml)
      assert.equal(await refusal(changed), code)
    })

  test('10,000 lines come back as they went, and are written again alike, in version {$self}')
    .with(CAMT_VERSIONS)
    .run(async ({ assert }, version) => {
      const lines = fc
        .sample(fc.record(aCamtLine()), { numRuns: 10_000, seed: 53 })
        .map((values) => aLine(values))
      const written = camt053(lines, { version })
      const found = await read(written)
      assert.lengthOf(found, 10_000)
      assert.equal(camt053(found, { version }), written)
      found.forEach((line, index) => assert.deepEqual(withoutRaw(line), lines[index]))
    })
})

const words = (alphabet: string, most: number) =>
  fc
    .string({ unit: fc.constantFrom(...alphabet), minLength: 3, maxLength: most })
    .map((text) => text.replace(/\s+/g, ' ').trim())
    .filter((text) => /[A-Z]{2}/.test(text))

const cents = () => fc.integer({ min: 1, max: 99_999_999 })
const signed = () => fc.tuple(cents(), fc.boolean()).map(([value, negative]) => (negative ? -value : value))
const days = () => fc.constantFrom('2026-11-02', '2026-11-03', '2026-12-31', '2028-02-29')

const aCamtLine = () => ({
  amountCents: signed(),
  bookedOn: days(),
  valueOn: fc.option(days()),
  label: words('ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 &<>éèüœ"\'/-.', 140),
  counterparty: fc.option(words('ABCDEFGHIJKLMNOPQRSTUVWXYZ &éèç', 70)),
  counterpartyIban: fc.option(fc.constantFrom('FR1420041010050500013M02606', 'DE89370400440532013000')),
  reference: fc.option(fc.constantFrom('RF41D202600042', 'RF18539007547034')),
  endToEndId: fc.option(words('ABCDEFGHIJ0123456789-', 35)),
  isReturn: fc.boolean(),
})

test.group('CFONB 120', () => {
  test('overpunch: {0} is {1} cents')
    .with([
      ['0000000012345{', 123_450],
      ['0000000012345}', -123_450],
      ['0000000012345A', 123_451],
      ['0000000012345I', 123_459],
      ['0000000012345J', -123_451],
      ['0000000012345R', -123_459],
      ['0000000000000{', 0],
      ['0000000000000}', 0],
      ['00000000123450', null],
      ['0000000012345S', null],
      ['00000000 2345A', null],
      ['000000012345A', null],
    ] as const)
    .run(({ assert }, [text, amountCents]) => assert.strictEqual(readOverpunch(text, 2), amountCents))

  test('every amount is written and read back', ({ assert }) => {
    fc.assert(
      fc.property(fc.integer({ min: -99_999_999_999_999, max: 99_999_999_999_999 }), (amount) => {
        assert.strictEqual(readOverpunch(writeOverpunch(amount), 2), amount === 0 ? 0 : amount)
      })
    )
    assert.strictEqual(readOverpunch('0000000000001B', 0), 1_200)
    assert.strictEqual(readOverpunch('0000000000001B', 3), null)
  })

  /** From the specification, column by column. */
  const SAMPLE = [
    '0130006    00001EUR2 12345678901  191126                                                  0000000100000{                ',
    '0430006001500001EUR2 1234567890118201126  201126VIR SEPA ATELIER BRUME           0000042  0000000120000{D-2026-00042    ',
    '0530006001500001EUR2 1234567890118201126     NPYATELIER BRUME                                                           ',
    '0530006001500001EUR2 1234567890118201126     LCCREGLEMENT DOSSIER                                                       ',
    '0530006001500001EUR2 1234567890118201126     RCNBRUME-77                           OTHR                                 ',
    '0430006002100001EUR2 1234567890162201126  201126COTISATION COMPTE PRO            0000043  0000000000099}                ',
    '0730006    00001EUR2 12345678901  201126                                                  0000000219901{                ',
  ]

  test('a hand-written statement is read as the specification says', async ({ assert }) => {
    assert.isTrue(SAMPLE.every((line) => line.length === 120))
    const [transfer, fee] = await read(SAMPLE.join('\r\n'))
    assert.deepEqual(withoutRaw(transfer!), {
      account: CFONB_ACCOUNT,
      bookedOn: '2026-11-20',
      valueOn: '2026-11-20',
      amountCents: 1_200_000,
      chargesCents: 0,
      label: 'VIR SEPA ATELIER BRUME REGLEMENT DOSSIER D-2026-00042 0000042',
      counterparty: 'ATELIER BRUME',
      counterpartyIban: null,
      reference: null,
      endToEndId: 'BRUME-77',
      bankReference: null,
      operation: '18 0015',
      isReturn: false,
      isBatch: false,
      raw: '',
    })
    assert.equal(transfer!.raw, SAMPLE.slice(1, 5).join('\n'))
    assert.deepEqual([fee!.amountCents, fee!.label], [-990, 'COTISATION COMPTE PRO 0000043'])
  })

  test('several accounts, LF or CRLF, Latin-1', async ({ assert }) => {
    const other = '200410100505000013M02'
    for (const newline of ['\n', '\r\n']) {
      const file =
        cfonb120([aLine({ label: 'RÈGLEMENT' })], { newline }) +
        cfonb120([aLine(), aLine({ amountCents: -50 })], { account: other, newline })
      const found = await read(Buffer.from(file, 'latin1'))
      assert.deepEqual(
        found.map(({ account, amountCents }) => [account, amountCents]),
        [
          [CFONB_ACCOUNT, 120_000],
          [other, 120_000],
          [other, -50],
        ]
      )
      assert.equal(found[0]!.label, 'RÈGLEMENT')
      assert.deepEqual(await read(Buffer.from(`\ufeff${file}`)), found)
    }
  })

  test('rule 59: a line that is not 120 characters is refused, with its number', async ({ assert }) => {
    const lines = cfonb120([aLine(), aLine()]).split('\r\n')
    for (const [index, line] of lines.slice(0, -1).entries()) {
      // An empty last line is only the end of a file that lacks its balance.
      const empty = index < lines.length - 2 ? [''] : []
      for (const wrong of [line.slice(0, -1), `${line} `, ...empty]) {
        const file = lines.with(index, wrong).join('\r\n')
        assert.equal(await refusal(file, 'cfonb120'), `line_length at ${index + 1}`)
      }
    }
  })

  test('refused, with its line: {code}')
    .with([
      { code: 'balance_differs at 5', change: [/(07.{88}).{14}/, `$1${writeOverpunch(1)}`] },
      { code: 'balance_missing at 4', change: [/07.{118}\r\n$/, ''] },
      { code: 'line_order at 1', change: [/^01.{118}\r\n/, ''] },
      { code: 'line_code at 2', change: ['\r\n04', '\r\n06'] },
      { code: 'account_differs at 2', change: [/(\r\n04.{19})\d{11}/, '$199999999999'] },
      { code: 'account_differs at 3', change: [/(\r\n05.{19})\d{11}/, '$199999999999'] },
      { code: 'currency at 2', change: [/(\r\n04.{14})EUR/, '$1USD'] },
      { code: 'amount_invalid at 2', change: [/(\r\n04.{88}).{14}/, '$100000000012345'] },
      { code: 'amount_invalid at 2', change: [/(\r\n04.{17})2/, '$13'] },
      { code: 'date_invalid at 2', change: [/(\r\n04.{32})\d{6}/, '$1310226'] },
    ] as { code: string; change: [string | RegExp, string] }[])
    .run(async ({ assert }, { code, change }) => {
      const file = cfonb120([aLine(), aLine({ counterparty: null })])
      const changed = file.replace(change[0], change[1])
      assert.notEqual(changed, file)
      assert.equal(await refusal(changed, 'cfonb120'), code)
    })

  test('10,000 lines come back as they went, and are written again alike', async ({ assert }) => {
    const lines = fc
      .sample(fc.record(aCfonbLine()), { numRuns: 10_000, seed: 120 })
      .map((values) =>
        aLine({ account: CFONB_ACCOUNT, bankReference: null, operation: '18 0000', ...values })
      )
    const written = cfonb120(lines)
    const found = await read(Buffer.from(written, 'latin1'))
    assert.lengthOf(found, 10_000)
    assert.equal(cfonb120(found), written)
    found.forEach((line, index) => assert.deepEqual(withoutRaw(line), lines[index]))
  })
})

const aCfonbLine = () => ({
  amountCents: signed(),
  bookedOn: days(),
  valueOn: fc.option(days()),
  label: words('ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789éè/-.', 31),
  counterparty: fc.option(words('ABCDEFGHIJKLMNOPQRSTUVWXYZ &éèç', 70)),
  counterpartyIban: fc.option(fc.constantFrom('FR1420041010050500013M02606', 'DE89370400440532013000')),
  reference: fc.option(fc.constantFrom('RF41D202600042', 'RF18539007547034')),
  endToEndId: fc.option(words('ABCDEFGHIJ0123456789-', 35)),
  isReturn: fc.boolean(),
})

test.group('CSV of banks', () => {
  const only = ({ bookedOn, amountCents, label }: Awaited<ReturnType<typeof read>>[number]) => [
    bookedOn,
    amountCents,
    label,
  ]

  test('columns are recognised: {name}')
    .with([
      {
        name: 'one signed column, semicolons',
        csv: 'Date;Libellé;Montant\n20/11/2026;VIR BRUME D-2026-00042;1 200,00\n21/11/2026;COTISATION;-9,90\n',
      },
      {
        name: 'debit and credit, with a preamble and sums',
        csv: 'Compte n° 12345678901\nSolde au 21/11/2026;1 190,10\n\nDate opération;Date valeur;Libellé;Débit;Crédit\n20/11/2026;20/11/2026;VIR BRUME D-2026-00042;;1200,00\n21/11/2026;21/11/2026;COTISATION;9,90;\nTotal;;;9,90;1200,00\n',
      },
      {
        name: 'commas and quotes',
        csv: 'Date comptable,Libellé,Montant en EUR\n20/11/2026,VIR BRUME D-2026-00042,"1200,00"\n21/11/2026,COTISATION,"-9,90"\n',
      },
      {
        name: 'tabs, debits with their sign',
        csv: 'Date de l’opération\tLibellé de l’opération\tDébit euros\tCrédit euros\n20/11/26\tVIR BRUME D-2026-00042\t\t1200.00\n21/11/26\tCOTISATION\t-9.90\t\n',
      },
      {
        name: 'an amount and its direction',
        csv: 'Date;Intitulé;Montant;Sens\n2026-11-20;VIR BRUME D-2026-00042;1200,00;Crédit\n2026-11-21;COTISATION;9,90;Débit\n',
      },
    ])
    .run(async ({ assert }, { csv }) => {
      const expected = [
        ['2026-11-20', 120_000, 'VIR BRUME D-2026-00042'],
        ['2026-11-21', -990, 'COTISATION'],
      ]
      for (const bytes of [
        Buffer.from(csv),
        Buffer.from(`\ufeff${csv}`),
        Buffer.from(csv.replaceAll('’', "'"), 'latin1'),
      ]) {
        assert.equal(formatOf(bytes), 'csv')
        assert.deepEqual((await read(bytes)).map(only), expected)
      }
    })

  test('what more a bank says is kept', async ({ assert }) => {
    const csv = `IBAN;${ACCOUNT}
Date;Valeur;Nature;Libellé;Informations complémentaires;Émetteur;IBAN émetteur;Référence;Montant;Devise
20/11/2026;21/11/2026;VIREMENT;VIR SEPA;FACTURE 12;ATELIER BRUME;FR14 2004 1010 0505 0001 3M02 606;RF41D202600042;12,00;EUR`
    const [line] = await read(csv)
    assert.deepEqual(withoutRaw(line!), {
      ...aLine({ bankReference: null }),
      valueOn: '2026-11-21',
      amountCents: 1_200,
      label: 'VIR SEPA FACTURE 12',
      counterpartyIban: 'FR1420041010050500013M02606',
      reference: 'RF41D202600042',
      operation: 'VIREMENT',
    })
    assert.include(line!.raw, 'FACTURE 12;ATELIER BRUME')
  })

  test('refused, with its row: {code}')
    .with([
      { code: 'no_columns', csv: 'Bonjour;Madame\n1;2\n' },
      { code: 'date_invalid at 2', csv: 'Date;Libellé;Montant\n31/02/2026;X;1,00\n' },
      { code: 'date_missing at 2', csv: 'Date;Libellé;Montant\n;X;1,00\n' },
      { code: 'amount_invalid at 3', csv: 'Date;Libellé;Montant\n20/11/2026;X;1,00\n20/11/2026;X;douze\n' },
      { code: 'amount_missing at 2', csv: 'Date;Libellé;Montant\n20/11/2026;X;\n' },
      { code: 'both_columns at 2', csv: 'Date;Libellé;Débit;Crédit\n20/11/2026;X;1,00;2,00\n' },
      { code: 'currency at 2', csv: 'Date;Libellé;Montant;Devise\n20/11/2026;X;1,00;USD\n' },
      { code: 'currency at 2', csv: 'Date;Libellé;Montant\n20/11/2026;X;1,00 $\n' },
      { code: 'damaged_csv at 1', csv: 'Date;Libellé;Montant\n20/11/2026;"X;1,00\n' },
    ])
    .run(async ({ assert }, { code, csv }) => assert.equal(await refusal(csv, 'csv'), code))
})

test.group('Formats and keys', () => {
  test('a file is what its bytes are', ({ assert }) => {
    const refused = (bytes: Buffer) => {
      try {
        return formatOf(bytes)
      } catch (error) {
        return (error as UnreadableStatement).code
      }
    }
    assert.equal(refused(Buffer.from(camt053([aLine()]))), 'camt053')
    assert.equal(refused(Buffer.from(`\ufeff  ${camt053([aLine()])}`)), 'camt053')
    assert.equal(refused(Buffer.from(cfonb120([aLine()]), 'latin1')), 'cfonb120')
    assert.equal(refused(Buffer.from('01/11/2026;VIR;12,00\n')), 'csv')
    assert.equal(refused(Buffer.from('%PDF-1.7')), 'document')
    assert.equal(refused(Buffer.from('<!DOCTYPE html><html>')), 'document')
    assert.equal(refused(Buffer.from('PK\u0003\u0004xlsx', 'latin1')), 'spreadsheet')
    assert.equal(refused(Buffer.from([1, 0, 2, 0, 0, 0, 7, 0, 0])), 'unknown_format')
    assert.equal(refused(Buffer.alloc(0)), 'empty')
  })

  test('rule 31: a bank’s reference names a movement with its account, amount and day', ({ assert }) => {
    const line = aLine({ bankReference: 'X1' })
    const keys = lineKeys([
      line,
      { ...line, label: 'écrit autrement' },
      { ...line, amountCents: 1 },
      { ...line, account: 'FR1420041010050500013M02606' },
      { ...line, bookedOn: '2026-11-21' },
    ])
    assert.equal(keys[0], keys[1])
    assert.equal(new Set(keys).size, 4)
  })

  test('rule 31: without a reference, two identical transfers of a day both count, and files that overlap count them once', ({
    assert,
  }) => {
    const line = aLine({ bankReference: null })
    const morning = lineKeys([line])
    const evening = lineKeys([aLine({ bankReference: null, label: 'AUTRE' }), line, line])
    assert.equal(new Set([...morning, ...evening]).size, 3)
    assert.deepEqual(lineKeys([line, line]), evening.slice(1))
    assert.notEqual(lineKeys([{ ...line, bookedOn: '2026-11-21' }])[0], morning[0])
  })
})

test.group('Damaged statements', () => {
  const line = aLine({ label: 'DOSSIER D-2026-00042', counterpartyIban: 'FR1420041010050500013M02606' })
  const samples: [StatementFormat, Buffer][] = [
    ['camt053', Buffer.from(camt053([line, aLine({ amountCents: -500 })]))],
    ['camt053', Buffer.from(camtBatch([line, { ...line, bankReference: 'A2' }], '02'))],
    ['cfonb120', Buffer.from(cfonb120([line, aLine({ amountCents: -500 })]), 'latin1')],
    ['csv', Buffer.from('Date;Libellé;Débit;Crédit\n20/11/2026;"VIR ""A""";;12,00\n21/11/2026;X;9,90;\n')],
  ]

  test('whatever is done to a file, it is read or refused, and never breaks the reader', async ({
    assert,
  }) => {
    const change = fc.oneof(
      fc.record({ at: fc.nat(5_000), insert: fc.uint8Array({ maxLength: 4 }), cut: fc.nat(4) }),
      fc.record({ at: fc.nat(5_000), insert: fc.constant(new Uint8Array()), cut: fc.nat(5_000) }),
      fc.record({
        at: fc.nat(5_000),
        insert: fc
          .constantFrom(
            '<',
            '>',
            '</Ntry>',
            '<Ntry>',
            '&#0;',
            '<!DOCTYPE a>',
            ']]>',
            '"',
            ';;',
            '\r\n',
            '\0',
            '99999999999999999999'
          )
          .map((text) => Buffer.from(text)),
        cut: fc.nat(3),
      })
    )
    const outcomes = { read: 0, refused: 0 }
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...samples), change, async ([format, bytes], { at, insert, cut }) => {
        const from = at % bytes.byteLength
        const changed = Buffer.concat([bytes.subarray(0, from), insert, bytes.subarray(from + cut)])
        const outcome = await refusal(changed, format)
        outcomes[outcome === 'read' ? 'read' : 'refused'] += 1
      }),
      { numRuns: 3_000, seed: 31 }
    )
    assert.isAbove(outcomes.read, 100)
    assert.isAbove(outcomes.refused, 500)
  })

  test('a tag that never ends is refused, not kept in memory', async ({ assert }) => {
    const endless = camt053([line]).replace('<Ustrd>', `<Ustrd><${'x'.repeat(2 * 1024 * 1024)}`)
    assert.equal(await refusal(endless), 'damaged_xml at 1')
  })
})
