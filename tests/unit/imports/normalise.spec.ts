import { test } from '@japa/runner'
import fc from 'fast-check'
import { readAmount } from '#shared/written_amount'
import { readAddress } from '#imports/normalise/addresses'
import { readDate } from '#shared/written_date'
import { readEmail } from '#imports/normalise/email'
import { invoiceKey, readInvoiceNumbers } from '#imports/normalise/invoices'
import { readMobile } from '#imports/normalise/mobile'
import {
  companyName,
  isPrivatePerson,
  namesCompany,
  personName,
  readCivility,
  splitCivility,
} from '#imports/normalise/names'
import { readSiren } from '#imports/normalise/siren'
import { plainWords, meaningOf, tidy, type CellValue } from '#shared/cells'
import { formatDecimal, formatEuros } from '#shared/money'

test.group('imports | amounts', () => {
  const SPACES = [' ', '\u00a0', '\u202f', '\u2009', '\u2007', '\u3000', '\ufeff', '\t']

  test('a French amount is read with every kind of space', ({ assert }) => {
    for (const space of SPACES) {
      assert.equal(readAmount(`1${space}234${space}567,89${space}€`), 123456789, JSON.stringify(space))
    }
  })

  test('{0} is {1} cents')
    .with([
      ['1 234,56 €', 123456],
      ['1.234,56', 123456],
      ['1,234.56', 123456],
      ['1.234.567', 123456700],
      ['1,234,567.8', 123456780],
      ['€ 1234', 123400],
      ['EUR 12,5', 1250],
      ['12,5 euros', 1250],
      ["1'234.50", 123450],
      ['0,99', 99],
      [',99', 99],
      ['(12,50)', -1250],
      ['-12,50 €', -1250],
      ['12,50-', -1250],
      ['−1 000,00', -100000],
      ['+3', 300],
      ['12€50', 1250],
      ['1 234 € 50', 123450],
      ['12,5euros', 1250],
      ['1 234,56 € TTC', 123456],
      ['1234.5600', 123456],
      ["'1234,5", 123450],
      ['1 234 ,50', 123450],
      ['0', 0],
      ['-0', 0],
      [9172.31, 917231],
      [1.005, 101],
      [0.1 + 0.2, 30],
      [-2.675, -268],
      [123456789.12, 12345678912],
    ] as [CellValue, number][])
    .run(({ assert }, [cell, expected]) => assert.equal(readAmount(cell), expected))

  test('{0} is refused')
    .with([
      '1,234',
      '1.234',
      '12345,678',
      '1,23,4',
      '1.23.456',
      '1,234,56',
      '100 50',
      '1234 567',
      '1 234.567,89',
      '12€500',
      '12 € 5',
      '1 234,56 CHF',
      '$12.50',
      '100,-',
      'mille',
      '12 € environ',
      '1e5',
      '',
      ' ',
      '#REF!',
      '0x10',
      '--5',
      '99999999999999',
      Infinity,
      Number.NaN,
      true,
      null,
    ] as CellValue[])
    .run(({ assert }, cell) => assert.isNull(readAmount(cell)))

  test('whatever is written the French way is read back to the cent', ({ assert }) => {
    fc.assert(
      fc.property(fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 }), (amount) => {
        assert.equal(readAmount(formatEuros(amount)), amount)
        assert.equal(readAmount(formatDecimal(amount)), amount)
        if (Math.abs(amount) < 1e11) assert.equal(readAmount(amount / 100), amount)
      }),
      { seed: 20261123, numRuns: 2000 }
    )
  })
})

