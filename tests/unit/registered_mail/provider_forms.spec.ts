import { test } from '@japa/runner'
import { addressParts } from '#registered_mail/providers/address_lines'
import { wireKey } from '#registered_mail/providers/wire_key'
import { address, orderForm, plainReference } from '#registered_mail/providers/merci_facteur/order_form'
import { addressLines, sendingForm, type SendingForm } from '#registered_mail/providers/maileva/sending_form'
import { anOrder } from '#tests/fixtures/postal'

const CITY = '75011 PARIS'
const parts = (...lines: string[]) => {
  const read = addressParts(lines, 'addressee')
  if (typeof read === 'string') throw new Error(read)
  return read
}

const SETTINGS = {
  apiBase: 'http://127.0.0.1:1',
  serviceId: 's',
  secretKey: 'k',
  userId: '17460',
  senderEmail: 'agence@exemple.fr',
  authorizedIp: '111.111.111',
}

test.group('An address for Maileva', () => {
  test('{$i}. every line has its place')
    .with([
      { lines: ['ATELIER DUPONT', CITY], isPerson: false, at: { 1: 'ATELIER DUPONT', 6: CITY } },
      { lines: ['M JEAN PETIT', CITY], isPerson: true, at: { 2: 'M JEAN PETIT', 6: CITY } },
      {
        lines: ['ATELIER DUPONT', '12 RUE DES LILAS', CITY],
        isPerson: false,
        at: { 1: 'ATELIER DUPONT', 4: '12 RUE DES LILAS', 6: CITY },
      },
      {
        lines: ['M JEAN PETIT', 'BATIMENT C', '12 RUE DES LILAS', CITY],
        isPerson: true,
        at: { 2: 'M JEAN PETIT', 3: 'BATIMENT C', 4: '12 RUE DES LILAS', 6: CITY },
      },
      {
        lines: ['ATELIER DUPONT', '12 RUE DES LILAS', 'BP 356', CITY],
        isPerson: false,
        at: { 1: 'ATELIER DUPONT', 4: '12 RUE DES LILAS', 5: 'BP 356', 6: CITY },
      },
      {
        lines: ['ATELIER DUPONT', 'PLACE DU MARCHE', 'BP 356', CITY],
        isPerson: false,
        at: { 1: 'ATELIER DUPONT', 4: 'PLACE DU MARCHE', 5: 'BP 356', 6: CITY },
      },
      {
        lines: ['M JEAN PETIT', 'ETAGE 2', 'RESIDENCE DES PINS', '12 RUE DES LILAS', 'BP 4', CITY],
        isPerson: true,
        at: {
          1: 'M JEAN PETIT',
          2: 'ETAGE 2',
          3: 'RESIDENCE DES PINS',
          4: '12 RUE DES LILAS',
          5: 'BP 4',
          6: CITY,
        },
      },
      {
        lines: ['ATELIER DUPONT', '12 RUE DES LILAS', 'ETAGE 2', 'LES PINS', 'BP 4', CITY],
        isPerson: false,
        at: { 1: 'ATELIER DUPONT', 2: '12 RUE DES LILAS', 3: 'ETAGE 2', 4: 'LES PINS', 5: 'BP 4', 6: CITY },
      },
    ])
    .run(({ assert }, { lines, isPerson, at }) => {
      const wanted = Object.fromEntries(
        Object.entries(at).map(([number, line]) => [`address_line_${number}`, line])
      )
      const placed = addressLines(parts(...lines), isPerson, '')
      assert.deepEqual(placed, wanted)
      assert.deepEqual(Object.values(placed), lines, 'in the order in which they are printed')
    })

  test('an overseas postcode has its own country')
    .with([
      ['97400 SAINT DENIS', 'RE'],
      ['98000 MONACO', 'MC'],
      ['20000 AJACCIO', 'FR'],
    ])
    .run(({ assert }, [city, code]) => {
      const form = sendingForm(anOrder({ recipient: ['X', city!] }))
      assert.equal((form as SendingForm).recipient.country_code, code)
    })
})

