import { test } from '@japa/runner'
import type { CellValue } from '#shared/cells'
import { Unreadable, type Limits } from '#imports/reader/limits'
import { rawRows, readSpreadsheet } from '#imports/reader/read_spreadsheet'
import type { StagedRow, TableHead } from '#imports/reader/protocol'
import {
  csvText,
  escaped,
  givenFile,
  goodCells,
  headerCells,
  rules,
  workbook,
  xlsx,
  xlsxRow,
  zip,
} from '#tests/fixtures/spreadsheets'

async function read(bytes: Buffer | string, options: { firstRows?: number; limits?: Partial<Limits> } = {}) {
  const file = await givenFile(bytes)
  const rows: StagedRow[] = []
  try {
    const order = { columns: { by: 'recognition' } as const, rules, ...options }
    const result = await readSpreadsheet(file.path, order, (batch) => void rows.push(...batch))
    return { ...result, rows }
  } finally {
    await file.discard()
  }
}

async function refusal(bytes: Buffer | string, limits: Partial<Limits> = {}): Promise<string> {
  const error = await read(bytes, { limits }).then(
    () => null,
    (thrown: unknown) => thrown
  )
  if (error instanceof Unreadable) return error.code
  throw error ?? new Error('it was read')
}

const table = (...rows: CellValue[][]) =>
  xlsx({ rows: [headerCells, ...rows].map((cells) => xlsxRow(cells)).join('') })

