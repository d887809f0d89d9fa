import { execFileSync } from 'node:child_process'
import { test } from '@japa/runner'
import app from '@adonisjs/core/services/app'
import { sepaText } from '#banking/remittances/sepa_text'
import { transferFile, type TransferOrderContent } from '#banking/remittances/transfer_file'
import { WITHOUT_XMLLINT } from '#tests/fixtures/tools'

const AGENCY = {
  name: 'Cabinet Amiable',
  addressLines: ['12 rue des Archives', '75004 PARIS'],
  iban: 'FR7630006000011234567890189',
  bic: 'AGRIFRPP',
}
const CREDITOR = {
  name: 'STUDIO RIVAGE',
  addressLines: ['12 quai de la Tournelle', '75005 PARIS'],
  iban: 'FR1420041010050500013M02606',
  bic: null,
}

const order = (changes: Partial<TransferOrderContent> = {}): TransferOrderContent => ({
  ref: 'V-2026-00001',
  createdAt: '2026-11-26T05:00:00.123Z',
  executeOn: '2026-11-27',
  from: AGENCY,
  transfers: [
    { ref: 'R-2026-00001', to: CREDITOR, amountCents: 123_405, message: 'Reversement R-2026-00001' },
    {
      ref: 'R-2026-00002',
      to: {
        ...CREDITOR,
        name: `Société d’Œuvres & Cie <${'é'.repeat(80)}>`,
        addressLines: ['À droite, « cour »', 'Bâtiment B', 'BP 12', '44000 NANTES CEDEX 1'],
        bic: 'BNPAFRPPXXX',
      },
      amountCents: 7,
      message: 'Reversement R-2026-00002',
    },
  ],
  ...changes,
})

/** Throws with what xmllint says when the file is not what the EPC's profile takes. */
const validated = (xml: string) =>
  execFileSync(
    'xmllint',
    ['--noout', '--schema', app.makePath('tests/fixtures/xsd/pain.001.001.09.xsd'), '-'],
    {
      input: xml,
      stdio: ['pipe', 'pipe', 'pipe'],
    }
  )

test.group('pain.001', () => {
  test('is what the EPC profile of pain.001.001.09 takes', ({ assert }) => {
    const xml = transferFile(order())
    validated(xml)
    validated(transferFile(order({ from: { ...AGENCY, bic: null, addressLines: ['Quelque part'] } })))
    assert.throws(() => validated(xml.replace('<PmtMtd>TRF', '<PmtMtd>XXX')), /PmtMtd/)
    assert.throws(() => validated(xml.replace(/<PstCd>[^]*?<\/PstCd>/, '<Nothing/>')), /Nothing/)
  }).skip(...WITHOUT_XMLLINT)

  test('sums what it pays, twice, and names each remittance for the statement to come', ({ assert }) => {
    const xml = transferFile(order())
    assert.lengthOf(xml.match(/<CtrlSum>1234\.12<\/CtrlSum>/g) ?? [], 2)
    assert.lengthOf(xml.match(/<NbOfTxs>2<\/NbOfTxs>/g) ?? [], 2)
    for (const said of [
      '<MsgId>V-2026-00001</MsgId>',
      '<CreDtTm>2026-11-26T05:00:00Z</CreDtTm>',
      '<Dt>2026-11-27</Dt>',
      '<EndToEndId>R-2026-00001</EndToEndId>',
      '<InstdAmt Ccy="EUR">1234.05</InstdAmt>',
      '<InstdAmt Ccy="EUR">0.07</InstdAmt>',
      '<IBAN>FR7630006000011234567890189</IBAN>',
      '<BICFI>AGRIFRPP</BICFI>',
      '<TwnNm>PARIS</TwnNm>',
      '<PstCd>44000</PstCd>',
      '<AdrLine>12 quai de la Tournelle</AdrLine>',
    ]) {
      assert.include(xml, said)
    }
    assert.equal(transferFile(order()), xml)
  })

  test('names are at most 70 long and in the SEPA character set', ({ assert }) => {
    const names = [...transferFile(order()).matchAll(/<Nm>([^<]*)<\/Nm>/g)].map(([, name]) => name!)
    assert.include(names, `Societe d'OEuvres + Cie ${'e'.repeat(46)}`)
    for (const name of names) assert.match(name, /^[A-Za-z0-9/\-?:().,'+ ]{1,70}$/)
  })

  test('{given} is written {said}')
    .with([
      { given: 'L’Été à Sète — « n° 5 »', said: "L'Ete a Sete - n 5" },
      { given: '//a//b/', said: 'a/b' },
      { given: '<x>&amp;', said: 'x +amp' },
      { given: '日本', said: '' },
    ])
    .run(({ assert }, { given, said }) => assert.equal(sepaText(given, 140), said))

  test('a wrong IBAN, an empty sum, no transfer or an unsayable name is refused', ({ assert }) => {
    const [first] = order().transfers
    const paying = (changes: object) => () => transferFile(order({ transfers: [{ ...first!, ...changes }] }))
    const wrong = { ...CREDITOR, iban: 'FR1420041010050500013M02607' }
    assert.throws(paying({ to: wrong }), 'the IBAN of STUDIO RIVAGE is not valid')
    assert.throws(paying({ amountCents: 0 }), 'R-2026-00001 pays nothing')
    assert.throws(paying({ to: { ...CREDITOR, name: '日本' } }), /cannot be written/)
    assert.throws(paying({ ref: 'R/2026//1' }), /no SEPA reference/)
    assert.throws(() => transferFile(order({ transfers: [] })), /at least one/)
  })
})
