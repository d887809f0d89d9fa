import logger from '@adonisjs/core/services/logger'
import { clock } from '#shared/clock'
import { transaction } from '#shared/transaction'
import type Delivery from '#deliveries/models/delivery'
import type { Cancellation, EmailContent } from '#deliveries/recipes'
import { knownRefusal } from '#letters/compose_letter'
import { isWithheld, loadLetterContents } from '#letters/queries/letter_contents'
import { chooseTemplates, type Choice } from '#letters/queries/template_choice'
import { composeWrittenEmail } from '#letters/templates/email'
import type { WrittenTemplate } from '#letters/templates/written'

/** Written once more, corrected, the step may be planned again; until then the file's page says why. */
const UNWRITTEN: Cancellation = { cancel: 'message_unwritten' }

/** The agency's own email of that name for a file; null when there is none. */
export async function emailTemplate(
  claimId: number,
  slug: string,
  actionId: number | null
): Promise<WrittenTemplate | 'altered' | null> {
  const [choice] = (await chooseTemplates([{ claimId, slug, actionId }], ['email'])) as [Choice]
  return choice === 'missing' || choice === 'built_in' ? null : choice
}

/** A reminder in the agency's own words; the delivery keeps which version wrote it. */
export async function composeFromTemplate(
  delivery: Delivery,
  { claimId, claimRef, link }: { claimId: number; claimRef: string; link: string },
  written: WrittenTemplate | 'altered'
): Promise<EmailContent | Cancellation> {
  if (written === 'altered') return unwritten(delivery, 'template_altered')
  const subject = { ref: claimRef, claimId, kind: 'simple' as const, datedOn: clock.today(), byEmail: true }
  const [content] = await loadLetterContents([subject], () => link)
  if (isWithheld(content!)) return unwritten(delivery, content.reason)
  try {
    const email = composeWrittenEmail(content!, written)
    await transaction((trx) =>
      trx.from('deliveries').where('id', delivery.id).update({ template_version_id: written.versionId })
    )
    return email
  } catch (error) {
    const reason = knownRefusal(error)
    if (!reason) throw error
    return unwritten(delivery, reason)
  }
}

function unwritten(delivery: Delivery, reason: string): Cancellation {
  logger.warn({ delivery: delivery.id, reason }, 'a message could not be written from its template')
  return UNWRITTEN
}
