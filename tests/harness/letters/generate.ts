import { addDays } from '#shared/calendar'
import { transaction } from '#shared/transaction'
import { limitationBasis, limitationOn } from '#claims/limitation'
import { between, seeded, type Random } from '#tests/fakes/stripe/random'
import { givenAgency, givenCreditor } from '#tests/fixtures/domain'
import { givenPublishedTemplate } from '#tests/fixtures/templates'

export const DATED_ON = '2026-11-17'
const BEFORE = '2026-10-01T08:00:00.000Z'

const FIRST = [
  'Hélène',
  'Maël',
  'Zoé',
  'José-María',
  'Łucja',
  'Ágnes',
  'François',
  'Nicolás',
  'Anne-Sophie',
  'Jürgen',
]
const LAST = [
  'Brume',
  'd’Aubigné',
  'Lefèvre-Dœuff',
  'Ó Súilleabháin',
  'Müller',
  'de La Rochefoucauld-Montbel',
  'Ng',
  'Þórðarson',
  'Nuñez',
]
const COMPANIES = [
  'ATELIER BRUME',
  'SOCIÉTÉ D’EXPLOITATION DES ÉTABLISSEMENTS BÉRENGÈRE ET FILS',
  'L’ŒUF À LA COQUE',
  'GARAGE DE LA GARE & FILS',
  'N 7',
  'COMPAGNIE GÉNÉRALE DES TRAVAUX PUBLICS ET PARTICULIERS DU GRAND EST',
]
const WORKS = [
  'Prises de vue',
  null,
  'Étude d’acoustique <phase 1>',
  'Réfection complète de la toiture, dépose et évacuation comprises',
  'Tøpfer & Cie',
]
const STREETS = [
  '14 rue des Carmes',
  '3 bis, avenue du Maréchal-de-Lattre-de-Tassigny',
  'Lieu-dit « Les Quatre Chemins »',
  '1, place de l’Hôtel-de-Ville',
]
const COMPLEMENTS = [null, null, 'Bâtiment B, escalier 3, appartement 42', 'Résidence du Parc']
const FRENCH_CITIES = [
  ['44000', 'Nantes'],
  ['69289', 'Lyon Cedex 02'],
  ['97400', 'Saint-Denis'],
  ['13100', 'Aix-en-Provence'],
] as const
const ABROAD = [
  ['1000', 'Bruxelles', 'BE'],
  ['10117', 'Berlin', 'DE'],
  ['SW1A 1AA', 'London', 'GB'],
  ['08001', 'Barcelona', 'ES'],
] as const

/** SQLite takes at most so many values in a statement. */
const VALUES_PER_STATEMENT = 6_000

type Row = Record<string, string | number | boolean | null>

/**
 * As many claims as asked, each with its first letter queued: businesses and consumers of several
 * creditors, 1 to 40 invoices, some not due yet, long and accented names, addresses abroad, debtors in
 * English. The same seed gives the same claims. One creditor has templates of its own.
 */
export async function generateClaims(count: number, seed: number) {
  const random = seeded(seed)
  await givenAgency({ signatoryName: 'Hélène Marchand' })
  const creditors = [
    await givenCreditor(),
    await givenCreditor({ name: 'IMPRIMERIE ŒUVRE & NAVARRE', addressLines: ['3, quai Ÿ', '59000 LILLE'] }),
    await givenCreditor({ name: 'Madame Odile Ferrand', legalForm: null, professional: false }),
    await givenCreditor({
      name: 'SOCIÉTÉ DES GRANDS TRAVAUX DE L’OUEST ET DU CENTRE RÉUNIS',
      legalForm: 'SAS',
    }),
  ]
  const own = creditors[3]!.id
  await givenPublishedTemplate({ slug: 'first_letter', creditorId: own, language: 'fr' })
  await givenPublishedTemplate({ slug: 'first_letter', creditorId: own, language: 'en' })

  const tables: Record<string, Row[]> = {
    debtors: [],
    addresses: [],
    claims: [],
    invoices: [],
    postings: [],
    letters: [],
  }
  for (let id = 1; id <= count; id++) addClaim(tables, id, creditors[between(random, 0, 3)]!, random)
  await transaction(async (trx) => {
    for (const [table, rows] of Object.entries(tables)) {
      const size = Math.floor(VALUES_PER_STATEMENT / Object.keys(rows[0]!).length)
      const most = Math.min(size, 400)
      for (let from = 0; from < rows.length; from += most) {
        await trx.table(table).multiInsert(rows.slice(from, from + most))
      }
    }
    await trx.rawQuery(`update claims set principal_cents = total, due_cents = total
      from (select claim_id, sum(amount_cents) as total from postings group by claim_id) sums
      where sums.claim_id = claims.id`)
  })
}

