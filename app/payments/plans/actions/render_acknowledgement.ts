import Agency from '#agency/models/agency'
import { transaction } from '#shared/transaction'
import Document from '#claims/models/document'
import { renderPdf } from '#letters/rendering/printer'
import { acknowledgementDocument } from '#payments/plans/acknowledgement_document'
import Acknowledgement from '#payments/plans/models/acknowledgement'
import Plan from '#payments/plans/models/plan'

/** The PDF of a deed: printed once, kept, the same for ever after, and shown to the debtor. */
export class RenderAcknowledgement {
  async handle(planId: number): Promise<{ name: string; sha256: string }> {
    const plan = await Plan.query()
      .where('id', planId)
      .preload('claim')
      .preload('acknowledgement')
      .firstOrFail()
    const name = `Reconnaissance de dette ${plan.ref}.pdf`
    const { fileSha256 } = plan.acknowledgement
    if (fileSha256) return { name, sha256: fileSha256 }
    const agency = await Agency.currentOrFail()
    const facts = { agency, planRef: plan.ref, claimRef: plan.claim.ref }
    const pdf = await renderPdf(acknowledgementDocument(plan.acknowledgement, facts))
    return transaction(async (trx) => {
      const deed = await Acknowledgement.query({ client: trx })
        .where('id', plan.acknowledgement.id)
        .forUpdate()
        .firstOrFail()
      if (deed.fileSha256) return { name, sha256: deed.fileSha256 }
      const about = { claimId: plan.claimId, kind: 'other', name } as const
      const sha256 = await Document.keepShown(trx, about, { bytes: pdf, mediaType: 'application/pdf' })
      await deed.merge({ fileSha256: sha256 }).save()
      return { name, sha256 }
    })
  }
}
