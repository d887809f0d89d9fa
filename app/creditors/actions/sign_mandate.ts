import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import type { FeeGrid } from '#creditors/fee_grid'
import ContractTerm, { isStatutory, lacksClause, type AgreedTerms } from '#creditors/models/contract_term'
import type Creditor from '#creditors/models/creditor'
import Mandate from '#creditors/models/mandate'
import { clock, type CivilDate } from '#shared/clock'
import { storeFile } from '#shared/files'
import { transaction } from '#shared/transaction'

/** The four statements of CPCE R124-3, and when they were agreed. */
export type MandateTerms = {
  signedOn: CivilDate
  endsOn?: CivilDate | null
  /** Basis and amount of the claims: what they come from, each element shown apart on each file. */
  basis: string
  /** How the fee, charged to the creditor, is determined: a share of what is recovered. */
  feeBps: number
  /** Its bands by age of the debt and principal, before `feeBps` for what none of them takes. */
  feeGrid?: FeeGrid | null
  /** How soon funds are remitted; a month at most (R124-6). */
  remittanceDays: number
  /** The guarantee given to the creditor against the agency's liability. */
  guarantee: string
  /** The fee may be kept from what is remitted. */
  netting: boolean
  /** The agency may put plans to debtors beyond what they may agree to alone, with a reason. */
  plansBeyondRules?: boolean
  /** What the contracts of the files taken under it say of late payment; else those of the law, or of the creditor. */
  contract?: AgreedTerms | null
}

/**
 * Adds a mandate to a creditor. A mandate is never changed: new terms are a new
 * one, and the one in force on a day is the last signed by then.
 */
export default class SignMandate {
  /** Nothing is signed when the contract's terms lack the clause that they rest on. */
  async handle(
    creditor: Creditor,
    { contract = null, ...terms }: MandateTerms,
    signedPdf: Uint8Array | null = null,
    open?: TransactionClientContract
  ): Promise<Mandate | 'clause_required'> {
    return transaction(async (trx) => {
      if (contract && lacksClause(contract)) return 'clause_required'
      const fileSha256 = signedPdf && (await storeFile(trx, signedPdf, 'application/pdf'))
      const mandate = await Mandate.create(
        {
          ...terms,
          endsOn: terms.endsOn ?? null,
          feeGrid: terms.feeGrid?.length ? terms.feeGrid : null,
          creditorId: creditor.id,
          fileSha256,
          createdAt: clock.now(),
        },
        { client: trx }
      )
      if (contract && !isStatutory(contract)) await this.carry(trx, mandate, contract)
      return mandate
    }, open)
  }

  private carry(trx: TransactionClientContract, mandate: Mandate, contract: AgreedTerms) {
    const { id: mandateId, creditorId, signedOn: effectiveOn } = mandate
    return ContractTerm.create(
      { ...contract, mandateId, creditorId, effectiveOn, createdAt: clock.now() },
      { client: trx }
    )
  }
}