type CreditorFacts = { id: number; sector: string | null }

function addClaim(tables: Record<string, Row[]>, id: number, creditor: CreditorFacts, random: Random) {
  const pick = <T>(items: readonly T[]): T => items[between(random, 0, items.length - 1)]!
  const business = random() < 0.6
  const kind = business ? 'b2b' : 'b2c'
  const created = { created_at: BEFORE }
  tables.debtors!.push({
    id,
    ref: `B-2026-${id}`,
    creditor_id: creditor.id,
    kind,
    civility: pick(['Madame', 'Monsieur', null]),
    full_name: `${pick(FIRST)} ${pick(LAST)}`,
    company_name: business ? `${pick(COMPANIES)} ${id}` : null,
    person_key: `generated:${id}`,
    locale: random() < 0.1 ? 'en' : 'fr',
    updated_at: BEFORE,
    ...created,
  })
  const [postcode, city, country = 'FR'] = random() < 0.08 ? pick(ABROAD) : pick(FRENCH_CITIES)
  const street = `${pick(STREETS)}`
  tables.addresses!.push({
    debtor_id: id,
    street,
    complement: pick(COMPLEMENTS),
    postcode,
    city,
    country,
    ...created,
  })
  const invoices = Array.from({ length: invoiceCount(random) }, () => invoiceOf(random, pick(WORKS)))
  // A file whose every invoice is still to come has nothing to be asked for.
  invoices[0]!.due_on = addDays('2026-09-30', -between(random, 0, 500))
  invoices[0]!.issued_on = addDays(invoices[0]!.due_on, -30)
  const oldest = invoices.map(({ due_on: on }) => on).sort()[0]!
  const basis = limitationBasis(kind, creditor.sector as 'general' | null)
  const ref = `D-2026-${String(id).padStart(5, '0')}`
  tables.claims!.push({
    id,
    ref,
    creditor_id: creditor.id,
    debtor_id: id,
    kind,
    status: 'active',
    oldest_due_on: oldest,
    limitation_on: limitationOn(basis, oldest),
    limitation_basis: basis,
    last_activity_at: BEFORE,
    ...created,
  })
  for (const invoice of invoices) addInvoice(tables, { claim_id: id, creditor_id: creditor.id }, invoice)
  const lrar = random() < 0.15
  tables.letters!.push({
    ref: `${ref}-L1`,
    claim_id: id,
    kind: lrar ? 'lrar' : 'simple',
    template: 'first_letter',
    dated_on: DATED_ON,
    state: 'queued',
    ...created,
  })
}

type GeneratedInvoice = ReturnType<typeof invoiceOf>

function addInvoice(
  tables: Record<string, Row[]>,
  of: { claim_id: number; creditor_id: number },
  invoice: GeneratedInvoice
) {
  const id = tables.invoices!.length + 1
  tables.invoices!.push({
    id,
    number: `F${of.claim_id}-${id}`,
    claim_id: of.claim_id,
    ...invoice,
    created_at: BEFORE,
  })
  tables.postings!.push({
    key: `opening:${id}`,
    kind: 'opening',
    ...of,
    invoice_id: id,
    debit_account: 'claim_principal',
    credit_account: 'creditor_claims',
    amount_cents: invoice.amount_cents - invoice.down_payment_cents,
    effective_on: invoice.due_on,
    reason: 'generated',
    created_at: BEFORE,
  })
}

function invoiceCount(random: Random): number {
  const size = random()
  if (size < 0.6) return between(random, 1, 3)
  return size < 0.88 ? between(random, 4, 12) : between(random, 13, 40)
}

function invoiceOf(random: Random, description: string | null) {
  const due =
    random() < 0.05
      ? addDays(DATED_ON, between(random, 0, 40))
      : addDays('2026-10-30', -between(random, 0, 500))
  const amount = between(random, 101, random() < 0.05 ? 12_345_678 : 480_000)
  return {
    number_count: random() < 0.05 ? between(random, 2, 4) : 1,
    issued_on: addDays(due, -30),
    due_on: due,
    description,
    amount_cents: amount,
    down_payment_cents: random() < 0.2 ? between(random, 1, amount - 1) : 0,
  }
}
