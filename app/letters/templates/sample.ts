import type { LetterAgency, LetterContent } from '#letters/letter_content'
import type { TagContext, TemplateFacts } from '#letters/templates/context'
import { speechOf, type Language } from '#letters/templates/language'

const AGENCY: LetterAgency = {
  name: 'Cabinet Amiable',
  legalForm: 'SAS',
  siren: '732829320',
  addressLines: ['12 rue des Archives', '75004 PARIS'],
  email: 'contact@amiable.example',
  phone: '+33184800000',
  signatoryName: 'Hélène Marchand',
  signatoryTitle: 'Responsable du recouvrement',
}

/** A file that does not exist, for the example of each tag and for a preview when no file is chosen. */
export const SAMPLE: LetterContent = {
  ref: 'AM-2026-00042-L2',
  claimRef: 'AM-2026-00042',
  kind: 'simple',
  personalCode: '48219036',
  datedOn: '2026-11-16',
  deadlineOn: '2026-12-01',
  agency: AGENCY,
  creditor: {
    name: 'STUDIO RIVAGE',
    legalForm: 'SARL',
    addressLines: ['12 quai de la Tournelle', '75005 PARIS'],
  },
  mandateSignedOn: '2026-09-01',
  debtor: {
    kind: 'b2b',
    civility: 'Madame',
    fullName: 'Camille Fournier',
    companyName: 'ATELIER DES HALLES',
    address: {
      street: '7 rue de la République',
      complement: null,
      postcode: '69002',
      city: 'Lyon',
      country: 'FR',
    },
  },
  firstLetter: { ref: 'AM-2026-00042-L1', datedOn: '2026-10-19' },
  demand: {
    regime: 'late_payment',
    dayCount: 'ACT_365',
    isContractual: false,
    principalCents: 184_000,
    interestCents: 13_260,
    indemnityCents: 8000,
    totalCents: 205_260,
    invoiceCount: 2,
    invoices: [
      {
        number: 'RV-2026-0117',
        description: 'Prises de vue catalogue',
        issuedOn: '2026-02-10',
        dueOn: '2026-03-12',
        amountCents: 124_000,
        paidCents: 20_000,
        principalCents: 104_000,
        interestDays: 249,
        interestCents: 8750,
      },
      {
        number: 'RV-2026-0162',
        description: 'Mise en page du livret',
        issuedOn: '2026-04-20',
        dueOn: '2026-05-20',
        amountCents: 80_000,
        paidCents: 0,
        principalCents: 80_000,
        interestDays: 180,
        interestCents: 4510,
      },
    ],
    rates: [
      { rateBps: 1215, fromOn: '2026-03-13', untilOn: '2026-06-30' },
      { rateBps: 1240, fromOn: '2026-07-01', untilOn: '2026-11-16' },
    ],
    dailyCents: 63,
  },
  payment: {
    iban: 'FR7630006000011234567890189',
    bic: 'AGRIFRPP',
    reference: 'RF18AM202600042',
    portalUrl: 'https://amiable.example/p/exemple',
  },
}

export const SAMPLE_FACTS: TemplateFacts = {
  creditor: { ref: 'C-0007', siren: '552081317', email: 'compta@rivage.example' },
  debtor: {
    siren: '732829320',
    email: 'camille@halles.example',
    mobile: '+33612345678',
    phone: '+33472000000',
  },
  writer: { name: 'Claire Vasseur', email: 'claire@amiable.example' },
  documents: ['Facture RV-2026-0117.pdf', 'Devis signé.pdf'],
}

/** What a consumer would be asked: neither the indemnity nor the interest of L441-10 (rule 10). */
const CONSUMER: LetterContent = {
  ...SAMPLE,
  debtor: { ...SAMPLE.debtor, kind: 'b2c', companyName: null },
  demand: {
    ...SAMPLE.demand,
    regime: 'legal_professional',
    interestCents: 0,
    indemnityCents: 0,
    totalCents: 184_000,
    rates: [],
    dailyCents: null,
    invoices: SAMPLE.demand.invoices.map((one) => ({ ...one, interestDays: 0, interestCents: 0 })),
  },
}

export const sampleContent = (kind: 'b2b' | 'b2c' = 'b2b'): LetterContent =>
  kind === 'b2b' ? SAMPLE : CONSUMER

export const sampleContext = (language: Language, kind: 'b2b' | 'b2c' = 'b2b'): TagContext => ({
  content: sampleContent(kind),
  facts: SAMPLE_FACTS,
  speech: speechOf(language),
  logo: null,
})