test.group('imports | dates', () => {
  test('{0} is {1}')
    .with([
      ['12/07/2026', '2026-07-12'],
      ['2/7/2026', '2026-07-02'],
      ['28/9/26', '2026-09-28'],
      ['28-09-26', '2026-09-28'],
      ['28.09.2026', '2026-09-28'],
      ['2026-09-28', '2026-09-28'],
      ['2026/9/8', '2026-09-08'],
      ['2026-09-28T00:00:00.000Z', '2026-09-28'],
      ['28/09/2026 14:30', '2026-09-28'],
      ['20260928', '2026-09-28'],
      ['1er mars 2026', '2026-03-01'],
      ['lundi 3 août 2026', '2026-08-03'],
      ['3 Févr. 26', '2026-02-03'],
      ['12-juil.-2026', '2026-07-12'],
      ['July 12, 2026', '2026-07-12'],
      ['12/07/2026 à 14h30', '2026-07-12'],
      ['12.07.2026 14.30.00', '2026-07-12'],
      ['12/07/2026 2:30 PM', '2026-07-12'],
      ['12 / 07 / 2026', '2026-07-12'],
      ['12/07/98', '1998-07-12'],
      ['46215.5', '2026-07-12'],
      ['15/07/2026, 12/07/2026', '2026-07-15'],
      ['12/07/2026 15/07/2026', '2026-07-12'],
      ['12/07/2026\n15/07/2026', '2026-07-12'],
      ['3 mars 2026 et 4 mars 2026', '2026-03-03'],
      ['29/02/2024', '2024-02-29'],
      [46215, '2026-07-12'],
      [46215.75, '2026-07-12'],
      ['46215', '2026-07-12'],
      [20260712, '2026-07-12'],
    ] as [CellValue, string][])
    .run(({ assert }, [cell, expected]) => assert.equal(readDate(cell), expected))

  test('a workbook of 1904 counts its days from 1904', ({ assert }) => {
    assert.equal(readDate(46215 - 1462, true), '2026-07-12')
    assert.equal(readDate('12/07/2026', true), '2026-07-12')
  })

  test('{0} is not a day')
    .with([
      '31/02/2026',
      '31/11/2026',
      '29/02/2026',
      '07/13/2026',
      '00/01/2026',
      '12/07',
      '12/07/1026',
      'hier',
      '',
      '2026-13-01',
      '12-07/2026',
      '12/07/2026, demain',
      '12/07/2026, 31/02/2026',
      'Grenade 12, 2026',
      0,
      -1,
      12,
      99999999,
      Number.NaN,
      true,
      null,
    ] as CellValue[])
    .run(({ assert }, cell) => assert.isNull(readDate(cell)))
})

test.group('imports | SIREN', () => {
  test('{0} is valid')
    .with(['732829320', '552 081 317', '73282932000074', '35600000000048', '35600000049837', 'FR44732829320'])
    .run(({ assert }, text) => assert.isTrue(readSiren(text).valid))

  test('{0} is kept and questioned')
    .with(['123456789', '123456897', '12345678912345'])
    .run(({ assert }, text) => assert.deepEqual(readSiren(text), { siren: text.slice(0, 9), valid: false }))

  test('what is not nine or fourteen digits is dropped', ({ assert }) => {
    assert.deepEqual(readSiren('12345'), { siren: null, valid: false })
    assert.deepEqual(readSiren('000000000'), { siren: '000000000', valid: false })
    assert.equal(readSiren('732 829 320 00074').siren, '732829320')
  })

  test('a number cell has lost the zero of an old number, which its check digits give back', ({ assert }) => {
    assert.deepEqual(readSiren('5880596'), { siren: null, valid: false })
    assert.deepEqual(readSiren('16250029'), { siren: '016250029', valid: true })
    assert.deepEqual(readSiren('16250028'), { siren: null, valid: false })
  })
})

test.group('imports | email', () => {
  test('{0} becomes {1}')
    .with([
      ['K.Benhaddou @gmail.com', 'k.benhaddou@gmail.com'],
      ['mailto:Marie@Exemple.FR', 'marie@exemple.fr'],
      ["o'neil+x@sub.exemple.fr", "o'neil+x@sub.exemple.fr"],
    ] as [string, string][])
    .run(({ assert }, [text, value]) => assert.deepEqual(readEmail(text), { ok: true, value }))

  test('{0} is refused')
    .with([
      'jean dupont@exemple.fr',
      'jean dupont@exemple',
      'a@x.fr, v@evil.fr',
      'a@x.fr;b@x.fr',
      'a@x.fr\r\nBcc: v@evil.fr',
      'Jean <a@x.fr>',
      '"a b"@x.fr',
      'a@[127.0.0.1]',
      'a@x',
      'a@@x.fr',
      'a..b@x.fr',
      '.a@x.fr',
      'a@-x.fr',
      'é@x.fr',
      'a@exаmple.fr',
      `${'a'.repeat(65)}@x.fr`,
    ])
    .run(({ assert }, text) => assert.isFalse(readEmail(text).ok))

  test('the slips of well-known mailboxes are refused with what was meant', ({ assert }) => {
    assert.deepEqual(readEmail('lea@gmial.com'), { ok: false, code: 'email_invalid', hint: 'gmail.com' })
    assert.isTrue(readEmail('lea@mail.com').ok)
  })
})

