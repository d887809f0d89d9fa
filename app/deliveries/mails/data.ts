import type { CivilDate, Instant } from '#shared/clock'
import type { Cents } from '#shared/money'

/** Who writes. */
export interface AgencyCard {
  name: string
  legalForm: string | null
  siren: string | null
  addressLines: string[]
  email: string | null
  phone: string | null
  signatoryName: string | null
}

export interface CreditorCard {
  name: string
  addressLines: string[]
}

/** The letter that every later approach recalls (CPCE R124-4, rule 7). */
export interface LetterRecall {
  ref: string
  on: CivilDate
}

/** What every email to a debtor holds. No amount: the page behind the link shows it. */
export interface DebtorMail {
  agency: AgencyCard
  creditor: CreditorCard
  debtor: { civility: string | null; fullName: string | null }
  claimRef: string
  letter: LetterRecall
  /** The debtor's own page, with a token just minted. */
  link: string
}

export interface CreditorMail {
  agency: AgencyCard
  /** Where it is to be seen in the back-office; no button without it. */
  url?: string
}

/** About an ERE: its references, and the last line of its log (docs/decisions/0029-the-ere-journey.md). */
export interface EreMail {
  agency: AgencyCard
  ref: string
  depositedOn: CivilDate
  head: { seq: number; hash: string }
}

/** What each template is made of. */
export interface MailData {
  /** The first letter, attached (R124-4); `byPost` when it also goes on paper. */
  first_letter: DebtorMail & { byPost: boolean }
  /** R26: four reminders, each with its own words. */
  reminder: DebtorMail & { number: 1 | 2 | 3 | 4 }
  /** R124-6: the numbered receipt, attached. */
  receipt: DebtorMail & { number: string; receivedOn: CivilDate; paidInFull: boolean }
  /** Rule 32: money went back; a new receipt, attached, replaces the former one. */
  receipt_replaced: DebtorMail & {
    number: string
    formerNumber: string
    returnedOn: CivilDate
    /** It never was this debtor's payment. */
    corrected: boolean
  }
  /** What the debtor has just done on the portal, and what happens next. */
  confirmation: DebtorMail &
    (
      | { act: 'dispute' }
      | { act: 'time'; wantedOn: CivilDate | null }
      | { act: 'callback'; wantedOn: CivilDate | null; slot: string | null }
    )
  /** A person has answered a dispute; the answer itself is on the page. */
  answer: DebtorMail & { outcome: 'upheld' | 'rejected' | 'withdrawn' }
  /**
   * To an address that its owner has not confirmed: it names neither the debtor, nor the
   * creditor, and has no link (rule 14).
   */
  received: { agency: AgencyCard; claimRef: string; recalled: LetterRecall; receivedOn: CivilDate }
  /** A dispute, or a proposal to pay later (R124-5, rule 35), to the creditor. */
  creditor_request: CreditorMail & { claimRef: string; debtorName: string; answerBy: CivilDate } & (
      { act: 'dispute'; reason: string } | { act: 'time'; wantedOn: CivilDate }
    )
  /** R17, R20: what entered from the creditor's table. */
  acknowledgement: CreditorMail & {
    fileName: string
    receivedOn: CivilDate
    rows: number
    claims: number
    b2b: number
    b2c: number
    merged: number
    rejected: number
    startsBy: CivilDate
    mandateSignedOn: CivilDate
  }
  /** R22: the files of one campaign and the calendar of its actions. */
  launched: CreditorMail & {
    campaignRef: string
    kind: 'b2b' | 'b2c'
    claims: number
    excluded: number
    calendar: {
      on: CivilDate
      channel: 'letter' | 'lrar' | 'ere' | 'lre' | 'email' | 'hand_over'
      count: number
    }[]
  }
  /** R24–R25, R124-5: modality, amount, debtor, destination of the funds. */
  creditor_notice: CreditorMail & {
    claimRef: string
    debtorName: string
    amountCents: Cents
    method: 'card' | 'sepa_debit' | 'paypal' | 'online' | 'transfer' | 'cheque' | 'cash'
    receivedOn: CivilDate
    destination: 'agency_account' | 'creditor_account'
    remainingCents: Cents
    /** The half-year without a published rate: what remains cannot be computed before it is there. */
    missingSemester: string | null
    /** R124-6: when the sum is remitted at the latest; null when it went straight to the creditor. */
    remitBy: CivilDate | null
  }
  /** Rule 32: a payment that the creditor was told of went back. */
  return_notice: CreditorMail & {
    claimRef: string
    debtorName: string
    amountCents: Cents
    how: 'refund' | 'chargeback' | 'correction'
    returnedOn: CivilDate
    /** Where the payment had gone. */
    destination: 'agency_account' | 'creditor_account'
    remainingCents: Cents
    /** The half-year without a published rate: what remains cannot be computed before it is there. */
    missingSemester: string | null
  }
  /** R124-6: what was paid to the creditor, with its statement and the fee's invoice attached. */
  remittance: CreditorMail & {
    ref: string
    paidOn: CivilDate
    /** Payments received until that day. */
    untilOn: CivilDate
    collectedCents: Cents
    /** Fee and VAT kept from it; zero when they are invoiced apart. */
    keptCents: Cents
    /** The creditor got it on its own account: nothing is transferred. */
    direct: boolean
    netCents: Cents
    invoiceNumber: string | null
  }
  /** What becomes of an instalment plan, or what comes next; `on` is the next date. */
  plan: DebtorMail & {
    event:
      | 'proposed'
      | 'offered'
      | 'accepted'
      | 'refused'
      | 'lapsed'
      | 'broken'
      | 'cancelled'
      | 'reminder'
      | 'refused_charge'
      | 'missed'
      | 'card_expiring'
    on: CivilDate | null
  }
  /** Rule 35: a plan that a debtor proposes or is put to them, and what becomes of it. */
  plan_notice: CreditorMail & {
    event:
      | 'proposed'
      | 'offered'
      | 'accepted'
      | 'refused'
      | 'declined'
      | 'lapsed'
      | 'broken'
      | 'cancelled'
      | 'completed'
    claimRef: string
    debtorName: string
    totalCents: Cents
    months: number
    monthlyCents: Cents
    lastOn: CivilDate
    remainingCents: Cents
    /** Why it goes beyond what the creditor accepts beforehand. */
    beyondReason: string | null
  }
  /** What would settle the file for less, until `on`. */
  offer: DebtorMail & { on: CivilDate }
  /** A settlement was paid in time, and the rest given up. */
  offer_notice: CreditorMail & {
    claimRef: string
    debtorName: string
    amountCents: Cents
    waivedCents: Cents
  }
  /** A letter waits; nothing of what it asks for. It recalls the first letter when it is another (rule 7). */
  ere_notice: EreMail & {
    debtor: { civility: string | null; fullName: string | null }
    recalled: LetterRecall | null
    /** The last day to answer. */
    lastOn: CivilDate
    reminder: boolean
    url: string
  }
  ere_code: { agency: AgencyCard; ref: string; code: string; minutes: number }
  /** What has just become of it, to whoever sent it or did it. */
  ere_step: EreMail & {
    to: 'recipient' | 'creditor' | 'agency'
    step: 'notified' | 'bounced' | 'accepted' | 'refused' | 'signed' | 'expired'
    at: Instant
    lastOn: CivilDate | null
    claimRef: string
    debtorName: string
    url: string | null
  }
  invitation: {
    agency: AgencyCard
    fullName: string
    invitedBy: string | null
    url: string
    expiresAt: Instant
  }
}

export type MailTemplate = keyof MailData
export type MailLocale = 'fr' | 'en'
