import { test } from '@japa/runner'
import { FIELDS, missingFields, TEMPLATE_HEADERS, type Field } from '#imports/fields'
import { findHeader, recogniseColumns } from '#imports/recognition/header'

const named = (headers: string[]) =>
  Object.fromEntries(
    Object.entries(recogniseColumns(headers)).map(([field, index]) => [field, headers[index!]])
  )

test.group('imports | header', () => {
  test('the template is recognised whole', ({ assert }) => {
    assert.deepEqual(named(Object.values(TEMPLATE_HEADERS)), TEMPLATE_HEADERS)
  })

  test('case, accents, spaces and punctuation do not matter', ({ assert }) => {
    const shouted = Object.values(TEMPLATE_HEADERS).map(
      (header) =>
        ` ${header.toUpperCase().normalize('NFD').replace(/\p{M}/gu, '').replaceAll(' ', '\u00a0 ')} : `
    )
    assert.sameMembers(Object.keys(named(shouted)), Object.keys(TEMPLATE_HEADERS))
  })

  test('"{0}" is {1}')
    .with([
      ['Nom du client', 'full_name'],
      ['Client', 'full_name'],
      ['Débiteur', 'full_name'],
      ['Nom / Prénom', 'full_name'],
      ['Raison sociale', 'company_name'],
      ['Société', 'company_name'],
      ['N° SIRET', 'siren'],
      ['Adresse e-mail', 'email'],
      ['Courriel', 'email'],
      ['Mail', 'email'],
      ['Tél. portable', 'mobile'],
      ['Téléphone', 'mobile'],
      ['GSM', 'mobile'],
      ['N° facture', 'invoice_number'],
      ['Facture n°', 'invoice_number'],
      ['Numéro de pièce', 'invoice_number'],
      ['Réf. facture', 'invoice_number'],
      ['Facture', 'invoice_number'],
      ['Date de facture', 'issued_on'],
      ['Date facturation', 'issued_on'],
      ['Date', 'issued_on'],
      ['Émise le', 'issued_on'],
      ['Échéance', 'due_on'],
      ['Date d’échéance', 'due_on'],
      ['Due date', 'due_on'],
      ['Montant TTC', 'amount'],
      ['Total T.T.C.', 'amount'],
      ['Total H.T.', null],
      ['Total TTC (€)', 'amount'],
      ['Montant de la facture', 'amount'],
      ['Montant HT', null],
      ['TVA', null],
      ['Acompte', 'down_payment'],
      ['Déjà réglé', 'down_payment'],
      ['Montant payé', 'down_payment'],
      ['Règlements reçus', 'down_payment'],
      ['Mode de règlement', null],
      ['Date de règlement', null],
      ['Libellé', 'description'],
      ['Objet de la prestation', 'description'],
      ['Créancier', 'emitter'],
      ['Adresse du créancier', 'emitter_address'],
      ['Adresse de facturation', 'address'],
      ['Adresse 2', 'complement'],
      ['Complément d’adresse', 'complement'],
      ['CP', 'postcode'],
      ['Code postal', 'postcode'],
      ['Ville', 'city'],
      ['Code client', null],
      ['N° client', null],
      ['Civ.', 'civility'],
      ['IBAN', null],
      ['Jours de retard', null],
    ] as [string, Field | null][])
    .run(({ assert }, [header, field]) => {
      const [found] = Object.keys(
        recogniseColumns([header, 'Nom', 'Montant dû', 'Montant', 'Prénom'])
      ).filter(
        (candidate) =>
          recogniseColumns([header, 'Nom', 'Montant dû', 'Montant', 'Prénom'])[candidate as Field] === 0
      )
      assert.equal(found ?? null, field)
    })

  test('a lone name is the whole name, beside a first name it is the family name', ({ assert }) => {
    assert.deepEqual(recogniseColumns(['Nom', 'Ville']), { full_name: 0, city: 1 })
    assert.deepEqual(recogniseColumns(['Nom', 'Prénom']), { last_name: 0, first_name: 1 })
    assert.deepEqual(recogniseColumns(['Prénom client', 'Nom client']), { first_name: 0, last_name: 1 })
  })

  test('what is left to pay is the amount when the table says nothing else', ({ assert }) => {
    assert.equal(recogniseColumns(['Client', 'Reste à payer']).amount, 1)
    const both = recogniseColumns(['Client', 'Reste à payer', 'Montant TTC'])
    assert.deepEqual([both.amount, both.due_amount], [2, 1])
  })

  test('the more precise of two columns wins', ({ assert }) => {
    assert.equal(recogniseColumns(['Montant', 'Montant TTC']).amount, 1)
    assert.equal(recogniseColumns(['Téléphone', 'Mobile']).mobile, 1)
  })

  test('the header is found under titles and blank rows', ({ assert }) => {
    const header = findHeader([
      ['Relevé des impayés', null, null],
      [null],
      ['Édité le', '2026-11-01', null],
      ['Nom du client', 'N° facture', 'Montant TTC'],
      ['Jean Dupont', 'FA-1', 12],
    ])
    assert.equal(header?.position, 3)
    assert.deepEqual(header?.mapping, { full_name: 0, invoice_number: 1, amount: 2 })
  })

  test('a header of merged cells over two rows is read as one', ({ assert }) => {
    const header = findHeader([
      ['Client', 'Facture', null, 'Montant', null],
      [null, 'Numéro', 'Date', 'TTC', 'Payé'],
      ['Jean Dupont', 'FA-1', '01/02/2026', 12, 0],
    ])
    assert.equal(header?.position, 1)
    assert.deepEqual(header?.headers, [
      'Client',
      'Facture Numéro',
      'Facture Date',
      'Montant TTC',
      'Montant Payé',
    ])
    assert.deepEqual(header?.mapping, {
      full_name: 0,
      invoice_number: 1,
      issued_on: 2,
      amount: 3,
      down_payment: 4,
    })
  })

  test('a table without a header is not guessed', ({ assert }) => {
    assert.isNull(findHeader([['Jean Dupont', 'FA-1', 12.5]]))
    assert.isNull(findHeader([]))
  })

  test('names that every object answers to are only text', ({ assert }) => {
    assert.deepEqual(recogniseColumns(['__proto__', 'constructor', 'toString', 'Nom complet']), {
      full_name: 3,
    })
  })

  test('what no table can do without is named', ({ assert }) => {
    assert.deepEqual(missingFields({}), ['full_name', 'address', 'invoice_number', 'issued_on', 'amount'])
    const all = Object.fromEntries(FIELDS.map((field, index) => [field, index]))
    assert.deepEqual(missingFields(all), [])
    assert.deepEqual(missingFields({ ...all, address: undefined, city: undefined }), ['address'])
  })
})
