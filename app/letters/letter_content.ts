import type { CivilDate } from '#shared/clock'
import type { Cents } from '#shared/money'
import type { InterestRegime } from '#claims/rates'
import type { DayCount } from '#creditors/models/contract_term'
import type { DebtorKind } from '#debtors/models/debtor'
import type { PostalAddress } from '#letters/address_block'

export const LETTER_KINDS = ['simple', 'lrar', 'ere', 'lre'] as const
export type LetterKind = (typeof LETTER_KINDS)[number]

/** What leaves electronically: our own or a provider's ERE, and a qualified provider's LRE. */
export const ELECTRONIC_KINDS = ['ere', 'lre'] as const satisfies LetterKind[]
export type ElectronicKind = (typeof ELECTRONIC_KINDS)[number]
export const isElectronic = (kind: LetterKind): kind is ElectronicKind =>
  (ELECTRONIC_KINDS as readonly LetterKind[]).includes(kind)

/** What leaves on paper. */
export type PaperKind = Exclude<LetterKind, ElectronicKind>

/**
 * Everything a letter says, as plain data: the only input of its template, so
 * that the same content always prints the same letter.
 */
export interface LetterContent {
  ref: string
  claimRef: string
  kind: LetterKind
  /** Printed for who must later show that this letter reached them; none on what leaves electronically. */
  personalCode: string | null
  datedOn: CivilDate
  /** The last day to pay, printed as a date. */
  deadlineOn: CivilDate
  agency: LetterAgency
  creditor: LetterParty
  mandateSignedOn: CivilDate
  debtor: LetterDebtor
  /** The R124-4 letter already sent on the file, when this one is not the first. */
  firstLetter: { ref: string; datedOn: CivilDate } | null
  demand: Demand
  payment: PaymentMeans
}

export interface LetterParty {
  name: string
  legalForm: string | null
  addressLines: string[]
}

export interface LetterAgency extends LetterParty {
  siren: string | null
  email: string | null
  phone: string | null
  signatoryName: string | null
  signatoryTitle: string | null
}

export interface LetterDebtor {
  kind: DebtorKind
  civility: 'Monsieur' | 'Madame' | null
  fullName: string | null
  companyName: string | null
  address: PostalAddress
}

/** What is asked, cut off at the letter's date. The parts sum exactly to the total (rule 8). */
export interface Demand {
  regime: InterestRegime
  principalCents: Cents
  interestCents: Cents
  indemnityCents: Cents
  totalCents: Cents
  /** One row of the creditor's table may name several invoices. */
  invoiceCount: number
  invoices: DemandedInvoice[]
  rates: RatePeriod[]
  /** What one more day adds; null when it adds nothing or tomorrow's rate is not published. */
  dailyCents: Cents | null
  dayCount: DayCount
  /** The rate is that of the contract, not the statutory one. */
  isContractual: boolean
}

export interface DemandedInvoice {
  number: string
  description: string | null
  issuedOn: CivilDate
  dueOn: CivilDate
  amountCents: Cents
  /** What is taken off: down payments, payments on the principal and credit notes. */
  paidCents: Cents
  principalCents: Cents
  interestDays: number
  interestCents: Cents
}

/** A yearly rate and the days it applied to, first and last included. */
export interface RatePeriod {
  rateBps: number
  fromOn: CivilDate
  untilOn: CivilDate
}

/** Only ever the agency's dedicated account (rule 3). */
export interface PaymentMeans {
  iban: string
  bic: string | null
  /** ISO 11649. */
  reference: string
  portalUrl: string
}
