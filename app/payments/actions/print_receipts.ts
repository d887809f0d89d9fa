import { RenderReceipt } from '#payments/actions/render_receipt'
import Receipt from '#payments/models/receipt'

/** One pass of the tick; the next goes on. */
const AT_ONCE = 100

export type Printed = { printed: number; failed: { receiptId: number; reason: string }[] }

/**
 * Prints the receipts that no email has printed: every payment gives its debtor
 * one (CPCE R124-6, rule 33), also a debtor without an email address, who finds
 * it on the portal. One that cannot be printed does not keep the others waiting.
 */
export class PrintReceipts {
  async handle(signal: AbortSignal = new AbortController().signal): Promise<Printed> {
    const waiting = await Receipt.query().whereNull('fileSha256').orderBy('id').limit(AT_ONCE)
    const outcome: Printed = { printed: 0, failed: [] }
    for (const receipt of waiting) {
      if (signal.aborted) break
      try {
        await new RenderReceipt().handle(receipt.id)
        outcome.printed += 1
      } catch (error) {
        outcome.failed.push({ receiptId: receipt.id, reason: (error as Error).message })
      }
    }
    return outcome
  }
}
