import { readStoredFile } from '#shared/files'
import { transaction } from '#shared/transaction'
import Document from '#claims/models/document'
import { renderPdf } from '#letters/rendering/printer'
import Receipt from '#payments/models/receipt'
import { receiptContent } from '#payments/receipts/receipt_content'
import { receiptDocument } from '#payments/receipts/receipt_document'

/**
 * The PDF of a receipt: printed once, kept, and the same for ever after. It then
 * stands among the documents of the file, for the debtor too.
 */
export class RenderReceipt {
  async handle(receiptId: number): Promise<{ receipt: Receipt; sha256: string; pdf: Uint8Array }> {
    const receipt = await Receipt.findOrFail(receiptId)
    if (receipt.fileSha256) return this.#kept(receipt, receipt.fileSha256)
    const content = await receiptContent(receiptId)
    const pdf = await renderPdf(receiptDocument(content))
    await transaction(async (trx) => {
      const current = await Receipt.query({ client: trx }).where('id', receiptId).forUpdate().firstOrFail()
      if (current.fileSha256) return
      const { claimId } = await current.related('payment').query().firstOrFail()
      const about = { claimId, kind: 'receipt', name: `${current.number}.pdf` } as const
      const sha256 = await Document.keepShown(trx, about, { bytes: pdf, mediaType: 'application/pdf' })
      await current.merge({ fileSha256: sha256 }).save()
    })
    await receipt.refresh()
    return this.#kept(receipt, receipt.fileSha256!)
  }

  async #kept(receipt: Receipt, sha256: string) {
    return { receipt, sha256, pdf: await readStoredFile(sha256) }
  }
}