test.group('imports | reader, .xlsx', () => {
  test('cells without the optional reference are read in their order', async ({ assert }) => {
    const { rows, head } = await read(table(goodCells()))
    assert.equal(rows[0]!.outcome, 'ready')
    assert.equal(rows[0]!.row, 2)
    assert.deepInclude(head satisfies TableHead, { format: 'xlsx', headerRow: 1, sheet: 'Créances' })
  })

  test('cells with references may skip columns and rows', async ({ assert }) => {
    const text = (ref: string, value: string) => `<c r="${ref}" t="inlineStr"><is><t>${value}</t></is></c>`
    const rows =
      `<row r="3">${text('B3', 'Nom du client')}${text('D3', 'N° facture')}<c r="F3" t="inlineStr"><is><r><t>Montant </t></r><r><t>TTC</t></r></is></c></row>` +
      `<row r="7">${text('B7', 'Zoé')}<c r="F7"><f>1+1</f><v>12.5</v></c></row>`
    const result = await read(xlsx({ rows }))
    assert.deepEqual(result.head.mapping, { full_name: 1, invoice_number: 3, amount: 5 })
    assert.equal(result.rows[0]!.row, 7)
    assert.equal(result.rows[0]!.amountCents, 1250, 'a formula gives the value Excel kept')
  })

  test('shared strings, rich runs, entities, phonetic guides and Excel’s escapes', async ({ assert }) => {
    const strings = ['Nom complet', 'Adresse postale', 'N&B <x>', 'ligne_x000A_suivante']
    const rows =
      '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>' +
      '<row><c t="s"><v>2</v></c><c t="s"><v>3</v></c><c t="s"><v>999</v></c><c t="inlineStr"><is><t>東京</t><rPh><t>トウキョウ</t></rPh></is></c></row>'
    const result = await read(xlsx({ rows, strings }))
    assert.deepEqual(result.rows[0]!.cells, ['N&B <x>', 'ligne\nsuivante', null, '東京'])
  })

  test('a row that a filter hides is read, and said to be hidden', async ({ assert }) => {
    const rows = [headerCells, goodCells(), goodCells(), goodCells({ amount: 'rien' })]
    const sheet = rows.map((cells, at) => xlsxRow(cells, at > 1 ? ' hidden="1"' : ' hidden="0"')).join('')
    const result = await read(xlsx({ rows: sheet }))
    assert.deepEqual(
      result.rows.map(({ outcome, problems }) => [outcome, problems.map(({ code }) => code).join()]),
      [
        ['ready', ''],
        ['ready', 'row_hidden'],
        ['rejected', 'amount_invalid'],
      ]
    )
  })

  test('a separator of lines within a cell is part of its text', async ({ assert }) => {
    const { rows } = await read(table(goodCells({ full_name: 'Ca\u2028mille\u2029 Martin' }), goodCells()))
    assert.equal(rows[0]!.cells[1], 'Ca\u2028mille\u2029 Martin')
    assert.equal(rows[0]!.outcome, 'ready')
    assert.lengthOf(rows, 2)
  })

  test('date cells, in both date systems', async ({ assert }) => {
    const styles =
      '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="[$-40C]d mmm yyyy;@"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>'
    const rows = (serial: number) =>
      `${xlsxRow(['Nom complet', 'Date facture', 'Échéance'])}<row><c t="inlineStr"><is><t>Zoé</t></is></c><c s="1"><v>${serial}</v></c><c s="2"><v>${serial + 30}</v></c></row>`
    for (const [workbookPr, serial] of [
      ['', 46215],
      ['<workbookPr date1904="1"/>', 46215 - 1462],
    ] as const) {
      const { rows: read1 } = await read(xlsx({ rows: rows(serial), styles, workbookPr }))
      assert.deepEqual(read1[0]!.cells.slice(1), ['2026-07-12', '2026-08-11'])
      assert.equal(read1[0]!.issuedOn, '2026-07-12')
    }
  })

  test('a bare number in a date column is a day of the workbook’s own system', async ({ assert }) => {
    const { rows } = await read(
      xlsx({
        rows: [headerCells, goodCells({ issued_on: 46215 - 1462 })].map((cells) => xlsxRow(cells)).join(''),
        workbookPr: '<workbookPr date1904="true"/>',
      })
    )
    assert.equal(rows[0]!.issuedOn, '2026-07-12')
  })

  test('prefixed names and attributes in any quotes are the same XML', async ({ assert }) => {
    const rows = `<?xml version='1.0'?><!-- > --><x:worksheet xmlns:x='y'><x:sheetData><x:row r='1'><x:c r='A1' t='str'><x:v>Nom complet</x:v></x:c><x:c t='str'><x:v>E-mail</x:v></x:c></x:row><x:row><x:c t='str'><x:v><![CDATA[A & B]]></x:v></x:c></x:row></x:sheetData></x:worksheet>`
    const result = await read(xlsx({ rows }))
    assert.equal(result.rows[0]!.cells[0], 'A & B')
  })

  test('the preview stops early', async ({ assert }) => {
    const { rows } = await read(table(...Array.from({ length: 300 }, () => goodCells())), { firstRows: 5 })
    assert.lengthOf(rows, 5)
  })

  test('blank rows and rows of totals are passed over, titles too', async ({ assert }) => {
    const { rows, head } = await read(
      xlsx({
        rows: [
          ['Relevé au 01/11/2026'],
          [null],
          headerCells,
          [null, null],
          goodCells(),
          ['Total', ...Array.from({ length: 12 }, () => null), 1200],
        ]
          .map((cells) => xlsxRow(cells))
          .join(''),
      })
    )
    assert.equal(head.headerRow, 3)
    assert.deepEqual(
      rows.map(({ row }) => row),
      [5]
    )
  })
})

