import SignMandate, { type MandateTerms } from '#creditors/actions/sign_mandate'
import Creditor, { type CollectionOption } from '#creditors/models/creditor'
import { clock } from '#shared/clock'
import type { Cents } from '#shared/money'
import { Refusal } from '#shared/refusal'
import { takeNumbers } from '#shared/numbering'
import { transaction } from '#shared/transaction'

export type CreditorSettings = {
  name: string
  legalForm?: string | null
  siren?: string | null
  addressLines: string[]
  email?: string | null
  iban?: string | null
  bic?: string | null
  /** Its own Stripe account: what is paid online goes there, and is not held. */
  stripeAccount?: string | null
  /** Decides which legal interest rate its claims bear (law.md trap 2). */
  professional: boolean
  sector?: (typeof Creditor.prototype)['sector']
  collectionOption: CollectionOption
  /** U5: the plans a debtor may agree on alone. */
  plansAllowed?: boolean
  minInstalmentCents: Cents
  maxMonths: number
  /** The second instalment, or a promise, comes within so many days. */
  firstDueDays?: number
  /** An instalment missed for longer breaks its plan. */
  missedGraceDays?: number
  /** Given up at most when the rest is paid at once, and for how long an offer holds. */
  settlementDiscountBps: number
  settlementValidDays?: number
}

/** Adds a creditor under the next reference (`C-00001`), with its mandate when it is given. */
export default class CreateCreditor {
  async handle(settings: CreditorSettings, mandate: MandateTerms | null = null): Promise<Creditor> {
    return transaction(async (trx) => {
      const number = await takeNumbers(trx, 'creditors', 0)
      const now = clock.now()
      const creditor = await Creditor.create(
        { ...settings, ref: `C-${String(number).padStart(5, '0')}`, createdAt: now, updatedAt: now },
        { client: trx }
      )
      const signed = mandate && (await new SignMandate().handle(creditor, mandate, null, trx))
      if (signed === 'clause_required') {
        throw new Refusal(
          '"mandate.contract.clause" is missing: a rate of its own, or the principal before the interest, rests on a clause'
        )
      }
      return creditor
    })
  }
}
