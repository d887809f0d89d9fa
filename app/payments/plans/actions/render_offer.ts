import Agency from '#agency/models/agency'
import { transaction } from '#shared/transaction'
import Document from '#claims/models/document'
import { renderPdf } from '#letters/rendering/printer'
import { offerDocument } from '#payments/plans/acknowledgement_document'
import Plan from '#payments/plans/models/plan'

/** The PDF of a plan that is put to a debtor: printed once, kept, and shown to the debtor. */
export class RenderOffer {
  async handle(planId: number): Promise<{ name: string; sha256: string }> {
    const plan = await Plan.query().where('id', planId).preload('claim').firstOrFail()
    const name = `Proposition d’échéancier ${plan.ref}.pdf`
    if (plan.offerFileSha256) return { name, sha256: plan.offerFileSha256 }
    const agency = await Agency.currentOrFail()
    const pdf = await renderPdf(offerDocument(plan, { agency, planRef: plan.ref, claimRef: plan.claim.ref }))
    return transaction(async (trx) => {
      const fresh = await Plan.query({ client: trx }).where('id', planId).forUpdate().firstOrFail()
      if (fresh.offerFileSha256) return { name, sha256: fresh.offerFileSha256 }
      const about = { claimId: plan.claimId, kind: 'other', name } as const
      const sha256 = await Document.keepShown(trx, about, { bytes: pdf, mediaType: 'application/pdf' })
      await fresh.merge({ offerFileSha256: sha256 }).save()
      return { name, sha256 }
    })
  }
}