test.group('imports | reader, what a person sees in a workbook', () => {
  const sheet = (...rows: CellValue[][]) =>
    `<?xml version="1.0"?><worksheet><sheetData>${rows.map((cells) => xlsxRow(cells)).join('')}</sheetData></worksheet>`

  test('of several sheets the one that tells all of a debt is read, and the others like it are named', async ({
    assert,
  }) => {
    const { head, rows } = await read(
      workbook([
        { name: 'Récapitulatif', content: sheet(['Client', 'Montant dû'], ['Zoé Martin', 12]) },
        { name: 'Octobre', content: sheet([...headerCells], goodCells({ invoice_number: 'OCT-1' })) },
        { name: 'Mode d’emploi', content: sheet(['Colonne', 'Exemple'], ['Nom', 'Zoé']) },
        { name: 'Novembre', content: sheet([...headerCells], goodCells({ invoice_number: 'NOV-1' })) },
      ])
    )
    assert.deepInclude(head, { sheet: 'Octobre', unread: ['Novembre'] })
    assert.deepEqual(
      rows.map(({ invoiceNumber }) => invoiceNumber),
      ['OCT-1']
    )
  })

  test('a debtor merged over several rows is that of each, an amount merged over them is not', async ({
    assert,
  }) => {
    const group = { email: null, mobile: null }
    const cells = [
      [...headerCells],
      goodCells({
        full_name: 'Zoé Martin',
        address: '1 rue A 75002 Paris',
        amount: 300,
        email: 'zoe@exemple.fr',
      }),
      goodCells({ ...group, full_name: null, address: null, amount: 50 }),
      goodCells({ ...group, full_name: null, address: null, amount: null }),
      goodCells({ ...group, full_name: null, address: null, amount: 70 }),
    ]
    const merges = ['A1:B1', 'B2:B4', 'C2:C4', 'F2:F4', 'N2:N4']
    const rowsXml = cells.map((row) => xlsxRow(row)).join('')
    const { rows } = await read(
      xlsx({
        rows: `<?xml version="1.0"?><worksheet><sheetData>${rowsXml}</sheetData><mergeCells count="5">${merges.map((ref) => `<mergeCell ref="${ref}"/>`).join('')}</mergeCells></worksheet>`,
      })
    )
    assert.deepEqual(
      rows.map(({ row, fullName, email, outcome, amountCents }) => [
        row,
        fullName,
        email,
        outcome,
        amountCents,
      ]),
      [
        [2, 'Zoé Martin', 'zoe@exemple.fr', 'ready', 30_000],
        [3, 'Zoé Martin', 'zoe@exemple.fr', 'ready', 5_000],
        [4, 'Zoé Martin', 'zoe@exemple.fr', 'rejected', null],
        [5, null, null, 'rejected', 7_000],
      ]
    )
  })

  test('an amount shown in another currency is not read as euros', async ({ assert }) => {
    const formats = [
      '[$$-409]#,##0.00',
      '#,##0.00\\ [$€-40C];[RED]\\-#,##0.00\\ [$€-40C]',
      '#,##0.00\\ "CHF"',
      '0.00',
    ]
    const styles = `<styleSheet><numFmts>${formats.map((code, index) => `<numFmt numFmtId="${200 + index}" formatCode="${escaped(code)}"/>`).join('')}</numFmts><cellXfs>${formats.map((_, index) => `<xf numFmtId="${200 + index}"/>`).join('')}</cellXfs></styleSheet>`
    const amounts = formats
      .map((_, index) => `<row><c t="inlineStr"><is><t>Zoé</t></is></c><c s="${index}"><v>12.5</v></c></row>`)
      .join('')
    const { rows } = await read(xlsx({ rows: xlsxRow(['Nom complet', 'Montant TTC']) + amounts, styles }))
    assert.deepEqual(
      rows.map(({ amountCents }) => amountCents),
      [null, 1250, null, 1250]
    )
    assert.deepEqual(
      rows.flatMap(({ problems }) =>
        problems.flatMap(({ code, hint }) => (code === 'amount_invalid' ? [hint] : []))
      ),
      ['$', 'CHF']
    )
  })

  test('a debtor called Total is a debt, totals and formulas copied below the table are not', async ({
    assert,
  }) => {
    const total = { full_name: null, civility: null, company_name: 'TOTAL' }
    const { rows } = await read(
      table(
        goodCells(total),
        goodCells(),
        [null, null, null, null, null, null, null, null, null, null, null, null, null, 2000, 0, 2000],
        [
          'TOTAL GÉNÉRAL (2 factures)',
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          2000,
        ],
        [null, null, null, null, null, null, null, null, null, null, null, '1900-01-30', null, null, 0, 0]
      )
    )
    assert.deepEqual(
      rows.map(({ row, outcome }) => [row, outcome]),
      [
        [2, 'ready'],
        [3, 'ready'],
      ]
    )
  })
})