test.group('imports | mobile', () => {
  test('{0} becomes {1}')
    .with([
      ['06 12 21 78 27', '+33612217827', undefined],
      ['+33 6 12 21 78 27', '+33612217827', undefined],
      ['+33 (0)6.12.21.78.27', '+33612217827', undefined],
      ['0033612217827', '+33612217827', undefined],
      [612217827, '+33612217827', undefined],
      [33612217827, '+33612217827', undefined],
      ['+32 470 12 34 56', '+32470123456', undefined],
      ['+262 692 12 34 56', '+262692123456', undefined],
      ['01 42 68 53 00', '+33142685300', 'mobile_unusual'],
      ['0800 123 456', '+33800123456', 'mobile_unusual'],
    ] as [CellValue, string, string | undefined][])
    .run(({ assert }, [cell, value, warning]) => {
      const reading = readMobile(cell, String(cell))
      assert.isTrue(reading.ok)
      if (reading.ok) assert.deepEqual([reading.value, reading.warning], [value, warning])
    })

  test('{0} is refused')
    .with([
      '06 12',
      'appeler le soir',
      '061221782799',
      '+33',
      '06 12 21 78 27 ou 06 12 21 78 28',
      'a'.repeat(300),
    ])
    .run(({ assert }, text) => assert.isFalse(readMobile(text, text).ok))
})

test.group('imports | invoice numbers', () => {
  test('several numbers in one cell', ({ assert }) => {
    assert.deepEqual(readInvoiceNumbers('FA-1, FA-2;FA-3\nFA-4 et FA-5, FA-1'), [
      'FA-1',
      'FA-2',
      'FA-3',
      'FA-4',
      'FA-5',
    ])
    assert.deepEqual(readInvoiceNumbers('Facture n° 12/34, N°35, FACTURE-36'), ['12/34', '35', 'FACTURE-36'])
    assert.deepEqual(readInvoiceNumbers(20260042), ['20260042'])
    assert.deepEqual(readInvoiceNumbers('FA-1 / FA-2 + FA-3'), ['FA-1', 'FA-2', 'FA-3'])
    assert.deepEqual(readInvoiceNumbers('2026/001'), ['2026/001'])
    assert.deepEqual(readInvoiceNumbers(' , - '), [])
  })

  test('two ways to write a number are one key', ({ assert }) => {
    assert.equal(invoiceKey('FA-2026/001'), invoiceKey('fa 2026 001'))
    assert.notEqual(invoiceKey('FA-2026-0011'), invoiceKey('FA-2026-001-1'))
  })
})

