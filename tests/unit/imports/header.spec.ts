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
      ['Montant incl. TVA', 'amount'],
      ['Total TVAC', 'amount'],
      ['Montant de l’échéance', 'amount'],
      ['Net à payer', 'due_amount'],
      ['Nature de la créance', 'description'],
      ['Montant de la créance', 'due_amount'],
      ['Adresse de livraison', null],
      ['Date d’acompte', null],
      ['Pays', 'country'],
      ['Devise', 'currency'],
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

  test('the {0} words of a table are recognised')
    .with([
      [
        'English',
        {
          full_name: 'Customer name',
          company_name: 'Company',
          address: 'Street address',
          postcode: 'ZIP code',
          city: 'Town',
          country: 'Country',
          email: 'E-mail address',
          mobile: 'Phone number',
          invoice_number: 'Invoice #',
          issued_on: 'Issue date',
          due_on: 'Due date',
          description: 'Details',
          amount: 'Total incl. VAT',
          down_payment: 'Amount paid',
          due_amount: 'Outstanding balance',
          currency: 'Currency',
        },
      ],
      [
        'German',
        {
          first_name: 'Vorname',
          last_name: 'Name',
          company_name: 'Firma',
          address: 'Straße',
          postcode: 'PLZ',
          city: 'Ort',
          mobile: 'Handy',
          invoice_number: 'Rechnungs-Nr.',
          issued_on: 'Rechnungsdatum',
          due_on: 'Fällig am',
          amount: 'Betrag inkl. MwSt',
          down_payment: 'Anzahlung',
        },
      ],
      [
        'Spanish',
        {
          first_name: 'Nombre',
          last_name: 'Apellidos',
          company_name: 'Empresa',
          address: 'Dirección',
          postcode: 'Código postal',
          city: 'Ciudad',
          email: 'Correo electrónico',
          mobile: 'Teléfono',
          invoice_number: 'Nº de factura',
          issued_on: 'Fecha de factura',
          due_on: 'Vencimiento',
          amount: 'Importe',
          due_amount: 'Pendiente',
        },
      ],
      [
        'Italian',
        {
          full_name: 'Cliente',
          company_name: 'Ragione sociale',
          address: 'Indirizzo',
          city: 'Città',
          invoice_number: 'Numero fattura',
          issued_on: 'Data fattura',
          due_on: 'Scadenza',
          amount: 'Importo',
          down_payment: 'Acconto',
        },
      ],
      [
        'Dutch',
        {
          full_name: 'Klant',
          address: 'Adres',
          postcode: 'Postcode',
          city: 'Plaats',
          invoice_number: 'Factuurnummer',
          issued_on: 'Factuurdatum',
          due_on: 'Vervaldatum',
          amount: 'Bedrag',
          down_payment: 'Betaald',
        },
      ],
    ] as [string, Partial<Record<Field, string>>][])
    .run(({ assert }, [, words]) => assert.deepEqual(named(Object.values(words)), words))

  test('nothing of the creditor is taken for the debtor’s', ({ assert }) => {
    const own = [
      'SIRET de l’émetteur',
      'E-mail du créancier',
      'Téléphone de votre entreprise',
      'Ville fournisseur',
    ]
    assert.deepEqual(named([...own, 'Siège social du vendeur', 'Nom du créancier', 'Client']), {
      emitter_address: 'Siège social du vendeur',
      emitter: 'Nom du créancier',
      full_name: 'Client',
    })
    const [above, below] = [
      ['Créancier', null, null, 'Débiteur', null, null],
      ['Nom', 'Adresse', 'E-mail', 'Nom', 'Adresse', 'E-mail'],
    ]
    assert.deepEqual(findHeader([above, below])?.mapping, {
      emitter: 0,
      emitter_address: 1,
      full_name: 3,
      address: 4,
      email: 5,
    })
  })

  test('one column for people and companies does not make businesses of people', ({ assert }) => {
    for (const header of [
      'Nom / Raison sociale',
      'Raison sociale ou nom',
      'Nom, prénom ou société',
      'Client / Société',
      'Société ou particulier',
    ]) {
      assert.deepEqual(recogniseColumns([header, 'Ville']), { full_name: 0, city: 1 }, header)
    }
    assert.deepEqual(recogniseColumns(['Nom de société', 'Ville']), { company_name: 0, city: 1 })
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
    assert.equal(recogniseColumns(['N°', 'Client', 'Facture']).invoice_number, 2)
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

  test('a row of debts with the words of headers is not one', ({ assert }) => {
    const debt = [
      'Société Brume',
      '12 rue de la Paix 75002 Paris',
      'a@mail.fr',
      '12/07/2026',
      '120,00',
      'Prestation',
    ]
    assert.isNull(findHeader([debt, debt]))
    assert.equal(findHeader([['Client', 'Où', 'Contact', 'Le', 'Montant', 'Quoi'], debt, debt])?.position, 0)
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
