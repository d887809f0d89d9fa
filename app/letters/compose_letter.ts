import { frenchDate } from '#shared/french'
import { IncompleteAddress } from '#letters/address_block'
import { assertMentions, MissingMentions } from '#letters/mentions'
import type { FailureReason } from '#letters/queries/letter_contents'
import type { LetterContent } from '#letters/letter_content'
import type { ComposedLetter } from '#letters/rendering/batch'
import { formalNotice } from '#letters/templates/formal_notice'
import { shortened } from '#letters/templates/parts'
import { TagWithoutValue } from '#letters/templates/render'
import { composeWritten, TemplateRefused, type WrittenTemplate } from '#letters/templates/written'

/**
 * Lays a letter out, and refuses one that the law would.
 *
 * @param written the agency's own words; the built-in letter without them
 * @throws MissingMentions (rule 4), IncompleteAddress (rule 56), TemplateRefused (rule 11), TagWithoutValue
 */
export function composeLetter(content: LetterContent, written?: WrittenTemplate): ComposedLetter {
  if (written) return composeWritten(content, written)
  const body = formalNotice(content)
  assertMentions(content, body)
  const { ref, claimRef, agency, datedOn, demand } = content
  const dated = `${ref} du ${frenchDate(datedOn)}`
  return {
    title: `Lettre ${dated} : mise en demeure de payer`,
    body,
    foot: `${shortened(agency.name)} · Dossier ${claimRef} · Lettre ${dated}`,
    rows: demand.invoices.length,
  }
}

/** Why a letter was refused, when the file or the law says so; null for a defect of ours. */
export function knownRefusal(error: unknown): FailureReason | null {
  if (error instanceof MissingMentions) return 'mentions_missing'
  if (error instanceof IncompleteAddress) return 'address_incomplete'
  if (error instanceof TemplateRefused) return 'template_refused'
  return error instanceof TagWithoutValue ? 'tag_without_value' : null
}