test.group('imports | names', () => {
  test('{0} becomes {1}')
    .with([
      ['jean DUPONT', 'Jean Dupont'],
      ['DUPONT Jean', 'Jean Dupont'],
      ['DUPONT, Jean', 'Jean Dupont'],
      ['JEAN-BAPTISTE ÇELIK', 'Jean-Baptiste Çelik'],
      ['rémi l’hermite', 'Rémi L’Hermite'],
      ["RÉMI L'HERMITE", "Rémi L'Hermite"],
      ['Louis de La Tour', 'Louis de La Tour'],
      ['LOUIS DE VILLIERS', 'Louis de Villiers'],
      ["jean d'ormesson", "Jean d'Ormesson"],
      ['Inès Saint-Aubin', 'Inès Saint-Aubin'],
      ['Ronald McDonald', 'Ronald McDonald'],
      ['  Zoé\u00a0 Martin ', 'Zoé Martin'],
      ['J. Dupont', 'J. Dupont'],
    ] as [string, string][])
    .run(({ assert }, [text, expected]) => assert.equal(personName(text), expected))

  test('civilities', ({ assert }) => {
    for (const text of ['M.', 'Mr', 'monsieur', 'M']) assert.equal(readCivility(text), 'Monsieur')
    for (const text of ['Mme', 'MADAME', 'Mlle.', 'Melle', 'Mrs']) assert.equal(readCivility(text), 'Madame')
    for (const text of ['M. et Mme', 'Société', 'Dr', '']) assert.isNull(readCivility(text))
    assert.deepEqual(splitCivility('M. Jean Dupont'), { civility: 'Monsieur', name: 'Jean Dupont' })
    assert.deepEqual(splitCivility('M. et Mme Dupont'), { civility: null, name: 'M. et Mme Dupont' })
    assert.deepEqual(splitCivility('Marie Curie'), { civility: null, name: 'Marie Curie' })
  })

  test('a company among people is known by its legal form, never by a family name', ({ assert }) => {
    for (const name of [
      'SARL Nordet',
      'Sarl nordet',
      'NORDET SAS',
      'S.A.R.L. Nordet',
      'SCI LES LILAS',
      'Nordet GmbH',
    ]) {
      assert.isTrue(namesCompany(name), name)
    }
    for (const name of ['Jean Sas', 'Earl Grey', 'Maria SA', 'SARL', 'Sarlat Jean', 'Jean Dupont', '']) {
      assert.isFalse(namesCompany(name), name)
    }
  })

  test('companies are written in capitals', ({ assert }) => {
    assert.equal(companyName('Eurl Nordet'), 'EURL NORDET')
    assert.equal(companyName('EURL. NORDET'), 'EURL NORDET')
    assert.equal(companyName('S.A.R.L. Études & Réseaux'), 'SARL ÉTUDES & RÉSEAUX')
    assert.isTrue(isPrivatePerson('Particulier'))
    assert.isFalse(isPrivatePerson('Particulier à particulier SAS'))
  })
})

