import { RenderAcknowledgement } from '#payments/plans/actions/render_acknowledgement'
import Acknowledgement from '#payments/plans/models/acknowledgement'

/** One pass of the tick; the next goes on. */
const AT_ONCE = 100

/** Prints the deeds that no email has printed. One that cannot be does not keep the others waiting. */
export class PrintAcknowledgements {
  async handle(signal: AbortSignal = new AbortController().signal) {
    const waiting = await Acknowledgement.query().whereNull('fileSha256').orderBy('id').limit(AT_ONCE)
    const outcome = { printed: 0, failed: [] as { id: number; reason: string }[] }
    for (const { id, planId } of waiting) {
      if (signal.aborted) break
      try {
        await new RenderAcknowledgement().handle(planId)
        outcome.printed += 1
      } catch (error) {
        outcome.failed.push({ id, reason: (error as Error).message })
      }
    }
    return outcome
  }
}
