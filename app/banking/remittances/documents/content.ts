import type { CivilDate } from '#shared/clock'
import type { Cents } from '#shared/money'
import Agency from '#agency/models/agency'
import type { LetterAgency, LetterParty } from '#letters/letter_content'
import { agencyOf, partyOf } from '#letters/parties'
import type FeeInvoice from '#banking/fees/fee_invoice'
import Remittance from '#banking/remittances/models/remittance'

export interface StatementLine {
  payment: string
  receivedOn: CivilDate
  claim: string
  debtor: string
  collectedCents: Cents
  rateBps: number
  feeCents: Cents
  vatCents: Cents
}

/** Everything that the statement of a remittance and its fee invoice say, as plain data. */
export interface RemittanceContent {
  ref: string
  untilOn: CivilDate
  paidOn: CivilDate
  collectedCents: Cents
  feeCents: Cents
  vatCents: Cents
  netCents: Cents
  netting: boolean
  /** On the creditor's own account already. */
  direct: boolean
  agency: LetterAgency
  creditor: LetterParty & { siren: string | null; iban: string | null }
  /** When the fee was agreed: the mandate in force. */
  mandateSignedOn: CivilDate | null
  invoice: {
    number: string
    issuedOn: CivilDate
    dueOn: CivilDate
    vatBps: number
    isCreditNote: boolean
  } | null
  lines: StatementLine[]
}

/** @throws when the remittance has not left yet: nothing is stated before */
export async function remittanceContent(remittanceId: number): Promise<RemittanceContent> {
  const remittance = await Remittance.query()
    .where('id', remittanceId)
    .preload('creditor')
    .preload('feeInvoice')
    .preload('lines', (lines) =>
      lines
        .orderBy('id')
        .preload('payment', (payment) => payment.preload('claim', (claim) => claim.preload('debtor')))
    )
    .firstOrFail()
  if (remittance.paidOn === null) throw new Error(`${remittance.ref} has not left yet`)
  const { creditor } = remittance
  const agency = await Agency.currentOrFail()
  const mandate = await creditor.mandateOn(remittance.paidOn)
  return {
    ref: remittance.ref,
    untilOn: remittance.untilOn,
    paidOn: remittance.paidOn,
    collectedCents: remittance.collectedCents,
    feeCents: remittance.feeCents,
    vatCents: remittance.vatCents,
    netCents: remittance.netCents,
    netting: remittance.netting,
    direct: remittance.direct,
    agency: agencyOf(agency),
    creditor: { ...partyOf(creditor), siren: creditor.siren, iban: creditor.iban },
    mandateSignedOn: mandate?.signedOn ?? null,
    invoice: invoiceOf(remittance.feeInvoice),
    lines: remittance.lines.map((line) => ({
      payment: line.payment.ref,
      receivedOn: line.payment.receivedOn,
      claim: line.payment.claim.ref,
      debtor: line.payment.claim.debtor.displayName,
      collectedCents: line.collectedCents,
      rateBps: line.rateBps,
      feeCents: line.feeCents,
      vatCents: line.vatCents,
    })),
  }
}

const invoiceOf = (invoice: FeeInvoice | null): RemittanceContent['invoice'] =>
  invoice && {
    number: invoice.number,
    issuedOn: invoice.issuedOn,
    dueOn: invoice.dueOn,
    vatBps: invoice.vatBps,
    isCreditNote: invoice.isCreditNote,
  }