test.group('imports | addresses', () => {
  const line = (address: string) =>
    readAddress({ address, complement: '', postcode: '', city: '', country: '' })
  const read = (reading: ReturnType<typeof readAddress>) =>
    reading.ok
      ? [reading.address.street, reading.address.complement, reading.address.postcode, reading.address.city]
      : null

  test('{0}')
    .with([
      ['1, rue de la Paix 75002 Paris', ['1 rue de la Paix', null, '75002', 'PARIS']],
      ['143 bis, rue de la Paix 35000 Rennes', ['143 bis rue de la Paix', null, '35000', 'RENNES']],
      ['6 bis rue Hoche,35000 rennes', ['6 bis rue Hoche', null, '35000', 'RENNES']],
      [
        '41 bis, avenue Jean Jaurès 97410 Saint-Pierre',
        ['41 bis avenue Jean Jaurès', null, '97410', 'SAINT-PIERRE'],
      ],
      ['181, boulevard Saint-Michel 20090 Ajaccio', ['181 boulevard Saint-Michel', null, '20090', 'AJACCIO']],
      [
        '93, avenue Jean Jaurès 01000 Bourg-en-Bresse',
        ['93 avenue Jean Jaurès', null, '01000', 'BOURG-EN-BRESSE'],
      ],
      [
        '185, chemin des Écoles 06560 Sophia Antipolis',
        ['185 chemin des Écoles', null, '06560', 'SOPHIA ANTIPOLIS'],
      ],
      ['1 rue X\n75002 Paris\nFrance', ['1 rue X', null, '75002', 'PARIS']],
      [
        '12 rue des Lilas, BP 123, 75002 PARIS CEDEX 02',
        ['12 rue des Lilas', 'BP 123', '75002', 'PARIS CEDEX 02'],
      ],
      ['BP 40, 92800 Puteaux Cedex', ['BP 40', null, '92800', 'PUTEAUX CEDEX']],
      [
        'Résidence Les Pins, Bât A, 3 avenue Foch, 13004 Marseille',
        ['3 avenue Foch', 'Résidence Les Pins, Bât A', '13004', 'MARSEILLE'],
      ],
      [
        '12345 route des Crêtes 83230 Bormes-les-Mimosas',
        ['12345 route des Crêtes', null, '83230', 'BORMES-LES-MIMOSAS'],
      ],
      ['3 rue A, F-67000 Strasbourg', ['3 rue A', null, '67000', 'STRASBOURG']],
      ['3 rue A 67 000 Strasbourg', ['3 rue A', null, '67000', 'STRASBOURG']],
      ['3 rue A, Strasbourg (67000)', ['3 rue A', null, '67000', 'STRASBOURG']],
      ['Lieu-dit Le Bourg 20170 Levie', ['Lieu-dit Le Bourg', null, '20170', 'LEVIE']],
      ['12 rue de l’Église 75015 Paris 15e', ['12 rue de l’Église', null, '75015', 'PARIS 15E']],
      ['5 place du 8 Mai 1945 69003 Lyon', ['5 place du 8 Mai 1945', null, '69003', 'LYON']],
      ['14 rue des Lilas', null],
      ['75002 Paris', null],
      ['14 rue des Lilas 75002', null],
      ['14 rue des Lilas Paris', null],
      ['14 rue des Lilas 00100 Nulle-Part', null],
      ['14 rue des Lilas 99999 Nulle-Part', null],
      [`1 rue ${'a '.repeat(400)} 75002 Paris`, null],
    ] as [string, unknown][])
    .run(({ assert }, [address, expected]) => assert.deepEqual(read(line(address)), expected))

  test('an address over several columns', ({ assert }) => {
    const parts = (address: string, complement: string, postcode: string, city: string) =>
      read(readAddress({ address, complement, postcode, city, country: '' }))
    assert.deepEqual(parts('1 rue de la Paix', 'Bât B', '75002', 'Paris'), [
      '1 rue de la Paix',
      'Bât B',
      '75002',
      'PARIS',
    ])
    assert.deepEqual(parts('2, avenue Foch', '', '1000', 'Bourg-en-Bresse'), [
      '2 avenue Foch',
      null,
      '01000',
      'BOURG-EN-BRESSE',
    ])
    assert.deepEqual(parts('2 avenue Foch 69003 Lyon', '', '69003', 'Lyon'), [
      '2 avenue Foch',
      null,
      '69003',
      'LYON',
    ])
    assert.deepEqual(parts('2 avenue Foch', '', '', '69003 Lyon'), ['2 avenue Foch', null, '69003', 'LYON'])
    assert.isNull(parts('2 avenue Foch', '', '69003', ''))
    assert.isNull(parts('', '', '69003', 'Lyon'))
  })

  test('an address abroad is refused with its country, and no postcode is made up for it', ({ assert }) => {
    const abroad = (city: string, country: string) =>
      readAddress({ address: '12 rue Neuve', complement: '', postcode: '1000', city, country })
    for (const country of ['Belgique', 'BE', 'België', 'Royaume-Uni']) {
      assert.deepEqual(abroad('Bruxelles', country), { ok: false, foreign: country })
    }
    assert.deepEqual(abroad('Bruxelles Belgique', ''), { ok: false, foreign: 'Belgique' })
    for (const country of [
      'France',
      'FR',
      'france métropolitaine',
      'La Réunion',
      'Guadeloupe',
      'Monaco',
      '',
    ]) {
      assert.isTrue(abroad('Bourg-en-Bresse', country).ok, country)
    }
    assert.deepEqual(line('Hauptstr. 5, 10115 Berlin, Allemagne'), { ok: false, foreign: 'Allemagne' })
    assert.deepEqual(line('10 Downing Street, London SW1A 2AA, United Kingdom'), {
      ok: false,
      foreign: 'United Kingdom',
    })
    assert.deepEqual(read(line('3 rue du Port 31330 Grenade')), ['3 rue du Port', null, '31330', 'GRENADE'])
  })
})

test.group('imports | cells', () => {
  test('text is tidied without losing anything a person sees', ({ assert }) => {
    assert.equal(tidy('  Zoé\u00a0\u202fMartin\u200b\t\n '), 'Zoé Martin')
    assert.equal(tidy('Cafe\u0301'), 'Café')
    assert.equal(tidy('déjà propre'), 'déjà propre')
  })

  test('what stands for nothing means nothing', ({ assert }) => {
    for (const text of ['-', 'N/A', 'néant', ' — ', '', null]) assert.equal(meaningOf(text), '')
    for (const text of ['?', 'inconnu', '#REF!', '#N/A', '#NOM?', '#DIV/0!'])
      assert.equal(meaningOf(text), '')
    assert.equal(meaningOf('#12'), '#12')
    assert.equal(meaningOf('Neant SARL'), 'Neant SARL')
  })

  test('folding forgets case, accents and punctuation', ({ assert }) => {
    assert.equal(plainWords('Date d’ÉCHÉANCE (n°1) — Œuvre'), 'date d echeance n 1 oeuvre')
  })
})
