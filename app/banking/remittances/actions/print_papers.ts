import type { LucidModel, LucidRow } from '@adonisjs/lucid/types/model'
import { readStoredFile, storeFile } from '#shared/files'
import { transaction } from '#shared/transaction'
import { renderPdf } from '#letters/rendering/printer'
import FeeInvoice from '#banking/fees/fee_invoice'
import { remittanceContent } from '#banking/remittances/documents/content'
import { invoiceDocument } from '#banking/remittances/documents/invoice_document'
import { statementDocument } from '#banking/remittances/documents/statement_document'
import Remittance from '#banking/remittances/models/remittance'

export type Printed = { sha256: string; pdf: Uint8Array }

/** The statement of a remittance that has left: printed once, and the same for ever after. */
export class PrintStatement {
  handle({ id }: Remittance): Promise<Printed> {
    return printOnce(Remittance, id, async () => statementDocument(await remittanceContent(id)))
  }
}

/** The invoice of its fee, the same. */
export class PrintFeeInvoice {
  handle({ id, remittanceId }: FeeInvoice): Promise<Printed> {
    return printOnce(FeeInvoice, id, async () => {
      const content = await remittanceContent(remittanceId)
      return invoiceDocument({ ...content, invoice: content.invoice! })
    })
  }
}

type Paper = LucidModel & { new (): LucidRow & { fileSha256: string | null } }

async function printOnce(model: Paper, id: number, write: () => Promise<string>): Promise<Printed> {
  const paper = await model.findOrFail(id)
  if (!paper.fileSha256) {
    const pdf = await renderPdf(await write())
    await transaction(async (trx) => {
      const current = await model.query({ client: trx }).where('id', id).forUpdate().firstOrFail()
      if (!current.fileSha256)
        await current.merge({ fileSha256: await storeFile(trx, pdf, 'application/pdf') }).save()
    })
    await paper.refresh()
  }
  return { sha256: paper.fileSha256!, pdf: await readStoredFile(paper.fileSha256!) }
}
