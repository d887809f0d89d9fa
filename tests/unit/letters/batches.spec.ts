import { test } from '@japa/runner'
import { composeLetter } from '#letters/compose_letter'
import type { LetterContent } from '#letters/letter_content'
import { LetterMerge } from '#letters/pdf/merge'
import { printBatch } from '#letters/rendering/batch'
import { raw } from '#letters/rendering/markup'
import { closePrinter } from '#letters/rendering/printer'
import { inspectPdf, letterContent, wordBoxes } from '#tests/fixtures/letters'
import { WITHOUT_PDF_READERS } from '#tests/fixtures/tools'

/** One, eighteen and sixty invoices; companies and consumers; plain and registered; long names. */
const contents: LetterContent[] = [
  letterContent(11, 1),
  letterContent(12, 18, 'b2b', { kind: 'lrar' }),
  letterContent(13, 60),
  letterContent(14, 1, 'b2c'),
  letterContent(15, 18, 'b2c', { firstLetter: { ref: 'AM-2026-00015-L0', datedOn: '2026-10-31' } }),
  letterContent(16, 3, 'b2b', {
    creditor: {
      name: 'SOCIÉTÉ NOUVELLE DES ÉTABLISSEMENTS RIVAGE ET COMPAGNIE INTERNATIONALE',
      legalForm: 'SARL',
      addressLines: ['Zone industrielle des Grandes Terres, bâtiment 12', 'BP 12345', '75005 PARIS CEDEX'],
    },
  }),
  letterContent(17, 40, 'b2c'),
]

async function printAll(letters: LetterContent[]) {
  const printed = await printBatch(letters.map((content) => composeLetter(content)))
  return printed.map((letter) => {
    if (!letter.ok) throw letter.error
    return letter
  })
}

