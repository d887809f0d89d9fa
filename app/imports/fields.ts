/** What a column of a creditor's table may hold (R3–R14). */
export const FIELDS = [
  'civility',
  'full_name',
  'first_name',
  'last_name',
  'company_name',
  'siren',
  'address',
  'complement',
  'postcode',
  'city',
  'country',
  'email',
  'mobile',
  'emitter',
  'emitter_address',
  'invoice_number',
  'issued_on',
  'due_on',
  'description',
  'amount',
  'down_payment',
  'due_amount',
  'currency',
] as const

export type Field = (typeof FIELDS)[number]

/** What tells who the debtor is and where to reach them, in a column of its own. */
export const DEBTOR_FIELDS = [
  'full_name',
  'first_name',
  'last_name',
  'company_name',
  'siren',
  'address',
  'complement',
  'postcode',
  'city',
  'email',
  'mobile',
] as const satisfies readonly Field[]

/** Which column holds which field: a 0-based index. */
export type Mapping = Partial<Record<Field, number>>

/** The columns of the blank template, with the words of the headers people know. */
export const TEMPLATE_HEADERS = {
  civility: 'Civilité (si connu)',
  full_name: 'Nom complet',
  address: 'Adresse postale',
  company_name: 'Nom de société (laisser vide si particulier)',
  siren: 'SIREN du débiteur (si connu)',
  email: 'Email',
  mobile: 'Numéro de mobile (recommandé)',
  emitter: 'Société qui émet la facture',
  emitter_address: 'Adresse de votre entreprise',
  invoice_number: 'Numéro de facture',
  issued_on: 'Date d’émission',
  due_on: 'Date d’échéance (facultatif)',
  description: 'Description du service facturé (recommandé)',
  amount: 'Montant TTC facturé',
  down_payment: 'Acomptes versés',
  due_amount: 'Montant dû',
} as const satisfies Partial<Record<Field, string>>

/** The header to name when a table has no column for a field. */
export const HEADER_WORDS: Record<Field, string> = {
  ...TEMPLATE_HEADERS,
  first_name: 'Prénom',
  last_name: 'Nom',
  complement: 'Complément d’adresse',
  postcode: 'Code postal',
  city: 'Ville',
  country: 'Pays',
  currency: 'Devise',
}

/** What no table can be read without: each group needs one of its fields. */
const ESSENTIAL: { field: Field; anyOf: Field[][] }[] = [
  { field: 'full_name', anyOf: [['full_name'], ['last_name'], ['company_name']] },
  { field: 'address', anyOf: [['address'], ['postcode', 'city']] },
  { field: 'invoice_number', anyOf: [['invoice_number']] },
  { field: 'issued_on', anyOf: [['issued_on']] },
  { field: 'amount', anyOf: [['amount']] },
]

/** The essential fields no column holds, in the order of the template. */
export function missingFields(mapping: Mapping): Field[] {
  return ESSENTIAL.filter(
    ({ anyOf }) => !anyOf.some((group) => group.every((field) => mapping[field] !== undefined))
  ).map(({ field }) => field)
}
