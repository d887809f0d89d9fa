import { test } from '@japa/runner'
import fc from 'fast-check'
import { addressBlock, IncompleteAddress, type Addressee } from '#letters/address_block'

const address = {
  street: '24, rue de la République',
  complement: null,
  postcode: '69002',
  city: 'Lyon',
  country: 'FR',
}
const fournier: Addressee = { companyName: null, civility: 'Madame', fullName: 'Camille Fournier', address }

test.group('address block (NF Z10-011)', () => {
  test('a person: name, street in capitals without accent or comma, postcode and city', ({ assert }) => {
    assert.deepEqual(addressBlock(fournier).lines, [
      'Madame Camille Fournier',
      '24 RUE DE LA REPUBLIQUE',
      '69002 LYON',
    ])
  })

  test('a company: its name first, the complement before the street, no empty line', ({ assert }) => {
    const { lines } = addressBlock({
      ...fournier,
      companyName: 'ATELIER DES HALLES',
      address: { ...address, complement: 'Bâtiment B', postcode: '69289', city: 'Lyon Cedex 02' },
    })
    assert.deepEqual(lines, [
      'ATELIER DES HALLES',
      'Madame Camille Fournier',
      'Bâtiment B',
      '24 RUE DE LA REPUBLIQUE',
      '69289 LYON CEDEX 02',
    ])
  })

  test('capitals, ligatures and punctuation')
    .with<[string, string][]>([
      ['1, rue de l’Église', '1 RUE DE L EGLISE'],
      ['12 bis, impasse du Bœuf-Gras', '12 BIS IMPASSE DU BOEUF GRAS'],
      ['7/9 Quai « Saint-Vincent »', '7/9 QUAI SAINT VINCENT'],
    ])
    .run(({ assert }, [street, line]) => {
      assert.include(addressBlock({ ...fournier, address: { ...address, street } }).lines, line)
    })

  test('pictures in a name are left out of the window', ({ assert }) => {
    const { lines } = addressBlock({ ...fournier, companyName: '🌴 Café des Palmes 👩🏽‍🍳', fullName: 'Zoë 🎉' })
    assert.deepEqual(lines.slice(0, 2), ['Café des Palmes', 'Madame Zoë'])
    assert.throws(() => addressBlock({ ...fournier, fullName: '🎉' }), IncompleteAddress)
  })

  test('ways and titles are abbreviated only when the line is over 32 characters', ({ assert }) => {
    const streetOf = (street: string) =>
      addressBlock({ ...fournier, address: { ...address, street } }).lines[1]
    assert.equal(streetOf('3 avenue du Général Leclerc'), '3 AVENUE DU GENERAL LECLERC')
    assert.equal(streetOf('1234 avenue du Général Charles de Gaulle'), '1234 AV DU GAL CHARLES DE GAULLE')
  })

  test('a long first name gives way to its initials before the surname is touched', ({ assert }) => {
    const { lines, lost } = addressBlock({
      ...fournier,
      civility: null,
      fullName: 'Marie-Antoinette de La Rochefoucauld-Montmorency',
    })
    assert.equal(lines[0], 'M.-A. de La Rochefoucauld-Montmorency')
    assert.isEmpty(lost)
  })

  test('what is still too long goes on to a free line, and what is lost is told', ({ assert }) => {
    const long = 'COMPAGNIE GENERALE DES ATELIERS REUNIS DE LA REGION LYONNAISE'
    const roomy = addressBlock({ companyName: long, civility: null, fullName: null, address })
    assert.deepEqual(roomy.lines.slice(0, 2), [
      'COMPAGNIE GENERALE DES ATELIERS REUNIS',
      'DE LA REGION LYONNAISE',
    ])
    assert.isEmpty(roomy.lost)

    const crowded = addressBlock({
      companyName: long,
      civility: 'Madame',
      fullName: 'Camille Fournier',
      address: {
        ...address,
        complement: 'Bâtiment B',
        street: `12 rue ${'tres longue '.repeat(6)}`,
        country: 'BE',
      },
    })
    assert.lengthOf(crowded.lines, 6)
    assert.isNotEmpty(crowded.lost)
  })

  test('an address abroad ends with its country', ({ assert }) => {
    const { lines } = addressBlock({
      ...fournier,
      address: { ...address, postcode: '1000', city: 'Bruxelles', country: 'BE' },
    })
    assert.deepEqual(lines.slice(-2), ['1000 BRUXELLES', 'BELGIQUE'])
  })

  test('rule 56: postcode, city, street and name are required')
    .with<[Partial<Addressee>][]>([
      [{ address: { ...address, postcode: ' ' } }],
      [{ address: { ...address, city: '' } }],
      [{ address: { ...address, street: ' , ' } }],
      [{ fullName: null }],
    ])
    .run(({ assert }, [changes]) => {
      assert.throws(() => addressBlock({ ...fournier, ...changes }), IncompleteAddress)
    })

  test('rule 56: whatever is typed, never more than 6 lines of 38 characters, none empty', ({ assert }) => {
    const text = fc.string({ unit: 'grapheme', maxLength: 120 })
    const typed = fc.record({
      companyName: fc.option(text),
      civility: fc.option(fc.constantFrom('Madame', 'Monsieur')),
      fullName: fc.option(text),
      address: fc.record({
        street: text,
        complement: fc.option(text),
        postcode: fc.string({ maxLength: 10 }),
        city: text,
        country: fc.constantFrom('FR', 'BE', 'GB'),
      }),
    })
    fc.assert(
      fc.property(typed, (addressee) => {
        let block
        try {
          block = addressBlock(addressee)
        } catch (error) {
          assert.instanceOf(error, IncompleteAddress)
          return
        }
        assert.isAtMost(block.lines.length, 6)
        for (const line of block.lines) {
          assert.isAtMost(line.length, 38)
          assert.match(line, /^\S(?:.*\S)?$/su)
          assert.isTrue(line.isWellFormed(), 'no character is cut in two')
        }
      }),
      { numRuns: 1500 }
    )
  })
})