test.group('An address for Merci Facteur', () => {
  const fields = (lines: string[], isPerson: boolean) => {
    const { nom, societe, adresse1, adresse2, adresse3, cp, ville } = address(parts(...lines), {
      isPerson,
      email: '',
      reference: '',
    })
    return [societe, nom, adresse1, adresse2, adresse3, cp, ville].join('|')
  }

  test('{1}')
    .with([
      [['ATELIER DUPONT', '12 RUE DES LILAS', CITY], 'ATELIER DUPONT||12 RUE DES LILAS|||75011|PARIS', false],
      [
        ['M JEAN PETIT', 'BAT C', '12 RUE DES LILAS', CITY],
        '|M JEAN PETIT|BAT C|12 RUE DES LILAS||75011|PARIS',
        true,
      ],
      [
        ['DUPONT', 'M PETIT', 'BAT C', '12 RUE X', 'BP 4', CITY],
        'DUPONT|M PETIT|BAT C|12 RUE X|BP 4|75011|PARIS',
        false,
      ],
      [
        ['M PETIT', 'ETAGE 2', 'BAT C', '12 RUE X', 'BP 4', CITY],
        '|M PETIT|ETAGE 2 BAT C|12 RUE X|BP 4|75011|PARIS',
        true,
      ],
    ] as [string[], string, boolean][])
    .run(({ assert }, [lines, wanted, isPerson]) => {
      assert.equal(fields(lines, isPerson), wanted)
    })

  test('every key is there, and nothing is a list or null', ({ assert }) => {
    const form = orderForm(anOrder(), SETTINGS) as Record<string, string>
    const { exp, dest } = JSON.parse(form.adress!)
    for (const one of [exp, dest[0]]) {
      for (const key of [
        'civilite',
        'nom',
        'prenom',
        'societe',
        'adresse1',
        'adresse2',
        'adresse3',
        'cp',
        'ville',
        'pays',
      ])
        assert.isString(one[key], key)
    }
    assert.notInclude(form.content!, '[]')
    assert.notInclude(form.content!, 'null')
    assert.isUndefined(form.dateEnvoi)
  })

  test('{0} goes as {1}')
    .with([
      ['simple', 'normal'],
      ['lrar', 'lrare'],
      ['ere', 'ere_otp_mail'],
    ] as const)
    .run(({ assert }, [kind, mode]) => {
      const form = orderForm(anOrder({ kind, email: 'jean@exemple.fr' }), SETTINGS) as Record<string, string>
      assert.equal(form.modeEnvoi, mode)
    })

  test('agreement is said of a person in an ERE, and of nobody else', ({ assert }) => {
    const consent = (kind: 'lrar' | 'ere', recipientIsPerson: boolean) => {
      const form = orderForm(anOrder({ kind, recipientIsPerson, email: 'jean@exemple.fr' }), SETTINGS)
      return JSON.parse((form as Record<string, string>).adress!).dest[0].consent
    }
    assert.deepEqual([consent('ere', true), consent('ere', false), consent('lrar', true)], [1, 0, 0])
  })

  test('a reference keeps to what may be printed', ({ assert }) => {
    assert.equal(plainReference('MED/2026 n°1 – Élu'), 'MED-2026 n-1 - Elu')
    assert.lengthOf(plainReference('X'.repeat(60)), 30)
  })
})

test.group('What no provider is asked', () => {
  test('{$i}. an address that is none: {1}')
    .with([
      [{ recipient: ['X', 'PARIS'] }, 'last line'],
      [{ recipient: ['75011 PARIS'] }, 'last line'],
      [{ recipient: ['X'.repeat(39), CITY] }, '38 characters'],
      [{ recipient: ['A', 'B', 'C', 'D', 'E', 'F', CITY] }, '6 lines'],
      [{ sender: ['X', 'PARIS'] }, 'sender'],
    ] as [Parameters<typeof anOrder>[0], string][])
    .run(({ assert }, [values, words]) => {
      assert.include(String(orderForm(anOrder(values), SETTINGS)), words)
      assert.include(String(sendingForm(anOrder(values))), words)
    })

  test('an ERE without an email, or without the sender’s', ({ assert }) => {
    assert.include(String(orderForm(anOrder({ kind: 'ere' }), SETTINGS)), 'email')
    const silent = { ...SETTINGS, senderEmail: null }
    assert.include(
      String(orderForm(anOrder({ kind: 'ere', email: 'a@b.fr' }), silent)),
      'MERCI_FACTEUR_SENDER_EMAIL'
    )
    assert.include(String(sendingForm(anOrder({ kind: 'ere', email: 'a@b.fr' }))), 'paper only')
  })

  test('a PDF that is too heavy', ({ assert }) => {
    const pdf = new Uint8Array(20_000_001)
    assert.include(String(sendingForm(anOrder({ pdf }))), '20 MB')
  })
})

test.group('Our key at a provider', () => {
  test('is itself when it is short and plain, else always the same digest', ({ assert }) => {
    assert.equal(wireKey('mailing-12_a', 32), 'mailing-12_a')
    const digest = wireKey('mailing:12', 32)
    assert.match(digest, /^[0-9a-f]{32}$/)
    assert.equal(wireKey('mailing:12', 32), digest)
    assert.notEqual(wireKey('mailing:13', 32), digest)
    assert.match(wireKey('x'.repeat(201), 200), /^[0-9a-f]{64}$/)
  })
})