test.group('letters printed in one document', (group) => {
  let together: { bytes: Buffer; pages: number }[]

  group.setup(async () => {
    together = await printAll(contents)
  })
  group.teardown(() => closePrinter())

  test('each is a sound tagged PDF with its title, its own page numbers and our fonts only', async ({
    assert,
  }) => {
    for (const [index, { bytes, pages }] of together.entries()) {
      const pdf = await inspectPdf(bytes)
      const { ref } = contents[index]!
      assert.include(pdf.check, 'No syntax or stream encoding errors found')
      assert.match(pdf.info, /Tagged:\s+yes/)
      assert.include(pdf.info, `Lettre ${ref} du 16/11/2026`)
      assert.equal(pdf.pages, pages)
      for (let page = 1; page <= pages; page++) {
        assert.include(pdf.text, `Lettre ${ref} du 16/11/2026 page ${page} / ${pages}`)
      }
      assert.notInclude(pdf.text, `page ${pages + 1} /`)
      for (const font of pdf.fonts) assert.match(font, /\+(SourceSerif4|Arimo)-\S+ .*\byes yes yes\b/)
    }
    assert.deepEqual(
      together.map(({ pages }) => pages),
      [2, 2, 3, 2, 2, 2, 3]
    )
  }).skip(...WITHOUT_PDF_READERS)

  test('each reads the same as when printed alone', async ({ assert }) => {
    for (const [index, content] of contents.entries()) {
      const [alone] = await printAll([content])
      const [apart, among] = [await inspectPdf(alone!.bytes), await inspectPdf(together[index]!.bytes)]
      assert.equal(among.text, apart.text)
      assert.equal(among.pages, apart.pages)
    }
  }).skip(...WITHOUT_PDF_READERS)

  test('long names and addresses push the text down, and neither the window nor the foot', async ({
    assert,
  }) => {
    const { agency } = contents[0]!
    const [letter] = await printAll([
      letterContent(18, 1, 'b2b', {
        kind: 'lrar',
        agency: {
          ...agency,
          name: 'Cabinet de recouvrement amiable Dupont, Durand et associés du Grand Paris et de l’Île-de-France',
          addressLines: [
            'Immeuble Le Méridien, 4e étage',
            'Zone industrielle des Trois Fontaines',
            '75004 PARIS',
          ],
        },
        creditor: {
          name: 'SOCIÉTÉ COOPÉRATIVE DES ATELIERS DE PRODUCTION AUDIOVISUELLE DU GRAND OUEST',
          legalForm: 'Société coopérative à responsabilité limitée',
          addressLines: [
            'Direction financière',
            'Bâtiment C',
            'Zone des Fontaines',
            '12 avenue',
            'BP 1',
            '44000 NANTES',
          ],
        },
      }),
    ])
    const [words] = await wordBoxes(letter!.bytes)
    const first = (text: string) => words!.find((word) => word.text === text)!
    assert.isAtLeast(first('AM-2026-00018-L1').top, first('SIREN').bottom - 0.5)
    assert.isAtLeast(first('Objet').top, first('Mandat').bottom - 0.5)
    assert.closeTo(first('ATELIER').top, 58, 2)
    assert.closeTo(first('ATELIER').left, 112, 0.5)
    const foot = words!.filter(({ top }) => top > 275)
    const number = foot.findIndex(({ text }) => text === 'page')
    assert.isBelow(Math.max(...foot.slice(0, number).map(({ right }) => right)), foot[number]!.left)
  }).skip(...WITHOUT_PDF_READERS)

  test('none holds a word, a link or an element of another', async ({ assert }) => {
    const own = contents.map(({ ref, claimRef, debtor, demand, payment }) => [
      ref,
      claimRef,
      debtor.fullName!,
      payment.portalUrl,
      ...demand.invoices.map(({ number }) => number),
    ])
    for (const [index, { bytes }] of together.entries()) {
      const pdf = await inspectPdf(bytes)
      const everything = pdf.text + pdf.clear
      assert.include(pdf.clear, contents[index]!.payment.portalUrl)
      for (const [other, texts] of own.entries()) {
        if (other === index) continue
        for (const text of texts) assert.notInclude(everything, text, `letter ${index} holds ${text}`)
      }
    }
  }).skip(...WITHOUT_PDF_READERS)

  test('each holds only elements that its own pages show', async ({ assert }) => {
    for (const { bytes, pages } of together) {
      const source = bytes.toString('latin1')
      const count = (pattern: RegExp) => source.match(pattern)?.length ?? 0
      assert.equal(count(/\/Type \/Page\b/g), pages)
      assert.equal(count(/\/S \/Document\b/g), 1)
      assert.equal(count(/\/S \/Art\b/g), 1)
      assert.equal(count(/\/S \/Table\b/g), 2)
      assert.equal(count(/\/S \/H1\b/g), 1)
      assert.notMatch(source, /\/Dests/)
    }
  })

  test('the window block stands at 110 and 55 mm, in 85 by 33 mm, on an A4 that was not shrunk', async ({
    assert,
  }) => {
    for (const [index, { bytes }] of together.entries()) {
      const [first] = await wordBoxes(bytes)
      const inWindow = first!.filter(({ left, top }) => left >= 108 && top >= 54 && top <= 89)
      const words = inWindow.map(({ text }) => text)
      assert.includeMembers(words, ['LYON', 'CEDEX', '02'])
      assert.include(words, contents[index]!.debtor.fullName!.split(' ')[1]!)
      for (const word of inWindow) {
        assert.isAtLeast(word.left, 110, word.text)
        assert.isAtMost(word.right, 195, word.text)
        assert.isAtLeast(word.top, 55, word.text)
        assert.isAtMost(word.bottom, 88, word.text)
      }
      assert.closeTo(Math.min(...inWindow.map(({ left }) => left)), 112, 0.3)
      const margin = Math.min(...first!.map(({ left }) => left))
      assert.closeTo(margin, 22, 0.3)
    }
  }).skip(...WITHOUT_PDF_READERS)

  test('the heads of the invoice table come back on each page, and its total is never alone', async ({
    assert,
  }) => {
    const pages = await wordBoxes(together[2]!.bytes)
    for (const page of pages.slice(1)) {
      assert.includeMembers(
        page.map(({ text }) => text),
        ['Facture', 'Prestation', 'Échéance']
      )
    }
    const totals = pages.findIndex((page) => page.some(({ text }) => text === 'Total,'))
    assert.isTrue(pages[totals]!.some(({ text }) => text === 'RV-13-0060'))
  }).skip(...WITHOUT_PDF_READERS)

  test('one file of all keeps every letter, its tags and a bookmark to each', async ({ assert }) => {
    const merge = new LetterMerge({ title: 'Courriers', createdAt: 'D:20261116080000Z', duplex: false })
    const parts = together.map(({ bytes }, index) => merge.add(bytes, contents[index]!.ref))
    const pdf = await inspectPdf(Buffer.concat([...parts, merge.end()]))
    assert.include(pdf.check, 'No syntax or stream encoding errors found')
    assert.match(pdf.info, /Tagged:\s+yes/)
    assert.equal(pdf.pages, 16)
    for (const { ref } of contents) assert.include(pdf.text, `Lettre ${ref} du 16/11/2026 page 2 /`)
    assert.equal(pdf.clear.match(/\/Dest \[/g)?.length, contents.length)
    assert.isBelow(pdf.fonts.length, 2 * contents.length)
  }).skip(...WITHOUT_PDF_READERS)
})

test.group('a letter that cannot be printed', (group) => {
  group.teardown(() => closePrinter())

  test('does not hold up the others of its batch', async ({ assert }) => {
    const good = [composeLetter(letterContent(21, 1)), composeLetter(letterContent(22, 1))]
    const twoInOne = {
      ...good[0]!,
      body: raw(`${good[0]!.body.text}</article><article class="letter"><p>Une autre</p>`),
    }
    const printed = await printBatch([good[0]!, twoInOne, good[1]!])
    assert.deepEqual(
      printed.map(({ ok }) => ok),
      [true, false, true]
    )
  })
})