test.group('imports | reader, unknown columns', () => {
  test('columns nobody knows are left for a person to name', async ({ assert }) => {
    const { head, rows } = await read(table2(['Relevé'], ['Alpha', 'Beta'], ['1', '2']))
    assert.deepInclude(head, { headerRow: 2, headers: ['Alpha', 'Beta'], mapping: {} })
    assert.equal(rows[0]!.outcome, 'rejected')
  })
})

test.group('imports | reader, .csv', () => {
  const rows = () => [headerCells, goodCells({ full_name: 'Zoé L’Hermite', description: 'a; b, c\n"d"' })]

  test('{$i} encodings and separators')
    .with([
      [';', (text: string) => Buffer.from(`\ufeff${text}`)],
      [',', (text: string) => Buffer.from(text)],
      ['\t', (text: string) => Buffer.from(text)],
      ['|', (text: string) => Buffer.from(text.replaceAll('\r\n', '\n'))],
      [';', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
      [',', (text: string) => Buffer.from(text, 'utf16le')],
      [';', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
      [';', (text: string) => Buffer.from(text.replaceAll('’', '\u0092'), 'latin1')],
      [';', (text: string) => Buffer.from(`sep=;\r\n${text}`)],
      [
        ';',
        (text: string) =>
          Buffer.concat([Buffer.from(`\ufeff${text}\r\nun octet perdu;`), Buffer.from([0xe9])]),
      ],
    ] as [string, (text: string) => Buffer][])
    .run(async ({ assert }, [delimiter, encode]) => {
      const result = await read(encode(csvText(rows(), delimiter)))
      assert.equal(result.head.headerRow, 1)
      const [row] = result.rows
      assert.equal(row!.outcome, 'ready')
      assert.equal(row!.fullName, 'Zoé L’Hermite')
      assert.equal(row!.row, 2)
      assert.equal(row!.description, 'a; b, c "d"')
    })

  test('old Mac line ends', async ({ assert }) => {
    const result = await read(csvText([headerCells, goodCells(), goodCells()]).replaceAll('\r\n', '\r'))
    assert.deepEqual(
      result.rows.map(({ row, outcome }) => [row, outcome]),
      [
        [2, 'ready'],
        [3, 'ready'],
      ]
    )
  })

  test('records cut by the pieces they are read in come out whole', async ({ assert }) => {
    const many = Array.from({ length: 6000 }, (_, index) =>
      goodCells({ description: `"é${'x'.repeat(index % 97)}"\nfin`, invoice_number: `N-${index}` })
    )
    const result = await read(csvText([headerCells, ...many]))
    assert.lengthOf(result.rows, 6000)
    assert.deepEqual(
      result.rows.map(({ row, invoiceNumber }) => [row, invoiceNumber]),
      many.map((_, index) => [index + 2, `N-${index}`])
    )
  })

  test('quotes that were never doubled stay in the name, and never swallow a row', async ({ assert }) => {
    const cells = goodCells({ full_name: 'NAME', description: 'LAST' })
    const line = (name: string) => csvText([cells]).replace('NAME', name)
    const names = async (...lines: string[]) =>
      (await read(`${csvText([headerCells])}\r\n${lines.join('\r\n')}`)).rows.map(
        ({ cells: [, name] }) => name
      )
    assert.deepEqual(await names(line('"Le Bon" Pain'), line('Le "Bon" Pain'), line('"Le ""Bon"" Pain"')), [
      'Le Bon Pain',
      'Le "Bon" Pain',
      'Le "Bon" Pain',
    ])
    assert.deepEqual(await names(line('"Sur\r\ndeux lignes"'), line('"Espace" ')), [
      'Sur\r\ndeux lignes',
      'Espace',
    ])
    const table1 = [csvText([headerCells]), line('"Le Bon Pain'), line('"Un autre"'), line('Zoé')].join(
      '\r\n'
    )
    assert.equal(await refusal(table1), 'damaged')
    assert.equal(await refusal([csvText([headerCells]), line('"Le Bon Pain')].join('\n')), 'damaged')
  })

  test('a quote that is never closed is a damaged file, not an endless cell', async ({ assert }) => {
    const text = `${csvText([headerCells])}\r\n"${'x'.repeat(2_000_000)}`
    assert.equal(await refusal(text), 'damaged')
  })
})

test.group('imports | reader, .ods', () => {
  const ods = (rows: string) =>
    zip([
      { name: 'mimetype', content: 'application/vnd.oasis.opendocument.spreadsheet', method: 0 },
      {
        name: 'content.xml',
        content: `<office:document-content><office:body><office:spreadsheet><table:table table:name="Vide"/><table:table table:name="Créances">${rows}</table:table></office:spreadsheet></office:body></office:document-content>`,
      },
    ])
  const row = (cells: string[], attributes = '') =>
    `<table:table-row${attributes}>${cells.join('')}</table:table-row>`
  const text = (value: string) =>
    `<table:table-cell office:value-type="string"><text:p>${value}</text:p></table:table-cell>`

  test('texts, numbers, dates, gaps and comments', async ({ assert }) => {
    const blank = '<table:table-cell table:number-columns-repeated="2"/>'
    const result = await read(
      ods(
        row([text('Relevé')]) +
          row(['<table:table-cell/>'], ' table:number-rows-repeated="3"') +
          row([text('Nom complet'), blank, text('Date facture'), text('Montant TTC')]) +
          row([
            text('Zoé<text:s text:c="2"/>Martin<text:line-break/>B'),
            blank,
            '<table:table-cell office:value-type="date" office:date-value="2026-07-12T00:00:00"><text:p>12/07/26</text:p></table:table-cell>',
            '<table:table-cell office:value-type="currency" office:value="12.5"><office:annotation><text:p>note</text:p></office:annotation><text:p>12,50 €</text:p></table:table-cell>',
          ])
      )
    )
    assert.deepInclude(result.head, { format: 'ods', sheet: 'Créances', headerRow: 5 })
    assert.deepEqual(result.rows[0]!.cells, ['Zoé  Martin\nB', null, null, '2026-07-12', 12.5])
    assert.equal(result.rows[0]!.row, 6)
  })

  test('a debtor merged over several rows, an amount in dollars', async ({ assert }) => {
    const merged = (value: string) =>
      `<table:table-cell table:number-rows-spanned="2" office:value-type="string"><text:p>${value}</text:p></table:table-cell>`
    const money = (value: number, currency: string) =>
      `<table:table-cell office:value-type="currency" office:currency="${currency}" office:value="${value}"/>`
    const { rows } = await read(
      ods(
        row([text('Nom complet'), text('Montant TTC')]) +
          row([merged('Zoé Martin'), money(12.5, 'EUR')]) +
          row(['<table:covered-table-cell/>', money(7, 'USD')]) +
          row(['<table:table-cell/>', money(8, 'EUR')])
      )
    )
    assert.deepEqual(
      rows.map(({ fullName, amountCents }) => [fullName, amountCents]),
      [
        ['Zoé Martin', 1250],
        ['Zoé Martin', null],
        [null, 800],
      ]
    )
  })

  test('rows folded away or filtered out are said to be hidden', async ({ assert }) => {
    const cells = (values: readonly CellValue[]) => values.map((value) => text(escaped(String(value ?? ''))))
    const visibility = ['visible', 'collapse', 'filter']
    const { rows } = await read(
      ods(
        row(cells(headerCells)) +
          visibility.map((how) => row(cells(goodCells()), ` table:visibility="${how}"`)).join('')
      )
    )
    assert.deepEqual(
      rows.map(({ problems }) => problems.map(({ code }) => code).join()),
      ['', 'row_hidden', 'row_hidden']
    )
  })

  test('a million copies of a row, or of a cell, stay within the limits', async ({ assert }) => {
    const header = row([text('Nom complet'), text('Montant TTC')])
    assert.equal(
      await refusal(ods(header + row([text('x')], ' table:number-rows-repeated="1048576"'))),
      'too_many_rows'
    )
    const wide = await read(
      ods(
        header +
          row([
            '<table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p></table:table-cell>',
          ])
      )
    )
    assert.lengthOf(wide.rows[0]!.cells, 100)
  })
})

test.group('imports | reader, what it refuses', () => {
  test('{0}: {1}')
    .with([
      ['nothing', 'empty', Buffer.alloc(0)],
      ['a header alone', 'empty', table()],
      ['one column', 'no_table', table2(['Alpha'], ['1'])],
      [
        'an old .xls',
        'old_excel',
        Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]),
      ],
      [
        'a password',
        'encrypted',
        Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.from('EncryptedPackage', 'utf16le')]),
      ],
      ['a PDF', 'document', Buffer.from('%PDF-1.7\n')],
      ['HTML called .xls', 'document', Buffer.from('<html><table></table></html>')],
      ['.xlsb', 'binary_excel', zip([{ name: 'xl/workbook.bin', content: 'x' }])],
      ['Numbers', 'numbers', zip([{ name: 'Index/Document.iwa', content: 'x' }])],
      ['a Word file', 'document', zip([{ name: 'word/document.xml', content: 'x' }])],
      ['some archive', 'unsupported', zip([{ name: 'a.txt', content: 'x' }])],
      ['half an archive', 'damaged', table(goodCells()).subarray(0, 900)],
      ['an image', 'document', Buffer.from('89504e470d0a1a0a0000', 'hex')],
      ['zeros', 'unsupported', Buffer.alloc(4000)],
    ] as [string, string, Buffer][])
    .run(async ({ assert }, [, code, bytes]) => assert.equal(await refusal(bytes), code))

  test('a document type, a sheet cut short and an archive that lies are damaged', async ({ assert }) => {
    const sheet = xlsxRow(headerCells) + xlsxRow(goodCells())
    const entities = '<!DOCTYPE x [<!ENTITY a "aaaa">]>'
    for (const bytes of [
      xlsx({
        rows: `<?xml version="1.0"?>${entities}<worksheet><sheetData>${sheet}</sheetData></worksheet>`,
      }),
      xlsx({ rows: `<?xml version="1.0"?><worksheet><sheetData>${sheet}` }),
      xlsx({ rows: sheet, more: [{ name: '_rels/.rels', content: 'twice' }] }),
      zip([
        { name: '_rels/.rels', content: '<Relationships/>', declared: 4 },
        { name: 'xl/workbook.xml', content: '<workbook/>' },
      ]),
      zip([
        { name: '_rels/.rels', content: '<Relationships/>', declared: 400 },
        { name: 'xl/workbook.xml', content: '<workbook/>' },
      ]),
    ]) {
      assert.equal(await refusal(bytes), 'damaged')
    }
  })

  test('a zip bomb stops at the bytes it inflates', async ({ assert }) => {
    const table1 = xlsxRow(headerCells) + xlsxRow(goodCells())
    const bomb = xlsx({ rows: table1 + '<row/>'.repeat(4_000_000) })
    assert.isBelow(bomb.byteLength, 100_000)
    assert.equal(await refusal(bomb, { inflatedBytes: 8_000_000 }), 'too_large')
  })

  test('a table beyond its rows, its time or its memory is refused', async ({ assert }) => {
    const rows = Array.from({ length: 400 }, () => goodCells())
    assert.equal(await refusal(table(...rows), { rows: 399 }), 'too_many_rows')
    assert.equal(await refusal(table(...rows), { seconds: 0.01 }), 'too_slow')
    const strings = Array.from({ length: 900_000 }, (_, index) => `texte ${index} ${'x'.repeat(40)}`)
    assert.equal(await refusal(xlsx({ rows: xlsxRow(headerCells), strings }), { heapMb: 40 }), 'too_large')
  })

  test('the sheet comes back as it is, row for row', async ({ assert }) => {
    const file = await givenFile(csvText([headerCells, goodCells()]))
    const found: number[] = []
    const order = { columns: { by: 'recognition' } as const, rules }
    for await (const batch of rawRows(file.path, order)) found.push(...batch.map(({ number }) => number))
    await file.discard()
    assert.deepEqual(found, [1, 2])
  })
})

function table2(...rows: CellValue[][]) {
  return xlsx({ rows: rows.map((cells) => xlsxRow(cells)).join('') })
}
